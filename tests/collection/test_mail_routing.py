"""What becomes of a mail: the one room that takes it, or somebody's desk; and what nobody may bring about by mail."""

import threading
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.visits import send, visitor
from tests.worlds import kept as kept_person

from troth import in_force, outbox
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.cases.thread import copies
from troth.collection.mailbox import actions, intake, routing, sandbox, settling
from troth.collection.mailbox.models import KeptMail
from troth.gate import facts
from troth.inbox import strangers
from troth.outbox import QueuedEmail, returns, suppression, transport
from troth.policy.meaning import MARKETING, latest
from troth.queries import run
from troth.records import ledger, profile
from troth.records.ids import new_id
from troth.records.ledger import Collected
from troth.site import site as site_of
from troth.uses.inquiries.actions import InquiryFacts
from troth.uses.inquiries.models import Inquiry
from troth.uses.support.models import SupportCase

BOB = {"name": "Bob Ferreira", "email": "bob@northgate.example"}
_VERIFIED = "Authentication-Results: mx.acme.example; dmarc=pass header.from=northgate.example\n"


@pytest.fixture(autouse=True, scope="module")
def _end_children():
    yield
    sandbox.close()


@pytest.fixture(autouse=True)
def _named_server(settings: Any) -> None:
    settings.TROTH_AUTHSERV_ID = "mx.acme.example"


def now() -> datetime:
    return datetime.now(UTC)


def receive(text: str, *, number: int = 1) -> KeptMail:
    """The mail kept and settled."""
    kept = intake.keep(f"Message-ID: <{number}@northgate.example>\n{text}".encode(), way="lmtp", at_utc=now())
    assert kept is not None
    routing.settle(kept.pk, at_utc=now())
    kept.refresh_from_db()
    return kept


def mail(*lines: str, body: str = "How much is it for two plants?", to: str = "sales@acme.example") -> str:
    return "\n".join(
        [*lines, "From: Bob Ferreira <bob@northgate.example>", f"To: {to}", "Subject: Two plants", "", body]
    )


_DSN = (
    "From: MAILER-DAEMON@mx.northgate.example\nTo: {to}\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nNo.{n}\n--b\n"
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {who}\n"
    "Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {words}\n\n--b--\n"
)


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(datetime(2026, 12, 1, 17, 0, tzinfo=UTC), tick=False)
    return time_machine


def email_to(address: str) -> UUID:
    """An email that we sent there."""
    person = kept_person({"email": address, "name": "Bob"}, channel="form.contact").person
    facts = InquiryFacts(number="I-1", staff="our team", due="")
    return outbox.post(person=person, purpose="inquiries", email="inquiries/receipt", cause=new_id(), facts=facts).pk


def says_no(person: UUID) -> bool:
    answer = latest(facts.answers(person), MARKETING)
    return answer is not None and not answer.yes


def test_a_question_becomes_an_inquiry_with_a_receipt(site, run_jobs):
    kept = receive(mail())
    run_jobs()
    inquiry = Inquiry.objects.get()
    assert (kept.state, kept.kind, kept.room, kept.request) == ("done", "new", "inquiries", inquiry.pk)
    assert (inquiry.manner, inquiry.place, inquiry.stage) == ("email", "email.inbox", "open")
    (collected,) = [entry for entry in ledger.history(inquiry.person_id) if entry.kind == "collected"]
    assert (collected.read(Collected).channel, collected.section) == ("email.inbox", "C3")
    assert QueuedEmail.objects.get().template == "inquiries/receipt"
    assert intake.open_raw(kept).endswith(b"two plants?")


def test_mail_to_the_support_address_becomes_a_case_with_what_was_attached(site, run_jobs):
    kept = receive(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
        + mail(to=site_of().brand.support_email, body=_WITH_FILE)
    )
    run_jobs()
    case = SupportCase.objects.get()
    assert (kept.state, kept.room, case.manner, case.place) == ("done", "support", "email", "email.inbox")
    message = case.messages.get()
    assert (message.way, message.proven, message.words is not None, message.files is not None) == (
        "email",
        False,
        True,
        True,
    )


@pytest.mark.parametrize("media", ["text/calendar", "application/pkcs7-mime", "application/octet-stream"])
def test_a_file_without_a_name_is_no_reason_to_fail(site, media: str):
    kept = receive(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
        + mail(to=site_of().brand.support_email, body=f"--b\n\nIt stopped.\n--b\nContent-Type: {media}\n\nx\n--b--\n")
    )
    assert (kept.state, kept.room, SupportCase.objects.get().messages.get().files) == ("done", "support", None)


