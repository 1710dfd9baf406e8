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
    """As the owner: bring tables, functions and rights up to date."""
    preparing.migrate()
    say("The database is up to date.")


@click.command()
@click.option("--restored", is_flag=True, help="After a restore: do again what the journal knows, and hold all mail.")
@click.option("--why", default="", help="Why the database was restored, for the ledger.")
@click.option("--by", default="program:restore", help="Who restored it, for the ledger.")
def prepare(restored: bool, why: str, by: str) -> None:
    """As the owner: migrate, adopt a first version, and check that the site may open."""
    try:
        if restored:
            _tell(preparing.restored(at_utc=datetime.now(UTC), why=why, who=by))
        else:
            preparing.prepare(say=say)
    except (preparing.NotReady, gate.WrongRole, gate.AdoptedTextChanged, owner.JournalProblem) as error:
        refuse(str(error))


def _tell(replayed: owner.Replayed) -> None:
    say(f"Done again from the journal: {sum(replayed.done.values()):,} acts.")
    for kind, count in sorted(replayed.done.items()):
        say(f"  {count:>8,}  {kind}")
    if replayed.unknown:
        say(f"  {replayed.unknown:>8,}  of people who came after the backup, whom it does not know")
    if replayed.refused:
        say(f"  {replayed.refused:>8,}  that this database refuses, for it has no such question or value")
    say("All mail is held, and everybody is signed out. Look at it: troth mail show. Let it go: troth mail release.")


@click.command()
def work() -> None:
    """Run queued jobs only, with a database that runs already."""
    working.run()
