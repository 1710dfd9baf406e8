"""Requests from opened to ended: what a person is sent, what her history says, and what the clock does alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.accounts import emails_to
from tests.acting import acting_as
from tests.passing import pass_until
from tests.worlds import known_person

from troth.access.requests import erasing
from troth.cases import actions, duties
from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.drp.models import AgentRequest
from troth.gate import Refusal, new_id
from troth.records import ledger

NOW = datetime.now(UTC)
ALICE = {"name": "Alice Ashby", "email": "alice@ashby.example", "note": "Everything, please."}

pytestmark = pytest.mark.usefixtures("site")


def asked(kind: str = "correction", *, values=ALICE, at_utc=NOW, account=None, verified=False) -> actions.Opened:
    person = known_person(values, channel="form.privacy")
    arrival = actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=at_utc, account=account)
    return actions.open_case(kinds()[kind], arrival, verified=verified)


def test_a_request_is_answered_only_after_its_address_is_proven(run_jobs):
    case = asked().case
    run_jobs()
    (email,) = emails_to("alice@ashby.example")
    assert case.number in email["Subject"]
    assert "/case/" in email.get_body(("plain",)).get_content()
    assert case.state == Case.UNVERIFIED

    opened = actions.verify(case.id, at_utc=NOW, way="mailed link")

    assert opened.state == Case.OPEN
    assert [event.what for event in opened.events.all()] == ["received", "verified"]


def test_a_request_that_is_done_at_once_sends_its_answer_alone(run_jobs):
    case = asked("opt-out").case
    run_jobs()
    (email,) = emails_to("alice@ashby.example")
    assert email["Subject"] == f"We answered your privacy request {case.number}"


def test_the_same_asked_twice_joins_the_open_request(run_jobs):
    first, second = asked().case, asked().case
    actions.verify(first.id, at_utc=NOW, way="mailed link")

    joined = actions.verify(second.id, at_utc=NOW, way="mailed link")

    assert joined.id == first.id
    second.refresh_from_db()
    assert (second.state, second.nature) == (Case.WITHDRAWN, "joined")


def test_a_typed_address_of_somebody_else_gives_a_sign_in_nothing_of_hers():
    known_person(ALICE, channel="form.privacy")
    mallory = asked(account=7, verified=True).case

    assert actions.subjects(mallory) == (mallory.person_id,)


def test_on_day_25_a_person_without_an_answer_hears_the_problem_and_the_next_step(run_jobs):
    case = actions.verify(asked().case.id, at_utc=NOW, way="mailed link")

    pass_until(case.notice_utc - timedelta(minutes=1))
    run_jobs()
    assert len(emails_to("alice@ashby.example")) == 1
    pass_until(case.notice_utc)
    pass_until(case.notice_utc + timedelta(minutes=10))
    run_jobs()

    _received, notice = emails_to("alice@ashby.example")
    assert "Why: " in notice.get_body(("plain",)).get_content()
    assert "Next step: " in notice.get_body(("plain",)).get_content()
    assert ledger.history(case.person_id)[0].kind == "notified"


def test_a_request_by_link_never_joins_one_that_somebody_elses_sign_in_proved():
    mallory = asked("erasure", account=7, verified=True).case

    alice = actions.verify(asked("erasure").case.id, at_utc=NOW, way="mailed link")

    assert alice.id != mallory.id
    assert alice.state == Case.OPEN
    assert mallory.person_id in actions.subjects(alice)  # what was typed under her address is hers to see
    assert actions.subjects(mallory) == (mallory.person_id,)


@pytest.mark.parametrize(("share", "said"), [(49, 0), (50, 50), (80, 80), (100, 100)])
def test_staff_are_reminded_at_each_share_once(share, said):
    case = actions.verify(asked().case.id, at_utc=NOW, way="mailed link")
    at = case.received_utc + (case.due_utc - case.received_utc) * share / 100

    pass_until(at)
    pass_until(at)

    case.refresh_from_db()
    assert case.reminded == said
    assert case.events.filter(what="reminder").count() == (1 if said else 0)


def test_what_nobody_proved_is_denied_when_its_time_is_over(run_jobs):
    case = asked().case
    pass_until(case.due_utc)
    run_jobs()
    case.refresh_from_db()
    assert (case.state, case.basis) == (Case.DENIED, "not verified")


def test_more_time_is_given_once_and_told(run_jobs):
    case = actions.verify(asked().case.id, at_utc=NOW, way="mailed link")
    with acting_as("pia"):
        extended = actions.extend(case.id, why="Your data lie in an archive.", at_utc=NOW, who="staff:pia")
    run_jobs()

    assert (extended.due_utc - case.received_utc).days == 90
    assert "archive" in emails_to("alice@ashby.example")[-1].get_body(("plain",)).get_content()
    with pytest.raises(actions.CaseProblem):
        actions.extend(case.id, why="Again.", at_utc=NOW, who="staff:pia")


def test_an_erasure_needs_two_different_members_of_staff():
    case = actions.verify(asked("erasure").case.id, at_utc=NOW, way="mailed link")
    with acting_as("pia"):
        assert actions.approve(case.id, what="erase", who="staff:pia", at_utc=NOW) == 1

        with pytest.raises(Refusal, match="Someone else"):
            actions.approve(case.id, what="erase", who="staff:pia", at_utc=NOW)
        with pytest.raises(actions.CaseProblem):
            erasing.carry_out(case.id, at_utc=NOW, who="staff:pia")


def test_sales_people_approve_no_erasure():
    case = actions.verify(asked("erasure").case.id, at_utc=NOW, way="mailed link")
    with acting_as("ines", role="sales"), pytest.raises(Refusal, match="Only privacy staff"):
        actions.approve(case.id, what="erase", who="staff:ines", at_utc=NOW)


def erased(case: UUID, run_jobs) -> Case:
    for name in ("otto", "pia"):
        with acting_as(name):
            actions.approve(case, what="erase", who=f"staff:{name}", at_utc=NOW)
    with acting_as("pia"):
        erasing.carry_out(case, at_utc=NOW, who="staff:pia")
    run_jobs()
    return Case.objects.get(pk=case)


def test_the_last_email_is_written_before_the_key_goes_and_leaves_after_it(run_jobs, superuser):
    other = known_person(ALICE | {"note": "An older one."}, channel="form.contact")
    case = actions.verify(asked("erasure").case.id, at_utc=NOW, way="mailed link")

    done = erased(case.id, run_jobs)

    assert (done.state, done.nature) == (Case.ANSWERED, "complied")
    last = emails_to("alice@ashby.example")[-1]
    assert "our last email" in last.get_body(("plain",)).get_content()
    for part in ("plain", "html"):
        body = last.get_body((part,)).get_content()
        assert "Privacy choices" not in body
        assert not [page for page in ("/preferences/", "/case/", "/privacy-choices/") if page in body]
    left = superuser.execute(
        "select count(*) from datum where person_id = any (%s)", [[case.person_id, other]]
    ).fetchone()
    assert left == (0,)
    erased_entry = ledger.history(other)[0]
    assert (erased_entry.kind, erased_entry.who) == ("erased", "staff:pia")


def test_what_tax_law_keeps_stays_and_is_named(run_jobs, superuser):
    buyer = known_person({"name": "Alice Ashby", "email": "alice@ashby.example", "order": "O-1"}, channel="sales.order")
    case = actions.verify(asked("erasure").case.id, at_utc=NOW, way="mailed link")

    done = erased(case.id, run_jobs)

    assert done.nature == "complied in part"
    assert superuser.execute("select kind from datum where person_id = %s", [buyer]).fetchall() == [("order",)]
    assert "Tax law" in emails_to("alice@ashby.example")[-1].get_body(("plain",)).get_content()


def test_the_log_keeps_24_months_and_no_longer(owner):
    case = asked("opt-out").case
    AgentRequest.objects.create(id=new_id(), agent="agent", case=case, exercise="opt-out", received_utc=NOW)
    owner.execute("update request_case set answered_utc = now() - interval '24 months' + interval '1 hour'")

    assert duties.tidy() == 0
    assert AgentRequest.objects.exists()
    owner.execute("update request_case set answered_utc = answered_utc - interval '1 hour'")
    assert duties.tidy() == 1
    assert not AgentRequest.objects.exists()
