"""`troth database init`: roles and database on a PostgreSQL server of one's own. docs/running.md walks through it."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

import click
import psycopg
from psycopg.conninfo import conninfo_to_dict

from troth import configuration, database, environment, provision
from troth.cli.terminal import refuse, say
from troth.opening import explain_file_error

_LOCAL = f"postgresql://postgres@/postgres?host={quote('/var/run/postgresql', safe='')}"
"""Where Debian's server listens."""
_LOOKS = "postgresql://postgres:…@host/postgres"
_ENCRYPTED = {"sslmode": "verify-full", "sslrootcert": "system"}


@click.group()
def database_commands() -> None:
    """Set up a PostgreSQL server of your own."""


@database_commands.command()
@click.option(
    "--superuser-url",
    envvar="TROTH_SUPERUSER_URL",
    help="Connect as the server's superuser by this URL. Default for root: the local server, as postgres.",
)
@click.option("--name", default=provision.NAME, help="The database to create. Default: troth.")
@click.option("--host", help="Where the site reaches the server. Default: as in the URL; 127.0.0.1 for a local server.")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), envvar="TROTH_CONFIG", default=configuration.FOLDER
)
@click.option("--dry-run", is_flag=True, help="Print the steps and change nothing.")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
def init(superuser_url: str | None, name: str, host: str | None, into: Path, dry_run: bool, yes: bool) -> None:
    """Create the roles troth_owner, troth_app and troth_sealer and the database, and write their addresses into files.

    Prints each step first. Safe to repeat: it does only what is missing or differs."""
    server = _server(superuser_url)
    addresses = _addresses(server, name=name, host=host)
    renewed = [role for role in provision.ROLES if not _is_kept(into, role, addresses[role])]
    passwords = {role: secrets.token_urlsafe(32) for role in renewed}
    steps = provision.plan(server, name=name, passwords=passwords)
    _show(steps, into, renewed)
    if steps and not dry_run:
        if not yes:
            click.confirm("Continue?", abort=True)
        _do(server, steps, into, {role: _with_password(addresses[role], passwords[role]) for role in renewed})
    if not dry_run:
        _verify(into, name)


def _server(url: str | None) -> provision.Server:
    if not url and os.geteuid() == 0:
        return provision.Server(_LOCAL, user="postgres")
    url = url or click.prompt(f"URL of the server's superuser ({_LOOKS})", hide_input=True)
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        refuse(f"The URL of the server's superuser can't be read; it must look like {_LOOKS}.")
    return provision.Server(url)


def _addresses(server: provision.Server, *, name: str, host: str | None) -> dict[str, str]:
    """The address of each role, without its password."""
    with server.connect() as connection:
        info, port = connection.info, connection.info.port
        reached = host or ("127.0.0.1" if info.host.startswith("/") else info.host)
        given = {key: value for key, value in info.get_parameters().items() if key in _ENCRYPTED}
    # A weaker mode that the URL itself asks for, such as in a network of containers, takes no authorities.
    wanted = _ENCRYPTED if given.get("sslmode", "verify-full") == "verify-full" else {}
    encrypted = {} if environment.is_local(reached) else {**wanted, **given}
    query = f"?{urlencode(encrypted)}" if encrypted else ""
    return {role: f"postgresql://{role}@{reached}:{port}/{quote(name)}{query}" for role in provision.ROLES}


def _with_password(address: str, password: str) -> str:
    return address.replace("@", f":{password}@", 1)


def _is_kept(into: Path, role: str, address: str) -> bool:
    """Whether the file has an address of this database that works: then the password stays."""
    wanted = configuration.ADDRESS_FILES[role]
    kept = configuration.read_file(into / wanted.name).get(wanted.variable, "")
    return database.without_password(kept) == address and not _refusal(kept)


def _refusal(url: str) -> str:
    """Why the server doesn't let us in at this address; "" if it does."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        return str(error).splitlines()[-1].strip()
    return ""


def _show(steps: Sequence[provision.ProvisionStep], into: Path, renewed: Sequence[str]) -> None:
    if not steps:
        say("The roles and the database are as they should be. Nothing to do.")
    for number, step in enumerate(steps, 1):
        say(f"{number:>3}. {step.says}\n       {step.shown};")
    for role in renewed:
        file = configuration.ADDRESS_FILES[role]
        say(f"{len(steps) + renewed.index(role) + 1:>3}. {into / file.name} gets {file.variable}. Mode 0600.")


def _do(
    server: provision.Server, steps: Sequence[provision.ProvisionStep], into: Path, written: dict[str, str]
) -> None:
    """Files come first: a password that only the server knew would be lost if writing failed."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        for role, url in written.items():
            configuration.write_address(into, role, url)
    except OSError as error:
        refuse(f"Can't write into {into}: {explain_file_error(error)}. Nothing was changed on the server.")
    provision.apply(server, steps)
    say("Done.")


def _verify(into: Path, name: str) -> None:
    """Each role gets in by its address, and nobody does with another password."""
    for role, file in configuration.ADDRESS_FILES.items():
        url = configuration.read_file(into / file.name).get(file.variable, "")
        if why := _refusal(url):
            refuse(f"{role} can't connect: {why}\n{_hint(url, name)}")
        if not _refusal(_with_password(database.without_password(url), "wrong")):
            refuse(f"The server lets {role} in with any password (trust).\n{_hint(url, name)}")
    say(f"All three roles connect with their passwords, from {into}.")


def _hint(url: str, name: str) -> str:
    host = psycopg.conninfo.conninfo_to_dict(url).get("host", "")
    where = "127.0.0.1/32" if environment.is_local(str(host)) else "<address of this machine>/32"
    kind = "host" if environment.is_local(str(host)) else "hostssl"
    return (
        "Put this line at the top of the server's pg_hba.conf, then run “select pg_reload_conf()” as its superuser:\n"
        f"    {kind}  {name}  {','.join(provision.ROLES)}  {where}  scram-sha-256"
    )
