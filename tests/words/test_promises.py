"""Times that pages and emails state are those of the policy; where it states none, nothing is promised."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.accounts import emails_to
from tests.visits import MARISOL, send, text, visitor

from troth import in_force
from troth.policy.lengths import Duration
from troth.text.times import lasting
from troth.uses.quotes.models import QuoteRequest
from troth.words import promises

WEDNESDAY = datetime(2026, 6, 10, 18, tzinfo=UTC)
BOB = {"name": "Bob Ferreira", "email": "bob@northgate.example", "note": "Does it run on two plants?"}


@pytest.fixture
def saying(site, monkeypatch):
    """What the policy says from now on of all that is promised."""

    def says(time: Duration | None) -> None:
        monkeypatch.setattr(promises, "find_promise", lambda promise: time)

    return says


def test_the_time_is_that_of_the_rule(site):
    assert promises.find_promise("quotes.answer") == in_force.policy().promises["quotes.answer"].within
    assert promises.find_promise("of.another.day") is None


def test_pages_receipts_and_deadlines_follow_the_rule(saying, run_jobs):
    saying(Duration(3, "business day"))
    assert "answers within 3 business days." in text(visitor().get("/quote/"))
    assert "answers within 3 business days." in text(visitor().get("/contact/"))
    receipt = send(visitor(), "/quote/", MARISOL)["Location"]
    run_jobs()
    assert "Answer due by" in text(visitor().get(receipt))
    assert "Answer due: " in emails_to(MARISOL["email"])[-1].get_body(("plain",)).get_content()
    friday = promises.answer_due("quotes.answer", datetime(2026, 6, 10, 18, tzinfo=UTC))
    assert friday.date().isoformat() == "2026-06-15"


def test_where_the_policy_is_silent_nothing_is_promised_and_staff_have_a_target(saying, run_jobs):
    saying(None)
    for page in ("/quote/", "/contact/"):
        assert "business day" not in text(visitor().get(page))
    receipt = send(visitor(), "/quote/", MARISOL)["Location"]
    send(visitor(), "/contact/", BOB)
    run_jobs()
    assert "Answer due by" not in text(visitor().get(receipt))
    assert "Answer due: " not in emails_to(MARISOL["email"])[-1].get_body(("plain",)).get_content()
    assert "answer by" not in emails_to(BOB["email"])[-1].get_body(("plain",)).get_content()
    assert QuoteRequest.objects.get().due_utc


@pytest.mark.parametrize(
    ("within", "due"),
    [("24 hours", "2026-06-11T11:00"), ("2 days", "2026-06-12T11:00"), ("2 business days", "2026-06-12T17:00")],
)
def test_a_time_of_any_unit_has_an_end(saying, within, due):
    saying(Duration.read(within))
    assert promises.answer_due("quotes.answer", WEDNESDAY).isoformat().startswith(due)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(minutes=10), "10 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_setting_of_our_own_in_words(time, words):
    assert lasting(time) == words
