"""Policy updates in the console: who may work on them, and what a form sent."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from troth.desk.staff import READ, may, user_of
from troth.policy.foreign import CannotConvert
from troth.security import acts
from troth.security.crew import crew, names_of
from troth.security.models import User
from troth.text import CannotRead, code, lines
from troth.updates import drafts, sending
from troth.updates.effects import PURPOSE
from troth.updates.models import Adoption, PolicyDraft, PolicyUpdate
from troth.updates.rehearsing import Rehearsal

DECLARED = ("wording", "material")
STOPPED, RESUMED = "updates/stopped", "updates/resumed"


def may_update(user: User) -> bool:
    """Who receives the data for policy updates by the policy: the privacy staff."""
    return may(user, READ, PURPOSE)


def find_link(request: HttpRequest) -> Mapping[str, object] | None:
    """Shows the link to policy updates, to those who may work on them."""
    return {} if may_update(user_of(request)) else None


def read_text(request: HttpRequest) -> tuple[str, str]:
    """The text of a draft as it was typed or pasted, and what is wrong with it."""
    try:
        text = lines(request.POST.get("text", ""), most=drafts.MOST_CHARACTERS)
    except CannotRead as problem:
        return "", str(problem)
    return (f"{text}\n", "") if text else ("", _("Enter the policy in Markdown."))


def read_draft(request: HttpRequest) -> tuple[str, str, str]:
    """The text of a new draft, where it comes from, and what is wrong with it."""
    do = code(request.POST.get("do", ""))
    if do == drafts.SITE:
        return drafts.read_site(), drafts.SITE, ""
    text, error = read_text(request)
    if do != drafts.STARTED or error:
        return text, drafts.TYPED, error
    try:
        return drafts.start(text), drafts.STARTED, ""
    except CannotConvert as problem:
        return "", drafts.STARTED, str(problem)


def read_confirmed(request: HttpRequest, draft: PolicyDraft) -> list[int]:
    """The lines of the paragraphs that were confirmed."""
    ticked = request.POST.getlist("confirmed")
    return [each.line for each in drafts.list_unconfirmed(draft) if str(each.line) in ticked]


def read_declared(request: HttpRequest, rehearsal: Rehearsal) -> tuple[Mapping[str, str], bool]:
    """What was declared of each section whose prose alone changed, and whether nothing is missing."""
    sections = [each.change.section for each in rehearsal.wording]
    said = {section: code(request.POST.get(f"declared-{section}", "")) for section in sections}
    return said, all(word in DECLARED for word in said.values())


def list_approvers(first_by: str) -> list[str]:
    """The names of those who may be the second of two people.   Cost  1 query"""
    others = (each for each in crew() if each.is_active and each.who != first_by)
    return [each.display_name or each.username for each in others if may_update(each)]


def read_who(request: HttpRequest) -> str:
    """The member of staff, who may work on policy updates; to others there is no such page."""
    user = user_of(request)
    if not may_update(user):
        raise Http404
    return user.who


def change_sending(update: PolicyUpdate, do: str, *, who: str, at_utc: datetime) -> str:
    """Stops or resumes its emails, with a line in the activity log, and says so; "" where nothing of that was asked.

    Raises  NotInPhase: a colleague, or the outbox, was faster."""
    said = {"number": update.version}
    with transaction.atomic():
        match do:
            case "stop":
                sending.stop(update.pk)
                sentence = _("You stopped the emails about version %(number)s. Answers are still accepted.") % said
            case "resume":
                sending.resume(update.pk, at_utc=at_utc)
                sentence = _("You resumed the emails about version %(number)s. The rest leaves from now on.") % said
            case "resume-later":
                sending.resume_later(update.pk, at_utc=at_utc)
                sentence = _("You resumed these emails. The rest leaves from now on.")
            case _:
                return ""
        about = f"policy version {update.version}"
        acts.record(who, STOPPED if do == "stop" else RESUMED, about=about, at_utc=at_utc)
    return sentence


def find_stopper(update: PolicyUpdate) -> Mapping[str, object]:
    """Who of the staff stopped its emails, and when; nothing where they go on, or stopped by themselves."""
    if update.state != PolicyUpdate.Phase.STOPPED or update.why != sending.BY_STAFF:
        return {}
    found = acts.Act.objects.filter(what=STOPPED, about=f"policy version {update.version}").order_by("-id").first()
    return {"stopped_by": names_of([found.who]).get(found.who, ""), "stopped_utc": found.at_utc} if found else {}


def tell_closed(adoption: Adoption | None) -> str:
    """Why nothing more can be done with an adoption that someone acted on."""
    if adoption is None:
        return _("It isn’t proposed for adoption.")
    names = names_of((adoption.second_by, adoption.withdrawn_by))
    if adoption.withdrawn_utc:
        said = {"number": adoption.number, "name": names.get(adoption.withdrawn_by, "")}
        return _("%(name)s withdrew version %(number)s meanwhile.") % said
    return _("Version %(number)s was adopted meanwhile.") % {"number": adoption.number}
