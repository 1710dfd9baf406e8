"""Several requests at once, acts that are confirmed once, and lists that are narrowed and sorted."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import acting_as
from tests.uses.test_staff_undo import undo
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor
from tests.worlds import known_person

from troth.access.procedures import incident
from troth.cases import actions
from troth.cases.kinds import kinds
from troth.cases.models import Case, CaseEvent
from troth.desk.lists import bulk as bulk_pages
from troth.desk.lists import pages, runs
from troth.desk.models import BulkRun, SavedView
from troth.gate import new_id
from troth.records import ledger
from troth.records import work as work_rows
from troth.security.models import User
from troth.uses.quotes.models import QuoteRequest

pytestmark = pytest.mark.usefixtures("site")

BULK = "/console/requests/bulk/"


def case_of(kind: str = "question") -> Case:
    values = {"name": "Alice Ashby", "email": "alice@ashby.example", "note": "Why?"}
    person, at = known_person(values, channel="form.privacy"), datetime.now(UTC)
    case = actions.open_case(
        kinds()[kind], actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=at)
    ).case
    return actions.verify(case.id, at_utc=at, way="mailed link")


def bulk(client, cases, do, **sent):
    return client.post(BULK, {"pick": [case.number for case in cases], "do": do, **sent}, follow=True, **BROWSER)


def test_a_preview_changes_nothing_and_says_what_would_not_be_done():
    living, ended = case_of(), case_of("correction")
    actions.answer(ended.pk, nature="complied", at_utc=datetime.now(UTC), who=actions.PROGRAM, email=False)
    client = signed_in("pia", role="privacy")

    preview = bulk(client, [living, ended], "assign")
    page, [seen] = text(preview), re.findall(r'name="seen" value="([^"]*)"', preview.content.decode())

    assert "Assign: 1 request" in page
    assert page.count("Can’t be changed") == 1
    assert set(Case.objects.values_list("assigned_to", flat=True)) == {""}

    noted = {"do": "note", "words": "Wait: she calls tomorrow."}
    signed_in("rafael", role="privacy").post(f"/console/requests/{living.number}/", noted, **BROWSER)
    stale = {"do": "assign", "sure": "yes", "numbers": living.number, "seen": seen}
    unread = client.post(BULK, stale | {"seen": ""}, **BROWSER)
    assert "Assign: 1 request" in text(unread), "What the preview showed can't be read, so it comes again."
    left = text(client.post(BULK, stale, follow=True, **BROWSER))
    assert f"{living.number}, " in left
    assert ": It changed after you saw the preview, so it was left out." in left
    assert set(Case.objects.values_list("assigned_to", flat=True)) == {""}

    changed = text(bulk(client, [living, ended], "assign", sure="yes"))
    assert "1 of 2 was changed." in changed
    assert changed.index("Changed 1") < changed.index(living.number) < changed.index("Couldn’t be changed 1")
    assert set(Case.objects.values_list("assigned_to", flat=True)) == {"pia", ""}


def test_all_that_match_are_changed_slice_by_slice_and_each_once(monkeypatch):
    monkeypatch.setattr(bulk_pages, "NAMED", 2)
    monkeypatch.setattr(pages, "ROWS_A_PAGE", 2)
    cases = [case_of_another(number) for number in range(5)]
    other, client = case_of("correction"), signed_in("pia", role="privacy")
    assert "All 5 that match" in text(client.get("/console/requests/?kind=question"))
    sent = {"all": "yes", "do": "note"}
    page = client.post(f"{BULK}?kind=question", sent, **BROWSER).content.decode()
    assert "Add internal note: 5 requests" in page
    assert "And 3 more." in page
    numbers = page.partition('name="numbers" value="')[2].partition('"')[0]
    assert sorted(numbers.split()) == sorted(case.number for case in cases)
    monkeypatch.setattr(runs, "SLICE_SECONDS", 0.0)
    said = {
        "pick": numbers.split(),
        "do": "note",
        "sure": "yes",
        "words": "Asked the vendor about it.",
    }

    begun = client.post(f"{BULK}?kind=question", said, **BROWSER)

    assert "1 of 5 requests." in text(client.get(begun.url))
    assert signed_in("otto", role="privacy").get(begun.url).status_code == 404
    stranger = cases[0] if numbers.split()[0] != cases[0].number else cases[1]
    actions.withdraw(stranger.pk, at_utc=datetime.now(UTC), who="person")  # a note may be added to it all the same
    again = signed_in("pia", role="privacy")  # the session ended meanwhile
    assert f'href="{begun.url}">Continue the change' in again.get("/console/requests/").content.decode()
    for _slice in range(5):
        again.post(begun.url, **BROWSER)
    assert "All 5 were changed." in text(again.get(begun.url))
    assert [case.events.filter(what="note", who="staff:pia").count() for case in cases] == [1] * 5
    assert not other.events.filter(what="note").exists()


def test_a_run_says_what_it_could_not_do_and_stops_when_told(monkeypatch):
    cases, client = [case_of_another(number) for number in range(3)], signed_in("pia", role="privacy")
    monkeypatch.setattr(runs, "SLICE_SECONDS", 0.0)
    numbers = " ".join(case.number for case in cases)
    begun = client.post(BULK, {"pick": numbers.split(), "do": "assign", "sure": "yes"}, **BROWSER).url
    second = BulkRun.objects.get().numbers[1]
    actions.withdraw(Case.objects.get(number=second).pk, at_utc=datetime.now(UTC), who="person")
    client.post(begun, **BROWSER)
    client.post(begun, {"do": "stop"}, **BROWSER)
    client.post(begun, **BROWSER)
    page = text(client.get(begun))
    assert "1 of 3 was changed. You stopped before the last one" in page
    assert f"{second}, Ask about privacy : That action isn’t available here." in page
    assert sorted(Case.objects.values_list("assigned_to", flat=True)) == ["", "", "pia"]


def test_filters_are_saved_renamed_and_deleted_as_views_of_ones_own():
    case_of()
    client, address = signed_in("pia", role="privacy"), "/console/requests/?kind=question&who=&sort=due_utc"
    client.post(address, {"view": "save", "name": "Questions"}, **BROWSER)
    assert "Late 0 All 1 Questions 1" in text(client.get("/console/requests/"))
    assert client.post(address, {"view": "save", "name": "questions"}, **BROWSER).status_code == 400
    page = client.post(address, {"view": "save", "name": ""}, **BROWSER).content.decode()
    assert 'aria-describedby="view-error"' in page
    view = SavedView.objects.get()
    assert view.query == "kind=question&sort=due_utc"
    assert (
        'aria-current="page">Questions 1'
        in client.get("/console/requests/?sort=due_utc&kind=question").content.decode()
    )
    other = signed_in("otto", role="privacy")
    assert "Questions" not in text(other.get("/console/requests/")).partition("Search")[0]
    for do in ("rename", "delete"):
        gone = other.post(address, {"view": do, "id": view.pk, "name": "Mine"}, **BROWSER)
        assert gone.status_code == 400
        assert "You no longer have this view." in text(gone), "as for one that was deleted in another tab"
    client.post(address, {"view": "rename", "id": view.pk, "name": "What people ask"}, **BROWSER)
    assert "What people ask 1" in text(client.get("/console/requests/"))
    page = client.post(address, {"view": "delete", "id": view.pk}, follow=True, **BROWSER)
    assert not SavedView.objects.exists()
    assert "You deleted the view “What people ask”." in text(page)
    assert "Your view “What people ask” is back." in text(undo(client, page))
    assert SavedView.objects.get().query == "kind=question&sort=due_utc"


def test_a_run_is_undone_as_far_as_each_request_is_as_it_left_it():
    cases, client = [case_of_another(number) for number in range(3)], signed_in("pia", role="privacy")
    signed_in("otto", role="privacy")
    client.post(f"/console/requests/{cases[1].number}/", {"do": "assign", "to": "otto"}, **BROWSER)
    page = bulk(client, cases, "assign", sure="yes")
    client.post(f"/console/requests/{cases[2].number}/", {"do": "assign", "to": "otto"}, **BROWSER)

    page = client.post(page.request["PATH_INFO"], {"do": "undo"}, follow=True, **BROWSER)

    assert "2 of 3 were changed." in text(page)
    assert f"{cases[2].number}, Ask about privacy : It was changed again since, and stays as it is." in text(page)
    assert [Case.objects.get(pk=case.pk).assigned_to for case in cases] == ["", "otto", "otto"]
    assert 'value="undo"' not in page.content.decode()
    assert all(str(each.number) in str(run.typed) for run in BulkRun.objects.all() for each in cases[:2])
    BulkRun.objects.update(ended_utc=datetime.now(UTC) - timedelta(hours=2))
    runs.expire()
    assert all(each.number not in str(run.typed) for run in BulkRun.objects.all() for each in cases)
    page = bulk(client, cases, "note", sure="yes", words="Called them.")
    client.post(f"/console/requests/{cases[0].number}/", {"do": "note", "words": "And wrote to them."}, **BROWSER)
    client.post(page.request["PATH_INFO"], {"do": "undo"}, follow=True, **BROWSER)
    left = CaseEvent.objects.filter(what="note").values_list("case", "words")
    assert list(left) == [(cases[0].pk, "And wrote to them.")], "What was noted since stays."


def test_what_is_wrong_with_a_field_is_said_beside_it_and_nothing_is_done():
    case, client = case_of(), signed_in("pia", role="privacy")
    answer = bulk(client, [case], "note", sure="yes", words="")
    assert answer.status_code == 400
    assert 'id="note-words-error"' in answer.content.decode()
    assert not case.events.filter(what="note").exists()


def test_nobody_does_with_many_what_he_may_not_do_with_one():
    case = case_of()
    page = signed_in("pia", role="privacy").post(f"{BULK}?kind=question", {"do": "note"}, follow=True, **BROWSER)
    assert "kind=question" in page.redirect_chain[0][0], "The list itself: loading it again sends nothing."
    assert "Select at least one line first." in text(page)
    assert '<option value="note" selected>' in page.content.decode(), "The list is there again, with what was chosen."
    for role in ("sales", "auditor", "support", "product", "marketing"):
        answer = bulk(signed_in(f"one-{role}", role=role), [case], "assign", sure="yes")
        assert answer.status_code == 404 or "That action isn’t available" in text(answer)
    refused = bulk(signed_in("pia", role="privacy"), [case], "deny", sure="yes")
    assert "That action isn’t available for what you selected." in text(refused)
    assert f'value="{case.number}" form="bulk" aria-label="Select {case.number}" checked' in refused.content.decode()
    case_of_another(1)
    every = {"do": "deny", "all": "yes"}
    refused = signed_in("paul", role="privacy").post(BULK, every, follow=True, **BROWSER)
    assert 'name="all" value="yes" checked' in refused.content.decode(), "All that match are chosen, as before."
    case.refresh_from_db()
    assert (case.assigned_to, case.state) == ("", Case.OPEN)


def test_a_salesperson_clears_ten_quotes(run_jobs):
    for number in range(10):
        send(visitor(), "/quote/", {**MARISOL, "email": f"buyer{number}@halden.example"})
    run_jobs()
    client, numbers = signed_in(), list(QuoteRequest.objects.values_list("number", flat=True))
    late = Case.objects.using("owner").filter(number__in=numbers[:2])
    late.update(due_utc=datetime.now(UTC) - timedelta(hours=1))
    late.filter(number=numbers[0]).update(waits_for=Case.PERSON)
    first = text(client.get("/console/"))
    assert "under 1 10 1" in first, "Past its day is not late where we wait for the customer."
    assert "Quotes within 2 business days Quotes , Inquiries" in first, "Each promise is quoted with its own section."
    sent = {"pick": numbers, "do": "answer"}
    assert "Mark as answered: 10 requests" in text(client.post("/console/quotes/bulk/", sent, **BROWSER))

    page = text(client.post("/console/quotes/bulk/", {**sent, "sure": "yes"}, follow=True, **BROWSER))

    assert "All 10 were changed." in page
    assert {quote.stage for quote in QuoteRequest.objects.all()} == {"answered"}
    for quote in QuoteRequest.objects.all():
        assert ledger.history(quote.person_id)[0].kind == "answered"
    before = {quote.pk: quote.due_utc for quote in QuoteRequest.objects.all()}
    run = BulkRun.objects.get()
    page = text(client.post(f"/console/quotes/bulk/{run.pk}/", {"do": "undo"}, follow=True, **BROWSER))
    assert "All 10 were changed." in page
    assert {quote.state for quote in QuoteRequest.objects.all()} == {Case.OPEN}
    assert before == {quote.pk: quote.due_utc for quote in QuoteRequest.objects.all()}
    assert QuoteRequest.objects.get(number=numbers[0]).waits_for == Case.PERSON


def test_a_denial_is_confirmed_once_with_the_person_and_what_she_reads():
    case, client = case_of(), signed_in("pia", role="privacy")
    denial = {"do": "deny", "reason": "other", "words": "We hold nothing of that kind."}
    address = f"/console/requests/{case.number}/"

    page = text(client.post(address, denial, **BROWSER))

    assert "Alice Ashby" in page
    assert "We email the person your reason: “We hold nothing of that kind.”" in page
    case.refresh_from_db()
    assert case.state == Case.OPEN
    assert ledger.history(case.person_id)[0].reason == f"to confirm an action on {case.number}"
    client.post(address, {**denial, "sure": "yes"}, **BROWSER)
    case.refresh_from_db()
    assert case.state == Case.DENIED


def test_marking_one_quote_as_answered_takes_one_press_and_is_undone(run_jobs):
    send(visitor(), "/quote/", {**MARISOL, "note": ""})
    run_jobs()
    quote, client = QuoteRequest.objects.get(), signed_in()
    address = f"/console/quotes/{quote.number}/"
    read = client.post(address, {"do": "contact", "reason": "to answer the quote request"}, **BROWSER)
    assert 'id="answer-words"' in read.content.decode(), "Who left no message is answered all the same."

    assert "The person sees in their history that you answered it. You can undo it" in text(client.get(address))

    page = client.post(address, {"do": "answer"}, follow=True, **BROWSER)

    assert f"You closed {quote.number}." in text(page)
    assert f"{quote.number} is open again." in text(undo(client, page))
    due = quote.due_utc
    quote.refresh_from_db()
    assert (quote.stage, quote.due_utc) == ("routed", due)
    passed = {"do": "pass-on", "to": "henry-osei", "words": "Knows their plant."}
    assert "We email Henry Osei, OptiProERP the contact details" in text(client.post(address, passed, **BROWSER))
    client.post(address, {"do": "answer", "sure": "yes"}, **BROWSER)
    quote.refresh_from_db()
    assert quote.stage == "answered"


def test_nobody_confirms_what_then_cannot_be_done():
    case, pia = case_of("erasure"), signed_in("pia", role="privacy")
    address = f"/console/requests/{case.number}/"
    assert "A colleague has to approve it, too" in text(pia.post(address, {"do": "approve"}, **BROWSER))
    pia.post(address, {"do": "approve", "sure": "yes"}, **BROWSER)

    again = pia.post(address, {"do": "approve"}, **BROWSER)

    assert again.status_code == 400
    assert "You have already approved this." in text(again)


def test_the_reason_for_reading_is_there_already_and_an_extension_shows_its_sentence(settings):
    case, client = case_of(), signed_in("pia", role="privacy")
    page = client.get(f"/console/requests/{case.number}/").content.decode()
    assert f'value="to answer {case.number}"' in page


def test_lists_are_narrowed_by_assignee_lateness_and_number_and_sorted(time_machine):
    old, new = case_of(), case_of("correction")
    client = signed_in("pia", role="privacy")
    client.post(f"/console/requests/{new.number}/", {"do": "assign"}, **BROWSER)

    def shown(query: str) -> list[str]:
        page = client.get(f"/console/requests/?{query}").content.decode()
        return [part.partition('"')[0] for part in page.split('name="pick" value="')[1:]]

    assert shown("") == [old.number, new.number]
    assert shown("sort=-received_utc") == [new.number, old.number]
    assert shown("who=me") == shown("who=pia") == [new.number]
    assert shown("who=nobody") == [old.number]
    exported = client.get("/console/requests/requests.csv?who=me").content.decode()
    assert f",{User.objects.get(username='pia').display_name}," in exported
    assert ",pia," not in exported
    assert shown(f"q={new.number.lower()}&who=nobody") == [new.number]
    assert client.get("/console/requests/?sort=person").status_code == 404
    page = text(client.get("/console/requests/"))
    assert "Assigned to you 1 Unassigned 1 Late 0" in page
    time_machine.move_to(max(old.due_utc, new.due_utc) + timedelta(days=1), tick=False)
    client = signed_in("pia", role="privacy")
    assert set(shown("late=yes")) == {old.number, new.number}
    assert shown("late=yes&who=me") == [new.number]


def test_the_first_page_puts_each_request_into_one_group_and_counts_all(time_machine):
    pia, otto = signed_in("pia", role="privacy"), signed_in("otto", role="admin")
    erasure, mine, others = case_of("erasure"), case_of(), case_of("correction")
    nobodys = [case_of_another(number) for number in range(9)]
    person = known_person({"name": "Eve", "email": "eve@northgate.example", "note": "?"}, channel="form.privacy")
    at_utc = datetime.now(UTC)
    actions.open_case(
        kinds()["question"], actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=at_utc)
    )
    pia.post(f"/console/requests/{erasure.number}/", {"do": "approve", "sure": "yes"}, **BROWSER)
    pia.post(f"/console/requests/{mine.number}/", {"do": "assign"}, **BROWSER)
    otto.post(f"/console/requests/{others.number}/", {"do": "assign"}, **BROWSER)

    page = text(pia.get("/console/"))

    for words in (
        "Waiting for a second approval 1",
        "Assigned to you 1",
        "Assigned to others, not late 1",
        "Unassigned, not late 9",
    ):
        assert words in page
    assert "Waiting for the person to confirm it 1" in page
    assert "All 13" in page, "What the view counts is what the page has."
    assert "8 of 9 shown. Show 1 more" in page
    assert page.count(mine.number) == page.count(erasure.number) == 1
    assert "of 9 shown" not in text(pia.get("/console/?all=nobody"))
    assert all(case.number in text(pia.get("/console/?all=nobody")) for case in nobodys)
    time_machine.move_to(max(case.due_utc for case in (mine, others)) + timedelta(days=1), tick=False)
    page = text(signed_in("pia", role="privacy").get("/console/"))
    assert "Assigned to you 1, 1 late" in page
    assert "Late 10" in page


def test_what_waits_for_the_customer_is_last_in_its_group():
    now, waiting, late, due = datetime.now(UTC), new_id(), new_id(), new_id()
    row = "select 0, %s::uuid, 'open', %s::timestamptz, %s::timestamptz, %s, false, false, true, false, 0"
    asked = [(waiting, -9, Case.PERSON), (due, 1, ""), (late, -1, "")]
    parts = [(row, [id, now, now + timedelta(days=days), waits]) for id, days, waits in asked]

    placed = work_rows.place(parts, now=now, needed=2, whole="", long=(), most=(9, 9, 9), sort="due_utc")

    assert [(place, id, late) for place, _list, id, _count, late in placed] == [
        ("mine", id, 1) for id in (late, due, waiting)
    ]


def test_in_a_list_what_waits_for_the_customer_is_last():
    first, second = case_of_another(1), case_of_another(2)
    Case.objects.using("owner").filter(pk=first.pk).update(
        waits_for=Case.PERSON, due_utc=first.due_utc - timedelta(days=5)
    )
    page = text(signed_in("pia", role="privacy").get("/console/requests/"))
    assert page.index(second.number) < page.index(first.number)


def case_of_another(number: int) -> Case:
    values = {"name": "Bob", "email": f"bob{number}@northgate.example", "note": "Why?"}
    person = known_person(values, channel="form.privacy")
    at = datetime.now(UTC)
    case = actions.open_case(
        kinds()["question"], actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=at)
    ).case
    return actions.verify(case.id, at_utc=at, way="mailed link")


def test_an_incident_stands_above_everything_with_its_hours():
    now, client = datetime.now(UTC), signed_in("pia", role="privacy")
    known = now - timedelta(minutes=5)
    with acting_as("pia"):
        happened = incident.begin(
            words="A laptop was lost.", kinds=["name"], people=3, known_utc=known, who="staff:pia", at_utc=now
        )
    page = text(client.get("/console/"))
    assert f"Incident {happened.number}. 71 hours left" in page
    assert "0 of 5 steps done. Next: Contain it" in page
    assert "Nothing is due" in page
    assert "71 hours left" in text(client.get(f"/console/requests/{happened.number}/?whole=yes"))


def test_companies_are_read_once_for_a_list_and_session_and_only_by_whom_the_policy_names(run_jobs):
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    quote = QuoteRequest.objects.get()
    person, before = quote.person_id, len(ledger.bulk_uses_of(quote.person_id))
    pages = ("/console/", "/console/quotes/", f"/console/quotes/{quote.number}/?whole=yes")
    for role, listed in (("auditor", True), ("admin", True), ("marketing", False)):
        client = signed_in(f"one-{role}", role=role)
        seen = [text(client.get(page)) for page in pages]
        assert not any(MARISOL["company"] in page for page in seen)
        # Work has what one answers, or checks; who does neither is led to the lists instead.
        assert (quote.number in seen[0], "You answer no requests" in seen[0]) == (listed, not listed)
    assert len(ledger.bulk_uses_of(person)) == before
    client = signed_in()
    for page in (*pages, *pages):
        assert MARISOL["company"] in text(client.get(page))
    looks = ledger.bulk_uses_of(person)[before:]
    assert [(look.kind, look.who, look.kinds) for look in looks] == [("used", "staff:ines", ("company",))]
    assert "to work on the list “Quotes”" in looks[0].reason

    send(visitor(), "/quote/", {**MARISOL, "email": "other@halden.example", "company": "Ridge Dairy"})
    run_jobs()

    for page in pages:  # the last one names it among similar requests
        assert MARISOL["company"] in text(client.get(page))
        assert "Ridge Dairy" in text(client.get(page))
    assert len(ledger.bulk_uses_of(person)) == before + 1


def test_a_page_of_a_list_that_was_seen_before_another_one_writes_nothing(run_jobs, monkeypatch):
    monkeypatch.setattr("troth.desk.lists.pages.ROWS_A_PAGE", 1)
    for number in range(2):
        send(visitor(), "/quote/", {**MARISOL, "email": f"buyer{number}@halden.example"})
    run_jobs()
    people = [quote.person_id for quote in QuoteRequest.objects.all()]
    before, client = [len(ledger.bulk_uses_of(each)) for each in people], signed_in()
    for page in (1, 2, 1, 2):
        assert MARISOL["company"] in text(client.get(f"/console/quotes/?page={page}"))
    assert [len(ledger.bulk_uses_of(each)) for each in people] == [each + 1 for each in before]


@pytest.mark.parametrize("changed", [{"until": "2020-01-01T00:00:00+00:00"}, {"id": str(new_id())}])
def test_a_company_is_read_anew_once_its_hour_is_over(changed, run_jobs):
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    person, client = QuoteRequest.objects.get().person_id, signed_in()
    client.get("/console/quotes/")
    before = len(ledger.bulk_uses_of(person))
    session = client.session
    session["companies read"]["quotes"][0].update(changed)
    session.save()
    assert MARISOL["company"] in text(client.get("/console/quotes/"))
    assert len(ledger.bulk_uses_of(person)) == before + 1


def count_queries(client, address: str) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return [each["sql"] for each in found]


def test_pages_of_the_console_ask_the_database_a_few_times_however_many_requests_there_are(run_jobs):
    for number in range(3):
        case_of_another(number)
        send(visitor(), "/quote/", {**MARISOL, "email": f"buyer{number}@halden.example"})
    run_jobs()
    pia, ines = signed_in("pia", role="privacy"), signed_in()
    for client, work in ((pia, "requests"), (ines, "quotes")):
        for number in Case.objects.filter(kind="question" if work == "requests" else "quote").values_list("number"):
            client.post(f"/console/{work}/{number[0]}/", {"do": "assign"}, **BROWSER)
    # The first page has what failed and how old requests are beside its views; those who operate the site read there
    # whether mail comes in and files have room, too, and the privacy staff which version waits for a second person.
    for client, address, most in (
        (pia, "/console/", 13),
        (pia, "/console/requests/", 8),
        (ines, "/console/", 10),
        (ines, "/console/quotes/", 8),
        (ines, f"/console/work/{QuoteRequest.objects.all()[0].number}/", 22),
        (ines, f"/console/quotes/{QuoteRequest.objects.all()[0].number}/", 22),
    ):
        queries = count_queries(client, address)
        assert len(queries) <= most, "\n".join([address, *queries])


def test_work_is_filtered_in_the_address_and_its_views_are_saved():
    numbers = [case_of(kind).number for kind in ("question", "erasure", "correction")]
    pia = signed_in("pia", role="privacy", name="Pia Brandt")
    pia.post(f"/console/requests/{numbers[0]}/", {"do": "assign"}, **BROWSER)
    mine = text(pia.get("/console/", {"who": "me"}))
    assert numbers[0] in mine
    assert numbers[1] not in mine
    assert "Assigned to you 1" in mine
    assert "Unassigned 2" in mine
    assert numbers[2] in text(pia.get("/console/", {"kind": "correction"}))
    assert numbers[1] in text(pia.get("/console/", {"q": numbers[1][-6:]}))
    assert "Nothing found" in text(pia.get("/console/", {"q": "no such thing"}))
    assert pia.get("/console/", {"kind": "nonsense"}).status_code == 404
    saved = pia.post("/console/?kind=erasure", {"view": "save", "name": "Deletions"}, **BROWSER)
    assert saved["Location"] == "/console/?kind=erasure"
    assert "Deletions 1" in text(pia.get("/console/"))
    assert "Deletions" not in text(signed_in("rafael", role="privacy").get("/console/")), "another person's"
    assert pia.post("/console/", {"view": "save", "name": ""}, **BROWSER).status_code == 400
