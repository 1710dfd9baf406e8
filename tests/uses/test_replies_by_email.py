"""Replies by email: added to the request that they answer, or left for someone to look at."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from tests.accounts import emails_to
from tests.files.test_attachments import zipped
from tests.uses.test_support import ASKED, answer, leave, read
from tests.visits import BROWSER, send, signed_in, text, visitor

from troth.access.requests import mail as requests_mail
from troth.cases import actions as cases
from troth.cases import events
from troth.cases.thread import MessageCopy, copies
from troth.cases.thread.hiding import hide_secrets
from troth.collection.mailbox.received import AttachedFile, MailKind, ReceivedMail
from troth.gate import new_id
from troth.outbox import QueuedEmail, returns, transport
from troth.records import ledger
from troth.records.ledger import Collected
from troth.uses.support.models import SupportCase


def mail(thread: Any, **more: Any) -> ReceivedMail:
    """What the mailbox hands over of a reply."""
    said = {"from_address": ASKED["email"], "verified": True, "text": "It stopped again on Sunday.\n"} | more
    return ReceivedMail(
        **{"id": new_id(), "received_utc": datetime.now(UTC), "kind": MailKind.REPLY, "from_name": "M"} | said,
        thread=thread,
    )


def take_mail(received: ReceivedMail) -> Any:
    """In the mail's transaction, as the mailbox does."""
    with transaction.atomic():
        return requests_mail.take_mail(received)


TOKEN = "0-SB7lBSMh8idg5YA5r7wNDEwZTf1prn"


@pytest.mark.parametrize(
    "link",
    [
        f"HTTP://localhost:8000/case/{TOKEN}/",
        f"http://localhost:8000/conversation/{TOKEN[:12]}\n> {TOKEN[12:]}/",
        f"https://nam.safelinks.protection.outlook.com/?url=http%3A%2F%2Flocalhost%3A8000%2Fcase%2F{TOKEN}%2F&data=05",
        f"https://linkprotect.example/url?a=http%253a%252f%252flocalhost%253a8000%252fcase%252f{TOKEN}%252f",
        f"https://urldefense.proofpoint.com/v2/url?u=http-3A__localhost-3A8000_case_{TOKEN.replace('-', '-2D')}_&d=x",
    ],
)
def test_a_private_link_is_hidden_however_a_mail_program_wrote_it(link: str) -> None:
    shown = hide_secrets(f"Open it here: {link} and write to us.")
    assert "…" in shown
    assert TOKEN[1:8] not in shown
    assert TOKEN[-8:] not in shown
    plain = "https://x.example/?url=http%3A%2F%2Flocalhost%3A8000%2Fproducts%2Fprocess%2F http://localhost:8000/policy\nHello"
    assert hide_secrets(plain) == plain


def file(name: str, content: bytes, media: str = "application/octet-stream") -> AttachedFile:
    return AttachedFile(name, media, len(content), lambda: content)


def test_a_reply_is_added_read_found_and_named_in_the_history(case, run_jobs):
    ours = "http://localhost:8000/conversation/0-SB7lBSMh8idg5YA5r7wNDEwZTf1prn/ http://localhost:8000/support/"
    taken = take_mail(mail(case.pk, quoted=f"On Monday, Acme wrote:\n> Please restart it.\n> {ours}\n"))
    assert (taken.person, taken.request) == (case.person_id, case.pk)
    message = case.messages.last()
    assert (message.who, message.way, message.proven) == ("person", "email", True)
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    page = text(read(yusuf, case))
    assert "It stopped again on Sunday." in page
    assert "Please restart it." in page, "No word of it is lost."
    assert "http://localhost:8000/conversation/…/ http://localhost:8000/support/" in page
    assert "0-SB7l" not in page, "Staff who open the link would act as the person."
    entry = next(entry for entry in ledger.history(case.person_id) if entry.kind == "collected")
    assert (entry.read(Collected).channel, entry.section, entry.who) == ("email.reply/support", "C3", "person")


def test_a_reply_opens_what_waits_and_what_was_answered_but_only_if_its_sender_is_verified(case, run_jobs):
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    read(yusuf, case)
    answer(yusuf, case)
    case.refresh_from_db()
    assert case.waits_for == "person"
    take_mail(mail(case.messages.last().pk))  # a program that knows only which email it answers
    case.refresh_from_db()
    assert (case.waits_for, case.messages.count()) == ("", 3)
    cases.answer(case.pk, nature="complied", at_utc=datetime.now(UTC), who="person", email=False)
    assert take_mail(mail(case.pk, verified=False)) is None
    take_mail(mail(case.pk))
    case.refresh_from_db()
    assert (case.state, case.messages.count()) == ("open", 4)
    cases.answer(case.pk, nature="complied", at_utc=datetime.now(UTC), who="person")
    run_jobs()
    again = events.cause_at(case.pk, 1)
    assert QueuedEmail.objects.filter(request=again).exists(), "It was closed a second time."
    take_mail(mail(again))  # a reply that names that email alone
    case.refresh_from_db()
    assert (case.state, case.messages.count()) == ("open", 5)


def test_an_unverified_reply_is_shown_as_that_and_is_no_contact_of_the_person(case):
    assert take_mail(mail(case.pk, verified=False))
    assert case.messages.last().proven is False
    entry = next(entry for entry in ledger.history(case.person_id) if entry.kind == "collected")
    assert entry.who == "program:cases"
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    assert "by email, sender not verified" in text(yusuf.get(f"/console/support/{case.number}/"))
    assert "isn’t verified" in text(read(yusuf, case))


