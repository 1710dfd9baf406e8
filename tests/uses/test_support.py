"""A support case, from the form to closed on both sides."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone
from tests.accounts import emails_to, post
from tests.visits import MARISOL, led_to, send, signed_in, text, visitor

from troth import gate
from troth.cases import duties, plans
from troth.cases import emails as case_emails
from troth.cases.thread import CaseMessage, ReplyDraft, WordMark, alike, marks, writing
from troth.collection.forms.types.installed import join
from troth.desk import index
from troth.due.models import Due
from troth.outbox import QueuedEmail
from troth.records import ledger
from troth.records.ids import new_id
from troth.records.keeping import Provenance, keep
from troth.security.limits import Limit
from troth.uses.quotes.models import QuoteRequest
from troth.uses.support import portal
from troth.uses.support.models import SupportCase

ASKED = {
    "name": "Marisol Vance",
    "email": MARISOL["email"],
    "product": "optipro-process",
    "installation": "12.3.4",
    "note": "The report server stops about ten minutes after it starts.\nThe log ends with “seat not released”.",
}


@pytest.fixture
def asked(site, run_jobs):
    """A case that came in by the form, and the answer of the form."""
    sent = send(visitor(), "/support/", ASKED)
    assert sent.status_code == 303, text(sent)
    run_jobs()
    return SupportCase.objects.get(), sent


def test_a_case_stands_under_its_product(asked):
    case, _sent = asked
    (line,) = portal.list_products([case.person_id])
    assert (line.product, line.details) == (case.product, f"Release {case.release}")
    assert case.number in line.title
    assert list(portal.list_products([])) == []
    index.correct(case.pk, "product", "optipro-discrete")
    index.correct(case.pk, "installation", join("optipro-discrete", "12.4.0"))
    (line,) = portal.list_products([case.person_id])
    assert (line.product, line.details) == ("optipro-discrete", "Release 12.4.0"), "a correction reaches it"


def read(client, case):
    return post(client, here(case), {"do": "contact", "reason": "to answer the support case"})


CREW = (("yusuf", "Yusuf Adeyemi"), ("hana", "Hana Sato"))


def here(case) -> str:
    return f"/console/support/{case.number}/"


def last_of(case) -> str:
    return str(writing.find_last(case))


def note(client, case, words):
    return post(client, here(case), {"do": "note", "words": words})


def answer(client, case, words="Please stop the service and start it again.", **more):
    return post(client, here(case), {"do": "reply", "words": words, "last": last_of(case), **more})


def leave(run_jobs) -> None:
    """The ten seconds are over."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("update procrastinate_jobs set scheduled_at = null where status = 'todo'")
    run_jobs()


def test_a_note_is_between_the_messages_for_staff_and_on_no_page_of_the_customer(asked, run_jobs):
    case, _sent = asked
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    post(yusuf, here(case), {"do": "note", "words": "Same pattern as 7702."})
    page = yusuf.get(here(case))
    assert "Note: Same pattern as 7702." in text(page), "Nothing was read yet: Activity has it."
    assert "(staff only)" not in text(page)
    assert "Add internal note" in text(page)
    read(yusuf, case)
    page = post(yusuf, here(case), {"do": "note", "words": "Bad."})
    assert "Add internal note (staff only) Note Bad. Write a sentence" in text(page)
    assert text(page).count("Bad.") == 1, "Never in the answer, which is sent."
    answer(yusuf, case)
    leave(run_jobs)
    page = text(yusuf.get(here(case)))
    assert page.count("Same pattern as 7702.") == 1
    assert "Staff only, never sent" in page
    assert "Yusuf Adeyemi · Support ·" in page
    assert page.index("Received through") < page.index("Same pattern as 7702.") < page.index("Please stop the service")
    assert "Activity" not in page, "What happened is between the messages."
    assert page.index("seat not released") < page.index("Same pattern as 7702.") < page.index("Please stop the service")
    client, address = visitor(), link_of(case)
    shown = post(client, "/conversation/", {"secret": address.split("/")[2], "do": "show"})
    assert "Please stop the service" in text(shown)
    assert "7702" not in text(shown)
    assert "7702" not in text(client.get(address))


