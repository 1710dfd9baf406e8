import pytest
from tests.drp.agents import BUSINESS, listed
from tests.site import site

__all__ = ["site"]


@pytest.fixture(autouse=True)
def agents(settings, site):
    """Two agents on the operator's list."""
    settings.TROTH_DRP_AGENTS = listed()
    settings.TROTH_DRP_BUSINESS_ID = BUSINESS
