"""§ Access: what we hold is hers to see, to change, and to follow."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.access.hers import QUOTE, kinds_of, link_of, preferences_of, reader, save
from tests.access.test_profile import datum_of, place_of, step
from tests.accounts import emails_to
from tests.passing import pass_until
from tests.visits import BROWSER, send, text, visitor
from tests.worlds import kept

from troth import gate
from troth.cases.models import Case
from troth.policy import Policy
from troth.records import profile
from troth.records.ledger import history
from troth.security import links

CAROL = "carol@c.example"


@pytest.mark.clause("I1")
def test_I1_one_page_holds_every_choice_and_a_no_counts_for_the_next_use(site: Policy) -> None:
    alice = reader()
    page = text(visitor().get(preferences_of(alice)))
    for purpose in site.purposes.values():
        assert purpose.title in page
    save(visitor(), preferences_of(alice), do="no")
    assert gate.decide(alice, "newsletter", ["email"])["email"].code == "opted out"
    assert history(alice)[0].kind == "chose"


@pytest.mark.clause("A2")
def test_A2_each_value_shows_where_it_came_from_and_is_changed_there(site: Policy) -> None:
    alice = kept(QUOTE).person
    page = text(visitor().post(place_of(alice), **BROWSER))
    assert "Update profile" in page
    assert site.collects["form.quote"].title in page
    assert "policy version 1" in page
    step(place_of(alice), do="correct", datum=datum_of(alice, "name"), name="Alice M. Marchetti")
    assert "corrected" in kinds_of(alice)
    assert "Alice M. Marchetti" in text(visitor().post(place_of(alice), **BROWSER))


@pytest.mark.clause("A3")
def test_A3_everything_that_is_held_is_shown(site: Policy) -> None:
    alice = kept({**QUOTE, "company": "Halden Valve Works", "note": "Lot recall."}).person
    page = text(visitor().post(place_of(alice), **BROWSER))
    for datum in profile.list_data(alice):
        assert site.kinds[datum.kind].title in page
    told = text(visitor().post(links.address(link_of(alice, "full")), **BROWSER))
    assert "you viewed the" in told


@pytest.mark.clause("C14")
def test_C14_the_signal_of_her_browser_is_honored_and_cancels_no_newsletter(site: Policy) -> None:
    alice = reader()
    place, client = preferences_of(alice), visitor()
    assert "Your browser sends Global Privacy Control" in text(client.get(place, HTTP_SEC_GPC="1"))
    client.defaults["HTTP_SEC_GPC"] = "1"
    save(client, place)
    assert kinds_of(alice)[0] == "signal"
    assert gate.decide(alice, "newsletter", ["email"])["email"].allowed


@pytest.mark.clause("A4")
def test_A4_a_request_is_answered_within_thirty_days_or_she_is_told_why_and_what_comes_next(
    site: Policy, run_jobs, time_machine
) -> None:
    asked_utc = datetime(2026, 11, 23, 12, tzinfo=UTC)
    time_machine.move_to(asked_utc)
    send(visitor(), "/privacy/requests/question/", {"name": "Carol", "email": CAROL, "note": "Why?"})
    run_jobs()
    case = Case.objects.get()
    page = emails_to(CAROL)[-1].get_body(("plain",)).get_content().partition("/case/")[2].split()[0]
    visitor().post(f"/case/{page}", {"do": "verify"}, **BROWSER)
    case.refresh_from_db()
    assert case.due_utc <= asked_utc + timedelta(days=31)
    assert case.notice_utc
    assert case.notice_utc < case.due_utc

    time_machine.move_to(case.notice_utc + timedelta(hours=2))
    pass_until(datetime.now(UTC))
    run_jobs()
    case.refresh_from_db()
    assert case.noticed_utc
    assert case.number in str(emails_to(CAROL)[-1])
    told = text(visitor().get(f"/case/{page}"))
    assert "so a status update was due." in told
    assert told.count("We sent an email to you.") == 2