MANY = (
    "please note that release 12.4 of the report server is ready, and that everyone who prints labels should install it "
    "before the end of the month."
)


def test_a_long_conversation_begins_with_what_is_asked_and_ends_with_what_was_said_last(asked):
    case, _sent = asked
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    for number in range(16):
        message, now, words = new_id(), timezone.now(), f"Log {number}."
        replied = Provenance(writing.REPLY, 1, now, "typed")
        keep(values={writing.WORDS: words}, provenance=replied, person=case.person_id, cause=message)
        writing.add_message(case, message, id=message, at_utc=now, who="person", way="page", text=words)
        if number == 3:
            note(yusuf, case, "Asked the lab.")
    read(yusuf, case)
    page = text(yusuf.get(here(case)))
    assert "Messages 17 · 1 internal note" in page
    assert "seat not released”. Show 6 earlier messages and 1 internal note Marisol Vance" in page
    assert re.findall(r"Log (\d+)", page.split("Messages to move")[0]) == [str(number) for number in range(6, 16)]
    assert "lab" not in page
    whole = text(yusuf.get(f"{here(case)}?messages=all")).split("Messages to move")[0]
    assert re.findall(r"Log (\d+)", whole) == [str(number) for number in range(16)]
    assert "Asked the lab." in whole
    assert "earlier" not in whole
    theirs = text(post(visitor(), "/conversation/", {"secret": link_of(case).split("/")[2], "do": "show"}))
    assert re.findall(r"Log (\d+)", theirs) == [str(number) for number in range(16)]
    assert theirs.index("seat not released") < theirs.index("Show 6 earlier messages") < theirs.index("Log 0.")


def test_the_same_text_to_many_is_no_answer_any_more(asked, run_jobs, monkeypatch):
    case, _sent = asked
    monkeypatch.setattr(alike, "ANSWERS", Limit("answer with the same text", 2, timedelta(days=1)))
    yusuf, lena = (signed_in(name, role="support", name=name.title()) for name in ("yusuf", "lena"))
    read(yusuf, case)
    for greeting in ("Hello Ada,", "Dear Bo Lindt,"):
        assert answer(yusuf, case, f"{greeting}\n\n{MANY}").status_code == 303
    CaseMessage.objects.update(leaves_utc=datetime.now(UTC) - timedelta(seconds=1))
    refused = answer(yusuf, case, f"Good morning,\n{MANY.replace('12.4', '12.5').upper()}")
    assert refused.status_code == 400
    assert "You sent this text 2 times today." in text(refused)
    assert "Newsletters page" in text(refused)
    assert case.messages.filter(who="staff:yusuf").count() == 2
    assert ReplyDraft.objects.filter(case=case.pk, who="staff:yusuf").exists(), "Nothing typed is lost."
    assert answer(yusuf, case, "Thank you, that is fixed.").status_code == 303
    assert answer(yusuf, case, "Thank you, that is fixed.").status_code == 303, "Short ones are alike by nature."
    assert answer(lena, case, MANY).status_code == 303, "A colleague's are counted apart."


def link_of(case) -> str:
    """Where the newest email about the case leads."""
    import re

    mail = emails_to(ASKED["email"])[-1]
    found = re.search(r"http://localhost:8000(/conversation/\S+)", mail.get_body(("plain",)).get_content())
    assert found, mail
    return found[1]


