"""Legal holds: two agree, nothing covered is deleted or used, an order still reaches it, and what waited happens at the end."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.visits import BROWSER, signed_in, text
from tests.web.test_console_cases import page_of
from tests.worlds import kept

from troth import gate
from troth.access.procedures import hold
from troth.access.requests import erasing
from troth.access.requests.kinds import ERASURE
from troth.cases import actions
from troth.cases.models import Case
from troth.records import holds, ledger, profile, rights

EMAIL = "canarina@halden-valve-works.example"
DATA = {"email": EMAIL, "name": "Canarina Haldenova", "product": "optipro-process", "phone": "+15595550134"}
ASKED = {
    "address": EMAIL,
    "words": "Dispute about the order of May",
    "review": "90",
    "kinds": ["name", "phone"],
    "secret": "",
}
PAGE = "/console/requests/hold/"

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.clause("U8")]


def press(client, case, do, **typed):
    return client.post(page_of(case), {"do": do, "sure": "yes", **typed}, **BROWSER)


@pytest.fixture
def person():
    return kept(DATA, channel="form.quote").person


def placed(**changed):
    """A hold in force, with the privacy officer's and the administrator's browsers."""
    rafael, ada = signed_in("rafael", role="privacy"), signed_in("ada", role="admin")
    assert rafael.post(PAGE, ASKED | changed, **BROWSER).status_code == 303
    case = Case.objects.get(kind="legal-hold")
    assert press(rafael, case, "begin").status_code == 400
    assert press(rafael, case, "approve").status_code == 303
    assert press(rafael, case, "approve").status_code == 400
    assert press(ada, case, "approve").status_code == 303
    assert press(rafael, case, "begin").status_code == 303
    case.refresh_from_db()
    return rafael, ada, case


def kinds_of(person):
    return sorted(kind for kind, ids in profile.list_kinds(person).items() for _id in ids)


def told(person):
    return [entry.kind for entry in ledger.history(person)]


def agree(person, rafael, ada):
    """A deletion that the person asked for, approved by two."""
    case = actions.open_case(
        ERASURE,
        actions.CaseArrival(id=gate.new_id(), person=person, manner="form", at_utc=timezone.now()),
        verified=True,
    ).case
    press(rafael, case, "approve")
    press(ada, case, "approve")
    return case


def erase(case):
    """Carried out."""
    erasing.erase(case.pk, at_utc=timezone.now())
    case.refresh_from_db()
    return case


def test_the_form_says_beside_each_field_what_is_missing(person):
    rafael = signed_in("rafael", role="privacy")
    answer = rafael.post(
        PAGE,
        {"address": "nobody", "words": "x", "review": "7", "secret": "2001-01-01T00:00", "kinds": ["nothing"]},
        **BROWSER,
    )
    assert answer.status_code == 400
    for field in ("address", "words", "review", "secret", "kinds"):  # of a kind that is none, all would be held
        assert f'id="{field}-error"' in answer.content.decode()
    assert "no data" in text(rafael.post(PAGE, ASKED | {"address": "else@halden-valve-works.example"}, **BROWSER))


def test_what_a_hold_covers_outlives_its_time_and_serves_nothing_else(person, time_machine):
    _rafael, _ada, case = placed()
    assert "hold began" in told(person)
    assert case.due_utc > timezone.now() + timedelta(days=80)
    time_machine.move_to(timezone.now() + timedelta(days=4_000), tick=True)
    while gate.expire():
        continue
    assert kinds_of(person) == ["name", "phone"]
    decided = gate.decide(person, "quotes", ["name", "email"])
    assert {kind: (each.allowed, each.code) for kind, each in decided.items()} == {
        "name": (False, "expired"),
        "email": (False, "not held"),
    }
    refused = gate.look(person=person, purpose="quotes", kinds=["name"], who="program:test", reason="to see")
    assert isinstance(refused, gate.Refused)
    assert gate.expire() == 0, "what is held is not due again and again"
    assert press(signed_in("rosa", role="privacy"), case, "end").status_code == 303
    assert gate.expire() == 1, "its time was over while it was held"
    assert kinds_of(person) == []


def test_an_order_reaches_what_only_a_hold_keeps(person, time_machine):
    rafael, ada, _case = placed()
    profile.remove_datum(person, profile.list_kinds(person)["phone"][0], because="removed", way="x")
    order = {
        "address": EMAIL,
        "recipient": "Superior Court",
        "words": "Subpoena of 20 November",
        "kinds": ["name", "phone"],
    }
    assert rafael.post("/console/requests/disclosure/", order, **BROWSER).status_code == 303
    disclosure = Case.objects.get(kind="disclosure")
    press(rafael, disclosure, "approve")
    press(ada, disclosure, "approve")
    given = json.loads(press(ada, disclosure, "disclose").content)["data"]
    assert {key: value for each in given for key, value in each.items()} == {
        "name": DATA["name"],
        "phone": DATA["phone"],
    }


def test_what_she_removes_is_out_of_use_and_goes_when_the_hold_ends(person):
    rafael, _ada, case = placed()
    phone = profile.list_kinds(person)["phone"][0]
    profile.remove_datum(person, phone, because="removed", way="typed by the person")
    with pytest.raises(gate.Refusal):
        profile.remove_datum(person, phone, because="removed", way="typed by the person")
    assert "phone" in kinds_of(person)
    assert not gate.decide(person, "quotes", ["phone"])["phone"].allowed
    assert press(rafael, case, "end").status_code == 303
    assert "Closed" in text(rafael.get(page_of(case)))
    gate.expire()
    assert "phone" not in kinds_of(person)
    assert told(person)[:2] == ["expired", "hold ended"]


def test_a_deletion_waits_for_the_end_and_happens_by_itself(person):
    rafael, ada, case = placed()
    request = agree(person, rafael, ada)
    assert "A legal hold covers this person" in text(rafael.get(page_of(request)))
    erase(request)
    assert request.nature == "complied in part"
    assert kinds_of(person) == ["name", "phone"]
    assert "erasure held" in told(person)
    assert not any(each.allowed for each in gate.decide(person, "quotes", ["name", "phone"]).values())
    assert press(rafael, case, "end").status_code == 303
    assert "erased" in told(person)
    assert kinds_of(person) == []


def test_a_hold_in_force_is_kept_or_ended_but_never_denied(person):
    rafael, _ada, case = placed()
    assert "Deny request" not in text(rafael.get(f"/console/requests/{case.number}/"))
    assert press(rafael, case, "deny", words="No longer needed at all", reason="other").status_code == 400
    assert press(rafael, case, "review", until="30", words="The court has not decided").status_code == 303
    case.refresh_from_db()
    assert case.due_utc < timezone.now() + timedelta(days=31)
    with pytest.raises(gate.Refusal):
        holds.end(gate.new_id(), who="staff:rafael")


def test_a_secret_hold_is_told_when_its_day_has_come(person, time_machine):
    later = timezone.now() + timedelta(days=20)
    _rafael, _ada, case = placed(secret=later.strftime("%Y-%m-%dT%H:%M"))
    phone = profile.list_kinds(person)["phone"][0]
    profile.remove_datum(person, phone, because="removed", way="typed by the person")
    assert "phone" not in kinds_of(person)
    assert "hold began" not in told(person)
    time_machine.move_to(timezone.now() + timedelta(days=21), tick=True)
    while holds.tell():
        continue
    assert "hold began" in told(person)
    assert hold.is_in_force(case)


def test_only_people_of_the_case_are_held_and_those_who_approve_see_which_requests_are_theirs(person):
    other = kept({"email": "else@halden-valve-works.example"}, channel="form.quote").person
    asked = [
        actions.open_case(
            ERASURE,
            actions.CaseArrival(id=gate.new_id(), person=each, manner="form", at_utc=timezone.now()),
            verified=True,
        ).case.number
        for each in (person, other)
    ]
    rafael, _ada, case = placed()
    page = text(rafael.get(page_of(case)))
    assert (asked[0] in page, asked[1] in page.partition("Requests of the person")[2]) == (True, False)
    assert [each.person for each in holds.list_holds([person, other])] == [person]
    assert rights.people_of_case(case.pk) == set()


def test_the_page_says_what_is_deleted_next_what_was_and_what_a_hold_keeps(person, time_machine):
    rafael, _ada, _case = placed()
    page = "/console/requests/deleted/"
    assert "Nothing ends within 30 days" in text(rafael.get(page, **BROWSER))
    last = max(each.kept_until_utc for each in profile.list_data(person) if each.kept_until_utc)
    time_machine.move_to(last - timedelta(days=3), tick=True)
    rafael = signed_in("rita", role="privacy")
    assert "Within 7 days" in text(rafael.get(page, **BROWSER))
    time_machine.move_to(last + timedelta(days=1), tick=True)
    while gate.expire():
        continue
    shown = text(signed_in("rosa", role="privacy").get(page, **BROWSER))
    assert "Email and product of 1 person" in shown.split("Last 30 days")[1]
    assert signed_in("ines", role="sales").get(page, **BROWSER).status_code == 404


def test_of_somebody_erased_meanwhile_nothing_is_held_and_the_case_can_be_denied(person):
    rafael, ada = signed_in("rafael", role="privacy"), signed_in("ada", role="admin")
    assert rafael.post(PAGE, ASKED, **BROWSER).status_code == 303
    case = Case.objects.get(kind="legal-hold")
    asked = text(rafael.post(page_of(case), {"do": "approve"}, **BROWSER))
    assert "For “Dispute about the order of May”, this keeps name and phone from being deleted" in asked
    press(rafael, case, "approve")
    press(ada, case, "approve")
    erase(agree(person, rafael, ada))
    assert "nothing to hold" in text(press(rafael, case, "begin"))
    assert press(rafael, case, "deny", words="The person’s data was deleted", reason="other").status_code == 303


def test_what_a_law_requires_stays_though_a_hold_and_a_deletion_end():
    person = kept(DATA | {"order": "SO-1"}, channel="sales.order").person
    rafael, ada, case = placed()
    erase(agree(person, rafael, ada))
    assert kinds_of(person) == ["name", "order", "phone"]
    assert press(rafael, case, "end").status_code == 303
    gate.expire()
    assert kinds_of(person) == ["order"]
    assert "erased in part" in told(person)
