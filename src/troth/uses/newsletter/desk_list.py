"""The console's list of issues and notices: those to be worked on first, narrowed by subject, topic and state."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from troth.desk.lists import keys
from troth.desk.staff import staff_only, user_of
from troth.text import code, read_search
from troth.uses.newsletter import report
from troth.uses.newsletter.issues import State
from troth.uses.newsletter.mailings import NEWS, NOTICES, Mailing, list_mailings
from troth.uses.newsletter.models import Issue
from troth.uses.newsletter.topics import title_of
from troth.wording import Words

ROWS_A_PAGE = 50
STATES: Mapping[str, Words] = {
    State.DRAFT: gettext_lazy("draft"),
    State.REVIEW: gettext_lazy("waiting for approval"),
    State.SCHEDULED: gettext_lazy("scheduled"),
    State.SENDING: gettext_lazy("sending"),
    State.STOPPED: gettext_lazy("stopped"),
    State.SENT: gettext_lazy("sent"),
}
_WORK_FIRST = (State.SENDING, State.STOPPED, State.REVIEW, State.SCHEDULED, State.DRAFT, State.SENT)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def issues_list(request: HttpRequest) -> HttpResponse:
    """All issues and notices that the user may write, or those that are looked for."""
    mailings = find_mailings(request)
    if request.method == "POST" and (again := keys.change(request)):
        return again
    asked = {name: read_search(request.GET.get(name, "")) for name in ("q", "topic", "state")}
    page = Paginator(_find(mailings, asked), ROWS_A_PAGE).get_page(code(request.GET.get("page", "")))
    # Until the report is final, its figures are counted: a few issues of the last days.
    figures = [each.figures or (report.count(each) if each.begun_utc else {}) for each in page]
    shown = {
        "rows": [(issue, title_of(issue.topic, issue.purpose), of) for issue, of in zip(page, figures, strict=True)],
        "page": page,
        "paging": f"{urlencode(given)}&" if (given := {name: value for name, value in asked.items() if value}) else "",
        "asked": asked,
        "filtered": bool(given),
        "topics": {each.id: each.title for mailing in mailings for each in mailing.topics()},
        "states": STATES,
        "mailings": mailings,
        "news": NEWS in mailings,
        "installations": NOTICES in mailings,
        **keys.describe(request, address=request.get_full_path()),
    }
    return render(request, "newsletter/issues.html", shown)


def find_mailings(request: HttpRequest) -> list[Mailing]:
    """What the user may write; 404 for those who may write nothing to many."""
    found = list_mailings(user_of(request))
    if not found:
        raise Http404("Newsletters and notices are for the staff whom the policy names for them.")
    return found


def _find(mailings: Sequence[Mailing], asked: Mapping[str, str]) -> QuerySet[Issue]:
    places = (When(state=state, then=Value(place)) for place, state in enumerate(_WORK_FIRST))
    found = Issue.objects.filter(purpose__in=[each.purpose for each in mailings])
    for word in asked["q"].split():
        found = found.filter(subject__icontains=word)
    for name in ("topic", "state"):
        found = found.filter(**{name: asked[name]}) if asked[name] else found
    place = Case(*places, output_field=IntegerField())
    return found.order_by(place, F("begun_utc").desc(nulls_last=True), F("scheduled_utc").asc(), "-saved_utc", "pk")