_WITH_FILE = (
    "--b\n\nIt stopped.\n--b\nContent-Type: text/plain\n"
    "Content-Disposition: attachment; filename=server.log\n\nseat not released\n--b--\n"
)


def test_the_receipt_says_why_an_attachment_was_not_taken_also_to_a_sender_who_is_not_verified(site, run_jobs):
    head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
    receive(head + mail(to=site_of().brand.support_email, body=_WITH_FILE.replace("server.log", "run.exe")))
    run_jobs()
    case = SupportCase.objects.get()
    assert not case.messages.get().proven
    [email] = QueuedEmail.objects.filter(template="support/received")
    sent = (transport.folder() / f"{email.id}.eml").read_bytes()
    words = message_from_bytes(sent, policy=default).get_body(("plain",)).get_content()
    assert "We did not take all attachments of your email: We don’t take this kind of file." in " ".join(words.split())
    assert "run.exe" not in words, "A sender could have anything emailed to someone else as a name of a file."


def test_a_stranger_is_forgotten_once_their_request_was_closed_for_as_long_as_the_policy_says(site, run_jobs):
    kept = receive(mail())
    run_jobs()
    assert strangers.forget(at_utc=now() + timedelta(days=91)) == 0, "It is open."
    cases.answer(kept.request, nature="complied", at_utc=now(), who="program:test", email=False)
    assert strangers.forget(at_utc=now() + timedelta(days=89)) == 0
    assert strangers.forget(at_utc=now() + timedelta(days=91)) == 1
    assert profile.list_data(kept.person_id) == []
    assert not KeptMail.objects.exists()
    assert "removed" in [entry.kind for entry in ledger.history(kept.person_id)]


def test_nobody_can_open_a_mail_once_its_person_is_erased(site, owner):
    kept = receive(mail())
    owner.execute("delete from person_key where person_id = %s", [kept.person_id])
    owner.commit()
    with pytest.raises(Exception, match="erased"):
        intake.open_raw(kept)


def test_a_mail_that_nobody_placed_goes_with_the_data_of_whom_it_names(site, owner):
    bob = kept_person({"email": BOB["email"], "name": "Bob"}, channel="form.contact").person
    gone = returns.reply_address(new_id())
    his, automatic = receive(mail(to=gone)), receive(mail("Auto-Submitted: auto-replied"), number=2)
    others = receive(mail(to=gone).replace("bob@", "bo@"), number=3)
    assert (his.state, automatic.state, others.state) == ("desk", "done", "desk")
    owner.execute("select erase(%s, gen_random_uuid(), 'program:test', 'test')", [bob])
    owner.commit()
    assert [kept.pk for kept in KeptMail.objects.all()] == [others.pk]


def test_mail_to_the_privacy_address_starts_the_clock_of_a_privacy_request(site, run_jobs):
    to = f"{in_force.policy().privacy_email}, Ada <ada@lane.example>"
    head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
    kept = receive(head + mail(to=to, body=_WITH_FILE))
    run_jobs()
    case = Case.objects.get()
    message = case.messages.filter(who="person").get()
    assert [one.address for one in copies.list_by_message(case)[message.pk]] == ["ada@lane.example"]
    assert message.files is not None
    assert not case.events.filter(what="not attached").exists()
    assert (kept.room, case.purpose, case.kind, case.manner) == ("requests", "rights", "question", "email")
    assert case.due_utc - case.received_utc > timedelta(days=20)


def test_an_unverified_sender_gets_a_person_of_their_own_and_learns_and_changes_nothing(site, run_jobs):
    send(visitor(), "/contact/", {**BOB, "note": "Hello?"})
    run_jobs()
    (known,) = profile.people_at(BOB["email"], most=9)
    kept = receive(mail(body="Stop"))
    assert kept.person_id != known
    assert not says_no(known)
    assert len(ledger.history(known)) == len([each for each in ledger.history(known) if each.kind != "chose"])


def test_stop_in_an_answer_is_an_opt_out_for_the_address(site, run_jobs):
    send(visitor(), "/contact/", {**BOB, "note": "Hello?"})
    run_jobs()
    email = QueuedEmail.objects.get()
    kept = receive(mail(f"In-Reply-To: <{email.pk}@acme.example>", body="STOP\n\nOn Monday, Acme wrote:\n> Hello"))
    assert (kept.state, kept.room) == ("done", "preferences")
    assert says_no(email.person_id)


