"""The console's inbox: email that nobody could read or place. Nothing of its content is shown before someone asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from troth import gate
from troth.cases.thread.hiding import hide_secrets
from troth.collection.forms import normalize
from troth.collection.forms.uploads import has_room
from troth.collection.mailbox import actions, intake, routing, sandbox
from troth.collection.mailbox.forwards import find_original
from troth.collection.mailbox.models import KeptMail
from troth.collection.mailbox.parsed import ParsedMail
from troth.collection.mailbox.received import MailKind
from troth.desk import unblocking
from troth.desk.lists import keys
from troth.desk.lists.filters import choose_filter
from troth.desk.staff import OPERATE, may, reads_mail, staff_only, user_of
from troth.files import NoSuchFile
from troth.headers import NOTHING_LOADED, make_private, save_as
from troth.inbox import answered, done, original, whole, words
from troth.outbox import suppression
from troth.seal import CannotOpen
from troth.security import acts
from troth.text import code, name
from troth.wording import Words
from troth.words import promises

ROWS_A_PAGE = 25
_REPORTS = (MailKind.BOUNCE, MailKind.COMPLAINT)
STATES: Mapping[str, tuple[object, Q]] = {
    "attention": (gettext_lazy("Needs attention"), Q(state__in=KeptMail.WORK)),
    "spam": (gettext_lazy("Spam"), Q(state=KeptMail.ASIDE)),
    "automatic": (gettext_lazy("Automatic email"), actions.IS_AUTOMATIC),
    "discarded": (gettext_lazy("Discarded"), Q(state=KeptMail.DISCARDED)),
    "reports": (gettext_lazy("Delivery reports"), Q(state=KeptMail.DONE, kind__in=_REPORTS)),
}
"""Mails of nobody. Of what was dealt with, those that no room took are of use to staff."""
_MOST_SHOWN = 20_000


@dataclass(frozen=True)
class InboxLine:
    """One row: what it is and why it is here; nothing of what it says."""

    id: UUID
    received_utc: datetime
    kind: object
    why: object
    state: str
    size: int
    code: str = ""


def tell_work(request: HttpRequest) -> Mapping[str, object] | None:
    """For the first page of those who operate the site: why no email comes in, and that no file can be stored."""
    if not may(user_of(request), OPERATE):
        return None
    found = {"problems": _list_problems(), "full": not has_room()}
    return found if any(found.values()) else None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_list(request: HttpRequest) -> HttpResponse:
    """What nobody placed; POST sets whether single letters act."""
    _readers_only(request)
    if request.method == "POST" and (again := keys.change(request)):
        return again
    chosen = choose_filter(request.GET, "state", {id: title for id, (title, _states) in STATES.items()}) or "attention"
    found = _list_mails(STATES[chosen][1]).order_by("-received_utc")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": [_line(mail) for mail in page.object_list],
        "page": page,
        "states": [(id, title, _list_mails(which).count()) for id, (title, which) in STATES.items()],
        "problems": _list_problems(),
        "chosen": chosen,
        "time": promises.in_words(actions.keeps_for(actions.UNMATCHED)),
        "unsearched": True,
        **keys.describe(request, address=request.get_full_path()),
    }
    return render(request, "inbox/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_mail(request: HttpRequest, id: UUID) -> HttpResponse:
    if (theirs := KeptMail.objects.filter(pk=id).exclude(person=None).first()) is not None:
        return _show_whole(request, theirs)
    _readers_only(request)
    mail = get_object_or_404(_list_mails(reduce(or_, (which for _title, which in STATES.values()))), pk=id)
    if request.method != "POST":
        return _show(request, mail)
    act = _ACTS.get(code(request.POST.get("do", "")))
    if act is None:
        return _show(request, mail, error=_("That action isn’t available here."), status=400)
    return act(request, mail, who=user_of(request).who, at_utc=timezone.now())


def _show_whole(request: HttpRequest, mail: KeptMail) -> HttpResponse:
    """The email that is a message of a request, as a whole, for who has just read that request."""
    case = whole.find_read(request, mail)
    if case is None:
        raise Http404("It belongs to a request that was not read in this session.")
    context: dict[str, Any] = {"case": case, "back": whole.find_address(case)}
    if (read := _READS.get(code(request.POST.get("do", "")))) is None:
        return _show(request, mail, **context)
    return read(request, mail, who=user_of(request).who, at_utc=timezone.now(), **context)


def _list_problems() -> list[Words]:
    """Why folders can't be read now, or a listener answers nobody."""
    return [words.PROBLEMS.get(each, words.OUR_PROBLEM) for each in actions.list_problems()]


