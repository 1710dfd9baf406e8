"""`troth mail …`: email that is held after a restore, and releasing it."""

import os
from collections import Counter
from datetime import UTC, datetime

import click

from troth.cli.terminal import refuse, say
from troth.gate import AFTER_RESTORE, PERHAPS_SENT, owner
from troth.outbox import turns
from troth.outbox.emails import MailLane
from troth.outbox.models import MailHold, QueuedEmail


@click.group("mail")
def mail_commands() -> None:
    """Show and release email held after a restore."""


@mail_commands.command()
def show() -> None:
    """Show since when email is held, why, and how many emails wait."""
    hold = MailHold.current()
    if hold is None:
        say("No email is held.")
    else:
        say(f"All email is held since {hold.since_utc:%Y-%m-%d %H:%M} UTC: {hold.why}.")
    for (template, when), count in sorted(Counter(map(_kind, _list_held())).items()):
        say(f"  {count:>8,}  {template}, {when}")


@mail_commands.command()
@click.option("--again", is_flag=True, help="Also send email queued before the restore. It may have been sent already.")
@click.option("--by", default=lambda: os.environ.get("USER", "operator"), help="Who releases it, for the ledger.")
def release(again: bool, by: str) -> None:
    """Release held email. Each email is checked again against the policy and its reader's choices."""
    if MailHold.current() is None and not (again and _list_held()):
        refuse("No email is held, so there is nothing to release.")
    emails = owner.release_mail(by=f"operator:{by}", at_utc=datetime.now(UTC), again=again, stays=PERHAPS_SENT)
    for lane in MailLane:
        turns.wake(lane)
    say(f"Email is released. Sending {len(emails):,} emails.")
    if left := len(_list_held()):
        say(f"{left:,} stay held: they were queued before the restore and may have been sent. To send them: --again")


def _list_held() -> list[QueuedEmail]:
    return list(QueuedEmail.objects.filter(state=QueuedEmail.State.HELD, why__in=[AFTER_RESTORE, PERHAPS_SENT]))


def _kind(email: QueuedEmail) -> tuple[str, str]:
    hold = MailHold.objects.order_by("since_utc").last()
    before = hold is not None and email.queued_utc < hold.since_utc
    return email.template, "from before the restore" if before else "since the restore"
