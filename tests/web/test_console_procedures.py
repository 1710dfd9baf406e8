"""Access reviews and incidents: how they begin, who decides, and that they end only when every step is done."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.visits import BROWSER, led_to, signed_in, staff, text

from troth.access.procedures import incident, review
from troth.cases.models import Case
from troth.security import crew
from troth.security.models import Role, User

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
INCIDENT = {
    "words": "A laptop with a list was left on a train",
    "known": "2026-11-23T09:00",
    "kinds": ["name", "email"],
    "people": "40",
}

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=True)


def page_of(case: Case) -> str:
    return f"/console/requests/{case.number}/"


def press(client, case: Case, **sent: str):
    return client.post(page_of(case), {"sure": "yes", **sent}, **BROWSER)


@pytest.mark.parametrize("role", Role.values)
def test_only_privacy_people_and_administrators_begin_them(role):
    client = signed_in(f"one-{role}", role=role)
    for page in ("/console/requests/incident/", "/console/requests/review/"):
        assert client.get(page).status_code == (200 if role in ("privacy", "admin") else 404)


def test_a_review_lists_every_open_account_and_begins_once():
    for role in ("sales", "support", "admin"):
        staff(f"a-{role}", role=role)
    closed = staff("gone", role="sales")
    User.objects.using("owner").filter(pk=closed.pk).update(is_active=False)
    client = signed_in("rafael", role="privacy")
    first = led_to(client.post("/console/requests/review/", **BROWSER))
    assert client.post("/console/requests/review/", **BROWSER)["Location"] == first
    assert review.begin(at_utc=NOW) is None
    page = text(client.get(first))
    assert "Keep account Close account" in page
    assert "This is your own account, so a colleague decides." in page
    assert "gone" not in set(Case.objects.get().facts["accounts"])


def test_a_review_ends_when_everybody_was_decided_about_by_somebody_else():
    staff("sam", role="support")
    rafael, ada = signed_in("rafael", role="privacy"), signed_in("ada", role="admin")
    rafael.post("/console/requests/review/", **BROWSER)
    case = Case.objects.get()
    own = press(rafael, case, do="keep", username="rafael")
    assert own.status_code == 400
    assert "You can’t review your own account" in text(own)
    early = press(rafael, case, do="answer")
    assert early.status_code == 400
    assert "Decide on every account first: " in text(early)
    assert press(rafael, case, do="close", username="sam").status_code == 303
    assert press(rafael, case, do="keep", username="ada").status_code == 303
    kept = press(ada, case, do="keep", username="rafael")
    name = User.objects.get(username="rafael").display_name
    assert f"You kept the account of {name}." in text(ada.get(kept.headers["Location"]))
    assert press(ada, case, do="answer").status_code == 303
    case.refresh_from_db()
    assert case.state == Case.ANSWERED
    assert not User.objects.get(username="sam").is_active
    after = press(ada, case, do="close", username="rafael")
    assert after.status_code == 400
    assert User.objects.get(username="rafael").is_active


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "keep", "username": "nobody"},
        {"do": "keep", "username": ""},
        {"do": "maybe", "username": "ada"},
        {"do": "close"},
    ],
)
def test_what_is_no_decision_changes_nothing(sent):
    staff("ada", role="admin")
    rafael = signed_in("rafael", role="privacy")
    rafael.post("/console/requests/review/", **BROWSER)
    case = Case.objects.get()
    assert press(rafael, case, **sent).status_code == 400
    case.refresh_from_db()
    assert not any(case.facts["accounts"].values())


def test_the_last_administrator_is_not_closed_by_a_review():
    staff("ada", role="admin")
    rafael = signed_in("rafael", role="privacy")
    rafael.post("/console/requests/review/", **BROWSER)
    refused = press(rafael, Case.objects.get(), do="close", username="ada")
    assert refused.status_code == 400
    assert "last administrator" in text(refused)


def test_an_incident_runs_its_72_hours_from_when_it_was_known():
    client = signed_in("rafael", role="privacy")
    answer = client.post("/console/requests/incident/", INCIDENT, **BROWSER)
    case = Case.objects.get()
    assert led_to(answer) == page_of(case)
    assert case.due_utc - case.received_utc == timedelta(hours=72)
    assert case.received_utc == datetime(2026, 11, 23, 17, tzinfo=UTC)  # nine in the morning in California
    page = text(client.get(page_of(case)))
    assert "A laptop with a list was left on a train" in page
    assert "name and email" in page


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"words": "short"}, "words"),
        ({"known": "soon"}, "known"),
        ({"known": "2026-11-24T09:00"}, "known"),
        ({"known": "2026-99-99T09:00"}, "known"),
        ({"known": "2025-11-01T09:00"}, "known"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["shoe size"]}, "kinds"),
        ({"people": "many"}, "people"),
        ({"people": "-1"}, "people"),
        ({"people": ""}, "people"),
    ],
)
def test_what_is_missing_of_an_incident_is_said_beside_its_field(changed, field):
    answer = signed_in("rafael", role="privacy").post("/console/requests/incident/", INCIDENT | changed, **BROWSER)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.content.decode()
    assert not Case.objects.exists()


def test_an_incident_is_closed_when_every_step_says_what_was_done():
    client = signed_in("rafael", role="privacy")
    client.post("/console/requests/incident/", INCIDENT, **BROWSER)
    case = Case.objects.get()
    for step in list(incident.STEPS)[:-1]:
        assert press(client, case, do=f"step-{step}", words="It was done as it should be").status_code == 303
    early = press(client, case, do="answer")
    assert early.status_code == 400
    assert "Prevent it: what changes so that it doesn’t happen again" in text(early)
    assert press(client, case, do="step-lessons", words="short").status_code == 400
    assert press(client, case, do="step-dance", words="It was done as it should be").status_code == 400
    assert press(client, case, do="step-lessons", words="Lists stay in the console").status_code == 303
    assert press(client, case, do="answer").status_code == 303
    case.refresh_from_db()
    assert (case.state, case.nature) == (Case.ANSWERED, "complied")
    assert press(client, case, do="step-lessons", words="Something else again").status_code == 400


def test_a_quarter_begins_a_review(run_jobs):
    from troth.access.procedures.jobs import begin_review

    staff("ada", role="admin")
    begin_review(timestamp=0)
    assert Case.objects.get().kind == review.REVIEW.id


def test_nobody_ends_a_procedure_by_denying_it():
    client = signed_in("rafael", role="privacy")
    client.post("/console/requests/incident/", INCIDENT, **BROWSER)
    client.post("/console/requests/review/", **BROWSER)
    assert Case.objects.count() == 2
    for case in Case.objects.all():
        assert press(client, case, do="deny", words="It seemed to take too long").status_code == 400
        case.refresh_from_db()
        assert case.state in Case.LIVING


def test_where_nobody_else_could_decide_ones_own_decision_counts_and_shows():
    staff("sam", role="support")
    rafael = signed_in("rafael", role="privacy")
    rafael.post("/console/requests/review/", **BROWSER)
    case = Case.objects.get()
    assert press(rafael, case, do="keep", username="rafael").status_code == 303
    crew.close("sam")  # at the terminal, while the review is open
    page = text(rafael.get(page_of(case)))
    assert "closed since" in page
    assert "staff:" not in page
    assert press(rafael, case, do="answer").status_code == 303
    assert case.events.filter(what="account kept", who="staff:rafael", words="rafael").exists()


def test_an_account_that_is_closed_already_cannot_stay():
    staff("sam", role="support")
    rafael = signed_in("rafael", role="privacy")
    rafael.post("/console/requests/review/", **BROWSER)
    case = Case.objects.get()
    assert press(rafael, case, do="close", username="sam").status_code == 303
    late = press(rafael, case, do="keep", username="sam")  # from a page that was opened before
    assert late.status_code == 400
    assert "This account is already closed" in text(late)
    assert not case.events.filter(what="account kept").exists()


def test_procedures_stand_in_no_log_of_requests():
    client = signed_in("rafael", role="privacy")
    client.post("/console/requests/incident/", INCIDENT, **BROWSER)
    number = Case.objects.get().number
    assert number not in text(client.get("/console/requests/log/"))
    assert number not in client.get("/console/requests/log.csv").content.decode()
    assert number in text(client.get("/console/requests/"))


def test_a_step_without_a_sentence_is_said_beside_it():
    client = signed_in("rafael", role="privacy")
    client.post("/console/requests/incident/", INCIDENT, **BROWSER)
    press(client, Case.objects.get(), do="step-assess", words="Three laptops, all encrypted.")
    assert "staff:" not in text(client.get(page_of(Case.objects.get())))
    sentence, shown = "Two of them were found again.", {"do": "step-assess", "was-words": ""}
    refused = press(client, Case.objects.get(), **shown, words=sentence)  # its page was opened before
    assert "it’s now “Three laptops, all encrypted”." in text(refused)
    page = refused.content.decode()
    assert f'value="{sentence}"' in page
    assert 'name="was-words" value="Three laptops, all encrypted."' in page
    answer = press(client, Case.objects.get(), do="step-assess", words="too short")
    assert 'id="step-assess-error"' in answer.content.decode()
    assert 'value="too short"' in answer.content.decode()
