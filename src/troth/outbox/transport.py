"""Sending email: by SMTP, or on a demo site into a local folder and never over the network."""

import os
import re
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from django.conf import settings

_WITHIN_SECONDS = 30
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
"""Source: RFC 3463, enhanced status codes."""


class NotTaken(Exception):
    """The mail server did not accept the email.

    `code` says why and holds nothing of the server's own words,
    which name the address: "smtp 550 5.1.1", "no connection", …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(NotTaken):
    """The server may accept it later: 4xx, or it couldn't be reached."""


class NotEntered(Exception):
    """We can't use the mail server with these settings, which is for us to fix; no email was involved."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class RefusedForGood(NotTaken):
    """The server will never accept this email: 5xx, or the address needs what it can't do."""


def folder() -> Path:
    """Where the demo site's emails lie, one file each."""
    return Path(settings.TROTH_VAR) / "outbox"


def hand_over(message: EmailMessage, email: UUID) -> None:
    """Raises TryLater, RefusedForGood."""
    try:
        _write(message, email) if settings.TROTH_DEMO else _send(message)
    except NotEntered as error:
        raise TryLater(error.code) from error
    except smtplib.SMTPNotSupportedError as error:
        raise RefusedForGood("not supported") from error
    except (OSError, smtplib.SMTPException) as error:
        raise _refusal(error) from error


def _refusal(error: OSError | smtplib.SMTPException) -> NotTaken:
    """What the server answered about this email counts; what it says of ourselves, before, may be repaired."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _read_answer(code, said)
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return TryLater(_code(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPResponseException):
        return _read_answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return TryLater("timed out")
    return TryLater("disconnected" if isinstance(error, smtplib.SMTPException) else "no connection")


def _read_answer(code: int, said: bytes | str) -> NotTaken:
    refusal = RefusedForGood if 500 <= code < 600 else TryLater
    return refusal(_code(code, said))


def _code(code: int, said: bytes | str) -> str:
    words = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
    status = _STATUS.search(words)
    return f"smtp {code} {status[0]}" if status else f"smtp {code}"


def _write(message: EmailMessage, email: UUID) -> None:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = folder() / f"{email}.eml"
    part = whole.with_suffix(".part")
    part.write_bytes(message.as_bytes())
    os.replace(part, whole)


def connect() -> smtplib.SMTP:
    """A connection to the mail server, encrypted and signed in as the settings say; its certificate is verified.

    Raises  NotEntered, SMTPException, OSError."""
    trusted = ssl.create_default_context()
    try:
        server = _open(trusted)
    except ssl.SSLError as error:
        raise NotEntered("no encryption", _tls_problem(error)) from error
    try:
        _sign_in(server)
    except BaseException:
        server.close()
        raise
    return server


def _open(trusted: ssl.SSLContext) -> smtplib.SMTP:
    where = settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT
    if settings.TROTH_SMTP_TLS == "tls":
        return smtplib.SMTP_SSL(*where, timeout=_WITHIN_SECONDS, context=trusted)
    server = smtplib.SMTP(*where, timeout=_WITHIN_SECONDS)
    try:
        if settings.TROTH_SMTP_TLS == "starttls":
            _encrypt(server, trusted)
    except BaseException:
        server.close()
        raise
    return server


def _encrypt(server: smtplib.SMTP, trusted: ssl.SSLContext) -> None:
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("starttls"):
        raise NotEntered("no encryption", "The mail server doesn't offer STARTTLS.")
    server.starttls(context=trusted)


def _sign_in(server: smtplib.SMTP) -> None:
    user, file = settings.TROTH_SMTP_USER, settings.TROTH_SMTP_PASSWORD_FILE
    if not user or file is None:
        return
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("auth"):
        raise NotEntered("no sign-in", "The mail server doesn't offer signing in, but TROTH_SMTP_USER is set.")
    try:
        server.login(user, file.read_text(encoding="utf-8").strip())
    except smtplib.SMTPAuthenticationError as error:
        raise NotEntered("no sign-in", f"The mail server refused the password ({error.smtp_code}).") from error
    except smtplib.SMTPException:
        raise
    except (OSError, ValueError) as error:
        raise NotEntered("no sign-in", f"Can't read the password of TROTH_SMTP_USER: {error}.") from error


def _tls_problem(error: ssl.SSLError) -> str:
    reason = getattr(error, "verify_message", "") or error.reason or "no TLS"
    return f"The connection to the mail server can't be encrypted: {reason}."


def _send(message: EmailMessage) -> None:
    with connect() as server:
        server.send_message(message)
