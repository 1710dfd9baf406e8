"""The reference site, opened: its policy adopted, so that forms, emails and the ledger run on it.

Adopting compiles the law in the database, which takes longer than most tests: it is done once, and its rows are copied
aside. Each further test gets them back from there.
"""

from typing import TYPE_CHECKING

import pytest
from tests import housekeeping
from tests.visits import SITE

if TYPE_CHECKING:
    from troth.policy import Policy


@pytest.fixture
def site(transactional_db: None) -> "Policy":
    """The reference policy in force. Everything is committed, and emptied after the test."""
    from troth.records.law import versions

    if not housekeeping.bring_back():
        _adopt()
        housekeeping.set_aside()
    return versions.policy()


def _adopt() -> None:
    from django.db import connections

    from troth.records.law import versions

    versions.adopt((SITE / "policy.md").read_text(encoding="utf-8"), by="staff:test", using=connections["owner"])
