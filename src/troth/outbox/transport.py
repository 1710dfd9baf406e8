"""Where letters go: a mail server by SMTP, or on the demo site a local folder and never the network."""

import os
import smtplib
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from django.conf import settings


class NotTaken(Exception):
    """The letter was not taken over; it can be tried again."""


def folder() -> Path:
    """Where the demo site's letters lie, one file each."""
    return Path(settings.TROTH_VAR) / "outbox"


def hand_over(message: EmailMessage, letter: UUID) -> None:
    """Raises NotTaken."""
    try:
        _write(message, letter) if settings.TROTH_DEMO else _send(message)
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken(f"{type(error).__name__}: the letter was not taken over") from error


def _write(message: EmailMessage, letter: UUID) -> None:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = folder() / f"{letter}.eml"
    part = whole.with_suffix(".part")
    part.write_bytes(message.as_bytes())
    os.replace(part, whole)


def _send(message: EmailMessage) -> None:
    with smtplib.SMTP(settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT, timeout=30) as server:
        server.send_message(message)
