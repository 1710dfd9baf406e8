"""`troth web`, which waits for no database: without one, pages say so."""

import os
import socket

import click
import psycopg

from troth import database, seal, serve
from troth.cli.terminal import WAITS, begins, refuse, say
from troth.environment import Environment
from troth.records import keymark, privileges


@click.command()
@click.option("--wait", is_flag=True, help=WAITS)
def web(wait: bool) -> None:
    """Serve pages only, with a database that is already running."""
    environment = Environment.read(os.environ)
    if wait:
        serve.load()
        if not begins():
            return
    _refuse_another_database(environment)
    _refuse_taken(environment.port)
    say(f"Pages of {environment.base_url} are served on 127.0.0.1:{environment.port}.")
    serve.run(port=environment.port)


def _refuse_another_database(environment: Environment) -> None:
    """Raises WrongMasterKey, or refuses a role with other rights. If it is unavailable, the pages wait for it."""
    vault = seal.vault_at(environment.master_key_file)
    try:
        options = database.options(database.APPLICATION)
        with psycopg.connect(environment.database_url, options=options, connect_timeout=5) as connection:
            privileges.check(connection.cursor())
            keymark.verify(connection.cursor(), vault)
    except psycopg.OperationalError as error:
        say(f"Note: can't connect to the database, so key and role were not checked. {str(error).splitlines()[0]}")
    except privileges.WrongRole as wrong:
        refuse(str(wrong))


def _refuse_taken(port: int) -> None:
    """Before the pages are said to be served. As for the server, a port that our own pages are leaving is free."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            probe.bind(("127.0.0.1", port))
    except OSError as error:
        refuse(f"Can't serve pages on 127.0.0.1:{port}: {error.strerror}. End what runs there, or set TROTH_PORT.")
