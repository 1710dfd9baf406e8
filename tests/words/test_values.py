"""What we hold is shown in words: choices by name, times with their zone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.visits import BROWSER, MARISOL, SITE, send, text, visitor

from troth.policy import Policy, compile
from troth.security import links
from troth.site import site
from troth.words.values import in_words, last_moment


@pytest.fixture(scope="module")
def policy() -> Policy:
    compiled = compile((SITE / "policy.md").read_bytes())
    assert compiled.policy is not None
    return compiled.policy


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("need", "quote", "A quote"),
        ("need", "service", "Service"),
        ("need", "a thing of the past", "a thing of the past"),
        ("role", "Operations", "Operations"),
        ("product", "optipro-process", "OptiPro Process"),
        ("country", "DE", "Germany"),
        ("state", "CA", "California"),
        ("time", "2026-11-20T22:02:00+00:00", "Nov 20, 2026, 2:02 PM PST"),
        ("time", "2026-07-20T22:02:00Z", "Jul 20, 2026, 3:02 PM PDT"),
        ("time", "2026-02-31T22:02:00Z", "2026-02-31T22:02:00Z"),
        ("note", "2026-11-20", "2026-11-20"),
        ("phone", "+15595550134", "+1 559-555-0134"),
        ("phone", "+493012345678", "+49 30 12345678"),
        ("phone", "ask at the desk", "ask at the desk"),
        ("phone", "559 555 0134", "559 555 0134"),
    ],
)
def test_a_value_is_shown_as_people_say_it(policy, kind, value, words):
    with timezone.override("America/Los_Angeles"):
        assert in_words(policy.kinds[kind], value) == words


@pytest.mark.parametrize(
    ("kind_type", "value", "words"),
    [
        ("date", "2026-11-20", "Nov 20, 2026"),
        ("date", "2026-02-31", "2026-02-31"),
        ("date", "someday", "someday"),
        ("yes or no", "yes", "Yes"),
    ],
)
def test_types_that_the_reference_policy_does_not_use_are_worded_too(policy, kind_type, value, words):
    assert in_words(replace(policy.kinds["note"], type=kind_type), value) == words


def test_she_reads_in_words_what_she_needs(site, run_jobs):
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    page = text(visitor().post(links.address(links.Link.objects.get(power="full")), **BROWSER))
    assert "A quote" in page


def test_a_deadline_at_midnight_belongs_to_the_day_before() -> None:
    """Staff and customers read the same last day."""
    midnight = datetime(2026, 12, 25, tzinfo=site().brand.zone)
    assert last_moment(midnight) == midnight - timedelta(minutes=1)
    closing = midnight.replace(hour=17)
    assert last_moment(closing) == closing
