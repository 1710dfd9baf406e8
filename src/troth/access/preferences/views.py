"""The preference and unsubscribe pages. Opening them changes nothing, because mail programs open links."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth import gate, in_force
from troth.access import viewers
from troth.access.account.guards import signed_in_only, to
from troth.access.preferences import actions, done, pausing, words
from troth.access.preferences.always import add_uses, find_uses
from troth.access.preferences.models import Pause
from troth.access.preferences.sheet import Sheet, sheet
from troth.access.preferences.telling import Saved
from troth.access.viewers import Viewer
from troth.collection.forms import AlreadySent, from_our_page, known
from troth.collection.forms.nonce import NonceError, check, issue_nonce, spend, with_content
from troth.collection.forms.returning import give_back
from troth.desk import index, notices
from troth.desk.choices import OwnAddress
from troth.desk.done import FIELD, PerformedAct, read
from troth.desk.topics import TopicNote
from troth.headers import make_private
from troth.outbox import QueuedEmail
from troth.policy.meaning import MARKETING, parts_of, topic_question
from troth.policy.phrases import join_words, time_words
from troth.policy.selling import REST
from troth.security import hops, links
from troth.security.models import User
from troth.signals import signals_of
from troth.text import code
from troth.words.choices import ShownChoice

FORM = "access.preferences"
_PRESSED = frozenset({"List-Unsubscribe", "do", "all"})
"""What a mail program's button sends, and what those of the page are called."""


# Exempt from Django's check, which needs a session: the form has its own secret, bound to the link.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("preferences")
def show_by_link(request: HttpRequest, link: links.Link) -> HttpResponse:
    """The page behind a link that may change choices; the same plain page for every link that may not."""
    return answer(request, viewers.of_link(link))


# Exempt from Django's check, which people without a session could not pass: the form's own secret names the session.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def own(request: HttpRequest) -> HttpResponse:
    """The same page by sign-in."""
    viewer = viewers.find_viewer(request)
    if viewer is None:
        raise Http404("Staff have no preferences here.")
    return answer(request, viewer)


def find_own(request: HttpRequest) -> Mapping[str, object]:
    """Whether the general page is read by someone who has a page of their own."""
    user = request.user
    return {"own": isinstance(user, User) and user.person_id is not None}