def test_a_case_is_answered_replied_to_closed_and_opened_again(asked, run_jobs):
    case, sent = asked
    assert (case.state, case.queue, case.product, case.release) == (
        "open",
        "staff.support",
        "optipro-process",
        "12.3.4",
    )
    receipt = text(visitor().get(sent["Location"]))
    assert "Your case about OptiPro Process is with our support team We email you when they answer." in receipt
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    assert "seat not released" not in text(yusuf.get(here(case))), "Nothing is read by opening a case."
    assert "seat not released" in text(read(yusuf, case))
    assert "seat not released" in text(yusuf.get(here(case))), "It stays open while the reading lasts."
    answered = answer(yusuf, case)
    assert answered.status_code == 303, text(answered)
    assert "Your answer leaves in a few seconds." in text(yusuf.get(here(case)))
    assert not QueuedEmail.objects.filter(template="support/reply").exists()
    leave(run_jobs)
    case.refresh_from_db()
    assert case.waits_for == "person"
    client, address = visitor(), link_of(case)
    page = client.get(address)
    assert "seat not released" not in text(page), "A scanner that opens the link reads nothing."
    secret = address.split("/")[2]

    def press(do, **more):
        return post(client, "/conversation/", {"secret": secret, "do": do, **more})

    page = press("show")
    assert "Please stop the service" in text(page)
    assert "Yusuf Adeyemi" in text(page)
    assert "Answer due by" not in text(page), "We wait for them."
    assert press("reply", nonce=nonce_in(page), message="").status_code == 400
    page = press("reply", nonce=nonce_in(page), message="It ran all weekend, thank you.")
    assert page.status_code == 200, text(page)
    assert "It ran all weekend" in text(page)
    assert re.search("status We received your message. Answer due by [^.]+ P[SD]T", text(page)), text(page)
    codes = [gate.decide(case.person_id, purpose, ["message"])["message"].code for purpose in ("support", "quotes")]
    assert codes == ["stated", "channel not stated"], "Who answers quotes reads nothing of what a case says."
    case.refresh_from_db()
    assert case.waits_for == ""
    assert case.due_utc > datetime.now(UTC)
    press("close")
    case.refresh_from_db()
    assert (case.state, case.answered_by) == ("answered", "person")
    assert "Choose one of the ratings." in text(press("rate"))
    page = press("rate", rating="5", comment="Fast and friendly.")
    case.refresh_from_db()
    assert (case.rating, case.state) == ("5", "answered"), "A comment asks for nothing."
    assert "Fast and friendly." in text(page)
    assert text(page).index("Rate the help you got") < text(page).index("Send reply and open again")
    assert "Rated: Very good" in text(signed_in("lena", role="support", name="Lena Brandt").get(here(case)))
    page = press("reply", nonce=nonce_in(page), message="It stopped again.")
    case.refresh_from_db()
    assert (case.state, case.messages.count()) == ("open", 5), text(page)
    assert "We email you when we answer." in text(page)
    assert "You withdrew this case. Reply to open it again." in text(press("withdraw")), "On the page itself."
    kinds = [(entry.kind, entry.who) for entry in ledger.history(case.person_id) if entry.kind == "collected"]
    assert kinds == [("collected", who) for who in ("person", "person", "person", "staff:yusuf", "person")]


def nonce_in(page) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page.content.decode())
    assert found, text(page)
    return found[1]


def test_an_answer_stops_when_a_colleague_noted_something(asked):
    case, _sent = asked
    yusuf, hana = (signed_in(each, role="support") for each in ("yusuf", "hana"))
    seen = last_of(case)
    read(yusuf, case)
    assert note(hana, case, "Don’t promise a date.").status_code == 303
    stopped = answer(yusuf, case, "Tomorrow.", last=seen)
    assert stopped.status_code == 400
    assert "A note was added since you opened this page." in text(stopped)
    assert "Don’t promise a date." in text(stopped)
    shown = re.search(r'name="last" value="([^"]+)"', stopped.content.decode())
    assert answer(yusuf, case, "Soon.", last=shown[1]).status_code == 303


