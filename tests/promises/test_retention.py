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

from troth import gate, in_force
from troth.collection.intake import Intake
from troth.policy import Policy, publish
from troth.records import profile
from troth.records.law import versions
from troth.uses.newsletter import installations
from troth.words.keeping import describe_times

__all__ = ["site"]

BOB = {"email": "bob@b.example", "product": "optipro-process", "installation": "optipro-process@12.2.6"}
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


def test_what_is_kept_after_a_license_period_ends_some_time_after_the_last_installation_is_removed(
    site: Policy, time_machine: Any
) -> None:
    cause, place = gate.new_id(), "form.installation"
    bob = kept(BOB, channel=place, cause=cause).person
    installations.record(Intake(values=BOB, cause=cause, person=bob, place=place, version=1, at_utc=datetime.now(UTC)))
    assert "Kept while your license runs, then 12 months" in text(visitor().post(place_of(bob), **BROWSER))

    removed = installations.remove([bob], cause)
    assert removed
    page = text(visitor().post(place_of(bob), **BROWSER))
    assert re.search(r"Kept until \w{3} \d+, 20\d\d, 12 months after your license ended", page)

    time_machine.move_to(datetime.now(UTC) + timedelta(days=366), tick=False)
    gate.expire()
    kinds = {each.kind for each in profile.list_data(bob)}
    assert "installation" not in kinds
    assert "email" in kinds


def test_what_a_law_requires_us_to_keep_says_so_and_which_law(site: Policy) -> None:
    order = site.kinds["order"]
    rows = [
        row
        for section in publish(site).sections
        for part in section.parts
        for row in getattr(part, "rows", ())
        if "order" in row.kinds
    ]
    assert rows
    assert all("7 years, as the law requires" in row.kept_for for row in rows)
    carol = kept({"email": "carol@c.example", "order": "SO-1"}, channel="sales.order").person
    held = next(each for each in profile.list_data(carol) if each.kind == "order")
    assert f"as the law requires: {order.kept.law.rstrip('.')}" in describe_times(in_force.law(), held)
