"""Commands that work on the database."""

import os
from datetime import UTC, datetime

import click
from django.conf import settings

from troth import apart, database, gate, in_force, supervise, users
from troth import prepare as preparing
from troth import work as working
from troth.cli.terminal import WAITS, begins, refuse, say
from troth.environment import Environment
from troth.gate import owner


@click.command()
def migrate() -> None:
    """As the owner: migrate tables, functions and permissions."""
    try:
        preparing.migrate()
    except preparing.NotReady as error:
        refuse(str(error))
    say("The database is up to date.")


@click.command()
@click.option("--wait", is_flag=True, help=WAITS)
@click.option("--services", is_flag=True, help="For services of a system: also make missing keys, hand over files.")
@click.option("--restored", is_flag=True, help="After a restore: replay the journal and hold all email.")
@click.option("--why", default="", help="Why the database was restored, for the ledger.")
@click.option("--by", default="program:restore", help="Who restored it, for the ledger.")
def prepare(wait: bool, services: bool, restored: bool, why: str, by: str) -> None:
    """As the owner: migrate, adopt a first version, and check that the site can start."""
    try:
        if services:
            _for_services()
            return
        if not restored:
            preparing.prepare(say=say, begins=begins if wait else lambda: True)
        elif not wait or begins():
            _tell(preparing.replay_if_restored(at_utc=datetime.now(UTC), why=why, who=by))
    except (preparing.NotReady, gate.WrongRole, in_force.AdoptedTextChanged, owner.JournalProblem) as error:
        refuse(str(error))


def _for_services() -> None:
    """What `troth run` does around preparing, where a system's own supervisor starts the processes."""
    environment, to = Environment.read(os.environ), apart.of_services()
    users.open_folder(environment.var, mode=0o711)
    supervise.refuse_full_disk(environment.var)
    supervise.need_keys(environment, fresh=database.is_empty(os.environ["TROTH_OWNER_URL"]), signed=True)
    preparing.prepare(say=say)
    apart.hand_over(environment, to)
    say(f"The site is prepared. Its address is {environment.base_url}.")


def _tell(replayed: owner.Replayed) -> None:
    say(f"Replayed from the journal: {sum(replayed.done.values()):,} acts.")
    for kind, count in sorted(replayed.done.items()):
        say(f"  {count:>8,}  {kind}")
    if replayed.unknown:
        say(f"  {replayed.unknown:>8,}  about people who came after the backup and aren't in it")
    if replayed.refused:
        say(f"  {replayed.refused:>8,}  that this database refused because the question or value doesn't exist")
    if replayed.damaged:
        lines = ", ".join(map(str, replayed.damaged))
        say(f"Ignored in {settings.TROTH_JOURNAL_FILE}, because they are incomplete or changed: lines {lines}.")
        say("If a process was stopped while it wrote one, a later line repeats it. If not, compare with a copy.")
    say("All email is held, and everyone is signed out. To see it: troth mail show. To release it: troth mail release.")
    say("A staff account that was closed since the backup is open again. To see them: troth staff list.")


@click.command()
def work() -> None:
    """Run queued jobs only, with a database that is already running."""
    try:
        working.run(
            began=lambda: say("Jobs are being run: email, deadlines, deletions that are due."),
            waits=lambda why: say(f"Jobs wait for the database: {why}"),
        )
    except (working.DatabaseAway, gate.WrongRole) as error:
        refuse(str(error))
    say("This process runs no more jobs.")