def test_an_answer_stops_when_something_was_added_is_taken_back_and_kept_as_a_draft(asked, run_jobs):
    case, _sent = asked
    yusuf, seen = signed_in("yusuf", role="support", name="Yusuf Adeyemi"), last_of(case)
    read(yusuf, case)
    lena = signed_in("hana", role="support", name="Hana Sato")
    read(lena, case)
    assert answer(lena, case, "Which version of the database is it?").status_code == 303
    stopped = answer(yusuf, case, "Restart it.", last=seen)
    assert stopped.status_code == 400
    assert "A colleague answered since you opened this page." in text(stopped)
    assert "Restart it." in stopped.content.decode(), "What was typed is still there."
    assert "Yusuf Adeyemi is writing an answer" in text(lena.get(here(case)))
    undone = post(lena, here(case), {"do": "undo", "message": last_of(case)})
    assert undone.status_code == 303, text(undone)
    leave(run_jobs)
    assert not QueuedEmail.objects.filter(template="support/reply").exists()
    assert (case.messages.count(), ReplyDraft.objects.count()) == (1, 2)
    page = lena.get(here(case)).content.decode()
    assert "Which version of the database is it?" in page
    assert answer(yusuf, case, "Restart it.").status_code == 303
    CaseMessage.objects.update(leaves_utc=datetime.now(UTC) - timedelta(seconds=1))
    late = post(yusuf, here(case), {"do": "undo", "message": last_of(case)})
    assert late.status_code == 400
    assert "can’t be undone" in text(late)


def test_a_colleague_asks_for_a_case_and_gets_it_with_what_was_written(asked):
    case, _sent = asked
    yusuf, hana = (signed_in(each, role="support", name=name) for each, name in CREW)
    post(hana, here(case), {"do": "assign", "to": "hana"})
    read(hana, case)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    post(hana, here(case), {"do": "draft", "words": "Which version is it?", "then": "keep", "remind": day})
    drafted = hana.get(here(case)).content.decode()
    assert '<option value="keep" selected>' in drafted
    assert f'name="remind" value="{day}"' in drafted
    page = text(yusuf.get(here(case)))
    assert "Hana Sato is writing an answer" in page
    assert "Ask to hand it over" in page
    assert "No one asks for this request" in text(post(hana, here(case), {"do": "give"}))
    asked_for = post(yusuf, here(case), {"do": "ask"})
    assert "You asked your colleague to hand" in text(yusuf.get(asked_for["Location"]))
    assert "Yusuf Adeyemi asks to take it over" in text(hana.get("/console/support/"))
    assert "Yusuf Adeyemi asks to take it over" in text(hana.get("/console/"))
    post(hana, here(case), {"do": "keep-it"})
    assert "asks to take" not in text(hana.get(here(case)))
    post(yusuf, here(case), {"do": "ask"})
    assert "Hand over to Yusuf Adeyemi" in text(hana.get(here(case)))
    given = post(hana, here(case), {"do": "give"})
    assert f"You handed {case.number} over to Yusuf Adeyemi." in text(hana.get(given["Location"]))
    case.refresh_from_db()
    assert (case.assigned_to, case.asked_by) == ("yusuf", "")
    given_draft = read(yusuf, case)
    assert "Which version is it?" in text(given_draft)
    assert f'name="remind" value="{day}"' in given_draft.content.decode()
    assert [(draft.who, draft.case_id) for draft in ReplyDraft.objects.all()] == [("staff:yusuf", case.pk)]
    sealed = re.search(r'name="done" value="([^"]+)"', hana.get(given["Location"]).content.decode())[1]
    back = hana.get(post(hana, "/account/undo/", {"done": sealed})["Location"])
    assert f"You assigned {case.number} to Hana Sato." in text(back)
    assert "Which version is it?" in text(read(hana, case))
    assert [draft.who for draft in ReplyDraft.objects.all()] == ["staff:hana"]
    post(yusuf, here(case), {"do": "ask"})
    given = post(hana, here(case), {"do": "give"})
    post(yusuf, here(case), {"do": "draft", "words": "Which version is it? And which build?"})
    assert 'name="done"' not in hana.get(given["Location"]).content.decode(), "The colleague went on with it."


