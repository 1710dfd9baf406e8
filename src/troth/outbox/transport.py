"""Sending email: by SMTP, or on a demo site into a local folder and never over the network.

with Lines() as lines:                  connections of one lane: kept while it sends, and shared with no other
    lines.hand_over(message, email.id)
"""

import base64
import contextlib
import os
import re
import smtplib
import ssl
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from uuid import UUID

from django.conf import settings

from troth.opening import explain_file_error
from troth.outbox import dkim, faults, returns
from troth.outbox.faults import Fault
from troth.outbox.replies import Whose
from troth.outbox.written import WrittenEmail

_WITHIN_SECONDS = 30
_MOST_A_LINE = 100
"""Emails by one connection: some servers close theirs after so many."""
_SIGNED_IN = 235
_TEXT_FOLLOWS = (354,)
_GOES_ON = ((250,), (250, 251), _TEXT_FOLLOWS)
"""Replies to MAIL, RCPT and DATA of a server that goes on."""
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
"""Source: RFC 3463, enhanced status codes."""


class _Places:
    """So many threads at a time. A semaphore of `threading` is written in Python, and waiting for one costs more."""

    def __init__(self, count: int) -> None:
        self._free: SimpleQueue[None] = SimpleQueue()
        for _each in range(count):
            self._free.put(None)

    def __enter__(self) -> None:
        self._free.get()

    def __exit__(self, *_error: object) -> None:
        self._free.put(None)


_AT_WORK = _Places(os.cpu_count() or 1)
"""As many threads sign at a time: with more, they take turns so often that a signature takes four times as long."""


class NotTaken(Exception):
    """The mail server did not accept the email.

    code        why, without the server's own words, which name the address: "smtp 550 5.1.1", "no connection", …
    fault       whose it is
    everywhere  it was said before a recipient was named, so it concerns every email"""

    address = ""
    """Of the recipient, once one was named."""

    def __init__(self, code: str, fault: Fault, *, everywhere: bool = False) -> None:
        super().__init__(code)
        self.code, self.fault, self.everywhere = code, fault, everywhere


class TryLater(NotTaken):
    """It may take it later: 4xx, or what is wrong is ours to set right."""


class RefusedForGood(NotTaken):
    """It will never take this email, or the address needs what the server cannot do."""


class Unsure(NotTaken):
    """It had the whole email and did not say whether it took it."""


class NotEntered(Exception):
    """We can't use the mail server with these settings, which is for us to fix; no email was involved."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def folder() -> Path:
    """Where the demo site's emails lie, one file each."""
    return Path(settings.TROTH_VAR) / "outbox"


