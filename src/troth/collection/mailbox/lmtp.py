"""Mail that our own mail server hands over by LMTP: we say "taken" once the mail is kept, and never before.

Source  RFC 2033
"""

import asyncio
import logging
import smtplib
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any

from aiosmtpd.lmtp import LMTP
from django.db import OperationalError, transaction

from troth.collection.mailbox import intake
from troth.collection.mailbox.models import MailFolder
from troth.collection.mailbox.parser.caps import MOST_BYTES
from troth.connected import ConnectedThreads

_log = logging.getLogger(__name__)
NAME = "lmtp"
"""Our listener among the folders that are watched."""
_MOST_RECIPIENTS = 100
_WITHIN_SECONDS = 10
AT_A_TIME = 2
"""Threads that keep mail: while one waits for the disk, the other one computes."""
_AT_ONCE = 20
"""Mails that one commit keeps."""
TAKEN, LATER = "250 2.0.0 Taken", "451 4.3.0 We can't keep it now, try again later"
TOO_LARGE = f"552 5.3.4 Too large: at most {MOST_BYTES // 2**20} MB. Send a link to the files instead"


class Keepers:
    """Threads that keep mail; each has a connection to the database for as long as mail comes in.

    What arrived on open connections by the time that a thread is free is kept by one commit."""

    def __init__(self) -> None:
        self._threads = ConnectedThreads(AT_A_TIME)
        self._waiting: SimpleQueue[tuple[bytes, Future[str]]] = SimpleQueue()

    def take(self, mail: bytes) -> "Future[str]":
        """The answer to the mail server, once the mail is kept."""
        answer: Future[str] = Future()
        self._waiting.put((mail, answer))
        self._threads.start(self._keep_waiting)
        return answer

    def __enter__(self) -> "Keepers":
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.__exit__(*error)

    def _keep_waiting(self) -> None:
        """Some of those that wait; none where another thread took them all."""
        mails: list[bytes] = []
        answers: list[Future[str]] = []
        with suppress(Empty):
            while len(mails) < _AT_ONCE:
                mail, answer = self._waiting.get_nowait()
                mails.append(mail)
                answers.append(answer)
        for answer, said in zip(answers, keep(mails), strict=True):
            answer.set_result(said)


class Handler:
    """What a connection asks. Each recipient gets an answer of its own."""

    def __init__(self, keepers: Keepers) -> None:
        self._keepers = keepers

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # aiosmtpd's name
        mail = _add_envelope(bytes(envelope.content), sender=envelope.mail_from or "", to=envelope.rcpt_tos)
        answer = await asyncio.wrap_future(self._keepers.take(mail))
        return "\r\n".join([answer] * max(1, len(envelope.rcpt_tos)))


class _Listener(LMTP):
    """A mail whose lines are longer than mail servers may send is a broken one, and no less kept for that."""

    line_length_limit = MOST_BYTES


async def listen(where: str, keepers: Keepers) -> asyncio.Server:
    """Takes  where: host:port, or the path of a socket."""
    loop = asyncio.get_running_loop()

    def make() -> _Listener:
        return _Listener(
            Handler(keepers), data_size_limit=MOST_BYTES, hostname="localhost", enable_SMTPUTF8=True, ident="LMTP"
        )

    if where.startswith("/"):
        return await loop.create_unix_server(make, where)
    host, _, port = where.rpartition(":")
    return await loop.create_server(make, host, int(port))


def answers(where: str) -> bool:
    """Whether what listens there sends a greeting."""
    host, _, port = ("", "", "0") if where.startswith("/") else where.rpartition(":")
    try:
        with smtplib.LMTP(host or where, int(port), timeout=_WITHIN_SECONDS) as client:
            return client.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def note(*, problem: str) -> None:
    """Whether mail can be handed over now; when it last could stays."""
    told = {"problem": problem} if problem else {"problem": "", "looked_utc": datetime.now(UTC)}
    try:
        MailFolder.objects.update_or_create(pk=NAME, defaults=told)
    except Exception:  # the database may be what failed
        _log.warning("Whether mail can be handed over could not be noted.")


def keep(mails: Sequence[bytes]) -> list[str]:
    """The answers to the mail server, once the mails are kept: by one commit, or each by its own where that fails."""
    if len(mails) <= 1:
        return [_keep_one(mail) for mail in mails]
    try:
        _keep(mails)
    except Exception:
        return [_keep_one(mail) for mail in mails]
    return [TAKEN] * len(mails)


def _keep_one(mail: bytes) -> str:
    try:
        _keep([mail])
    except intake.TooLarge:
        return TOO_LARGE
    except Exception:  # the database or the disk: the mail server keeps its own and tries again
        _log.warning("A mail could not be kept; the mail server was told to try again.", exc_info=True)
        transaction.get_connection().close()  # it may be what failed: the next mail gets a new one
        return LATER
    return TAKEN


def _keep(mails: Sequence[bytes]) -> None:
    """Once more by a new connection where the thread's own is one of a database that was started again since."""
    try:
        intake.keep_all(mails, way="lmtp", at_utc=datetime.now(UTC))
    except OperationalError:
        if transaction.get_connection().is_usable():
            raise
        transaction.get_connection().close()
        intake.keep_all(mails, way="lmtp", at_utc=datetime.now(UTC))


def _add_envelope(content: bytes, *, sender: str, to: list[str]) -> bytes:
    """The envelope as headers above the mail, as mail servers write it."""
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {each}" for each in to)]
    clean = ["".join(char for char in line if char.isprintable()) for line in lines]
    return "".join(f"{line}\r\n" for line in clean).encode("utf-8", "surrogateescape") + content
