"""`troth jobs …`: work that failed, and trying it again."""

import getpass
from datetime import UTC, datetime

import click

from troth import alarms
from troth.cli.terminal import refuse, say


@click.group()
def jobs_commands() -> None:
    """List work that failed three times, and try it again. The console shows the same."""


@jobs_commands.command("list")
def list_alarms() -> None:
    """All work that waits for somebody, the latest first."""
    found = alarms.standing()
    for alarm in found:
        failed = f"{alarm.failed_utc:%Y-%m-%d %H:%M} UTC" if alarm.failed_utc else "time unknown"
        say(f"{alarm.job:>8}  {alarm.title}\n          failed {alarm.times} times, last {failed}: {alarm.cause}")
        if alarm.tried_utc:
            say(f"          tried again {alarm.tried_utc:%Y-%m-%d %H:%M} UTC by {alarm.tried_by}")
    if not found:
        say("No work has failed.")


@jobs_commands.command()
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Try the work of this number again. Who did so is recorded."""
    try:
        alarms.try_again(number, who=f"terminal:{getpass.getuser()}", at_utc=datetime.now(UTC))
    except alarms.NoAlarm:
        refuse(f"No failed work has the number {number}. See: troth jobs list")
    say("It is tried again as soon as the worker is free.")
