"""The console's board of emails: counts, lists, one opened beside its list, and acts on one or many."""

from collections.abc import Mapping
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth import gate, in_force
from troth.deliveries import blocked, counting, listing, opened, words
from troth.deliveries.acts import ACTS
from troth.desk import exporting, notices, reading, unblocking
from troth.desk.acts import undoing
from troth.desk.acts.act import ActResult, tell_unavailable
from troth.desk.acts.form import form_of
from troth.desk.lists import bulk, keys
from troth.desk.lists.filters import choose_filter
from troth.desk.lists.neighbors import list_picked
from troth.desk.staff import OPERATE, may, reads_mail, staff_only, user_of
from troth.desk.turns import in_turn
from troth.headers import see_other
from troth.outbox import board, naming, pauses, showing, suppression, turns
from troth.outbox.emails import MailLane
from troth.outbox.models import MailHold, QueuedEmail
from troth.security import acts
from troth.security.models import User
from troth.text import code

ROWS_A_PAGE = 25
EXPORTED, HOLD_RELEASED = "emails", "email released after a restore"


def operates(user: User) -> bool:
    """Who sees the board: those who also see failed jobs."""
    return may(user, OPERATE)


def tell_outage(request: HttpRequest) -> Mapping[str, object] | None:
    """For the same page, above all work: since when our mail server takes no email, and of which lanes."""
    paused = pauses.list_everywhere() if operates(user_of(request)) else []
    titles = [str(naming.LANES[pause.lane][0]) for pause in paused if pause.lane in naming.LANES]
    return {"since": paused[0].since_utc, "lanes": titles} if paused else None


def tell_stopped(request: HttpRequest) -> Mapping[str, object] | None:
    """For the console's first page: how many emails someone has to look at."""
    stopped = listing.choose_rows(QueryDict(), now=timezone.now()).count() if operates(user_of(request)) else 0
    return {"stopped": stopped} if stopped else None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_board(request: HttpRequest) -> HttpResponse:
    """Lanes, the list that the filters ask for, and why emails failed; POST sets whether single letters act."""
    _operators_only(request)
    if request.method == "POST" and (again := keys.change(request)):
        return again
    return _show(request, {})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_email(request: HttpRequest, id: UUID) -> HttpResponseBase:
    """One email beside its list; POST reads what is in it, or does one of its acts."""
    _operators_only(request)
    email = get_object_or_404(QueuedEmail, pk=id)
    if request.method != "POST":
        return _show_opened(request, email)
    if request.POST.get("do") == "read":
        return _read(request, email)
    act = next((each for each in ACTS if each.do == code(request.POST.get("do", ""))), None)
    if act is None or not act.shown(email):
        return _show_opened(request, email, error=tell_unavailable(), status=409)
    if act.asks(request, email):
        effect = act.effect(email, {}) if act.effect else ""
        context = {"act": act, "effect": effect, "opened": listing.make_line(email)}
        return render(request, "deliveries/confirm.html", context)
    with in_turn(email.pk):
        email.refresh_from_db()
        result = act.carry_out(request, email)
    if result.errors:
        return _show_opened(request, email, result=result, status=409)
    return notices.say(request, act.told, page=undoing.find_page(request))


@require_safe
@staff_only
def show_html(request: HttpRequest, id: UUID) -> HttpResponse:
    """How its reader sees it; with values only while they are being read."""
    _operators_only(request)
    email = get_object_or_404(QueuedEmail, pk=id)
    shown, problem = board.preview(email, opened.reread(request, email))
    if shown is None:
        raise Http404(problem)
    return showing.show_html(shown.html)


