"""What leaves only when two agree: a disclosure to an authority, a copy handed out by staff."""

import json
from datetime import timedelta
from importlib import import_module

import pytest
from django.utils import timezone
from tests.access.test_signed_in import browser, owner_of
from tests.accounts import emails_to
from tests.acting import acting_as
from tests.visits import BROWSER, saved, signed_in, text
from tests.web.test_console_cases import case_of, do, page_of
from tests.worlds import kept

from troth import gate
from troth.access.procedures.disclosure import DISCLOSURE
from troth.cases.facts import UnknownFacts
from troth.cases.models import Case
from troth.records import ledger
from troth.records.ledger.past import Past, outline
from troth.records.models import AccountPerson

EMAIL = "canarina@halden-valve-works.example"
DATA = {"email": EMAIL, "name": "Canarina Haldenova", "product": "optipro-process", "phone": "+15595550134"}
ORDER = {
    "address": EMAIL,
    "recipient": "Superior Court of California",
    "words": "Subpoena of 20 November 2026",
    "kinds": ["name", "email"],
}
PAGE = "/console/requests/disclosure/"

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.clause("U8")]


def press(client, case, do):
    return client.post(page_of(case), {"do": do, "sure": "yes"}, **BROWSER)


@pytest.fixture
def asked():
    person = kept(DATA, channel="form.quote").person
    rafael = signed_in("rafael", role="privacy")
    assert rafael.post(PAGE, ORDER, **BROWSER).status_code == 303
    return person, rafael, Case.objects.get()


def test_a_disclosure_leaves_once_after_two_agreed_and_stands_in_her_history(asked):
    person, rafael, case = asked
    assert press(rafael, case, "disclose").status_code == 400
    asked = text(rafael.post(page_of(case), {"do": "approve"}, **BROWSER))
    assert f"{ORDER['recipient']} gets the person’s name and email, because of “{ORDER['words']}”" in asked
    assert press(rafael, case, "approve").status_code == 303
    same = press(rafael, case, "approve")
    assert same.status_code == 400
    assert "Someone else must" in text(same)
    assert press(rafael, case, "disclose").status_code == 400
    ada = signed_in("ada", role="admin")
    assert press(ada, case, "approve").status_code == 303
    answer = press(ada, case, "disclose")
    assert answer.status_code == 200
    assert json.loads(answer.content)["data"] == [{"name": DATA["name"], "email": EMAIL}]
    disclosed = next(entry for entry in ledger.history(person) if entry.kind == "disclosed")
    assert disclosed.recipient_name == ORDER["recipient"]
    assert set(disclosed.kinds) == {"name", "email"}
    case.refresh_from_db()
    assert (case.state, case.nature) == (Case.ANSWERED, "complied")
    assert press(ada, case, "disclose").status_code == 400


def test_while_an_order_forbids_it_no_history_and_no_copy_tells_of_the_disclosure(time_machine):
    person = kept(DATA, channel="form.quote").person
    rafael, ada = signed_in("rafael", role="privacy"), signed_in("ada", role="admin")
    assert "Enter a date in the coming years" in text(rafael.post(PAGE, ORDER | {"secret": "x"}, **BROWSER))
    until = timezone.now() + timedelta(days=20)
    assert rafael.post(PAGE, ORDER | {"secret": until.strftime("%Y-%m-%dT%H:%M")}, **BROWSER).status_code == 303
    case = Case.objects.get()
    assert press(rafael, case, "approve").status_code == 303
    assert press(ada, case, "approve").status_code == 303
    assert "won’t see it before" in text(ada.get(page_of(case)))
    assert press(ada, case, "disclose").status_code == 200

    def seen():
        past = [entry.cause for entry in Past([person])]
        lines = [line.kind for line in outline([person]) for _each in range(line.entries)]
        return case.pk in past, case.pk in [entry.cause for entry in ledger.history(person)], "disclosed" in lines

    assert len(Past([person])) == sum(line.entries for line in outline([person]))
    assert seen() == (False, False, False)
    assert {entry.kind for entry in ledger.history(person, cause=case.pk)} == {"used", "disclosed"}
    time_machine.move_to(until + timedelta(days=1), tick=True)  # what is typed is of the site’s time zone
    assert seen() == (True, True, True)


def test_the_database_looks_that_two_agreed(asked):
    person, _rafael, case = asked
    with acting_as("rafael"):
        given = gate.look(person=person, purpose="legal", kinds=["email"], who="staff:rafael", reason="an order")
        assert isinstance(given, gate.Given)
        with pytest.raises(gate.GrantRefused, match="Two different members of staff"):
            gate.disclose(
                given,
                recipient_class="authority",
                recipient=case.number,
                recipient_name="Court",
                kinds=["email"],
                who="staff:rafael",
                reason="an order",
            )