def answer(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The preference page of a viewer, as it is or after saving."""
    if request.method != "POST" or "do" not in request.POST:
        return _show(request, viewer)
    refused = _find_refusal(request, viewer)
    if refused:
        return _show(request, viewer, error=refused, status=403)
    return _save(request, viewer, _find_address(request, viewer))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("unsubscribe")
def unsubscribe(request: HttpRequest, link: links.Link) -> HttpResponse:
    """One button that opts out, which a mail program's own button can press too. Source: RFC 8058.

    Anyone's page may send this: it can only ever say no, and says it once. A scanner that sends a page's form without
    pressing a button changes nothing."""
    viewer = viewers.of_link(link)
    names = _stopping(link, everything="all" in request.POST)
    pressed = request.method == "POST" and any(name in request.POST for name in _PRESSED)
    if pressed:
        actions.stop(viewer, names, at_utc=timezone.now())
    now = sheet(viewer.people, at_utc=timezone.now())
    context = {
        "stopped": pressed,
        "off": not pressed and all(now.is_off(name) for name in names),
        "what": [words.describe_stop(name) for name in names],
        "section": next((each.section for each in now.choices if each.question == names[0]), "I1"),
        "all_too": MARKETING not in names and now.general is not None and now.general.on,
        "action": hops.address(request),
    }
    return render(request, "access/unsubscribe.html", context)


def _stopping(link: links.Link, *, everything: bool) -> list[str]:
    """The email's topic or purpose if one may opt out of it, else all marketing."""
    email = QueuedEmail.objects.filter(pk=link.request).first() if link.request else None
    purpose = in_force.policy().purposes.get(email.purpose) if email else None
    own: list[str] = []
    if email and purpose and purpose.choice != "none":
        own = [topic_question(purpose.id, email.topic) if email.topic else purpose.id]
    return [*own, MARKETING] if everything or not own else own


def _find_refusal(request: HttpRequest, viewer: Viewer) -> str:
    """Why the form can't be trusted; empty if it can."""
    if not from_our_page(request):
        return _("This form didn’t come from our page, so nothing was changed. Save it again from here.")
    try:
        check(request.POST.get("nonce", ""), form=FORM, session=viewer.bound)
    except NonceError:
        give_back(request)
        return _(
            "This page was opened too long ago or before you signed in, so nothing was changed. What you chose is "
            "still filled in. Check it, then save it again."
        )
    return ""


def _find_address(request: HttpRequest, viewer: Viewer) -> OwnAddress | None:
    """Where someone signed in is asked to confirm what they turn on; the page shows it."""
    account = None if viewer.mailed else known.account(request)
    address = known.self_shown(request).get("email", "") if account is not None else ""
    return OwnAddress(address, account, viewer.bound) if account is not None and address else None


def _save(request: HttpRequest, viewer: Viewer, own: OwnAddress | None) -> HttpResponse:
    """Saves the form and returns the changes. Sending it again by a reload doesn't undo later choices."""
    try:
        with transaction.atomic():
            spend(with_content(request.POST.get("nonce", ""), {}), form=FORM, receipt=gate.new_id())
            act = _carry_out(request, viewer, own)
    except AlreadySent:
        act = None
    if viewer.mailed:
        return _show(request, viewer, act=act)
    return notices.lead_on(request, act) if act else to(done.PAGE)


def _carry_out(request: HttpRequest, viewer: Viewer, own: OwnAddress | None) -> PerformedAct | None:
    """What the form says, done."""
    now = timezone.now()
    if signals_of(request).gpc:
        actions.heed(viewer)
    do, _colon, purpose = code(request.POST.get("do", "")).partition(":")
    match do:
        case "pause":
            return _pause(request, viewer, purpose, at_utc=now)
        case "resume":
            return _resume(viewer, purpose, at_utc=now)
        case "ahead" if request.POST.get("answer") in ("yes", "no"):
            question, yes = code(request.POST.get("question", "")), request.POST["answer"] == "yes"
            return done.answer_ahead(viewer, question, yes, at_utc=now)
        case "undo":
            act = read(request.POST.get(FIELD, ""), bound=viewer.bound, at_utc=now)
            undone = done.undo(viewer, act, at_utc=now) if act else None
            return undone or done.perform_saving(Saved(now, ()))
    wanted = _read_answers(request, sheet(viewer.people, at_utc=now, signs_up=own is not None))
    return done.perform_saving(actions.save(viewer, wanted, at_utc=now, own=own))


def _pause(request: HttpRequest, viewer: Viewer, purpose: str, *, at_utc: datetime) -> PerformedAct | None:
    """A pause of days that are offered; others begin none."""
    days = request.POST.get(f"days-{purpose}" if purpose else "days", "")
    if days not in map(str, pausing.DAYS):
        return None
    until = at_utc + timedelta(days=int(days))
    pause = pausing.begin(viewer.people, until_utc=until, way=viewer.way, at_utc=at_utc, purpose=purpose)
    return done.perform_pausing(pause, at_utc=at_utc) if pause else None


def _resume(viewer: Viewer, purpose: str, *, at_utc: datetime) -> PerformedAct | None:
    running = pausing.of(viewer.people, purpose)
    if running is None or (purpose and pausing.of(viewer.people)):
        return None
    pausing.end(running.id, people=viewer.people, way=viewer.way, at_utc=at_utc)
    return done.perform_resuming(running.until_utc, purpose, at_utc=at_utc)


def _read_answers(request: HttpRequest, now: Sheet) -> Mapping[str, bool]:
    """Question → answer from the form; questions that the page doesn't ask are ignored."""
    sent = request.POST
    do, _colon, purpose = code(sent.get("do", "")).partition(":")
    match do:
        case "no":
            return {MARKETING: False} if now.general else {}
        case "answer" if sent.get("answer") in ("yes", "no"):
            asked = (each.question for each in now.asked if each.question == sent.get("question"))
            return dict.fromkeys(asked, sent["answer"] == "yes")
        case "leave":
            left = [each for each in now.yours if each.topics and each.question == purpose]
            return _leave_topics(now, dict.fromkeys((each.question for each in left), False))
        case "again":
            return dict.fromkeys((each.question for each in now.choices if each.question == purpose), True)
        case "save":
            return _leave_topics(now, actions.find_changes(now, was=sent.getlist("was"), now=sent.getlist("on")))
    return {}


def _leave_topics(now: Sheet, wanted: Mapping[str, bool]) -> Mapping[str, bool]:
    """The same, with each topic of what is left off: one that stayed on would start with the next that they confirm."""
    left = [topic for each in now.yours if wanted.get(each.question) is False for topic in each.topics]
    off = {topic.question: False for topic in left if topic.answer and topic.answer.yes}
    return {**wanted, **off, **{name: yes for name, yes in wanted.items() if yes}}


def _show(
    request: HttpRequest, viewer: Viewer, *, act: PerformedAct | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    """Behind a mailed link with what was just done; by sign-in the page's address says it."""
    own = _find_address(request, viewer)
    now = sheet(viewer.people, at_utc=timezone.now(), signs_up=own is not None)
    context = _context(request, viewer, now) | {"error": error, "own": own}
    if act is not None:
        notice = notices.describe(request, act, bound=viewer.bound)
        context["done"] = replace(notice, action=viewer.preferences) if notice else None
    response = render(request, "access/preferences.html", context, status=status)
    patch_vary_headers(response, ["Sec-GPC"])
    return make_private(response)


def _list_topics(
    choice: ShownChoice, viewer: Viewer, *, paused: bool
) -> list[tuple[ShownChoice, str, TopicNote | None]]:
    """The topics of a choice, and what their room says of each. Of a long list, those that concern the person.

    What is left for good has no topic on: the next one that they confirm would be all that begins."""
    told = _find_notes(choice.question, viewer)
    notes = told or {}
    purpose = in_force.policy().purposes.get(choice.question)
    listed = {parts_of(topic.question)[1]: topic for topic in choice.topics}
    if purpose is not None and purpose.topics_of and told is not None:
        listed = {id: topic for id, topic in listed.items() if topic.answer or id in notes}
    over = not choice.on and not paused
    return [
        (replace(topic, on=topic.on and not over), words.since(choice if over and topic.on else topic), notes.get(id))
        for id, topic in listed.items()
    ]


def _find_notes(purpose: str, viewer: Viewer) -> Mapping[str, TopicNote] | None:
    """What the purpose's room says of its topics; None where no room says anything."""
    found = (room.topics[purpose](viewer.people) for room in index.rooms() if purpose in room.topics)
    return next(found, None)


def _list_mailed(now: Sheet, viewer: Viewer, paused: Mapping[str, Pause]) -> list[tuple[Any, ...]]:
    """Emails by topic, each with the pause of these alone; first those that people sign up for."""
    listed = [(each, _list_topics(each, viewer, paused=bool(paused))) for each in now.yours if each.topics]
    return sorted(
        [
            (
                choice,
                [(choice, words.since(choice))],
                topics,
                paused.get(choice.question),
                choice.confirmed and not choice.on and not paused,
            )
            for choice, topics in listed
            if topics
        ],
        key=lambda row: not row[0].confirmed,
    )


def _context(request: HttpRequest, viewer: Viewer, now: Sheet) -> dict[str, Any]:
    paused = pausing.list_running(viewer.people)
    uses = find_uses(viewer.people) if not viewer.mailed else {}
    mailed = _list_mailed(now, viewer, paused)
    apart = {choice.question for choice, *_rest in mailed}
    others = [*now.yours, *now.answered]
    others = [*([now.general] if now.general else []), *(each for each in others if each.question not in apart)]
    return {
        "viewer": viewer,
        "tab": "preferences",
        "sheet": now,
        "mailed": mailed,
        "always": add_uses(now.exempt, uses),
        "idle": add_uses(now.idle, uses),
        "choices": [(choice, words.since(choice)) for choice in others],
        "asked": [
            (asked, words.question(asked), join_words(asked.places, _), f"/policy/{asked.version - 1}..{asked.version}")
            for asked in now.asked
        ],
        "rest": time_words(REST, _),
        "ahead": [(asked, words.question_ahead(asked)) for asked in index.list_ahead(viewer.people)],
        "nonce": issue_nonce(FORM, session=viewer.bound),
        "pause": paused.get(""),
        "pauses": pausing.DAYS,
        "ends": [(days, timezone.now() + timedelta(days=days)) for days in pausing.DAYS],
        "gpc": signals_of(request).gpc,
    }
