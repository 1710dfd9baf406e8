"""The demo site's outbox: every email that would have left, readable by the person who tries the demo."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from troth.outbox import showing, transport

_A_PAGE = 25


@dataclass(frozen=True)
class ShownEmail:
    """A delivered email as the demo shows it."""

    id: str
    subject: str
    to: str
    sent: datetime
    text: str


def emails(request: HttpRequest) -> HttpResponse:
    _only_on_the_demo()
    files = sorted(transport.folder().glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    page = Paginator(files, _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox/emails.html", {"page": page, "emails": [read_email(file.stem) for file in page]})


def email(request: HttpRequest, id: UUID) -> HttpResponse:
    _only_on_the_demo()
    return render(request, "outbox/email_shown.html", {"email": read_email(str(id))})


def email_html(request: HttpRequest, id: UUID) -> HttpResponse:
    """The HTML part by itself, its one style sheet allowed by hash and nothing else: no script, form or frame."""
    _only_on_the_demo()
    return showing.show_html(_part(_parse(str(id)), "html"))


def _only_on_the_demo() -> None:
    if not settings.TROTH_DEMO:
        raise Http404


def _parse(id: str) -> EmailMessage:
    try:
        data = (transport.folder() / f"{id}.eml").read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    return message_from_bytes(data, policy=policy.default)  # Our own emails, so the default parser is safe.


def read_email(id: str) -> ShownEmail:
    """An email that left the demo.   Raises  Http404: it hasn't."""
    mail = _parse(id)
    return ShownEmail(id, mail["Subject"], mail["To"], parsedate_to_datetime(mail["Date"]), _part(mail, "plain"))


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body else ""
