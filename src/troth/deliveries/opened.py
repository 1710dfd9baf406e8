"""One email opened on the board: what is known of it, and how its reader gets it.

Without asking for anyone's data it is shown with the titles of what is in it; the values appear by a look that the
person's history shows. No link of it works: what opens an account or a request is for its reader alone.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth import gate
from troth.deliveries import blocked, words
from troth.desk.staff import READ, may, user_of
from troth.desk.steps import Step
from troth.outbox import board, naming
from troth.outbox.layouts import RenderedEmail
from troth.outbox.models import FAREWELL, QueuedEmail
from troth.security.models import User
from troth.wording import Words

State = QueuedEmail.State


@dataclass(frozen=True)
class OpenedEmail:
    """An email as its pane shows it.

    shown   how its reader gets it; None with `problem` where its template fails, or it is the sealed last one
    unblock where its address is unblocked, if it is blocked
    read    whether the values in it were read
    reads   whether this member of staff may read them"""

    email: QueuedEmail
    about: str
    to: str
    state: str
    mark: str
    lane: Words
    follows: str
    unblock: str
    shown: RenderedEmail | None
    problem: str
    read: bool
    reads: bool
    steps: list[Step]


def open_email(request: HttpRequest, email: QueuedEmail) -> OpenedEmail:
    values = reread(request, email)
    shown, problem = board.preview(email, values)
    return OpenedEmail(
        email=email,
        about=board.title(email),
        to=board.name_recipient(email),
        state=words.title_state(email),
        mark=naming.STATES[email.state][1],
        lane=naming.LANES[email.lane][0],
        follows=words.tell_next(email),
        unblock=_find_unblock(email),
        shown=shown,
        problem=problem,
        read=values is not None,
        reads=may_read(user_of(request), email),
        steps=_list_steps(email),
    )


def _find_unblock(email: QueuedEmail) -> str:
    found = blocked.find_of_email(email)
    return blocked.href_of(bytes(found.mark)) if found else ""


def may_read(user: User, email: QueuedEmail) -> bool:
    """Whether the policy gives what is in the email to this member of staff."""
    return email.to != FAREWELL and may(user, READ, email.purpose)


def read_values(request: HttpRequest, email: QueuedEmail, reason: str) -> str:
    """Reads what is in the email, as the person's history says. Gives  the law's code where it doesn't let us."""
    given = gate.look(
        place=_place(request, email),
        person=email.person_id,
        purpose=email.purpose,
        kinds=board.list_kinds(email),
        who=user_of(request).who,
        reason=reason,
        cause=email.request,
    )
    return given.decision.code if isinstance(given, gate.Refused) else ""


def reread(request: HttpRequest, email: QueuedEmail) -> dict[str, str] | None:
    """What was read of it a moment ago, while that look is open; nothing is written."""
    if email.to == FAREWELL:
        return None
    given = gate.look_again(
        place=_place(request, email),
        person=email.person_id,
        purpose=email.purpose,
        kinds=board.list_kinds(email),
        cause=email.request,
    )
    return dict(given.values) if given else None


def _place(request: HttpRequest, email: QueuedEmail) -> gate.SessionLook:
    return gate.SessionLook(request.session, f"email {email.pk}")


def _list_steps(email: QueuedEmail) -> list[Step]:
    steps = [Step(_("Queued"), email.queued_utc)]
    if email.waiting_since_utc:
        steps.append(Step(_("First refused for now"), email.waiting_since_utc))
    if email.claimed_utc:
        steps.append(Step(_say_tries(email.attempts), email.claimed_utc))
    if email.sent_utc:
        steps.append(Step(_("Taken by the mail server"), email.sent_utc))
    if email.next_try_utc and email.state == State.PLANNED:
        steps.append(Step(_("Next try"), email.next_try_utc))
    return sorted(steps, key=lambda step: step.at_utc)


def _say_tries(number: int) -> str:
    return ngettext("Tried once", "Tried %(times)d times, the last time", number) % {"times": number}
