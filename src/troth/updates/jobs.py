from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import due, in_force, queue
from troth.updates import adopting, reminding, sending


@queue.task("updates.begin", _("Tell people of a new version of the policy"), every="*/5 * * * *")
def begin(timestamp: int) -> None:
    """Begin the update of a version that was announced or adopted since, at the console or the terminal."""
    try:
        sending.begin(at_utc=datetime.now(UTC))
    except in_force.NothingAdopted:
        return


@queue.task("updates.send", _("Plan the emails about a new version"), queue="emails")
def send(update: str) -> None:
    """Note whom it concerns and plan their emails; run again, it goes on where it stopped."""
    sending.send(UUID(update), at_utc=datetime.now(UTC))


@queue.task("updates.tell_withdrawn", _("Tell people that a new version was withdrawn"), queue="emails")
def tell_withdrawn(update: str) -> None:
    """Plan the emails to those who got one about it."""
    sending.tell_withdrawn(UUID(update), at_utc=datetime.now(UTC))


@due.task(adopting.ADOPT, _("Put an approved version of the policy in force"))
def adopt(adoption: UUID, step: str, at_utc: datetime) -> None:
    adopting.run(adoption)


@queue.task("updates.remind_silent", _("Remind people of an open question"), queue="emails")
def remind_silent(update: str) -> None:
    """Plan one reminder to each of those who answered nothing."""
    reminding.remind(UUID(update), at_utc=datetime.now(UTC))


@due.task(reminding.REMIND, _("Begin the reminder of an open question"))
def remind(update: UUID, step: str, at_utc: datetime) -> None:
    # Emails are planned in transactions of their own, which a due step is not.
    queue.defer("updates.remind_silent", update=str(update))
