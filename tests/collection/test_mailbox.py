"""Mail from the server to the table: nothing lost, nothing twice, and nobody told that it was taken before it was."""

import asyncio
import errno
import smtplib
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.collection.mailboxes import Mailbox, mailbox

from troth.collection.mailbox import actions, imap, intake, lmtp, receiving
from troth.collection.mailbox.models import KeptMail, MailFolder
from troth.environment import IncomingMail
from troth.queries import run
from troth.records import stored

__all__ = ["mailbox"]

pytestmark = pytest.mark.django_db(transaction=True)


def mail(number: int, *, body: str = "Hello.") -> bytes:
    return f"From: vera@home.example\r\nTo: portal@acme.example\r\nMessage-ID: <{number}@home.example>\r\n\r\n{body}\r\n".encode()


def now() -> datetime:
    return datetime.now(UTC)


def take(server: Mailbox, **changed: object) -> int:
    incoming = server.incoming(**changed)
    with imap.connect(incoming) as client:
        return imap.take_new(client, incoming, "INBOX")


def test_mail_is_kept_sealed_once_and_whole(settings: Any) -> None:
    kept = intake.keep(mail(1), way="imap", at_utc=now())
    assert kept is not None
    assert intake.open_raw(kept) == mail(1)
    assert b"home.example" not in next(Path(settings.TROTH_FILES).glob("??/*")).read_bytes()
    assert intake.keep(mail(1).replace(b"\r\n", b"\n"), way="lmtp", at_utc=now()) is None
    assert intake.keep(b"Received: by mx\r\n" + mail(1), way="lmtp", at_utc=now()) is None
    assert intake.keep(mail(1, body="Another."), way="imap", at_utc=now()) is not None
    assert KeptMail.objects.count() == 2
    assert stored.count() == 2


def test_without_a_message_id_the_same_words_of_two_people_are_two_mails_and_a_mail_that_comes_twice_is_one() -> None:
    unnamed = b"From: vera@home.example\r\nTo: portal@acme.example\r\nSubject: stop\r\n\r\nunsubscribe\r\n"
    assert intake.keep(unnamed, way="imap", at_utc=now()) is not None
    assert intake.keep(unnamed.replace(b"vera", b"ada"), way="imap", at_utc=now()) is not None
    again = b"Received: by mx\r\n" + unnamed.replace(b"\r\n", b"\n")
    assert intake.keep(again, way="lmtp", at_utc=now()) is None
    assert KeptMail.objects.count() == 2


def test_a_mail_that_is_deleted_takes_its_file_along(site: Any) -> None:
    intake.keep(mail(1), way="imap", at_utc=now() - timedelta(days=91))
    KeptMail.objects.update(state=KeptMail.DESK)
    assert actions.expire(at_utc=now()) == 1
    assert stored.count() == 0


def test_a_folder_is_read_by_uid_whether_somebody_read_it_or_not(mailbox: Mailbox) -> None:
    mailbox.empty()
    mailbox.put(mail(1), mail(2))
    with mailbox.connect() as other:
        other.select_folder("INBOX")
        other.fetch(other.search(), ["BODY[]"])  # a colleague's program: all is marked as read
    assert (take(mailbox), take(mailbox)) == (2, 0)
    mailbox.put(mail(3), mail(2))
    assert take(mailbox) == 1
    assert KeptMail.objects.count() == 3


def test_a_folder_that_was_made_anew_is_read_from_its_beginning(mailbox: Mailbox) -> None:
    mailbox.empty()
    mailbox.put(mail(1))
    take(mailbox)
    MailFolder.objects.update(validity=1, last=9_999)
    mailbox.put(mail(2))
    assert take(mailbox) == 1
    assert KeptMail.objects.count() == 2


