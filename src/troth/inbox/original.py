"""The email as it came, to be downloaded. Where it quotes a private link, not by everyone who reads email."""

from django.http import HttpRequest

from troth.cases.thread.hiding import hide_secrets
from troth.collection.mailbox import sandbox
from troth.desk.staff import READ, may, user_of


def is_refused(request: HttpRequest, raw: bytes) -> bool:
    """Whether who has this link could act as its owner, and the user isn't of those who answer privacy requests."""
    return not may(user_of(request), READ) and _has_secrets(raw)


def _has_secrets(raw: bytes) -> bool:
    joined = raw.replace(b"=\r\n", b"").replace(b"=\n", b"")  # links are broken so in quoted-printable
    found = [joined.decode("latin-1")]
    try:
        mail = sandbox.read(raw, with_page=True)
    except sandbox.Unreadable:
        return _hides(found)
    files = [mail.content(each).decode("latin-1") for each in mail.attachments]
    return _hides([*found, mail.text, mail.quoted, mail.html, *files])


def _hides(texts: list[str]) -> bool:
    return any(hide_secrets(text) != text for text in texts)
