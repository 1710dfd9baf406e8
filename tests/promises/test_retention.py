"""Retention: each purpose uses a value for its own time, and the pages say until when."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections
from tests.access.hers import QUOTE
from tests.access.test_profile import place_of
from tests.policy.texts import changed
from tests.site import site
from tests.visits import BROWSER, text, visitor
from tests.worlds import kept

from troth import gate
from troth.policy import Policy
from troth.records.law import versions

__all__ = ["site"]

SECOND = (
    ("version: 1\n", "version: 2\n"),
    ("effective: 2026-11-01", "effective: 2026-12-01"),
    ("purpose: quotes\n", "purpose: quotes\nkept: {phone: {for: 3 months, after: collection}}\n"),
)


def test_each_purpose_ends_with_its_own_time_and_the_profile_says_when(site: Policy, time_machine: Any) -> None:
    adopted = versions.adopt(changed(site.text, *SECOND), by="staff:test", using=connections["owner"])
    alice = kept(QUOTE).person
    quotes = adopted.purposes["quotes"].title
    shown = text(visitor().post(place_of(alice), **BROWSER))
    assert re.search(rf"used for {re.escape(quotes)} until \w{{3}} \d+, 20", shown)
    assert gate.decide(alice, "quotes", ["phone"])["phone"].allowed

    time_machine.move_to(datetime.now(UTC) + timedelta(days=93), tick=False)

    assert gate.decide(alice, "quotes", ["phone"])["phone"].code == "expired"
    assert gate.decide(alice, "quotes", ["email"])["email"].allowed
    assert gate.decide(alice, "access", ["phone"])["phone"].allowed, "it is kept for what else was stated"
    assert f"not used for {quotes} since" in text(visitor().post(place_of(alice), **BROWSER))