def test_the_page_of_the_next_case_says_that_the_answer_leaves_and_undoes_it(asked, run_jobs):
    case, _sent = asked
    send(visitor(), "/support/", ASKED | {"email": "pavel@halden-valve-works.example"})
    run_jobs()
    other = SupportCase.objects.exclude(pk=case.pk).get()
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    read(yusuf, case)
    moved = answer(yusuf, case, "Restart it.", do="reply-next", next=here(other))
    assert moved["Location"].startswith(here(other) + "?done=")
    page = yusuf.get(moved["Location"])
    assert f"Your answer to {case.number} leaves in a few seconds." in text(page)
    sealed = re.search(r'name="done" value="([^"]+)"', page.content.decode())[1]
    back = post(yusuf, "/account/undo/", {"done": sealed})
    assert f"Your answer to {case.number} wasn’t sent." in text(yusuf.get(back["Location"]))
    assert case.messages.count() == 1
    assert ReplyDraft.objects.get().case_id == case.pk
    assert "There was nothing to undo." in text(yusuf.get(post(yusuf, "/account/undo/", {"done": sealed})["Location"]))
    last = answer(yusuf, case, "Restart it.", do="reply-next", next="")
    assert last["Location"].startswith(here(case) + "?done=")
    assert "It was the last one of this list to answer." in text(yusuf.get(last["Location"]))


def test_an_answer_closes_its_case_once_it_has_left_unless_something_was_added(asked, run_jobs):
    case, _sent = asked
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    read(yusuf, case)
    assert answer(yusuf, case, "Restart it.", then="tomorrow").status_code == 400
    sent = answer(yusuf, case, "Restart it.", then="close")
    case.refresh_from_db()
    assert case.state == "open", "It can still be undone."
    page = yusuf.get(sent["Location"])
    assert f"Your answer to {case.number} leaves in a few seconds and closes it." in text(page)
    assert page.content.decode().count('value="undo"') == 1, "One way to undo it."
    sealed = re.search(r'name="done" value="([^"]+)"', page.content.decode())[1]
    post(yusuf, "/account/undo/", {"done": sealed})
    leave(run_jobs)
    case.refresh_from_db()
    assert case.state == "open"
    answer(yusuf, case, "Restart it.", then="close")
    note(signed_in("hana", role="support", name="Hana Sato"), case, "Wait, the log says more.")
    leave(run_jobs)
    case.refresh_from_db()
    assert case.state == "open"
    page = text(read(yusuf, case))
    assert "Not closed, as something was added before" in page
    case_emails.write_answer(case.messages.order_by("at_utc").last().pk, at_utc=timezone.now(), closes=True)
    assert text(read(yusuf, case)).count("Not closed,") == 1, "Its job ran again after it was killed."
    assert "closes your request" not in emails_to(ASKED["email"])[-1].get_body(("plain",)).get_content()
    before = len(emails_to(ASKED["email"]))
    answer(yusuf, case, "Restart it twice.", then="close")
    leave(run_jobs)
    case.refresh_from_db()
    assert (case.state, case.answered_by) == ("answered", "staff:yusuf")
    (mail,) = emails_to(ASKED["email"])[before:]
    assert "This closes your request." in mail.get_body(("plain",)).get_content()
    entry = ledger.history(case.person_id, cause=case.pk)[0]
    assert (entry.kind, entry.who) == ("answered", "staff:yusuf"), "The history names who closed it."


