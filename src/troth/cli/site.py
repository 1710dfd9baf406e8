"""Commands about a site as a whole; none of them needs the database to be there."""

import os
from datetime import datetime
from pathlib import Path

import click
import psycopg

from troth import catalog, seal, serve, supervise
from troth.cli.terminal import refuse, say
from troth.environment import Environment
from troth.records import keymark


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--organization", default="Our Company", help="The name that the policy and the pages use.")
def new(folder: Path, organization: str) -> None:
    """Make a site in FOLDER: a policy, a catalog, routing and a brand, all without findings."""
    try:
        made = catalog.new(folder, organization=organization, today=datetime.now().astimezone().date())
    except catalog.FolderNotEmpty as error:
        refuse(str(error))
    for path in made:
        say(f"  {path}")
    say(f"\nMade a site in {folder}. Next:\n  troth policy check {folder}\n  TROTH_SITE={folder} troth run")


@click.command()
@click.option("--insecure-as-root", is_flag=True, help="Let pages run as root, too. Not for a site with people.")
def run(insecure_as_root: bool) -> None:
    """Run the site: database, pages and jobs, until Ctrl-C."""
    supervise.run(os.environ, as_root=insecure_as_root, say=say)


@click.command()
def web() -> None:
    """Serve the pages only, with a database that runs already."""
    environment = Environment.read(os.environ)
    _refuse_another_key(environment)
    serve.run(port=environment.port)


def _refuse_another_key(environment: Environment) -> None:
    """Raises WrongMasterKey. A database that is away is waited for by the pages themselves."""
    vault = seal.vault_at(environment.master_key_file)
    try:
        with psycopg.connect(environment.database_url, connect_timeout=5) as connection:
            keymark.verify(connection.cursor(), vault)
    except psycopg.OperationalError as error:
        say(f"Note: the database is away, so the master key was not compared. {str(error).splitlines()[0]}")
