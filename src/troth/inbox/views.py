"""The demo's way to write to its mailbox: an email as anyone would send it, taken in as from a mail server."""

from collections.abc import Callable, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from functools import partial

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth import in_force, text
from troth.cases.models import Case
from troth.collection import forms
from troth.collection.forms import normalize
from troth.collection.forms.normalize import CannotRead
from troth.collection.mailbox import intake, routing
from troth.collection.mailbox.keeping import PLACE
from troth.collection.mailbox.models import KeptMail
from troth.collection.mailbox.received import MailKind
from troth.inbox import words
from troth.outbox.models import QueuedEmail
from troth.outbox.views import read_email
from troth.site import site
from troth.text import read_id

_FIELDS: Mapping[str, Callable[[str], str]] = {
    "name": partial(text.name, most=100),
    "from": partial(normalize.email, mailed=False),
    "to": text.code,
    "subject": partial(text.line, most=200),
    "text": partial(text.lines, least=1),
}


# Exempt from Django's check, which needs a session: the browser's Origin is in its place, and only a demo has the page.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form, and what happened to the email."""
    if not settings.TROTH_DEMO or PLACE not in in_force.policy().collects:
        raise Http404("Only the demo has a mailbox that one writes to by a form.")
    answers = _read_answers(request)
    context: dict[str, object] = {
        "boxes": _list_boxes(),
        "typed": request.POST if request.method == "POST" or answers is None else _begin_reply(answers),
        "answers": answers,
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "inbox/write.html", context)
    if not forms.from_our_page(request):
        return render(request, "inbox/write.html", context, status=403)
    errors, typed = _check(request)
    if errors:
        return render(request, "inbox/write.html", {**context, "errors": errors}, status=400)
    kept = intake.keep(_write(typed, answers), way="form", at_utc=timezone.now())
    if kept is not None:
        routing.settle(kept.pk, at_utc=timezone.now())
        kept.refresh_from_db()
    return render(request, "inbox/sent.html", _tell(kept))


def _begin_reply(answers: QueuedEmail) -> dict[str, str]:
    """What an email program fills in when someone replies."""
    email = read_email(str(answers.pk))
    name, address = parseaddr(email.to)
    subject = email.subject if email.subject.lower().startswith("re:") else f"Re: {email.subject}"
    return {"name": name, "from": address, "subject": subject}


def _check(request: HttpRequest) -> tuple[dict[str, str], dict[str, str]]:
    """What is wrong, field by field, and what was typed as it is sent."""
    errors, typed = {}, {}
    for field, read in _FIELDS.items():
        try:
            typed[field] = read(request.POST.get(field, ""))
        except CannotRead as problem:
            errors[field] = str(problem)
    return errors, typed


def _write(typed: Mapping[str, str], answers: QueuedEmail | None) -> bytes:
    mail, boxes = EmailMessage(), _list_boxes()
    mail["From"] = str(Address(typed["name"], addr_spec=typed["from"]))
    mail["To"] = typed["to"] if typed["to"] in boxes else boxes[0]
    mail["Subject"] = typed["subject"]
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = make_msgid(domain="demo.example")
    if answers:
        mail["In-Reply-To"] = f"<{answers.pk}@{boxes[0].partition('@')[2]}>"
    mail.set_content(typed["text"])
    return mail.as_bytes()


def _list_boxes() -> list[str]:
    """Our addresses that one may write to: a general one, support's and the privacy address."""
    private = in_force.policy().privacy_email
    return list(dict.fromkeys([f"hello@{private.partition('@')[2]}", site().brand.support_email, private]))


def _read_answers(request: HttpRequest) -> QueuedEmail | None:
    """The email that it answers, if it was opened from one."""
    answered = read_id(request.POST.get("answers") or request.GET.get("answers", ""))
    return QueuedEmail.objects.filter(pk=answered).first() if answered else None


def _tell(kept: KeptMail | None) -> dict[str, object]:
    """What happened to it: a request, a choice, or a line on someone's desk."""
    if kept is None:
        return {"heading": _("We already have this email"), "lead": _("The same email is kept once.")}
    case = Case.objects.filter(pk=kept.request).first() if kept.request else None
    if case is not None and kept.kind == MailKind.REPLY:
        told = _("Your email was added to request %(number)s") % {"number": case.number}
        return {"heading": told, "lead": _("Staff see it in the console, with the messages before it.")}
    if case is not None:
        told = _("Your email became request %(number)s") % {"number": case.number}
        return {"heading": told, "lead": _("Staff see it in the console. The receipt is in the outbox.")}
    if kept.state == KeptMail.DONE and kept.person_id:
        return {"heading": _("You won’t receive marketing email anymore"), "lead": _("Your choice counts right away.")}
    if kept.state == KeptMail.DONE:
        return {"heading": _("Your email was read"), "lead": words.KINDS[kept.kind]}
    return {"heading": _("Your email is with our staff"), "lead": words.explain(kept.why)}
