"""Pages of a version's questions behind an emailed link, hiding its notice, and the feed of versions."""

from datetime import UTC, datetime, time
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth import gate, in_force
from troth.collection.forms import from_our_page
from troth.headers import see_other
from troth.policy import diff
from troth.security import hops, links
from troth.security.models import User
from troth.site import site
from troth.text import CannotRead, code, line
from troth.updates import answering, wording
from troth.words import times

_SAID = {"yes": True, "no": False}


# Exempt from Django's check, which needs a session: the form has the link's own secret.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("accept")
def accept(request: HttpRequest, link: links.Link) -> HttpResponse:
    """Each open question with what a yes and a no mean, and a button for both. Opening it answers nothing."""
    people = answering.list_people(link)
    said, question = code(request.POST.get("do", "")), code(request.POST.get("question", ""))
    answered: list[str] = []
    early: list[str] = []
    ours = request.method != "POST" or from_our_page(request)
    if request.method == "POST" and ours and said in _SAID:
        answered = answering.answer(people, [question], yes=_SAID[said])
        early = answering.answer_early(people, [question], _SAID[said])
    return _show(request, people, "updates/accept.html", answered=answered, early=early, said=said, ours=ours)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("decline")
def decline(request: HttpRequest, link: links.Link) -> HttpResponse:
    """One button that says no to all that is open. It can only ever say no, and says it once."""
    people = answering.list_people(link)
    answered: list[str] = []
    early: list[str] = []
    ours = request.method != "POST" or from_our_page(request)
    if request.method == "POST" and ours and "do" in request.POST:
        names = [each.question for each in gate.find_open(people, at_utc=timezone.now())]
        answered = answering.answer(people, names, yes=False)
        names = [each.question for each in answering.list_early(people)]
        early = answering.answer_early(people, names, False)
    return _show(request, people, "updates/decline.html", answered=answered, early=early, said="no", ours=ours)


@require_POST
def hide_notice(request: HttpRequest) -> HttpResponse:
    """The notice of the version in force, or announced, is hidden from now on, for who is signed in."""
    version, user = in_force.coming().current, request.user
    if isinstance(user, User):
        user.see_policy(version)
    try:
        back = line(request.POST.get("next", ""), most=200)
    except CannotRead:
        back = ""
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return see_other(back if safe else "/")


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """All versions, the announced and the newest first, each with what changed.   Source  RFC 4287"""
    base, law, announced = settings.TROTH_BASE_URL, in_force.coming(), in_force.find_announced()
    made = Atom1Feed(
        title=_("Privacy policy of %(name)s") % {"name": law.policy.short_name},
        link=f"{base}/policy",
        description="",
        feed_url=f"{base}/policy/feed.atom",
        language=law.policy.language,
    )
    adopted = in_force.list_adopted_times()
    for number in sorted(law.versions, reverse=True):
        version, before = law.versions[number], law.versions.get(number - 1)
        dated_utc = datetime.combine(version.effective, time(), tzinfo=site().brand.zone).astimezone(UTC)
        # A version may be dated after the day on which it was put in force; readers can't show what is to come.
        at_utc = min(dated_utc, adopted.get(number, dated_utc))
        changes = diff(before, version, say=_) if before else ()
        title = _("Version %(number)s") % {"number": number}
        if announced and number == announced.policy.version:
            title = times.announce(number, version.effective, date_format(version.effective, "F j, Y"), coming=True)
            at_utc = announced.approved_utc
        made.add_item(
            title=title,
            link=f"{base}/policy/{number}",
            description=" ".join(each.sentence for each in changes if each.class_ != "wording"),
            unique_id=f"urn:sha256:{version.sha256}",
            pubdate=at_utc,
            updateddate=at_utc,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=Atom1Feed.content_type)


def _show(
    request: HttpRequest,
    people: tuple[UUID, ...],
    template: str,
    *,
    answered: list[str],
    early: list[str],
    said: str,
    ours: bool,
) -> HttpResponse:
    law, coming = in_force.law(), in_force.coming()
    found, ahead = gate.find_open(people, at_utc=timezone.now()), answering.list_early(people)
    context = {
        "questions": [(each, wording.describe_question(law, each.question)) for each in found],
        "ahead": [(each, wording.describe_question(coming, each.question)) for each in ahead],
        "effective": coming.policy.effective,
        "answered": [wording.describe_question(law, name) for name in answered],
        "early": [wording.describe_question(coming, name) for name in early],
        "said": said,
        "action": hops.address(request),
        "ours": ours,
    }
    return render(request, template, context, status=200 if ours else 403)
