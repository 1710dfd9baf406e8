"""Commands that work on the database."""

import click

from troth import gate
from troth import prepare as preparing
from troth import work as working
from troth.cli.terminal import refuse, say


@click.command()
def migrate() -> None:
    """As the owner: bring tables, functions and rights up to date."""
    preparing.migrate()
    say("The database is up to date.")


@click.command()
def prepare() -> None:
    """As the owner: migrate, adopt a first version, and check that the site may open."""
    try:
        preparing.prepare(say=say)
    except (preparing.NotReady, gate.WrongRole, gate.AdoptedTextChanged) as error:
        refuse(str(error))


@click.command()
def work() -> None:
    """Run queued jobs only, with a database that runs already."""
    working.run()