def test_one_commit_keeps_several_of_a_folder_and_one_that_cant_be_kept_holds_up_only_what_came_after_it(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.empty()
    mailbox.put(*map(mail, range(1, 5)))
    keep_all = intake.keep_all
    with monkeypatch.context() as patch:
        patch.setattr(intake, "keep_all", lambda mails, **of: _fail() if mail(3) in mails else keep_all(mails, **of))
        with pytest.raises(OSError, match="disk"):
            take(mailbox, then="delete")
    assert {intake.open_raw(kept) for kept in KeptMail.objects.all()} == {mail(1), mail(2)}
    with mailbox.connect() as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 2, "Of what isn't kept, the server's copy is as it was."
    assert take(mailbox, then="delete") == 2
    assert run("select count(distinct xmin::text) from kept_mail") == [(3,)]


@pytest.mark.parametrize("tells", [True, False], ids=["told", "told as smaller than it is"])
def test_of_a_mail_beyond_the_cap_its_head_is_kept_beside_those_that_came_with_it(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, tells: bool
) -> None:
    mailbox.empty()
    mailbox.put(mail(1), mail(2, body="x" * 500), mail(3))
    for module in (imap, intake) if tells else (intake,):
        monkeypatch.setattr(module, "MOST_BYTES", 400)
    assert take(mailbox, then="delete") == 3
    with mailbox.connect() as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 1, "The only copy of the large one stays."
    assert list(KeptMail.objects.order_by("received_utc").values_list("state", "why")) == [
        (KeptMail.NEW, ""),
        (KeptMail.QUARANTINED, "too large"),
        (KeptMail.NEW, ""),
    ]
    mailbox.put(mail(4))
    assert take(mailbox) == 1, "The folder is read on."


def test_the_servers_copy_is_deleted_only_if_told_so_and_only_once_ours_is_kept(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.empty()
    mailbox.put(mail(1))
    with monkeypatch.context() as patch:
        patch.setattr(intake, "keep_all", _fail)
        with pytest.raises(OSError, match="disk"):
            take(mailbox, then="delete")
    assert take(mailbox, then="delete") == 1
    with mailbox.connect() as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 0


def _fail(*_: object, **__: object) -> None:
    raise OSError("the disk is full")


def test_a_mailbox_is_followed_through_a_bad_day(mailbox: Mailbox) -> None:
    mailbox.empty()
    mailbox.put(mail(1))
    with receiving.taking_mail(mailbox.incoming()):
        await_count(1)
        mailbox.put(mail(2))  # it waits by IDLE: nobody asks
        await_count(2)
        mailbox.stop()
        await_problem("connection", "answer")
        mailbox.start()
        mailbox.put(mail(3))
        await_count(3)
        await_problem("")


def await_count(count: int) -> None:
    _await(lambda: KeptMail.objects.count() == count)


def await_problem(*codes: str) -> None:
    _await(lambda: MailFolder.objects.filter(problem__in=codes).exists())


def _await(condition: Any) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


def test_a_wrong_password_is_a_problem_that_is_named(mailbox: Mailbox, tmp_path: Path) -> None:
    for wrong in ("wrong", "fälsch-§"):
        (tmp_path / "password").write_text(wrong, encoding="utf-8")
        with pytest.raises(Exception) as refused:
            imap.connect(mailbox.incoming(password_file=tmp_path / "password"))
        assert imap.tell_problem(refused.value) == "sign-in"


def test_a_full_disk_is_named_not_the_mail_server(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox.empty()
    mailbox.put(mail(1))

    def refuse(*_mail: object, **_how: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(intake, "keep_all", refuse)
        with pytest.raises(OSError, match="No space") as refused:
            take(mailbox)
    assert imap.tell_problem(refused.value) == "disk"
    assert take(mailbox) == 1, "The mail server kept it."


def test_a_mailbox_that_nobody_reaches_is_an_alarm(mailbox: Mailbox, settings: Any) -> None:
    settings.TROTH_INCOMING = mailbox.incoming()
    name = imap.name_of(mailbox.incoming(), "INBOX")
    with pytest.raises(actions.MailboxSilent):
        actions.refuse_silence(at_utc=now())
    MailFolder.objects.create(name=name, looked_utc=now())
    actions.refuse_silence(at_utc=now())
    MailFolder.objects.update(looked_utc=now() - timedelta(hours=1))
    with pytest.raises(actions.MailboxSilent):
        actions.refuse_silence(at_utc=now())


def test_a_listener_that_answers_nobody_is_an_alarm_and_one_that_comes_back_none(tmp_path: Path, settings: Any) -> None:
    path = str(tmp_path / "lmtp.sock")
    settings.TROTH_INCOMING = IncomingMail(lmtp=path)
    with receiving.taking_mail(settings.TROTH_INCOMING):
        _await(lambda: MailFolder.objects.filter(pk=lmtp.NAME, problem="", looked_utc__isnull=False).exists())
    actions.refuse_silence(at_utc=now())
    assert not lmtp.answers(path)
    lmtp.note(problem="connection")
    with pytest.raises(actions.MailboxSilent):
        actions.refuse_silence(at_utc=now() + timedelta(hours=1))


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_mailbox_is_read_over_tls_by_a_certificate_that_is_trusted_and_no_other(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    mailbox.empty()
    mailbox.put(mail(1))
    known = {"host": "localhost", "tls": tls, "port": mailbox.tls_port if tls == "tls" else mailbox.port}
    with pytest.raises(Exception) as refused:
        imap.connect(mailbox.incoming(**known))
    assert imap.tell_problem(refused.value) == "encryption"
    monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.home / "localhost.pem"))
    assert take(mailbox, **known) == 1


def test_mail_is_handed_over_by_lmtp_and_each_recipient_gets_an_answer(tmp_path: Path) -> None:
    path = str(tmp_path / "lmtp.sock")
    with _listening(path), smtplib.LMTP(path) as client:
        refused = client.sendmail("vera@home.example", ["portal+r9@acme.example", "sales@acme.example"], mail(1))
        second = client.getreply()
    assert (refused, second[0]) == ({}, 250)
    raw = intake.open_raw(KeptMail.objects.get())
    assert raw.startswith(
        b"Return-Path: <vera@home.example>\r\nDelivered-To: portal+r9@acme.example\r\nDelivered-To: sales@"
    )
    assert raw.endswith(mail(1))


def test_a_mail_of_lines_that_no_server_may_send_is_kept_whole(tmp_path: Path) -> None:
    path, long = str(tmp_path / "lmtp.sock"), mail(1, body="x" * 300_000)
    with _listening(path), smtplib.LMTP(path) as client:
        client.sendmail("vera@home.example", ["portal@acme.example"], long)
    assert intake.open_raw(KeptMail.objects.get()).rstrip().endswith(long.rstrip())


def test_a_server_is_told_to_try_again_while_we_cant_keep_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "keep_all", _fail)
    path = str(tmp_path / "lmtp.sock")
    with _listening(path), smtplib.LMTP(path) as client, pytest.raises(smtplib.SMTPDataError) as told:
        client.sendmail("vera@home.example", ["portal@acme.example"], mail(1))
    assert told.value.smtp_code == 451


def test_a_database_that_was_started_again_delays_no_mail(tmp_path: Path) -> None:
    path, ((since,),) = str(tmp_path / "lmtp.sock"), run("select clock_timestamp()")
    with _listening(path), smtplib.LMTP(path) as client:
        for number in range(2 * lmtp.AT_A_TIME):  # each thread has its connection by now
            client.sendmail("vera@home.example", ["portal@acme.example"], mail(number))
        theirs = "usename = current_user and backend_start > %s"  # the tests' own worker keeps its connections
        assert run(f"select pg_terminate_backend(pid) from pg_stat_activity where {theirs}", [since])
        for number in range(10, 10 + 2 * lmtp.AT_A_TIME):
            client.sendmail("vera@home.example", ["portal@acme.example"], mail(number))
    assert KeptMail.objects.count() == 4 * lmtp.AT_A_TIME


def test_a_mail_beyond_the_cap_is_refused_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lmtp, "MOST_BYTES", 10_000)
    path = str(tmp_path / "lmtp.sock")
    with _listening(path), smtplib.LMTP(path) as client, pytest.raises(smtplib.SMTPException) as told:
        client.sendmail("vera@home.example", ["portal@acme.example"], mail(1, body="x\r\n" * 9_000))
    assert "552" in str(told.value)
    assert KeptMail.objects.count() == 0


def test_one_commit_keeps_what_came_together_each_mail_once() -> None:
    intake.keep(mail(1), way="imap", at_utc=now())
    kept = intake.keep_all([mail(1), mail(2), mail(3), mail(2)], way="lmtp", at_utc=now())
    assert [found is not None for found in kept] == [False, True, True, False]
    assert [intake.open_raw(found) for found in kept if found] == [mail(2), mail(3)]
    assert run("select count(distinct xmin::text) from kept_mail where way = 'lmtp'") == [(1,)]
    assert stored.count() == KeptMail.objects.count() == 3


def test_a_mail_that_cant_be_kept_takes_no_other_along(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_all = intake.keep_all
    monkeypatch.setattr(intake, "keep_all", lambda mails, **of: _fail() if mail(2) in mails else keep_all(mails, **of))
    assert lmtp.keep([mail(1), mail(2), mail(3)]) == [lmtp.TAKEN, lmtp.LATER, lmtp.TAKEN]
    assert {intake.open_raw(kept) for kept in KeptMail.objects.all()} == {mail(1), mail(3)}


class _listening:
    def __init__(self, path: str) -> None:
        self.path, self.stopped, self.begun = path, threading.Event(), threading.Event()
        self.thread = threading.Thread(target=asyncio.run, args=(self._serve(),))

    async def _serve(self) -> None:
        with lmtp.Keepers() as keepers:
            async with await lmtp.listen(self.path, keepers):
                self.begun.set()
                await asyncio.to_thread(self.stopped.wait)

    def __enter__(self) -> None:
        self.thread.start()
        self.begun.wait(10)

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join(10)