def test_what_is_closed_erased_foreign_or_unknown_is_left_for_someone_to_look_at(case, owner):
    assert take_mail(mail(case.pk, from_address="mallory@elsewhere.example")) is None
    assert take_mail(mail(uuid4())) is None
    assert take_mail(mail(None)) is None
    cases.deny(case.pk, basis="not verified", at_utc=datetime.now(UTC), who="program:cases")
    assert take_mail(mail(case.pk)) is None
    owner.execute("select erase(%s, gen_random_uuid(), 'program:test', 'test')", [case.person_id])
    owner.commit()
    assert take_mail(mail(case.pk)) is None


def test_attachments_are_checked_by_the_rule_of_forms_and_sealed(case, run_jobs):
    log, fake = file("server.log", b"seat not released\n"), file("picture.png", b"MZ\x90\x00 not a picture")
    take_mail(mail(case.pk, attachments=(log, fake, file("run.exe", b"MZ"))))
    theirs, ours = case.messages.order_by("at_utc", "id")[1:]
    assert theirs.files is not None
    assert (ours.who, ours.way) == ("program:cases", "email")
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    page = text(read(yusuf, case))
    assert "server.log" in page
    assert "picture.png" not in page
    assert page.count("isn’t a PNG file") == 1
    assert "We don’t take this kind of file." in page
    assert "We took 1 of 3." in page
    assert not case.events.filter(what="not attached").exists()
    kept = [entry for entry in ledger.history(case.person_id) if entry.kind == "collected" and entry.cause == ours.pk]
    assert [entry.read(Collected).way for entry in kept] == ["written automatically"]
    take_mail(mail(case.pk, attachments=(fake,)))
    run_jobs()
    sent = QueuedEmail.objects.filter(template="support/reply")
    assert [email.request for email in sent] == [ours.pk], "Once a day, or two programs would talk for ever."


def test_an_encrypted_email_is_said_to_be_unreadable_and_a_signature_is_no_attachment(case, run_jobs):
    take_mail(mail(case.pk, attachments=(file("smime.p7s", b"0\x80", "application/pkcs7-signature"),)))
    assert not case.messages.filter(who="program:cases").exists()
    take_mail(mail(case.pk, text="", attachments=(file("smime.p7m", b"0\x80", "application/pkcs7-mime"),)))
    run_jobs()
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    assert "It’s encrypted, and we can’t read it. Send it again without encryption." in text(read(yusuf, case))
    assert QueuedEmail.objects.filter(template="support/reply").count() == 1


def test_why_an_attachment_was_refused_is_told_to_the_person_alone_once_a_day_whoever_wrote(case, run_jobs):
    bomb = file("logs.zip", zipped(("zeros.log", bytes(30_000_000))))
    for _again in range(3):
        take_mail(mail(case.pk, verified=False, attachments=(bomb,)))
    assert take_mail(mail(case.pk, from_address="mallory@elsewhere.example", attachments=(bomb,))) is None
    run_jobs()
    told = QueuedEmail.objects.get(template="support/reply")
    assert (told.person_id, case.messages.filter(who="program:cases").count()) == (case.person_id, 1)
    (*_before, sent) = emails_to(ASKED["email"])
    assert sent["Auto-Submitted"] == "auto-generated"
    theirs = re.search(r"http://localhost:8000(/conversation/\S+)", sent.get_body(("plain",)).get_content())
    assert theirs
    assert "Unpacked, this archive is too large." in text(visitor().get(theirs[1], **BROWSER))
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    page = text(read(yusuf, case))
    assert page.count("couldn’t verify that you sent it") == 1
    assert "Unpacked, this archive is too large." in page
    assert "We took none of them." in page


def test_emails_about_a_case_say_where_a_reply_goes(site, run_jobs, settings):
    settings.TROTH_MAILBOX = "portal@acme.example"
    send(visitor(), "/support/", ASKED)
    run_jobs()
    case = SupportCase.objects.get()
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    read(yusuf, case)
    answer(yusuf, case)
    leave(run_jobs)
    found = {email.template: returns.read_reply(email.reply_to) for email in QueuedEmail.objects.all()}
    assert found == {"support/received": case.pk, "support/reply": case.pk}


def test_people_in_copy_are_shown_and_answered_only_if_staff_choose_them_and_the_history_says_so(case, run_jobs):
    both = (
        ("Paula Ott", "paula@brightfield.example"),
        ("", "max@brightfield.example"),
        ("", "support@optiproerp.example"),
        ("", returns.reply_address(case.pk).replace("optiproerp.com", "mail.example")),
    )
    take_mail(mail(case.pk, cc=both, to=(("", ASKED["email"]),)))
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    page = text(read(yusuf, case))
    assert page.count("paula@brightfield.example") == 2, "With the message, and to be chosen."
    assert "support@optiproerp.example" not in page
    paula, _max = copies.list_of(case)
    answer(yusuf, case, words="Not for Max.", copy=str(paula.id))
    leave(run_jobs)
    emails = QueuedEmail.objects.filter(template="support/copy")
    assert [(email.to_name, email.kinds) for email in emails] == [("Paula Ott", ["message"])]
    raw = (transport.folder() / f"{emails.get().pk}.eml").read_text()
    assert "Not for Max." in raw
    assert "https://" not in raw.partition("Not for Max.")[0], "No link of hers is in it."
    (told,) = [entry for entry in ledger.history(case.person_id) if entry.kind == "disclosed"]
    assert (list(told.kinds), told.section) == (["message"], "U1")


def test_who_was_in_copy_goes_with_the_person(case, owner):
    take_mail(mail(case.pk, cc=(("Paula Ott", "paula@brightfield.example"),)))
    owner.execute("select erase(%s, gen_random_uuid(), 'program:test', 'test')", [case.person_id])
    owner.commit()
    assert not MessageCopy.objects.exists()
