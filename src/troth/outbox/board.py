"""What the console's board of emails and the terminal have alike: titles, search, preview, and asking again."""

from datetime import datetime

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from troth import in_force
from troth.outbox import delivery, emails, naming, pauses, turns, writing
from troth.outbox.emails import MailLane
from troth.outbox.layouts import RenderedEmail
from troth.outbox.models import FAREWELL, PERSON, QueuedEmail
from troth.security import acts

State = QueuedEmail.State
LANE_TRIED = "mail server asked again"


def title(email: QueuedEmail) -> str:
    return str(capfirst(emails.title_of(email.template)))


def name_recipient(email: QueuedEmail) -> str:
    """Whom it goes to, as far as nobody's data is read for it."""
    if email.to_name:
        return email.to_name
    return email.domain or (_("the person") if email.to == PERSON else _("someone who was deleted"))


def seek(text: str) -> Q:
    """Emails whose title, domain or recipient has these words."""
    wanted = text.casefold()
    named = [template for template in emails.list_templates() if wanted in emails.title_of(template).casefold()]
    return Q(template__in=named) | Q(domain__icontains=text) | Q(to_name__icontains=text)


def is_released(email: QueuedEmail) -> bool:
    """Whether it is held for a decision of staff."""
    return email.state == State.HELD and delivery.can_send_again(email)


def list_kinds(email: QueuedEmail) -> list[str]:
    """The kinds of data that are in it."""
    return sorted({*email.kinds, "email"} if email.to == PERSON else {*email.kinds})


def preview(email: QueuedEmail, values: "dict[str, str] | None" = None) -> tuple[RenderedEmail | None, str]:
    """The email, or why it can't be shown.   Takes  values: None for the titles of what is in it."""
    if email.to == FAREWELL:
        return None, _("It was written when the person’s data was deleted, and only its reader can open it.")
    if not emails.is_known(email.template):
        return None, _("This version of Troth no longer has this email.")
    try:
        return writing.preview(email, values=values if values is not None else _name_values(email)), ""
    except writing.DoesNotRender as problem:
        return None, naming.explain(problem.code)


def ask_again(lane: str, *, who: str, at_utc: datetime) -> bool:
    """The lane asks our mail server at once; `all`: every lane that waits for it. False: none waits."""
    waiting = [pause.lane for pause in pauses.list_everywhere() if lane in (pause.lane, "all")]
    for each in waiting:
        pauses.try_now(each, at_utc=at_utc)
        turns.wake(MailLane(each))
    if waiting:
        acts.record(who, LANE_TRIED, about=lane, at_utc=at_utc)
    return bool(waiting)


def _name_values(email: QueuedEmail) -> dict[str, str]:
    """The titles of what is in it, in place of the values."""
    known = in_force.policy().kinds
    return {kind: f"[{known[kind].title}]" for kind in list_kinds(email) if kind in known}
