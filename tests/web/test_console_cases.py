"""Privacy requests as staff work on them: who may, what the person sees of it, and that two must agree."""

import re
from codecs import BOM_UTF8
from datetime import UTC, datetime, timedelta

import pytest
from tests.accounts import emails_to
from tests.acting import acting_as
from tests.visits import BROWSER, opened, signed_in, text, visitor
from tests.worlds import known_person

from troth.california.answering import CIVIL_CODE
from troth.cases import actions, timing
from troth.cases.kinds import kind_of, kinds
from troth.cases.models import Case, CaseEvent
from troth.collection.intake import Intake
from troth.desk import index
from troth.desk.lists.lines import ListMoment, line_of
from troth.desk.telling import tell_event
from troth.gate import new_id
from troth.records import ledger
from troth.uses.inquiries import actions as inquiries
from troth.uses.quotes.models import QuoteRequest
from troth.words import codes as wording

REASON = "to see what exactly is asked"

pytestmark = pytest.mark.usefixtures("site")


def case_of(kind: str = "correction", *, proven: bool = True) -> Case:
    values = {"name": "Alice Ashby", "email": "alice@ashby.example", "note": "My company is Ashby Ltd."}
    person = known_person(values, channel="form.privacy")
    case = actions.open_case(
        kinds()[kind], actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=datetime.now(UTC))
    ).case
    return actions.verify(case.id, at_utc=datetime.now(UTC), way="mailed link") if proven else case


def page_of(case: Case) -> str:
    return f"/console/requests/{case.number}/"


def do(client, case: Case, what: str, **fields):
    return client.post(page_of(case), {"do": what, "sure": "yes", **fields}, **BROWSER)


@pytest.mark.asvs("V8.2.1")
@pytest.mark.parametrize(
    ("role", "may_work", "may_read_log"),
    [
        ("privacy", True, True),
        ("admin", True, True),
        ("auditor", False, True),
        ("sales", False, False),
        ("support", False, False),
        ("product", False, False),
        ("marketing", False, False),
    ],
)
def test_each_role_sees_what_it_may(role, may_work, may_read_log):
    case, client = case_of(), signed_in(f"one-{role}", role=role)
    for path in ("/console/requests/", page_of(case), "/console/requests/new/"):
        assert client.get(path).status_code == (200 if may_work else 404)
    for path in ("/console/requests/log/", "/console/requests/log.csv"):
        assert client.get(path).status_code == (200 if may_read_log else 404)


def test_a_stranger_is_asked_to_sign_in():
    assert visitor().get(page_of(case_of())).status_code == 302


def test_the_list_shows_what_is_due_and_no_name():
    case = case_of()
    page = text(signed_in("pia", role="privacy").get("/console/requests/"))
    assert case.number in page
    assert "Alice" not in page


def test_codes_are_told_in_words():
    case, client = case_of(proven=False), signed_in("pia", role="privacy")
    everything = [client.get(path) for path in ("/console/requests/", page_of(case), "/console/requests/log/")]
    for page in (*map(text, everything), text(client.get("/console/quotes/"))):
        assert not {"ccpa", "unverified", "routed", "queued"} & set(page.replace(",", " ").split())
    assert "CCPA deadline" in text(everything[1])
    assert "through our form" in text(everything[1])
    codes = [
        *dict(Case.STATES),
        *dict(Case.MANNERS),
        *QuoteRequest.STAGES,
        timing.CCPA,
        CIVIL_CODE,
        timing.POLICY,
    ]
    words = {**wording.WORDS, **{code: told for room in index.rooms() for code, told in room.codes.items()}}
    assert [code for code in codes if code not in words] == []


@pytest.mark.parametrize(
    "wanted", ["requests/?state=zzz", "requests/?kind=zzz", "requests/requests.csv?state=zzz", "quotes/?state=zzz"]
)
def test_a_filter_that_does_not_exist_narrows_nothing_and_says_so(wanted):
    client = signed_in("pia", role="privacy")
    assert client.get(f"/console/{wanted}").status_code == 404
    for real in (
        "requests/",
        "requests/?state=",
        "requests/?state=unverified&kind=erasure",
        "quotes/?state=",
        "quotes/?state=queued",
    ):
        assert client.get(f"/console/{real}").status_code == 200


