"""The reference site, opened: its policy adopted, so that forms, letters and the ledger run on it."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.visits import SITE

if TYPE_CHECKING:
    from troth.policy import Policy


@pytest.fixture
def site(owner: Any) -> "Policy":
    """The reference policy in force. Everything is committed, and emptied after the test."""
    from django.db import connections

    from troth.records import versions

    return versions.adopt((SITE / "policy.md").read_text(encoding="utf-8"), by="staff:test", using=connections["owner"])