def test_what_two_agreed_to_gives_nothing_of_somebody_else_or_of_another_kind(asked):
    _person, rafael, case = asked
    other = kept(DATA | {"email": "other@elsewhere.example"}, channel="form.quote").person
    ada = signed_in("ada", role="admin")
    for client in (rafael, ada):
        assert press(client, case, "approve").status_code == 303
    with acting_as("ada", role="admin"):
        for whom, kinds in ((other, ["email"]), (_person, ["phone"])):
            given = gate.look(
                person=whom,
                purpose="legal",
                kinds=kinds,
                who="staff:ada",
                reason="an order",
                cause=case.id,
            )
            assert isinstance(given, gate.Given)
            with pytest.raises(gate.GrantRefused, match="other people or other kinds"):
                gate.disclose(
                    given,
                    recipient_class="authority",
                    recipient=case.number,
                    recipient_name="Court",
                    kinds=kinds,
                    who="staff:ada",
                    reason="an order",
                )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"address": "x"}, "address"),
        ({"address": "nobody@elsewhere.example"}, "address"),
        ({"recipient": ""}, "recipient"),
        ({"words": "short"}, "words"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["password"]}, "kinds"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(changed, field):
    kept(DATA, channel="form.quote")
    answer = signed_in("rafael", role="privacy").post(PAGE, ORDER | changed, **BROWSER)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize("role", ["sales", "support", "product", "marketing", "auditor"])
def test_others_find_no_such_page(role):
    assert signed_in(f"a-{role}", role=role).get(PAGE).status_code == 404


def test_it_is_no_request_of_hers_to_read_of_or_to_take_back(asked, run_jobs):
    person, _rafael, case = asked
    user, _own = owner_of(EMAIL)
    run_jobs()
    assert emails_to(EMAIL) == []
    assert person in AccountPerson.objects.filter(user=user).values_list("person_id", flat=True)
    assert case.number not in text(browser(user).get("/account/requests/"))
    assert browser(user).post(f"/account/requests/{case.number}/", {"do": "withdraw"}, **BROWSER).status_code == 404
    assert [entry.kind for entry in ledger.history(person)] == ["linked", "collected"]


def test_it_ends_with_the_data_of_the_last_one_whom_it_names(owner):
    people = [kept(DATA, channel="form.quote").person for _each in range(2)]
    rafael = signed_in("rafael", role="privacy")
    rafael.post(PAGE, ORDER, **BROWSER)
    case = Case.objects.get()
    for person, state in zip(people, ("open", "withdrawn"), strict=True):
        owner.execute("select erase(%s, gen_random_uuid(), 'program:cases', 'asked')", [person])
        case.refresh_from_db()
        assert case.state == state
    assert case.events.last().what == "erased"
    assert case.number not in text(rafael.get("/console/"))


def test_a_copy_is_handed_out_by_staff_after_two_agreed(run_jobs):
    case = case_of("copy", proven=False)
    pia, ada = signed_in("pia", role="privacy"), signed_in("ada", role="admin")
    do(pia, case, "prove", words="Called back at the number on file.")
    assert press(pia, case, "export").status_code == 400
    press(pia, case, "approve")
    press(ada, case, "approve")
    progress = press(ada, case, "export")["Location"]
    run_jobs()
    paper = ada.get(f"{progress}download")
    assert paper["Content-Type"] == "application/pdf"
    assert saved(paper).startswith(b"%PDF")
    assert pia.get(f"{progress}download").status_code == 404
    assert not any(entry.who == "person" and entry.kind == "used" for entry in ledger.history(case.person_id))
    assert any(entry.who == "staff:ada" and entry.kind == "used" for entry in ledger.history(case.person_id))
    assert "exported" in case.events.values_list("what", flat=True)
    assert press(ada, case, "export").status_code == 400


def test_nothing_of_a_question_is_approved():
    case = case_of("question")
    for what in ("approve", "export", "disclose"):
        assert press(signed_in("pia", role="privacy"), case, what).status_code == 400


def test_a_disclosure_of_a_release_that_knew_no_secret_is_read(asked, owner):
    gag = import_module("troth.migrations.0048_gag")
    _person, _rafael, case = asked
    owner.execute(gag.REMOVE)
    case.refresh_from_db()
    with pytest.raises(UnknownFacts):
        DISCLOSURE.read(case)
    owner.execute(gag.ADD)
    case.refresh_from_db()
    assert DISCLOSURE.read(case).secret_until is None