def _list_mails(which: Q) -> "QuerySet[KeptMail]":
    return KeptMail.objects.filter(which, person=None)


def _act(request: HttpRequest, mail: KeptMail, what: str, act: Callable[[], object]) -> HttpResponse:
    """Takes  what: how the list says what was done."""
    try:
        act()
    except actions.NotThere:
        gone = _("Someone else has already done something with this email. Go back to the list.")
        return _show(request, mail, error=gone, status=409)
    return done.lead_on(request, what, mail, at_utc=timezone.now())


def _read_again(request: HttpRequest, mail: KeptMail, *, who: str, at_utc: datetime) -> HttpResponse:
    return _act(request, mail, done.READ, partial(actions.read_again, mail.pk, who=who, at_utc=at_utc))


def _discard(request: HttpRequest, mail: KeptMail, *, who: str, at_utc: datetime) -> HttpResponse:
    return _act(request, mail, done.DISCARDED, partial(actions.discard, mail.pk, who=who, at_utc=at_utc))


def _unblock(request: HttpRequest, mail: KeptMail, *, who: str, at_utc: datetime) -> HttpResponse:
    found = suppression.find_known_from(mail.pk)
    if found is None:
        return _show(request, mail, error=_("This address isn’t blocked."), status=409)
    return unblocking.take(request, found, back="/console/inbox/?state=reports", do="unblock")


def _create(request: HttpRequest, mail: KeptMail, *, who: str, at_utc: datetime) -> HttpResponse:
    """A request of its sender's; of what a colleague passed on, of whom the form names."""
    sender = None
    if mail.why == routing.FORWARDED:
        try:
            address = normalize.email(request.POST.get("address", ""), mailed=False)
            sender = (name(request.POST.get("name", ""), most=100), address)
        except normalize.CannotRead as problem:
            return _show_content(request, mail, who=who, at_utc=at_utc, wrong=str(problem))
    create = partial(actions.take_as_new, mail.pk, who=who, at_utc=at_utc, sender=sender)
    answer = _act(request, mail, done.TAKEN, create)
    mail.refresh_from_db()
    if mail.state in KeptMail.WORK:
        return _show(request, mail, error=_("No request could be created from this email."), status=409)
    return answer


def _add(request: HttpRequest, mail: KeptMail, *, who: str, at_utc: datetime) -> HttpResponse:
    """To the request that it answers, whose page says what was added and by whom."""
    try:
        add = partial(actions.add_to_request, mail.pk, who=who, at_utc=at_utc)
        answer = _act(request, mail, done.TAKEN, add)
    except gate.Refusal as refused:
        return _show(request, mail, error=str(refused), status=403)
    mail.refresh_from_db()
    if mail.state in KeptMail.WORK:
        return _show(request, mail, error=_("The request that it answers takes no more email."), status=409)
    return answered.lead_to(mail) or answer


