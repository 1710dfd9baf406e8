"""Mail that our own mail server hands over by LMTP: we say "taken" once the mail is kept, and never before.

Source  RFC 2033
"""

import asyncio
import logging
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.lmtp import LMTP
from django.db import OperationalError, transaction

from troth.collection.mailbox import intake
from troth.collection.mailbox.models import MailFolder
from troth.collection.mailbox.parser.caps import MOST_BYTES

_log = logging.getLogger(__name__)
NAME = "lmtp"
"""Our listener among the folders that are watched."""
_MOST_RECIPIENTS = 100
_WITHIN_SECONDS = 10
AT_A_TIME = 4
"""Mails that are kept beside each other: each waits for the disk."""
TAKEN, LATER = "250 2.0.0 Taken", "451 4.3.0 We can't keep it now, try again later"
TOO_LARGE = f"552 5.3.4 Too large: at most {MOST_BYTES // 2**20} MB. Send a link to the files instead"


class Keepers:
    """Threads that keep mail; each has a connection to the database for as long as mail comes in."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(AT_A_TIME)
        self._all = threading.Barrier(AT_A_TIME)

    def __enter__(self) -> "Keepers":
        return self

    def __exit__(self, *_error: object) -> None:
        for leaving in [self.threads.submit(self._leave) for _each in range(AT_A_TIME)]:
            leaving.result()
        self.threads.shutdown()

    def _leave(self) -> None:
        self._all.wait()  # so that none leaves for two
        transaction.get_connection().close()


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
        answer = await asyncio.get_running_loop().run_in_executor(self._keepers.threads, keep, mail)
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


def keep(mail: bytes) -> str:
    """The answer to the mail server, once the mail is kept."""
    try:
        _keep(mail)
    except intake.TooLarge:
        return TOO_LARGE
    except Exception:  # the database or the disk: the mail server keeps its own and tries again
        _log.warning("A mail could not be kept; the mail server was told to try again.", exc_info=True)
        transaction.get_connection().close()  # it may be what failed: the next mail gets a new one
        return LATER
    return TAKEN


def _keep(mail: bytes) -> None:
    """Once more by a new connection where the thread's own is one of a database that was started again since."""
    try:
        intake.keep(mail, way="lmtp", at_utc=datetime.now(UTC))
    except OperationalError:
        if transaction.get_connection().is_usable():
            raise
        transaction.get_connection().close()
        intake.keep(mail, way="lmtp", at_utc=datetime.now(UTC))


def _add_envelope(content: bytes, *, sender: str, to: list[str]) -> bytes:
    """The envelope as headers above the mail, as mail servers write it."""
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {each}" for each in to)]
    clean = ["".join(char for char in line if char.isprintable()) for line in lines]
    return "".join(f"{line}\r\n" for line in clean).encode("utf-8", "surrogateescape") + content
