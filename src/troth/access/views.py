"""The history page behind a private link."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth import in_force
from troth.access import actions, story, viewers
from troth.access.consents import consent_receipts
from troth.collection.forms import from_our_page
from troth.notes import NoteProblem
from troth.policy import Policy
from troth.policy.meaning import MARKETING, Law
from troth.records.ledger import LedgerEntry, Past, PastFilter, PastLine, find_start, outline
from troth.records.ledger.checkpoints import LedgerRefused
from troth.security import hops, links
from troth.text import CannotRead, code, day

ENTRIES_A_PAGE = 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Filter:
    """The filters of the history; invalid ones show everything."""

    what: str
    section: str
    kind: str
    first: date | None
    last: date | None

    @classmethod
    def read(cls, query: QueryDict) -> "Filter":
        return cls(
            code(query.get("what", "")),
            code(query.get("section", "")),
            code(query.get("kind", "")),
            _day(query.get("from", "")),
            _day(query.get("to", "")),
        )

    def as_past(self, lines: Iterable[PastLine], policy: Policy) -> PastFilter:
        """The same as the database is asked; `lines`: what occurs in the history."""
        occurring = dict.fromkeys(line.kind for line in lines)
        return PastFilter(
            kinds=[kind for kind in occurring if story.word_of(kind) == self.what] if self.what else None,
            section=self.section,
            unsectioned=MARKETING if self.section and self.section == story.general_section(policy) else "",
            data=self.kind,
            since_utc=_midnight(self.first) if self.first else None,
            until_utc=_midnight(self.last + timedelta(days=1)) if self.last and self.last < date.max else None,
        )


# Exempt from Django's check, which needs a session: the link is the secret, and the browser's Origin is looked at.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("history")
def history(request: HttpRequest, link: links.Link) -> HttpResponse:
    """A person's history. A mailed link first asks for a button press, because mail scanners open links."""
    if actions.is_alike(link):
        return hops.show_gone(request)
    if link.power == links.Link.FULL and not (request.method == "POST" and from_our_page(request)):
        # A button on someone else's page is not theirs: who pressed it cannot be told.
        elsewhere = request.method == "POST"
        context = {"action": hops.address(request), "elsewhere": elsewhere}
        return render(request, "access/confirm.html", context, status=403 if elsewhere else 200)
    return _history(request, link)


@csrf_exempt
@require_POST
@hops.by_link("receipts")
def receipts(request: HttpRequest, link: links.Link) -> HttpResponse:
    """Receipts to keep and to verify without us: of all entries, or of the one that is named."""
    if not from_our_page(request):
        return hops.show_gone(request)
    try:
        file = actions.receipts_of_entries(link, entry=code(request.POST.get("entry", "")))
    except (LedgerRefused, NoteProblem) as refused:
        _log.error("No receipt is given: %s", refused)
        sentence = _(
            "We can’t create a receipt now because the ledger doesn’t verify. We’ve been alerted and are "
            "looking into it."
        )
        return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8")
    if not file:
        sentence = _("The receipt isn’t ready yet. It takes a few seconds: go back and try again.")
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    response = HttpResponse(file, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="receipts.json"'
    return response


@csrf_exempt
@require_POST
@hops.by_link("receipts")
def consents(request: HttpRequest, link: links.Link) -> HttpResponse:
    """Receipts of their choices for other programs: ISO/IEC TS 27560 as JSON-LD."""
    if not from_our_page(request):
        return hops.show_gone(request)
    file = consent_receipts(actions.entries_of(link), in_force.law(), base=str(settings.TROTH_BASE_URL).rstrip("/"))
    if not file:
        sentence = _("You haven’t made any choices yet, so there is no receipt.")
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    response = HttpResponse(file, content_type="application/ld+json")
    response.headers["Content-Disposition"] = 'attachment; filename="choices.jsonld"'
    return response


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger's public keys and its latest checkpoint, for anyone to keep and compare."""
    try:
        return JsonResponse(actions.ledger_published(), json_dumps_params={"indent": 2, "ensure_ascii": False})
    except NoteProblem:
        return JsonResponse({"keys": [], "checkpoint": None}, status=503)


def _history(request: HttpRequest, link: links.Link) -> HttpResponse:
    query = request.POST if link.mailed else request.GET
    here = hops.address(request) if link.mailed else request.path
    held = actions.values_shown(link)  # first, since this look is the newest entry of the history
    lines, law = outline(link.person_id), in_force.law()
    wanted, routine = Filter.read(query), query.get("routine") == "1"
    asked = wanted.as_past(lines, law.versions[law.current])
    page = Paginator(Past(link.person_id, asked, lines=lines), ENTRIES_A_PAGE).get_page(query.get("page"))
    context = {
        "link": link,
        "viewer": viewers.of_link(link) if links.opens(link, "profile") else None,
        "tab": "history",
        "covered": link.power == links.Link.MASKED,
        "method": "post" if link.mailed else "get",
        "action": here,
        "receipts": f"{here}receipts.json",
        "choices": f"{here}choices.jsonld",
        "chose": any(line.kind == "chose" for line in lines),
        "held": held,
        "total": sum(line.entries for line in lines),
        "first": find_start(lines),
        "filter": wanted,
        "page": page,
        "story": _lines(page, link, lines, one_by_one=routine),
        "routine": routine,
        **_choices(lines, law),
    }
    return render(request, "access/history.html", context)


def _lines(
    page: "Page[LedgerEntry]", link: links.Link, lines: Iterable[PastLine], *, one_by_one: bool
) -> list[story.StoryGroup]:
    receipts, full = actions.receipts_of(link, at_utc=timezone.now()), link.power == links.Link.FULL
    told = story.write_story(list(page.object_list), receipts=receipts, confirmed=full, given=story.kinds_given(lines))
    return story.fold(told, one_by_one=one_by_one)


def _choices(lines: Sequence[PastLine], law: Law) -> dict[str, list[tuple[str, str]]]:
    """The options of the filter: only those that occur."""
    occurring = {kind for line in lines for kind in line.data}
    sections: dict[str, str] = {}
    # Newer versions last, so that a section has the title that it has now.
    for line in sorted(lines, key=lambda line: line.version):
        policy = law.versions.get(line.version, law.versions[law.current])
        anchor = story.anchor_of(policy, line.section, line.purpose)
        if anchor:
            sections[anchor] = section.title if (section := policy.section(anchor)) else ""
    return {
        "whats": [(word, word) for word in dict.fromkeys(story.word_of(line.kind) for line in lines)],
        "kinds": [(kind.id, kind.title) for kind in law.versions[law.current].kinds.values() if kind.id in occurring],
        "sections": sorted(sections.items(), key=lambda pair: pair[1]),
    }


def _midnight(day: date) -> datetime:
    """The start of the day by the clock that the page shows."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(text: str) -> date | None:
    try:
        return day(text)
    except CannotRead:
        return None
