from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from tests.site import site

from troth.policy import Policy
from troth.records.law import versions

__all__ = ["site"]


@pytest.fixture
def adopt(owner: Any) -> Callable[[str], Policy]:
    """Adopt a text as the owner."""
    return lambda text: versions.adopt(text, by="staff:test", using=connections["owner"])
