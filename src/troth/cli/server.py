"""Commands that work on the database."""

from datetime import UTC, datetime

import click

from troth import gate
from troth import prepare as preparing
from troth import work as working
from troth.cli.terminal import refuse, say
from troth.gate import owner


@click.command()
def migrate() -> None:
    """As the owner: migrate tables, functions and permissions."""
    preparing.migrate()
    say("The database is up to date.")


@click.command()
@click.option("--restored", is_flag=True, help="After a restore: replay the journal and hold all email.")
@click.option("--why", default="", help="Why the database was restored, for the ledger.")
@click.option("--by", default="program:restore", help="Who restored it, for the ledger.")
def prepare(restored: bool, why: str, by: str) -> None:
    """As the owner: migrate, adopt a first version, and check that the site can start."""
    try:
        if restored:
            _tell(preparing.replay_if_restored(at_utc=datetime.now(UTC), why=why, who=by))
        else:
            preparing.prepare(say=say)
    except (preparing.NotReady, gate.WrongRole, gate.AdoptedTextChanged, owner.JournalProblem) as error:
        refuse(str(error))


def _tell(replayed: owner.Replayed) -> None:
    say(f"Replayed from the journal: {sum(replayed.done.values()):,} acts.")
    for kind, count in sorted(replayed.done.items()):
        say(f"  {count:>8,}  {kind}")
    if replayed.unknown:
        say(f"  {replayed.unknown:>8,}  about people who came after the backup and aren't in it")
    if replayed.refused:
        say(f"  {replayed.refused:>8,}  that this database refused because the question or value doesn't exist")
    say("All email is held, and everyone is signed out. To see it: troth mail show. To release it: troth mail release.")


@click.command()
def work() -> None:
    """Run queued jobs only, with a database that is already running."""
    working.run()
