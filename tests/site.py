"""Policies in force, so that forms, emails and the ledger run on them: the reference policy, and others that tests adopt.

Adopting compiles the law in the database, which takes longer than most tests: it is done once for each text, and its rows
are copied aside. Each further test gets them back from there.
"""

from typing import TYPE_CHECKING

import pytest
from tests import housekeeping
from tests.visits import SITE

if TYPE_CHECKING:
    from troth.policy import Policy

REFERENCE = (SITE / "policy.md").read_text(encoding="utf-8")


@pytest.fixture
def site(transactional_db: None) -> "Policy":
    """The reference policy in force. Everything is committed, and emptied after the test."""
    return put_in_force(REFERENCE)


def put_in_force(text: str) -> "Policy":
    """The text as the first version of an empty database."""
    from django.db import connections

    from troth.records.law import versions

    if not housekeeping.bring_back(text):
        versions.adopt(text, by="staff:test", using=connections["owner"])
        housekeeping.set_aside(text)
    return versions.policy()
