"""What staff do with an email that did not leave: send it again, release it, or give it up. Each is recorded."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from troth.cases.actions import CaseProblem
from troth.desk.acts import DeskAct, Doing
from troth.desk.staff import OPERATE
from troth.outbox import board, delivery
from troth.outbox.models import QueuedEmail
from troth.security import acts

State = QueuedEmail.State


def _send_again(doing: Doing) -> None:
    _do(doing, delivery.send_again, delivery.SENT_AGAIN)


def _release(doing: Doing) -> None:
    _do(doing, delivery.send_again, delivery.RELEASED)


def _give_up(doing: Doing) -> None:
    _do(doing, delivery.give_up, delivery.GIVEN_UP)


def _do(doing: Doing, act: Any, what: str) -> None:
    """The act and its line in the activity log.   Raises  CaseProblem."""
    email: UUID = doing.case.pk
    try:
        with transaction.atomic():
            act(email)
            acts.record(doing.who, what, about=f"email {email}", at_utc=doing.at_utc)
    except (delivery.NotWaiting, QueuedEmail.DoesNotExist) as problem:
        raise CaseProblem(gettext("This email’s state has changed. Reload the page.")) from problem


def _is_sent_again(email: QueuedEmail) -> bool:
    return email.state != State.HELD and delivery.can_send_again(email)


def _tell_again(email: QueuedEmail, typed: Mapping[str, str]) -> str:
    """What sending it again does."""
    return gettext(
        "It leaves under the same Message-ID, so it can’t appear twice in a mailbox. The policy and the person’s "
        "choices are checked again."
    )


def _tell_given_up(email: QueuedEmail, typed: Mapping[str, str]) -> str:
    return gettext("The email isn’t sent. The person’s history says that we decided not to send it.")


ACTS = (
    DeskAct(
        do="release",
        told=gettext_lazy("You released this email. It leaves soon."),
        button=gettext_lazy("Release"),
        run=_release,
        shown=board.is_released,
        needs=OPERATE,
        main=True,
        effect=_tell_again,
        many=True,
    ),
    DeskAct(
        do="again",
        told=gettext_lazy("You sent this email again. It leaves soon."),
        button=gettext_lazy("Send again"),
        run=_send_again,
        shown=_is_sent_again,
        needs=OPERATE,
        main=True,
        effect=_tell_again,
        many=True,
    ),
    DeskAct(
        do="give-up",
        told=gettext_lazy("You decided not to send this email. The person’s history says so."),
        button=gettext_lazy("Don’t send"),
        run=_give_up,
        shown=delivery.can_give_up,
        needs=OPERATE,
        effect=_tell_given_up,
        once=True,
        many=True,
    ),
)