def test_unsubscribe_by_a_verified_sender_is_heard_and_a_sentence_with_the_word_is_not(site, run_jobs):
    send(visitor(), "/contact/", {**BOB, "note": "Hello?"})
    run_jobs()
    person = QueuedEmail.objects.get().person_id
    for _each in range(101):  # the newest hundred of an address aren't all who gave it
        kept_person({"email": BOB["email"], "name": "Bob"}, channel="form.contact")
    receive(_VERIFIED + mail(body="Please stop the machine at noon, then call me."))
    assert not says_no(person)
    receive(_VERIFIED + mail(body="Unsubscribe please.\n"), number=2)
    assert says_no(person)


def test_an_answer_to_what_is_over_or_was_never_ours_goes_to_a_desk(site):
    gone = returns.reply_address(UUID(int=5))
    kept = receive(mail(to=gone))
    assert (kept.state, kept.kind, kept.why, kept.person_id) == ("desk", "reply", "unmatched", None)


def test_a_mail_that_names_no_sender_says_that(site):
    kept = receive(mail().replace("From: Bob Ferreira <bob@northgate.example>", "From: undisclosed-recipients:;"))
    assert (kept.state, kept.why) == ("desk", routing.NO_SENDER)


def test_a_bounce_counts_for_the_email_that_it_proves_and_lasts_longer_than_the_person(site, run_jobs, owner):
    send(visitor(), "/contact/", {**BOB, "note": "Hello?"})
    run_jobs()
    email = QueuedEmail.objects.get()
    report = _DSN
    gone = {"status": "5.1.1", "words": "550 5.1.1 User unknown", "action": "failed", "who": BOB["email"], "n": ""}
    ours = returns.envelope_sender(email.pk)
    assert receive(report.format(to="x@acme.example", **gone)).why == "unproven report"
    assert receive(report.format(to=ours, **{**gone, "who": "x@elsewhere.example"}), number=2).why != ""
    full = {**gone, "status": "5.2.2", "words": "552 5.2.2 Mailbox full", "n": "2"}
    assert receive(report.format(to=ours, **full), number=3).state == "done"
    assert receive(report.format(to=ours, **{**gone, "action": "delayed", "n": "3"}), number=4).state == "done"
    assert not suppression.is_suppressed(BOB["email"])
    kept = receive(report.format(to=ours, **gone), number=5)
    assert (kept.state, kept.kind, kept.about) == ("done", "bounce", email.pk)
    owner.execute("select erase(%s, gen_random_uuid(), 'program:test', 'test')", [email.person_id])
    owner.commit()
    assert suppression.is_suppressed(BOB["email"])
    assert BOB["email"].encode() not in b"".join(bytes(mark) for (mark,) in run("select mark from suppression"))


def test_a_full_mailbox_is_written_to_until_three_emails_in_a_month_came_back(site, clock):
    def come_back(number: int) -> bool:
        email = email_to(BOB["email"])
        full = {
            "status": "5.2.2",
            "words": "552 5.2.2 Mailbox full",
            "action": "failed",
            "who": BOB["email"],
            "n": number,
        }
        receive(_DSN.format(to=returns.envelope_sender(email), **full), number=number)
        receive(_DSN.format(to=returns.envelope_sender(email), **full) + "again", number=number)
        return suppression.is_suppressed(BOB["email"])

    assert [come_back(1), come_back(2)] == [False, False]
    clock.shift(timedelta(days=31))
    assert [come_back(3), come_back(4), come_back(5)] == [False, False, True]
    suppression.lift(BOB["email"])
    assert not come_back(6), "It starts fresh."


@pytest.mark.parametrize(
    ("header", "state"),
    [("Auto-Submitted: auto-replied", "done"), ("List-Id: <x.example>", "done"), ("X-Spam-Flag: YES", "aside")],
)
def test_what_programs_send_is_answered_by_nobody(site, run_jobs, header: str, state: str):
    assert receive(mail(header)).state == state
    run_jobs()
    assert not QueuedEmail.objects.exists()
    assert not Case.objects.exists()


def test_two_programs_that_answer_each_other_come_to_an_end(site):
    found = [receive(mail(), number=at) for at in range(7)]
    assert [each.state for each in found] == ["done"] * 5 + ["desk"] * 2
    assert found[-1].why == "too many"