def test_reading_asks_for_a_reason_and_the_person_sees_it():
    case, client = case_of(), signed_in("pia", role="privacy", name="Pia Lund")
    refused = do(client, case, "contact", reason="short")
    assert refused.status_code == 400
    assert "Ashby Ltd" not in text(refused)

    assert "Ashby Ltd" in text(do(client, case, "contact", reason=REASON))

    entry = ledger.history(case.person_id)[0]
    assert (entry.kind, entry.who, entry.reason) == ("used", "staff:pia", REASON)


def test_a_role_that_the_policy_does_not_name_reads_nothing():
    case, client = case_of(), signed_in("ada", role="admin")
    answer = do(client, case, "contact", reason=REASON)
    assert answer.status_code == 403
    assert "Ashby Ltd" not in text(answer)
    assert "used" not in {entry.kind for entry in ledger.history(case.person_id)}


def test_who_of_the_staff_took_a_person_as_proven_is_written_down():
    case, client = case_of(proven=False), signed_in("pia", role="privacy")
    do(client, case, "prove", words="Called back at the number on file.")
    assert Case.objects.get().state == Case.OPEN
    assert case.events.get(what="verified").who == "staff:pia"


def test_an_answer_is_written_to_the_person_and_closes_the_case(run_jobs):
    case, client = case_of(), signed_in("pia", role="privacy")
    assert do(client, case, "answer", nature="everything").status_code == 400

    do(client, case, "answer", nature="complied")
    run_jobs()

    assert Case.objects.get().state == Case.ANSWERED
    assert "We answered your privacy request" in emails_to("alice@ashby.example")[-1]["Subject"]
    late = do(client, case, "deny", words="Too late for that now.")
    assert late.status_code == 400
    assert "Answered by Ines Moreau" in text(late)
    assert "Too late for that now." in late.content.decode(), "what was typed stays"


@pytest.mark.asvs("V2.3.5")
def test_what_a_colleague_was_given_meanwhile_is_not_taken_from_them_unseen():
    case, pia = case_of(), signed_in("pia", role="privacy", name="Pia Adler")
    signed_in("otto", role="privacy", name="Otto Brandt").post(page_of(case), {"do": "assign"}, **BROWSER)

    late = do(pia, case, "assign", to="pia", **{"was-to": ""})

    assert "A colleague changed this meanwhile: it’s now “Otto Brandt”." in text(late)
    assert Case.objects.get().assigned_to == "otto"
    again = re.findall(r'name="was-to" value="([^"]*)"', late.content.decode())
    assert do(pia, case, "assign", to="pia", **{"was-to": again[-1]}).status_code == 303


def test_two_people_approve_an_erasure_and_the_same_one_twice_does_not_count():
    case, pia, otto = case_of("erasure"), signed_in("pia", role="privacy"), signed_in("otto", role="admin")
    do(pia, case, "approve")
    again = do(pia, case, "approve")
    assert "Someone else must approve it, too" in text(again)
    assert do(pia, case, "erase").status_code == 400
    shown = pia.get(page_of(case))
    assert "1 of 2 approvals" in text(shown)
    assert 'value="approve"' not in shown.content.decode(), "She has done her part."
    assert 'value="approve"' in otto.get(page_of(case)).content.decode()
    assert "3 values: 3 deleted, 0 kept" in text(shown)

    approved = do(otto, case, "approve")

    assert "Two people have approved it, so it can be carried out here now." in text(otto.get(approved["Location"]))
    assert "Delete data" in text(pia.get(page_of(case)))
    assert do(pia, case, "answer", nature="complied").status_code == 400


def test_what_is_typed_stays_when_it_is_refused():
    case, client = case_of("question"), signed_in("pia", role="privacy")
    page = do(client, case, "extend", words="It lies in an archive of ours.")
    assert page.status_code == 400
    assert "It lies in an archive of ours." in text(page)


def test_what_is_chosen_is_a_list_to_choose_from():
    case, pia = case_of("question"), signed_in("pia", role="privacy", name="Pia Lund")
    page = pia.get(page_of(case)).content.decode()
    for id in ("answer-nature", "assign-to", "deny-reason"):
        _, found, rest = page.partition(f'<select id="{id}"')
        assert found, id
        assert rest.partition("</select>")[0].count("<option") > 1, id


