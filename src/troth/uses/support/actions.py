"""What happens with a support case: received, led by staff, closed, opened again and rated."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.cases import actions as cases
from troth.cases import events, timing
from troth.cases.actions import CaseProblem
from troth.cases.emails import can_write
from troth.cases.kinds import CaseKind, Nothing, never
from troth.cases.models import Case, by_id, extend_case
from troth.cases.thread import writing
from troth.collection.forms.types.installed import divide
from troth.collection.intake import Intake
from troth.desk.receipts import RequestReceipt, describe_closing, receipt_of
from troth.desk.staff import staff_name
from troth.site import site
from troth.uses.support.models import SupportCase
from troth.words.values import in_sentence

PURPOSE = "support"
PROMISE = "support.answer"


def extend_parted(case: Case, new: Case) -> None:
    """What the new case is about: the same as the one from which it was split."""
    asked = SupportCase.objects.get(pk=case.pk)
    about = {"product": asked.product, "release": asked.release, "priority": asked.priority}
    extend_case(SupportCase, new, place=asked.place, version=asked.version, **about)


SUPPORT: CaseKind[Nothing] = CaseKind(
    id="support",
    prefix="S",
    title=gettext_lazy("Support case"),
    purpose=PURPOSE,
    queue="staff.support",
    clock=timing.answer(PROMISE),
    promise=PROMISE,
    emails=("received", "reply", "answered"),
    finish=cases.note_answer,
    closing=gettext_lazy("Close case"),
    deniable=never,
    reopens=True,
    page="conversation",
    parted=extend_parted,
)


def record(intake: Intake) -> SupportCase:
    """The case open, with what was written as its first message, in the caller's transaction."""
    case = writing.open_with(SUPPORT, intake)
    about = {"product": intake.values.get("product", ""), "release": divide(intake.values.get("installation", ""))[1]}
    return extend_case(SupportCase, case, place=intake.place, version=intake.version, **about)


def receipt(cause: UUID) -> RequestReceipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    asked = by_id(SupportCase).first(id=cause)
    if asked is None:
        return None
    heading, lead = describe(asked)
    waits = asked.state in Case.LIVING and asked.waits_for != Case.PERSON
    return receipt_of(asked, (heading, _("We email you when they answer.") if waits and can_write(asked) else lead))


def describe(case: SupportCase) -> tuple[str, str]:
    """Heading and lead: who has it and what comes next."""
    product = site().name_product(case.product)
    about = _(" about %(product)s") % {"product": product} if product else ""
    match case.stage:
        case Case.ERASED:
            return _("We no longer hold data about you"), _("We deleted your data, and this case with it.")
        case Case.JOINED:
            return _("This case was merged"), _("It continues as %(number)s.") % {"number": case.joined}
        case Case.WITHDRAWN:
            return _("You withdrew this case"), _("Reply to open it again.")
        case Case.ANSWERED:
            return _("Your case%(about)s is closed") % {"about": about}, _describe_end(case)
    heading = _("Your case%(about)s is with %(staff)s") % {"about": about, "staff": _team(case)}
    if case.waits_for == Case.PERSON:
        return heading, _("We answered and wait for your reply.")
    return heading, ""


def rate(case: UUID, rating: str, *, at_utc: datetime, comment: str = "") -> None:
    """How the person found the help, once the case is closed. The last rating counts.   Raises  CaseProblem.

    Takes   comment: what they want us to know; it is a message of the case, which stays closed."""
    if rating not in SupportCase.RATINGS:
        raise CaseProblem(_("Choose one of the ratings."), "rating")
    with transaction.atomic():
        found = SupportCase.objects.select_for_update().get(pk=case)
        if found.state != Case.ANSWERED:
            raise CaseProblem(_("A case can be rated once it is closed."), "rating")
        SupportCase.objects.filter(pk=case).update(rating=rating, rated_utc=at_utc)
        events.add(found, "rated", who="person", at_utc=at_utc, words=rating)
        if comment:
            writing.add_comment(found, comment, at_utc=at_utc)


def change(case: UUID, *, product: str, release: str, priority: str, at_utc: datetime, who: str) -> None:
    """What it is about and how urgent it is, as staff found out. What stays the same is no event."""
    with transaction.atomic():
        found = SupportCase.objects.select_for_update().get(pk=case)
        wanted = {"product": product, "release": release, "priority": priority}
        changed = {name: value for name, value in wanted.items() if getattr(found, name) != value}
        if changed:
            SupportCase.objects.filter(pk=case).update(**changed)
            words = ", ".join(f"{name}: {value}" for name, value in changed.items())
            events.add(found, "changed", who=who, at_utc=at_utc, words=words)


def _describe_end(case: SupportCase) -> str:
    if case.answered_by == "person":
        return _("You closed it. Reply to open it again.")
    return describe_closing(case.answered_by, case.answered_utc) + " " + _("Reply to open it again.")


def _team(case: SupportCase) -> str:
    """Who of the staff has it; the team, while nobody has."""
    if case.assigned_to:
        return staff_name(case.assigned_to)
    recipient = in_force.policy().recipients.get(case.queue)
    return in_sentence(recipient.title) if recipient else case.queue
