"""`troth jobs …`: work that failed, and trying it again."""

import getpass
from datetime import UTC, datetime

import click

from troth import alarms
from troth.cli.terminal import refuse, say


@click.group()
def jobs_commands() -> None:
    """List jobs that failed three times, and retry them. The console shows the same."""


@jobs_commands.command("list")
def list_alarms() -> None:
    """List failed jobs, latest first."""
    found = alarms.standing()
    for alarm in found:
        failed = f"{alarm.failed_utc:%Y-%m-%d %H:%M} UTC" if alarm.failed_utc else "time unknown"
        say(f"{alarm.job:>8}  {alarm.title}\n          failed {alarm.times} times, last {failed}: {alarm.cause}")
        if alarm.tried_utc:
            say(f"          retried {alarm.tried_utc:%Y-%m-%d %H:%M} UTC by {alarm.tried_by}")
    if not found:
        say("No failed jobs.")


@jobs_commands.command()
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Retry the job with this number. Your user name is recorded."""
    try:
        alarms.try_again(number, who=f"terminal:{getpass.getuser()}", at_utc=datetime.now(UTC))
    except alarms.NoAlarm:
        refuse(f"There is no failed job {number}. See: troth jobs list")
    say("The job runs again as soon as the worker is free.")