def entered(client, **fields):
    nonce = opened(client, "/console/requests/new/")
    sent = {"nonce": nonce, "kind": "access", "manner": "post", "received": "2026-11-16", "name": "Alice Ashby"}
    return client.post("/console/requests/new/", {**sent, **fields}, **BROWSER)


def test_a_letter_by_post_runs_from_the_day_it_arrived(time_machine):
    time_machine.move_to("2026-11-23T18:00:00+00:00", tick=False)
    client = signed_in("pia", role="privacy")

    assert entered(client).status_code == 303

    case = Case.objects.get()
    assert (case.manner, case.received_utc.date().isoformat()) == ("post", "2026-11-16")
    assert (case.due_utc - case.received_utc).days == 30
    kinds = [entry.kind for entry in ledger.history(case.person_id)]
    assert {"collected", "requested"} <= set(kinds)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"received": "2027-01-01"}, "in the future"),
        ({"received": "soon"}, "year-month-day"),
        ({"received": "2020-01-01"}, "more than a year ago"),
        ({"kind": "incident"}, "Choose the type of request"),
        ({"manner": "pigeon"}, "Choose how the request arrived"),
        ({"name": ""}, "a name or an email address"),
        ({"email": "ada", "received": "", "manner": "", "kind": ""}, "Fix 4 problems"),
    ],
)
def test_a_wrong_entry_says_all_that_is_to_change_beside_its_fields_and_keeps_nothing(fields, sentence, time_machine):
    time_machine.move_to("2026-11-23T18:00:00+00:00", tick=False)
    answer = entered(signed_in("pia", role="privacy"), **fields)
    assert answer.status_code == 400
    assert sentence in text(answer)
    described = set(re.findall(r'aria-describedby="(?:[\w-]+ )*(\w+)-error', answer.content.decode()))
    assert described == set(fields)
    assert not Case.objects.exists()


def test_the_log_counts_by_kind_and_names_nobody():
    case = case_of("question")
    with acting_as("pia"):
        actions.deny(case.id, basis="=cmd", at_utc=datetime.now(UTC), who="staff:pia")
    client = signed_in("ada", role="auditor")
    page, file = text(client.get("/console/requests/log/")), client.get("/console/requests/log.csv").content.decode()
    assert "Ask about privacy 2026" in page
    assert "Alice" not in page + file
    assert ",'=cmd" in file


@pytest.mark.parametrize("reason", ["", "  ", "because"])
def test_no_contact_is_read_without_a_reason(reason):
    person = known_person(
        {"name": "Alice", "email": "alice@ashby.example", "note": "Two plants?"}, channel="form.contact"
    )
    at_utc = datetime.now(UTC)
    asked = inquiries.record(
        Intake(values={}, cause=new_id(), person=person, place="form.contact", version=1, at_utc=at_utc)
    )
    client = signed_in("sam", role="support")
    answer = client.post(f"/console/inquiries/{asked.number}/", {"do": "contact", "reason": reason}, **BROWSER)
    assert answer.status_code == 400
    assert "Two plants" not in text(answer)
    assert "used" not in {entry.kind for entry in ledger.history(person)}


def test_the_work_list_is_narrowed_to_ones_own_and_leaves_as_csv():
    mine, other = case_of(), case_of("question")
    client = signed_in("pia", role="privacy")
    client.post(page_of(mine), {"do": "assign"}, **BROWSER)
    page = text(client.get("/console/requests/?who=me"))
    assert mine.number in page
    assert other.number not in page
    lines = client.get("/console/requests/requests.csv?who=me").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith(
        "Number,Received (Los Angeles time),Due (Los Angeles time),Answered (Los Angeles time),Assigned to,State,Type"
    )
    assert [line.split(",")[0] for line in lines[1:]] == [mine.number]
    assert lines[1].split(",")[5:] == ["Open", str(kind_of(mine).title), "Through our form", ""]
    assert len(client.get("/console/requests/requests.csv").content.decode().splitlines()) == 3
    assert signed_in("ines", role="sales").get("/console/requests/requests.csv").status_code == 404


