"""The demo site's outbox: every email that would have left, readable by the person who tries the demo."""

import base64
import hashlib
import re
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

from troth.outbox import transport

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
    files = sorted(transport.folder().glob("*.eml"), reverse=True)
    page = Paginator(files, _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox/emails.html", {"page": page, "emails": [_show(file.stem) for file in page]})


def email(request: HttpRequest, id: UUID) -> HttpResponse:
    _only_on_the_demo()
    return render(request, "outbox/email_shown.html", {"email": _show(str(id))})


def email_html(request: HttpRequest, id: UUID) -> HttpResponse:
    """The HTML part by itself, its one style sheet allowed by hash and nothing else: no script, form or frame."""
    _only_on_the_demo()
    html = _part(_parse(str(id)), "html")
    response = HttpResponse(html)
    hashes = [f"'sha256-{_sha256(style)}'" for style in re.findall(r"<style>(.*?)</style>", html, re.DOTALL)]
    shut = {"default-src": ["'none'"], "style-src": hashes or ["'none'"], "sandbox": [True]}
    response._csp_replace = shut  # type: ignore[attr-defined]
    return response


def _only_on_the_demo() -> None:
    if not settings.TROTH_DEMO:
        raise Http404


def _parse(id: str) -> EmailMessage:
    try:
        data = (transport.folder() / f"{id}.eml").read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    return message_from_bytes(data, policy=policy.default)  # Our own emails, so the default parser is safe.


def _show(id: str) -> ShownEmail:
    mail = _parse(id)
    return ShownEmail(id, mail["Subject"], mail["To"], parsedate_to_datetime(mail["Date"]), _part(mail, "plain"))


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body else ""


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