def test_a_mail_that_cant_be_read_is_set_apart_and_read_again_later(site, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "read", _refuse)
        kept = receive(mail())
        assert (kept.state, kept.why) == ("quarantined", "time")
    actions.read_again(kept.pk, who="staff:ines", at_utc=now())
    assert actions.settle_all(at_utc=now()) == 1
    assert Inquiry.objects.count() == 1
    with pytest.raises(actions.NotThere):
        actions.read_again(kept.pk, who="staff:ines", at_utc=now())


def _refuse(raw: bytes) -> None:
    raise sandbox.Unreadable("time")


def test_a_mail_over_which_we_fail_holds_up_no_other_and_ends_on_a_desk(site, monkeypatch: pytest.MonkeyPatch):
    first, second = (intake.keep(text.encode(), way="lmtp", at_utc=now()) for text in (mail(body="x"), mail(body="y")))
    assert first
    assert second
    find = routing._find_taker
    monkeypatch.setattr(routing, "_find_taker", lambda received: 1 / 0 if received.id == first.pk else find(received))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            actions.settle_all(at_utc=now())
    states = {each.pk: (each.state, each.why) for each in KeptMail.objects.all()}
    assert states == {first.pk: ("desk", "failed"), second.pk: ("done", "")}


def test_one_transaction_settles_what_a_sender_wrote(site):
    for number in range(3):
        assert intake.keep(f"Message-ID: <{number}@x>\n{mail()}".encode(), way="lmtp", at_utc=now())
    read = [routing.read(kept) for kept in KeptMail.objects.all()]
    assert len({one.conversation for one in read}) == 1, "One thread settles them."
    assert routing.settle_together(read, at_utc=now()) == []
    assert Inquiry.objects.count() == 3
    assert run("select count(*), count(distinct xmin::text) from kept_mail where state = 'done'") == [(3, 1)]


def test_threads_keep_their_connections_while_mail_comes_in(site):
    def connections() -> set[int]:
        clients = "datname = current_database() and backend_type = 'client backend'"  # it is vacuumed, too
        return {pid for (pid,) in run(f"select pid from pg_stat_activity where {clients}")}

    others = connections()
    with settling.lasting():
        used = []
        for number in range(2):
            intake.keep(f"Message-ID: <{number}@x>\n{mail()}".encode(), way="lmtp", at_utc=now())
            assert actions.settle_all(at_utc=now()) == 1
            used.append(connections() - others)
        assert used[0]
        assert used[0] <= used[1]
        assert actions.settle_all(at_utc=now() + timedelta(seconds=59)) == 0
        assert used[0] <= connections()
        actions.settle_all(at_utc=now() + timedelta(seconds=61))
        deadline = time.monotonic() + 10
        while used[1] & connections():
            assert time.monotonic() < deadline, "Without mail they are closed."


def test_a_look_leaves_what_is_new_to_one_that_is_under_way(site, monkeypatch: pytest.MonkeyPatch):
    intake.keep(mail().encode(), way="lmtp", at_utc=now())
    read, counts = routing.read, []

    def look_again(kept: KeptMail) -> routing.ReadMail:
        counts.append(actions.settle_all(at_utc=now()))
        return read(kept)

    monkeypatch.setattr(routing, "read", look_again)
    with settling.lasting():
        assert actions.settle_all(at_utc=now()) == 1
    assert counts == [0]
    assert Inquiry.objects.count() == 1


def test_a_mail_outlasts_a_lock_that_another_one_holds_for_long(site, owner):
    """The first of a kind keeps all others like it waiting until its transaction ends."""
    kept = intake.keep(mail().encode(), way="lmtp", at_utc=now())
    assert kept
    owner.execute("begin; lock table standing_class in access exclusive mode")
    release = threading.Timer(0.4, lambda: owner.execute("commit"))
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '50ms'")
        release.start()
        routing.settle(kept.pk, at_utc=now())
        cursor.execute("reset lock_timeout")
    release.join()
    kept.refresh_from_db()
    assert (kept.state, kept.tries) == ("done", 0)


def test_a_policy_without_email_takes_none(site, monkeypatch: pytest.MonkeyPatch):
    from troth.collection.mailbox import keeping

    monkeypatch.setattr(keeping, "PLACE", "email.nowhere")
    assert receive(mail()).state == "desk"