def test_statistics_are_a_chart_with_a_table_and_a_csv():
    case_of()
    client = signed_in("aud", role="auditor")
    page = client.get("/console/requests/log/").content.decode()
    assert "Requests received, by month" in page
    assert '<svg class="chart"' in page
    file = client.get("/console/requests/statistics.csv").content
    assert file.startswith(BOM_UTF8), "Excel takes it for another encoding"
    head, line = file.decode("utf-8-sig").splitlines()
    assert head.startswith("Type,Year,Received")
    assert line.split(",")[2] == "1"
    assert signed_in("ines", role="sales").get("/console/requests/statistics.csv").status_code == 404


@pytest.mark.parametrize(
    ("sent", "id"),
    [
        ({"do": "deny", "words": "We looked, and it is so."}, "deny-reason-error"),
        ({"do": "deny", "reason": "other", "words": "No."}, "deny-words-error"),
        ({"do": "note", "words": ""}, "note-words-error"),
        ({"do": "answer", "nature": "danced"}, "answer-nature-error"),
        ({"do": "contact", "reason": ""}, "reason-error"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(sent, id):
    case = case_of("question")
    answer = signed_in("pia", role="privacy").post(page_of(case), sent, **BROWSER)
    assert answer.status_code == 400
    assert f'id="{id}"' in answer.content.decode()
    case.refresh_from_db()
    assert case.state == Case.OPEN


def test_what_is_due_and_not_answered_counts_as_late(time_machine):
    case = case_of("question")
    time_machine.move_to(case.due_utc + timedelta(days=1), tick=False)
    lines = signed_in("pia", role="privacy").get("/console/requests/statistics.csv").content.decode().splitlines()
    assert lines[1].split(",")[6] == "1"


@pytest.mark.parametrize(
    ("what", "stored", "read"),
    [
        ("reminder", "80", "Reminder: 80% of the time used"),
        ("verified", "mailed link", "Verified: through the link that we emailed"),
        ("approved", "erase", "Approved: deletion"),
        ("note", "erase", "Note: erase"),
        ("announced", "7", "Account owners notified"),
        ("not closed", "01a22755-cc69-7d44-a5f6-27346fa405a0", "Not closed, as something was added before"),
        ("confirmed", "", "Confirmed"),
        ("no letter possible", "extended", "No email could be sent: privacy request update"),
        ("no letter possible", "of 2025", "No email could be sent: of 2025"),
    ],
)
def test_a_step_of_a_request_is_told_in_words_and_not_in_codes(what: str, stored: str, read: str) -> None:
    assert tell_event(CaseEvent(what=what, words=stored), Case(purpose="rights"), {}) == read


@pytest.mark.parametrize(
    ("due", "read", "mark"),
    [
        (datetime(2026, 12, 3, 20, tzinfo=UTC), "due today", "warn"),
        (datetime(2026, 12, 4, 20, tzinfo=UTC), "due in 1 business day", ""),
        (datetime(2026, 12, 6, 20, tzinfo=UTC), "due in 3 days", ""),  # a Sunday
        (datetime(2026, 12, 7, 8, tzinfo=UTC), "due in 3 days", ""),  # the Sunday's last minute
        (datetime(2026, 12, 7, 20, tzinfo=UTC), "due in 2 business days", ""),
    ],
)
def test_business_days_are_counted_only_up_to_a_business_day(due: datetime, read: str, mark: str) -> None:
    thursday = datetime(2026, 12, 3, 18, tzinfo=UTC)
    case = Case(number="P-1", kind="question", state=Case.OPEN, received_utc=thursday, due_utc=due)
    line = line_of(case, ListMoment.of(thursday), work="requests", about="Question")
    assert (line.when, line.mark) == (read, mark)


@pytest.mark.parametrize(
    ("day", "read"),
    [(3, "1 business day old"), (4, "received Fri, Dec 4"), (6, "received today")],
)
def test_what_came_on_a_weekend_is_not_told_as_of_today(day: int, read: str) -> None:
    sunday, came = datetime(2026, 12, 6, 20, tzinfo=UTC), datetime(2026, 12, day, 18, tzinfo=UTC)
    case = Case(number="P-1", kind="erasure", account=7, state=Case.UNVERIFIED, received_utc=came, due_utc=sunday)
    line = line_of(case, ListMoment.of(sunday), work="requests", about="Delete my data")
    assert (line.age, line.note) == (read, "not confirmed yet")
