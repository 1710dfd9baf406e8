"""`troth mail …`: what is held after a restore, and letting it go."""

import os
from collections import Counter
from datetime import UTC, datetime

import click

from troth.cli.terminal import refuse, say
from troth.gate import AFTER_RESTORE, owner
from troth.outbox.jobs import deliver
from troth.outbox.models import Letter, MailHold

_STAYS = "may have left before the restore"


@click.group("mail")
def mail_commands() -> None:
    """Look at mail that is held after a backup was restored, and let it go."""


@mail_commands.command()
def show() -> None:
    """Since when mail is held and why, and how many letters wait."""
    hold = MailHold.objects.filter(released_utc=None).order_by("since_utc").first()
    if hold is None:
        say("Mail is not held.")
    else:
        say(f"All mail is held since {hold.since_utc:%Y-%m-%d %H:%M} UTC: {hold.why}.")
    for (template, when), count in sorted(Counter(map(_kind, _held())).items()):
        say(f"  {count:>8,}  {template}, {when}")


@mail_commands.command()
@click.option("--again", is_flag=True, help="Send also what was queued before the restore; it may have left already.")
@click.option("--by", default=lambda: os.environ.get("USER", "operator"), help="Who releases it.")
def release(again: bool, by: str) -> None:
    """Let mail go. Each letter asks the policy and its reader's choices again before it leaves."""
    if not MailHold.objects.filter(released_utc=None).exists() and not (again and _held()):
        refuse("Mail is not held; there is nothing to release.")
    letters = owner.release_mail(by=f"operator:{by}", at_utc=datetime.now(UTC), again=again, stays=_STAYS)
    for letter in letters:
        deliver.defer(letter=str(letter))
    say(f"Mail is released. {len(letters):,} letters leave now.")
    if left := len(_held()):
        say(f"{left:,} stay held: they were queued before the restore and may have left. Send them: --again")


def _held() -> list[Letter]:
    return list(Letter.objects.filter(state=Letter.State.HELD, why__in=[AFTER_RESTORE, _STAYS]))


def _kind(letter: Letter) -> tuple[str, str]:
    hold = MailHold.objects.order_by("since_utc").last()
    before = hold is not None and letter.queued_utc < hold.since_utc
    return letter.template, "from before the restore" if before else "since the restore"