@require_POST
@staff_only
def change_many(request: HttpRequest) -> HttpResponse:
    _operators_only(request)
    return bulk.take(request, listing.many_emails(now=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_run(request: HttpRequest, run: UUID) -> HttpResponse:
    _operators_only(request)
    return bulk.show_run(request, listing.many_emails(now=timezone.now()), run)


@require_POST
@staff_only
def try_lane(request: HttpRequest, lane: str) -> HttpResponse:
    """The lane asks our mail server at once; `all` stands for every lane that waits."""
    _operators_only(request)
    if not board.ask_again(lane, who=user_of(request).who, at_utc=timezone.now()) and lane != "all":
        raise Http404("This lane doesn’t wait.")
    said = _("We’re trying our mail server again now. If it still refuses our email, that shows here soon.")
    return notices.say(request, said, page=listing.ADDRESS)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def release(request: HttpRequest) -> HttpResponse:
    """Email goes on after a restore, once someone said so on a page that names what leaves and what stays."""
    _operators_only(request)
    hold = MailHold.current()
    if hold is None:
        return see_other(listing.ADDRESS)
    if request.method != "POST" or request.POST.get("sure") != "yes":
        return render(request, "deliveries/release.html", {"hold": hold, "figures": counting.count_held(hold)})
    who, now = user_of(request).who, timezone.now()
    with transaction.atomic():
        emails = gate.release_after_restore(who=who, at_utc=now)
        acts.record(who, HOLD_RELEASED, about="emails", at_utc=now, words=str(len(emails)))
        for lane in MailLane:
            turns.wake(lane)
    said = ngettext("You released %(number)d email.", "You released %(number)d emails.", len(emails))
    then = _("Email leaves again. What was queued before the restore stays held until you release it here.")
    return notices.say(request, said % {"number": len(emails)}, then=then, page=listing.ADDRESS)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_blocked(request: HttpRequest) -> HttpResponse:
    """The addresses that we write to no more; POST finds one by the exact address."""
    _operators_only(request)
    problem = ""
    if request.method == "POST":
        href, problem = blocked.find_wanted(request.POST)
        if href:
            return see_other(href)
    page = Paginator(blocked.choose_rows(request.GET), ROWS_A_PAGE).get_page(request.GET.get("page"))
    filters = listing.filters_in(request.GET)
    context = {
        "page": page,
        "lines": blocked.make_lines(list(page.object_list)),
        "whys": unblocking.WHYS,
        "asked": request.GET,
        "query": f"{filters}&" if filters else "",
        "problem": problem,
        "reads_mail": reads_mail(user_of(request)),
    }
    return render(request, "deliveries/blocked.html", context, status=400 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def unblock(request: HttpRequest, mark: str) -> HttpResponse:
    """What unblocking the address means; POST does it, for the reason that the activity log shows."""
    _operators_only(request)
    try:
        found = suppression.find_by_mark(bytes.fromhex(mark))
    except ValueError:
        found = None
    if found is None:
        raise Http404("No such address is blocked.")
    return unblocking.take(request, found, back=blocked.ADDRESS)


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV; no column names a person."""
    _operators_only(request)
    found = listing.choose_rows(request.GET, now=timezone.now())
    lines = (listing.make_line(email) for email in found.iterator())
    rows = ([line.about, line.to, line.state, line.lane, exporting.write_time(line.at_utc)] for line in lines)
    titles = (_("Email"), _("To"), _("State"), _("Lane"), exporting.name_time(_("When")))
    return exporting.as_csv(request, EXPORTED, titles, rows)


def _read(request: HttpRequest, email: QueuedEmail) -> HttpResponse:
    """What is in it, for the reason that the person's history shows from then on."""
    if not opened.may_read(user_of(request), email):
        return _show_opened(request, email, status=403)
    try:
        reason = reading.reason_in(request.POST)
    except reading.NoReason as problem:
        return _show_opened(request, email, more={"no_reason": str(problem)}, status=400)
    if refused := opened.read_values(request, email, reason):
        return _show_opened(request, email, more={"refused": naming.explain(refused)}, status=403)
    return see_other(request.get_full_path())


def _show_opened(
    request: HttpRequest,
    email: QueuedEmail,
    *,
    result: ActResult | None = None,
    error: str = "",
    more: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = [act for act in ACTS if act.shown(email)]
    context = {
        "opened": opened.open_email(request, email),
        "forms": [form_of(act, email, result, request) for act in shown],
        "error": error or (result.errors.get("", "") if result else ""),
        "section": in_force.policy().section_of(email.purpose),
        **(more or {}),
    }
    return _show(request, context, status=status)


def _show(request: HttpRequest, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    board = counting.count_board(now=now, all_domains=request.GET.get("domains") == "all")
    pages = Paginator(listing.choose_rows(request.GET, now=now), ROWS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    query = listing.filters_in(request.GET)
    shown = {
        "now": now,
        "hold": MailHold.current(),
        "board": board,
        "views": [
            {"id": view, "title": title, "number": board.views[view]} for view, (title, _q) in listing.VIEWS.items()
        ],
        "page": page,
        "lines": [listing.make_line(email) for email in page.object_list],
        "asked": request.GET,
        "view": choose_filter(request.GET, "state", listing.VIEWS),
        "lanes": naming.LANES,
        "faults": words.FAULTS,
        "ages": listing.AGES,
        "days": listing.DAYS,
        "filters": query,
        "query": f"{query}&" if query else "",
        "many": sorted(ACTS, key=lambda act: -sum(act.shown(email) for email in page.object_list)),
        "nothing": bulk.tell_refused(request),
        "picked": list_picked(request),
        "narrowed": _tell_narrowed(request),
        "keys": keys.describe(request, address=f"{listing.ADDRESS}?{query}"),
        "blocked": suppression.Suppression.objects.count(),
    }
    return render(request, "deliveries/board.html", shown | dict(context), status=status)


def _tell_narrowed(request: HttpRequest) -> str:
    """What the filters without a field of their own narrow it to."""
    why, domain = code(request.GET.get("why", "")), code(request.GET.get("domain", ""))
    found = (
        _("Reason: %(why)s.") % {"why": naming.explain(why)} if why else "",
        _("Domain: %(name)s.") % {"name": domain} if domain else "",
    )
    return " ".join(filter(None, found))


def _operators_only(request: HttpRequest) -> None:
    if not operates(user_of(request)):
        raise Http404("The outbox is for privacy people and administrators.")
