"""The console's pages of policy updates: drafts, a rehearsal, its adoption by two, and the board of a version."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from troth import gate, in_force
from troth.desk import notices
from troth.desk.exporting import as_csv
from troth.desk.staff import staff_only
from troth.headers import save_as, see_other
from troth.outbox import showing
from troth.policy import Policy
from troth.security.crew import names_of
from troth.text import code
from troth.updates import adopting, board, desk, drafts, previewing, redline, rehearsing, sending, sides, wording
from troth.updates.models import Adoption, PolicyDraft, PolicyUpdate

EXPORT = "policy-update"
SIDES = "sides"
"""What a draft's address asks for, to see both versions whole."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def list_all(request: HttpRequest) -> HttpResponse:
    """Drafts, the one that waits to be adopted, and the versions that people were notified of."""
    who = desk.read_who(request)
    error = ""
    if request.method == "POST":
        text, source, error = desk.read_draft(request)
        if text:
            return _lead_to_saved(request, drafts.save(text, source=source, who=who, at_utc=timezone.now()))
    found = list(PolicyDraft.objects.order_by("-saved_utc")[:20])
    context = {
        "drafts": found,
        "names": names_of(each.saved_by for each in found),
        "open": adopting.find_open(),
        "updates": PolicyUpdate.objects.exclude(state=PolicyUpdate.Phase.FORMER).order_by("-version"),
        "site": bool(drafts.read_site()),
        "error": error,
        "typed": request.POST.get("text", "") if error else drafts.begin_next(),
    }
    return render(request, "updates/list.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_draft(request: HttpRequest, id: UUID) -> HttpResponse:
    """The rehearsal of a draft, and its adoption."""
    who = desk.read_who(request)
    draft = get_object_or_404(PolicyDraft, pk=id)
    if request.method != "POST":
        return _show_sides(request, draft) if request.GET.get("show") == SIDES else _show(request, draft)
    try:
        return _act(request, draft, who)
    except (gate.Refusal, in_force.CannotAdopt) as problem:
        return _show(request, draft, refused=_say(problem), status=409)


@require_safe
@staff_only
def show_email(request: HttpRequest, id: UUID, place: int) -> HttpResponse:
    """One of the different emails that adopting the draft takes, by itself, from 1."""
    new = _compile(request, id)
    rehearsal = rehearsing.rehearse(new, at_utc=timezone.now(), say=_)
    if not 1 <= place <= len(rehearsal.letters):
        raise Http404
    shown = previewing.preview(new, rehearsal.letters[place - 1], since=rehearsal.start.told)
    return showing.show_html(shown, framed=True)  # in the rehearsal


@require_safe
@staff_only
def show_redline(request: HttpRequest, id: UUID, ending: str) -> HttpResponse:
    """The draft beside the version before it, for counsel, in one of the forms of `redline`."""
    new, law = _compile(request, id), in_force.law()
    before = max((number for number in law.versions if number < new.version), default=None)
    if before is None:
        raise Http404
    earlier = [law.versions[number] for number in sorted(law.versions) if number < before]
    form, read = redline.FORMS[ending], redline.compare(law.versions[before], new, earlier)
    file = HttpResponse(form.write(read), content_type=form.media_type)
    return save_as(file, f"policy-{before}-{new.version}.{ending}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def edit_draft(request: HttpRequest, id: UUID) -> HttpResponse:
    """The draft's text; saving it makes another draft, and this one stays."""
    who = desk.read_who(request)
    draft = get_object_or_404(PolicyDraft, pk=id)
    error = ""
    if request.method == "POST":
        text, error = desk.read_text(request)
        if not error:
            saved = drafts.save(text, source=drafts.TYPED, who=who, at_utc=timezone.now(), former=draft.pk)
            return _lead_to_saved(request, saved)
    context = {"draft": draft, "error": error, "text": draft.text}
    return render(request, "updates/edit.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_update(request: HttpRequest, version: int) -> HttpResponse:
    """How far a version has been told and asked."""
    who = desk.read_who(request)
    update = _find_update(version)
    refused = False
    if request.method == "POST":
        try:
            said = desk.change_sending(update, code(request.POST.get("do", "")), who=who, at_utc=timezone.now())
            return notices.say(request, said, page=request.path) if said else _lead_back(request)
        except sending.NotInPhase:
            refused = True
            update.refresh_from_db()
    law, read = in_force.coming(), board.read(update)
    questions = [(wording.describe_question(law, name), *figures) for name, figures in read.questions.items()]
    context = {"update": update, "board": read, "questions": questions, "refused": refused}
    context["successor"] = board.find_successor(update)
    context |= desk.find_stopper(update)
    return render(request, "updates/board.html", context | _name_adopters(update), status=409 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_withdrawn(request: HttpRequest, id: UUID) -> HttpResponse:
    """How far a version had been told that was withdrawn before its day, and who heard so."""
    who = desk.read_who(request)
    update = get_object_or_404(PolicyUpdate, pk=id, state=PolicyUpdate.Phase.WITHDRAWN)
    if code(request.POST.get("do", "")) == "resume-later":
        with suppress(sending.NotInPhase):  # it goes on already
            said = desk.change_sending(update, "resume-later", who=who, at_utc=timezone.now())
            return notices.say(request, said, page=request.path)
        return _lead_back(request)
    adoption = sending.find_adoption(update)
    names = names_of((adoption.withdrawn_by,))
    context = {"update": update, "board": board.read(update), "adoption": adoption, "withdrawn_by": [*names.values()]}
    return render(request, "updates/board.html", context)


@require_safe
@staff_only
def export(request: HttpRequest, version: int) -> HttpResponse:
    """Answers by day, as CSV."""
    desk.read_who(request)
    read = board.read(_find_update(version))
    days = ((each.day.isoformat(), each.yes, each.no, each.silent) for each in read.days)
    return as_csv(request, EXPORT, (_("Day"), _("Yes"), _("No"), _("Silent")), days)


def _find_update(version: int) -> PolicyUpdate:
    """The update of a version; one that was withdrawn is found by its id, for its number may be another version's."""
    return get_object_or_404(PolicyUpdate.objects.exclude(state=PolicyUpdate.Phase.WITHDRAWN), version=version)


def _compile(request: HttpRequest, id: UUID) -> Policy:
    """The policy of a draft without errors."""
    desk.read_who(request)
    policy = drafts.check(get_object_or_404(PolicyDraft, pk=id)).policy
    if policy is None:
        raise Http404
    return policy


def _act(request: HttpRequest, draft: PolicyDraft, who: str) -> HttpResponse:
    now, found = timezone.now(), adopting.find_open()
    do = code(request.POST.get("do", ""))
    if do in ("approve", "withdraw") and (found is None or found.draft_id != draft.pk):
        closed = desk.tell_closed(Adoption.objects.filter(draft=draft).order_by("-first_utc").first())
        return _show(request, draft, refused=closed, status=409)
    match do:
        case "confirm":
            return _confirm(request, draft, who)
        case "propose":
            return _propose(request, draft, who)
        case "approve" if found:
            if not request.POST.get("sure"):
                return _ask_once(request, found, "approve", _("Approve adoption"), _say_approving(draft, found))
            adopting.approve(found, sha256=code(request.POST.get("sha256", "")), who=who, at_utc=now)
            return _say_approved(request, found)
        case "withdraw" if found:
            if found.second_by and not request.POST.get("sure"):
                effect = _(
                    "Nothing of it takes effect. Those who were emailed about it get another email that says so."
                )
                return _ask_once(request, found, "withdraw", _("Withdraw adoption"), effect)
            adopting.withdraw(found, who=who, at_utc=now)
            said = _("You withdrew version %(number)s.") % {"number": found.number}
            then = _("Nothing of it takes effect. You can propose the draft again.")
            return notices.say(request, said, then=then, page=request.path)
    return _lead_back(request)


def _say_approved(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    said = {"number": adoption.number, "date": date_format(adoption.effective, "F j, Y")}
    sentence = _("You approved version %(number)s.") % said
    if adoption.effective_utc <= timezone.now():
        then = _("It’s put into force now, then its emails begin to leave.")
    else:
        then = _("It takes effect on %(date)s. Its emails begin to leave now.") % said
    return notices.say(request, sentence, then=then, page=request.path)


def _ask_once(request: HttpRequest, adoption: Adoption, do: str, button: str, effect: str) -> HttpResponse:
    """What happens then. Nothing is done yet; the text that was looked at is named again with the answer."""
    context = {"adoption": adoption, "do": do, "button": button, "effect": effect}
    return render(request, "updates/confirm.html", context | {"sha256": code(request.POST.get("sha256", ""))})


def _say_approving(draft: PolicyDraft, adoption: Adoption) -> str:
    checked = drafts.check(draft)
    if checked.policy is None or checked.errors:
        raise in_force.CannotAdopt(checked.findings)
    emails = rehearsing.rehearse(checked.policy, at_utc=timezone.now()).emails
    said = ngettext(
        "%(number)d email about it begins to leave now.", "Up to %(number)d emails about it begin to leave now.", emails
    )
    if adoption.effective_utc <= timezone.now():
        then = _("It takes effect at once. You can’t undo this.")
    else:
        then = _("It takes effect on %(date)s. Until then, one person is enough to withdraw it.")
    return f"{said % {'number': emails}} {then % {'date': date_format(adoption.effective, 'F j, Y')}}"


def _confirm(request: HttpRequest, draft: PolicyDraft, who: str) -> HttpResponse:
    lines = desk.read_confirmed(request, draft)
    if not lines:
        return _show(request, draft, unticked=True, status=422)
    saved = drafts.confirm(draft, lines, who=who, at_utc=timezone.now())
    said = ngettext("You confirmed %(number)d paragraph.", "You confirmed %(number)d paragraphs.", len(lines))
    return notices.say(request, said % {"number": len(lines)}, page=_find_page(saved))


def _propose(request: HttpRequest, draft: PolicyDraft, who: str) -> HttpResponse:
    checked = drafts.check(draft)
    if checked.policy is None or checked.errors:
        raise in_force.CannotAdopt(checked.findings)
    rehearsal = rehearsing.rehearse(checked.policy, at_utc=timezone.now(), say=_)
    declared, complete = desk.read_declared(request, rehearsal)
    if rehearsal.same:
        return _show(request, draft, status=422)
    if not complete:
        return _show(request, draft, declared=declared, undeclared=True, status=422)
    adoption = adopting.propose(draft, declared, who=who, at_utc=timezone.now())
    said = _("You proposed version %(number)s.") % {"number": adoption.number}
    then = _("It appears in the work of those who may approve it. Nothing is sent before one of them does.")
    return notices.say(request, said, then=then, page=request.path)


def _show_sides(request: HttpRequest, draft: PolicyDraft) -> HttpResponse:
    new, law = _compile(request, draft.pk), in_force.law()
    old = law.versions[max(number for number in law.versions if number < new.version)]
    context = {"old": old, "new": new, "sections": sides.list_sides(new, old, _)}
    return render(request, "updates/sides.html", context)


def _show(
    request: HttpRequest, draft: PolicyDraft, *, status: int = 200, declared: Mapping[str, str] = {}, **more: Any
) -> HttpResponse:
    checked = drafts.check(draft)
    adoption = Adoption.objects.filter(draft=draft).order_by("-first_utc").first()
    waiting, rehearsal = adopting.find_open(), None
    if checked.policy is not None and not checked.errors:
        said = adoption.declared if adoption and adoption.is_open else declared
        rehearsal = rehearsing.rehearse(checked.policy, at_utc=timezone.now(), say=_).declare(said)
    context = {
        "draft": draft,
        "checked": checked,
        "unconfirmed": drafts.list_unconfirmed(draft) if checked.errors else [],
        "language": in_force.policy().language,
        "rehearsal": rehearsal,
        "adoption": adoption,
        "waits_elsewhere": waiting is not None and waiting.draft_id != draft.pk,
        "mine": adoption is not None and adoption.first_by == desk.read_who(request),
        "names": names_of(_list_names(draft, adoption)),
        "approvers": desk.list_approvers(adoption.first_by) if adoption and adoption.is_open else [],
        "history": drafts.list_history(draft),
        "letters": _describe_emails(rehearsal) if rehearsal else [],
    }
    response = render(request, "updates/draft.html", context | more, status=status)
    response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # its emails
    return response


def _describe_emails(rehearsal: rehearsing.Rehearsal) -> list[tuple[str, list[str], rehearsing.RehearsedEmail]]:
    """With their subjects, and the titles of the purposes that they ask about."""
    titles = {id: purpose.title for id, purpose in rehearsal.new.purposes.items()}
    return [
        (previewing.preview_subject(rehearsal.new, each), [titles[ask.partition("@")[0]] for ask in each.asks], each)
        for each in rehearsal.letters
    ]


def _list_names(draft: PolicyDraft, adoption: Adoption | None) -> Iterable[str]:
    yield draft.saved_by
    if adoption:
        yield from (adoption.first_by, adoption.second_by, adoption.withdrawn_by)


def _name_adopters(update: PolicyUpdate) -> dict[str, object]:
    """Who adopted the version at the console; nobody where the owner did at the terminal."""
    found = Adoption.objects.filter(number=update.version, withdrawn_utc=None).exclude(second_by="").first()
    names = names_of((found.first_by, found.second_by)) if found else {}
    return {"adoption": found, "adopters": list(names.values())}


def _say(problem: gate.Refusal | in_force.CannotAdopt) -> str:
    return problem.sentence if isinstance(problem, gate.Refusal) else str(problem)


def _lead_to_saved(request: HttpRequest, draft: PolicyDraft) -> HttpResponse:
    said, then = _("You saved the draft."), _("It changes nothing until two people adopt it.")
    return notices.say(request, said, then=then, page=_find_page(draft))


def _lead_back(request: HttpRequest) -> HttpResponse:
    return see_other(request.path)


def _find_page(draft: PolicyDraft) -> str:
    return f"/console/updates/drafts/{draft.pk}/"