def test_an_answer_waits_for_the_person_until_a_day_and_is_ours_again_then(asked, run_jobs):
    case, _sent = asked
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    read(yusuf, case)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    refused = answer(yusuf, case, "Restart it.", then="close", remind=day)
    assert refused.status_code == 400
    assert 'id="remind-error"' in refused.content.decode()
    assert f"To {ASKED['email']}" in text(refused)
    assert f"{ASKED['name']} · Customer ·" in text(refused)
    assert answer(yusuf, case, "Restart it.", remind="2027-02-31").status_code == 400
    answer(yusuf, case, "Restart it.", remind=day)
    case.refresh_from_db()
    assert (case.waits_for, case.waits_until_utc is not None) == ("person", True)
    assert "waiting for the customer, until" in text(yusuf.get("/console/support/"))
    leave(run_jobs)
    page = text(read(yusuf, case))
    assert "First answer 1 min, in time" in page
    assert Due.objects.get(what=plans.RESUME, about=case.pk).at_utc == case.waits_until_utc
    duties.resume(case.pk, at_utc=timezone.now())
    case.refresh_from_db()
    assert case.waits_for == "person", "It is not that day yet."
    with connections["owner"].cursor() as cursor:
        cursor.execute("update request_case set waits_until_utc = now() where id = %s", [case.pk])
    duties.resume(case.pk, at_utc=timezone.now())
    case.refresh_from_db()
    assert (case.waits_for, case.waits_until_utc) == ("", None)
    assert case.due_utc > timezone.now()


def test_what_a_case_is_filed_under_is_saved_as_one_form_and_undone_as_one(asked):
    case, _sent = asked
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    signed_in("hana", role="support", name="Hana Sato")
    page = yusuf.get(here(case)).content.decode()
    was = dict(re.findall(r'<input type="hidden" name="(was-[a-z]+)" value="([^"]*)">', page))
    assert set(was) == {"was-to", "was-priority", "was-product", "was-release", "was-until"}
    same = {name.removeprefix("was-"): value for name, value in was.items()}
    assert post(yusuf, here(case), {"do": "properties", **was, **same}).status_code == 400, "Nothing is changed."
    wrong = post(yusuf, here(case), {"do": "properties", **was, **same, "priority": "high", "until": "soon"})
    assert wrong.status_code == 400
    assert 'id="wait-until-error"' in wrong.content.decode()
    case.refresh_from_db()
    assert case.priority == "normal", "All of it or nothing."
    saved = post(yusuf, here(case), {"do": "properties", **was, **same, "priority": "high", "to": "hana"})
    told = yusuf.get(saved["Location"])
    case.refresh_from_db()
    assert (case.priority, case.assigned_to) == ("high", "hana")
    assert f"You assigned {case.number} to Hana Sato." in text(told)
    assert "with high priority" in text(told)
    sealed = re.search(r'name="done" value="([^"]+)"', told.content.decode())[1]
    # Another tab, which still shows what was so before.
    late = post(yusuf, here(case), {"do": "properties", **was, **same, "release": "12.4"})
    case.refresh_from_db()
    assert (late.status_code, case.assigned_to, case.release) == (303, "hana", "12.4"), "What a colleague did stays."
    assert "There was nothing to undo." in text(yusuf.get(post(yusuf, "/account/undo/", {"done": sealed})["Location"]))
    case.refresh_from_db()
    assert (case.priority, case.assigned_to) == ("high", "hana"), "Nothing is undone by halves."
    undo = re.search(r'name="done" value="([^"]+)"', yusuf.get(late["Location"]).content.decode())[1]
    post(yusuf, "/account/undo/", {"done": undo})
    again = yusuf.get(post(yusuf, "/account/undo/", {"done": sealed})["Location"])
    case.refresh_from_db()
    assert (case.priority, case.assigned_to) == ("normal", ""), text(again)


def test_an_answer_keeps_a_case_ours(asked):
    case, _sent = asked
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    read(yusuf, case)
    due_utc = case.due_utc
    answer(yusuf, case, "We are looking into it.", then="keep")
    case.refresh_from_db()
    assert (case.waits_for, case.due_utc) == ("", due_utc)


def test_the_console_finds_words_and_its_address_has_none_of_them(asked):
    case, _sent = asked
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    assert '<form class="filter tight" method="post"' in yusuf.get("/console/support/").content.decode()
    found = post(yusuf, "/console/support/", {"q": "Report SERVER stops", "state": "open"})
    assert found.status_code == 303
    assert "server" not in found["Location"].lower()
    assert case.number in text(yusuf.get(found["Location"]))
    missed = post(yusuf, "/console/support/", {"q": "report invoice"})
    empty = yusuf.get(missed["Location"])
    assert "No support cases" in text(empty)
    assert 'data-live="rows"' in empty.content.decode(), "What comes in appears without reloading."
    assert case.number in text(yusuf.get(post(yusuf, "/console/support/", {"q": case.number.lower()})["Location"]))