class Lines:
    """The connections of one lane, used by its threads in turn, and closed with it."""

    def __init__(self) -> None:
        self._idle: list[tuple[smtplib.SMTP, int]] = []
        self._lock = threading.Lock()
        self._places = _Places(max(1, settings.TROTH_SMTP_CONNECTIONS))

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_error: object) -> None:
        _quit(*(server for server, _used in self._idle))
        self._idle.clear()

    def hand_over(self, written: WrittenEmail, email: UUID) -> None:
        """Raises TryLater, RefusedForGood, Unsure."""
        if settings.TROTH_DEMO:
            _write(written, email)
            return
        try:
            self._send(written, email)
        except NotEntered as error:
            raise TryLater(error.code, Fault(Whose.US, lasts=False), everywhere=True) from error
        except dkim.NoSigningKey as error:
            raise TryLater("no signing key", Fault(Whose.US, lasts=False), everywhere=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise _refusal(error) from error

    def _send(self, written: WrittenEmail, email: UUID) -> None:
        address, sender = written.address, written.sender
        with _AT_WORK:
            plain = dkim.sign(written.data, domain=sender.rpartition("@")[2], at=int(time.time()))
        with self._places:
            self._give(returns.envelope_sender(email) if returns.has_mailbox() else sender, address, plain)

    def _give(self, sender: str, address: str, plain: bytes) -> None:
        server, used = self._begin(sender, address)
        try:
            _send_text(server, plain)
        except (OSError, smtplib.SMTPServerDisconnected, Unsure):
            server.close()
            raise
        except NotTaken as refusal:
            refusal.address = address
            self._keep(server, used + 1, clean=False)
            raise
        self._keep(server, used + 1)

    def _begin(self, sender: str, address: str) -> tuple[smtplib.SMTP, int]:
        """A connection that waits for the text. One that the server closed meanwhile is replaced."""
        while True:
            server, used = self._take()
            try:
                _name(server, sender, address)
            except smtplib.SMTPServerDisconnected:
                server.close()
                if not used:
                    raise
            except NotTaken as refusal:
                self._keep(server, used + 1, clean=False) if refusal.address else server.close()
                raise
            except BaseException:
                server.close()
                raise
            else:
                return server, used

    def _take(self) -> tuple[smtplib.SMTP, int]:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        server = connect()
        server.ehlo_or_helo_if_needed()
        return server, 0

    def _keep(self, server: smtplib.SMTP, used: int, *, clean: bool = True) -> None:
        if used >= _MOST_A_LINE or not (clean or _is_reset(server)):
            _quit(server)
            return
        with self._lock:
            self._idle.append((server, used))


def _name(server: smtplib.SMTP, sender: str, address: str) -> None:
    """Sender and recipient, and that the text follows. All three at once where the server offers it (RFC 2920)."""
    utf8 = not (sender + address).isascii()
    if utf8 and not server.has_extn("smtputf8"):
        raise RefusedForGood("not supported", Fault(Whose.US))
    options = ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else []
    # Addresses are bare by now; smtplib would parse each once more to find that out.
    commands = (" ".join((f"MAIL FROM:<{sender}>", *options)), f"RCPT TO:<{address}>", "DATA")
    if any(sign in command for command in commands for sign in "\r\n"):
        raise ValueError("An address holds a line break.")  # as smtplib does
    say = _say_at_once if server.has_extn("pipelining") else _say_in_turn
    _read_named(address, *say(server, commands))


def _say_in_turn(server: smtplib.SMTP, commands: Sequence[str]) -> list[tuple[int, bytes]]:
    """The replies to MAIL, RCPT and DATA, up to the first that refuses."""
    replies: list[tuple[int, bytes]] = []
    for command, taken in zip(commands, _GOES_ON, strict=True):
        server.send(f"{command}\r\n".encode())
        replies.append(server.getreply())
        if replies[-1][0] not in taken:
            break
    return replies


def _say_at_once(server: smtplib.SMTP, commands: Sequence[str]) -> list[tuple[int, bytes]]:
    """As `_say_in_turn`, without waiting; fewer replies if the server ended the connection after it refused one."""
    server.send("".join(f"{command}\r\n" for command in commands).encode())
    replies: list[tuple[int, bytes]] = []
    refused = False
    for taken in _GOES_ON:
        try:
            replies.append(server.getreply())
        except smtplib.SMTPServerDisconnected:
            if not refused:
                raise
            return replies
        refused = refused or replies[-1][0] not in taken
    if refused and replies[-1][0] in _TEXT_FOLLOWS:
        server.send(b".\r\n")  # it takes a text for nobody: RFC 2920, 3.1
        server.getreply()
    return replies


def _read_named(address: str, *replies: tuple[int, bytes]) -> None:
    """Raises  NotTaken: the first of these replies, to MAIL, RCPT and DATA, that refuses; it names whose address."""
    for at, (code, said) in enumerate(replies):
        if code not in _GOES_ON[at]:
            refusal = _read_answer(code, said, everywhere=at == 0)
            refusal.address = address if at else ""
            raise refusal


def _send_text(server: smtplib.SMTP, plain: bytes) -> None:
    server.send(plain.replace(b"\r\n.", b"\r\n..").removesuffix(b"\r\n") + b"\r\n.\r\n")  # its head has none first
    try:
        code, said = server.getreply()
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise Unsure("no answer", Fault(Whose.SERVER, lasts=False)) from error
    if code != 250:
        raise _read_answer(code, said)


def _is_reset(server: smtplib.SMTP) -> bool:
    try:
        return server.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _quit(*servers: smtplib.SMTP) -> None:
    """Each gets its QUIT before the first reply is waited for."""
    told = []
    for server in servers:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.putcmd("quit")
            told.append(server)
    for server in told:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.getreply()
    for server in servers:
        server.close()


def _refusal(error: OSError | smtplib.SMTPException) -> NotTaken:
    """What happened before a recipient was named."""
    ours = Fault(Whose.US, lasts=False)
    if isinstance(error, smtplib.SMTPResponseException):
        return TryLater(_code(error.smtp_code, error.smtp_error), ours, everywhere=True)
    if isinstance(error, TimeoutError):
        return TryLater("timed out", ours, everywhere=True)
    return TryLater(
        "disconnected" if isinstance(error, smtplib.SMTPException) else "no connection", ours, everywhere=True
    )


def _read_answer(code: int, said: bytes | str, *, everywhere: bool = False) -> NotTaken:
    """What the server answered about this email. What is ours is never for good: we can set it right."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    status = _STATUS.search(words)
    fault = faults.sort_reply(code, status[0] if status else "", words)
    if everywhere and fault.whose is Whose.ADDRESS:
        fault = Fault(Whose.US, lasts=fault.lasts)  # no address was named but ours
    kind = RefusedForGood if fault.lasts and fault.whose is not Whose.US else TryLater
    return kind(_code(code, words), fault, everywhere=everywhere and fault.whose is Whose.US)


def _code(code: int, said: bytes | str) -> str:
    words = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
    status = _STATUS.search(words)
    return f"smtp {code} {status[0]}" if status else f"smtp {code}"


def _write(written: WrittenEmail, email: UUID) -> None:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = folder() / f"{email}.eml"
    part = whole.with_suffix(".part")
    part.write_bytes(written.data)
    os.replace(part, whole)


def connect() -> smtplib.SMTP:
    """A connection to the mail server, encrypted and signed in as the settings say; its certificate is verified.

    Raises  NotEntered, SMTPException, OSError."""
    try:
        server = _open()
    except ssl.SSLError as error:
        raise NotEntered("no encryption", _tls_problem(error)) from error
    try:
        _sign_in(server)
    except BaseException:
        server.close()
        raise
    return server


def _open() -> smtplib.SMTP:
    where = settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT
    if settings.TROTH_SMTP_TLS == "tls":
        return smtplib.SMTP_SSL(*where, timeout=_WITHIN_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(*where, timeout=_WITHIN_SECONDS)
    try:
        if settings.TROTH_SMTP_TLS == "starttls":
            _encrypt(server)
    except BaseException:
        server.close()
        raise
    return server


def _encrypt(server: smtplib.SMTP) -> None:
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("starttls"):
        raise NotEntered("no encryption", "The mail server doesn't offer STARTTLS.")
    server.starttls(context=ssl.create_default_context())


def _sign_in(server: smtplib.SMTP) -> None:
    user, file = settings.TROTH_SMTP_USER, settings.TROTH_SMTP_PASSWORD_FILE
    if not user or file is None:
        return
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("auth"):
        raise NotEntered("no sign-in", "The mail server doesn't offer signing in, but TROTH_SMTP_USER is set.")
    try:
        _log_in(server, user, file.read_text(encoding="utf-8").strip())
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code < 500:  # it can't look now
            raise
        raise NotEntered("no sign-in", f"The mail server refused the password ({error.smtp_code}).") from error
    except smtplib.SMTPException:
        raise
    except (OSError, ValueError) as error:
        raise NotEntered(
            "no sign-in", f"Can't read the password of TROTH_SMTP_USER: {explain_file_error(error)}."
        ) from error


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """As `login`, which takes ASCII alone; other letters go as UTF-8.   Source  RFC 4616, § 2"""
    if (user + password).isascii():
        server.login(user, password)
        return
    secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, said = server.docmd("AUTH", f"PLAIN {secret}")
    if code != _SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


def _tls_problem(error: ssl.SSLError) -> str:
    reason = getattr(error, "verify_message", "") or error.reason or "no TLS"
    return f"The connection to the mail server can't be encrypted: {reason.rstrip('.')}."