def _show_content(
    request: HttpRequest, mail: KeptMail, *, who: str, at_utc: datetime, wrong: str = "", **more: Any
) -> HttpResponse:
    """What it says, read for this page; that it was opened is in the activity log."""
    raw = _open(mail, who=who, at_utc=at_utc)
    if raw is None:
        return _show(request, mail, error=str(words.explain("gone")), status=503, **more)
    try:
        parsed = sandbox.read(raw, with_page=True)
    except sandbox.Unreadable as refused:
        return _show(request, mail, error=str(words.explain(refused.code)), **more)
    left_out = [words.LEFT_OUT[what] for what in parsed.left_out if what in words.LEFT_OUT]
    text = f"{parsed.text}{parsed.quoted}"
    proposed = find_original(parsed.subject, text) if mail.why == routing.FORWARDED else None
    status = 400 if wrong else 200
    return _show(
        request,
        mail,
        status=status,
        read=parsed,
        text=hide_secrets(text[:_MOST_SHOWN]),
        left_out=left_out,
        proposed=proposed,
        wrong=wrong,
        answered=_describe_answered(mail, parsed, request),
        **more,
    )


def _describe_answered(mail: KeptMail, parsed: ParsedMail, request: HttpRequest) -> answered.AnsweredLine | None:
    waits = mail.kind == MailKind.REPLY and actions.is_open(mail)
    return answered.describe(parsed, user_of(request)) if waits else None


def _show_page(request: HttpRequest, mail: KeptMail, *, who: str, at_utc: datetime, **more: Any) -> HttpResponse:
    """The mail as its sender laid it out: nothing of it is loaded from elsewhere, runs, or reaches our pages."""
    raw = _open(mail, who=who, at_utc=at_utc)
    try:
        html = hide_secrets(sandbox.read(raw, with_page=True).html) if raw is not None else ""
    except sandbox.Unreadable:
        html = ""
    if not html:
        error = _("This email has no formatted page. Show its text instead.")
        return _show(request, mail, error=error, status=404, **more)
    head = '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    response = make_private(HttpResponse(f"{head}<title>{_('Email')}</title></head><body>{html}</body></html>"))
    response.headers["Content-Security-Policy"] = f"sandbox; {NOTHING_LOADED}"
    return response


def _download(request: HttpRequest, mail: KeptMail, *, who: str, at_utc: datetime, **more: Any) -> HttpResponse:
    raw = _open(mail, who=who, at_utc=at_utc)
    if raw is None:
        return _show(request, mail, error=str(words.explain("gone")), status=503, **more)
    if original.is_refused(request, raw):
        return _show(request, mail, error=str(words.PRIVATE_LINKS), status=403, **more)
    return save_as(HttpResponse(raw, content_type="application/octet-stream"), f"email-{mail.pk}.eml")


def _open(mail: KeptMail, *, who: str, at_utc: datetime) -> bytes | None:
    acts.record(who, actions.OPENED, about=f"mail {mail.pk}", at_utc=at_utc)
    try:
        return intake.open_raw(mail)
    except (NoSuchFile, CannotOpen):
        return None


def _show(request: HttpRequest, mail: KeptMail, *, error: str = "", status: int = 200, **more: Any) -> HttpResponse:
    blocked = mail.kind in _REPORTS and suppression.find_known_from(mail.pk) is not None
    context = {"line": _line(mail), "open": actions.is_open(mail), "blocked": blocked, "error": error, **more}
    return render(request, "inbox/mail.html", context, status=status)


def _line(mail: KeptMail) -> InboxLine:
    why = words.explain(mail.why) if mail.why else words.ANSWERED_BY_NOBODY.get(mail.kind, "")
    return InboxLine(
        mail.pk, mail.received_utc, words.KINDS.get(mail.kind, mail.kind), why, mail.state, mail.size, mail.why
    )


def _readers_only(request: HttpRequest) -> None:
    if not reads_mail(user_of(request)):
        raise Http404("Email is for the staff whom the policy names for it.")


_READS: Mapping[str, Callable[..., HttpResponse]] = {
    "show": _show_content,
    "page": _show_page,
    "original": _download,
}
_ACTS: Mapping[str, Callable[..., HttpResponse]] = {
    **_READS,
    "unblock": _unblock,
    "add": _add,
    "again": _read_again,
    "question": _create,
    "discard": _discard,
}
"""What a button asks for → what it does."""
