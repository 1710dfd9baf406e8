"""Where emails go: a mail server by SMTP, or on the demo site a local folder and never the network."""

import os
import re
import smtplib
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from django.conf import settings

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
"""Source: RFC 3463, enhanced status codes."""


class NotTaken(Exception):
    """The mail server did not take the email over. `code` says why and holds nothing of the server's own words,
    which name the address: "smtp 550 5.1.1", "no connection", …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(NotTaken):
    """It may take it later: 4xx, or it could not be reached."""


class RefusedForGood(NotTaken):
    """It will never take this email: 5xx, or the address needs what the server cannot do."""


def folder() -> Path:
    """Where the demo site's emails lie, one file each."""
    return Path(settings.TROTH_VAR) / "outbox"


def hand_over(message: EmailMessage, email: UUID) -> None:
    """Raises TryLater, RefusedForGood."""
    try:
        _write(message, email) if settings.TROTH_DEMO else _send(message)
    except smtplib.SMTPNotSupportedError as error:
        raise RefusedForGood("not supported") from error
    except (OSError, smtplib.SMTPException) as error:
        raise _refusal(error) from error


def _refusal(error: OSError | smtplib.SMTPException) -> NotTaken:
    """What the server answered about this email counts; what it says of ourselves, before, may be mended."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _answered(code, said)
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return TryLater(_code(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return TryLater("timed out")
    return TryLater("disconnected" if isinstance(error, smtplib.SMTPException) else "no connection")


def _answered(code: int, said: bytes | str) -> NotTaken:
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


def _send(message: EmailMessage) -> None:
    with smtplib.SMTP(settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT, timeout=30) as server:
        server.send_message(message)