def test_words_are_found_though_they_are_sealed_and_not_after_the_person_is_erased(asked):
    from django.db import connections

    def found(words: str) -> list[SupportCase]:
        return list(SupportCase.objects.filter(marks.with_marks(marks.make_marks(words, most=marks.MOST_SOUGHT))))

    case, _sent = asked
    assert found("SEAT report-server") == []
    assert found("SEAT report server") == [case]
    assert found("seat invoice") == found(" ") == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("select erase(%s, gen_random_uuid(), 'program:test', 'test')", [case.person_id])
    assert not WordMark.objects.exists()
    assert not CaseMessage.objects.exists()


def test_staff_enter_a_call_and_a_letter_and_the_clock_counts_from_its_day(site, run_jobs):
    yusuf, ines = signed_in("yusuf", role="support", name="Yusuf Adeyemi"), signed_in("ines")
    page = yusuf.get("/console/support/new/")
    called = {"manner": "phone", "received": "2026-01-02", "name": "Bea Sorensen", "note": "The old printer beeps."}
    sent = {"nonce": nonce_in(page), **called, "product": "optipro-discrete"}
    wrong = text(post(yusuf, "/console/support/new/", sent | {"received": "2020-01-02", "manner": "fax", "note": ""}))
    assert "more than a year ago" in wrong
    assert "Choose how the request arrived." in wrong
    assert "Fix 3 problems" in wrong, "All that is wrong is said at once."
    before = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    refused = post(yusuf, "/console/support/new/", sent | {"received": before})
    assert "Enter an email address or a phone number, so that we can answer." in text(refused)
    assert 'href="#email"' in refused.content.decode(), "The error leads to its field."
    sent |= {"nonce": nonce_in(refused), "phone": "559 555 0134"}
    entered = post(yusuf, "/console/support/new/", sent | {"received": before})
    assert entered.status_code == 303, text(entered)
    case = SupportCase.objects.get()
    assert led_to(entered) == here(case)
    assert (case.manner, case.state, case.messages.get().who, case.place) == (
        *("phone", "open", "staff:yusuf"),
        "staff.entry",
    )
    (collected,) = [entry for entry in ledger.history(case.person_id) if entry.kind == "collected"]
    assert (collected.who, collected.version) == ("staff:yusuf", site.version)
    assert yusuf.get("/console/quotes/new/").status_code == 404
    quoted = {"nonce": nonce_in(ines.get("/console/quotes/new/")), "manner": "visit", "received": before, "name": "Bea"}
    assert "Enter an email address or a phone number" in text(post(ines, "/console/quotes/new/", quoted))
    quoted |= {
        "email": "bea@desert-sky-electronics.example",
        "product": "optipro-discrete",
        "country": "US",
        "state": "CA",
    }
    answer = post(ines, "/console/quotes/new/", quoted)
    assert answer.status_code == 303, text(answer)
    run_jobs()
    quote = QuoteRequest.objects.get()
    assert (quote.place, quote.manner, quote.stage) == ("sales.inquiry", "visit", "routed")


def test_strangers_see_nothing_and_send_nothing(asked, run_jobs):
    case, _sent = asked
    ines = signed_in("ines", role="sales")
    assert "seat not released" not in text(read(ines, case))
    assert answer(ines, case).status_code in (400, 403, 404)
    assert CaseMessage.objects.count() == 1
    gone = post(visitor(), "/conversation/", {"secret": "x" * 32, "do": "reply", "message": "It stopped again."})
    assert gone.status_code == 404
    assert "What you entered wasn’t sent. Copy it if you need it. It stopped again." in text(gone)
