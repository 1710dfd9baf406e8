"""What a PostgreSQL server needs for a site: three plain roles and a database of the owner's, and nothing beyond.

    steps = plan(server, passwords={OWNER: …})     only what differs from what should be, each with its SQL
    apply(server, steps)                           safe to repeat: the next plan is empty

The embedded server is made by the same steps; there the kernel says who connects, so no role has a password.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from troth import users

OWNER = "troth_owner"
APPLICATION = "troth_app"
SEALER = "troth_sealer"
ROLES = (OWNER, APPLICATION, SEALER)
NAME = "troth"
OLDEST = 15
_FIRST = "postgres"
"""The database that every server has."""

_POWERS = ("superuser", "createrole", "createdb", "replication", "bypassrls")
_HIDDEN = "'********'"

Connection = psycopg.Connection[tuple[Any, ...]]


class CannotProvision(Exception):
    """The server can't be set up; the message says why and what to do."""


@dataclass(frozen=True)
class Server:
    """A server as its superuser reaches it. `user`: the system user that its peer check must see, or None for ours."""

    url: str
    user: str | None = None

    @contextmanager
    def connect(self, name: str = _FIRST) -> Iterator[Connection]:
        try:
            with users.effective(self.user):
                connection = psycopg.connect(
                    self.url, dbname=name, autocommit=True, connect_timeout=10, client_encoding="utf8"
                )
        except psycopg.OperationalError as error:
            raise CannotProvision(
                f"Can't connect to the PostgreSQL server as its superuser: {str(error).splitlines()[0].strip()}. If "
                "it isn't running: systemctl start postgresql. If it is another server: --superuser-url "
                "postgresql://postgres:…@host/postgres"
            ) from error
        with connection:
            yield connection


@dataclass(frozen=True)
class ProvisionStep:
    """One thing that differs: in words, and the statement that sets it right. `shown` has no password in it.

    `strange`: someone changed what was right before, so an operator looks before it is set right."""

    says: str
    statement: sql.Composed
    shown: str
    database: str = _FIRST
    strange: bool = False


def plan(server: Server, *, name: str = NAME, passwords: Mapping[str, str] | None = None) -> tuple[ProvisionStep, ...]:
    """The steps still to do. Raises CannotProvision.

    Takes   passwords: of roles that get a new one; those of all others stay as they are"""
    with server.connect() as connection:
        _refuse_unfit(connection)
        steps = [step for role in ROLES for step in _role_steps(connection, role, (passwords or {}).get(role))]
        steps += _database_steps(connection, name)
        exists = _one(connection, "select exists (select from pg_database where datname = %s)", name)
    if exists:
        with server.connect(name) as connection:
            steps += _schema_steps(connection, name)
    return tuple(steps)


def apply(server: Server, steps: Sequence[ProvisionStep]) -> None:
    for step in steps:
        with server.connect(step.database) as connection:
            connection.execute(step.statement)


def _refuse_unfit(connection: Connection) -> None:
    if connection.info.server_version // 10_000 < OLDEST:
        raise CannotProvision(
            f"The server is PostgreSQL {connection.info.server_version // 10_000}; Troth needs {OLDEST} or newer."
        )
    if not _one(connection, "select rolsuper from pg_roles where rolname = current_user"):
        raise CannotProvision(
            f"The role {connection.info.user} is not a superuser, so it can't create the roles and the database. "
            "Connect as one, or run the SQL of --dry-run by other means."
        )


def _role_steps(connection: Connection, role: str, password: str | None) -> Iterator[ProvisionStep]:
    found = connection.execute(
        "select rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles"
        " where rolname = %s",
        [role],
    ).fetchone()
    if found is None:
        yield _step(f"The role {role} is missing.", "create role {} login", role)
    elif not found[0]:
        yield _step(f"The role {role} may not log in.", "alter role {} login", role)
    for power in (power for power, has in zip(_POWERS, (found or ())[1:], strict=False) if has):
        yield _step(
            f"The role {role} may do more than it should: {power}.", f"alter role {{}} no{power}", role, strange=True
        )
    if password:
        yield _password_step(connection, role, password)
    yield from _membership_steps(connection, role)
    yield from _settings_steps(connection, role)


def _password_step(connection: Connection, role: str, password: str) -> ProvisionStep:
    """The server gets what it keeps, never the password itself, so that no log of its statements has it."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier))
    return ProvisionStep(f"The role {role} gets a new password.", statement, f"alter role {role} password {_HIDDEN}")


def _membership_steps(connection: Connection, role: str) -> Iterator[ProvisionStep]:
    """No role that we made may become another, nor may another become one of them."""
    rows = connection.execute(
        "select r.rolname, g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid"
        " join pg_roles r on r.oid = m.member where r.rolname = %s or g.rolname = %s and r.rolname <> all (%s)"
        " order by 1, 2",
        [role, role, list(ROLES)],
    )
    for member, other in rows.fetchall():
        yield _step(f"The role {member} may become {other}.", "revoke {} from {}", other, member, strange=True)


def _settings_steps(connection: Connection, role: str) -> Iterator[ProvisionStep]:
    rows = connection.execute(
        "select coalesce(d.datname, '') from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase"
        " join pg_roles r on r.oid = s.setrole where r.rolname = %s order by 1",
        [role],
    )
    for (where,) in rows.fetchall():
        if where:
            says = f"The role {role} has settings of its own in the database {where}."
            yield _step(says, "alter role {} in database {} reset all", role, where, strange=True)
        else:
            yield _step(f"The role {role} has settings of its own.", "alter role {} reset all", role, strange=True)


def _database_steps(connection: Connection, name: str) -> Iterator[ProvisionStep]:
    found = connection.execute(
        "select pg_get_userbyid(datdba), pg_encoding_to_char(encoding) from pg_database where datname = %s", [name]
    ).fetchone()
    if found is None:
        # From template0, which has nothing of the server's own; C.UTF-8 sorts alike whatever the system has installed.
        made = "create database {} owner {} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"
        yield _step(f"The database {name} is missing.", made, name, OWNER)
    elif found[1] != "UTF8":
        raise CannotProvision(
            f"The database {name} has the encoding {found[1]}; Troth needs UTF8. Choose another name with --name."
        )
    elif found[0] != OWNER:
        yield _step(f"The database {name} belongs to {found[0]}.", "alter database {} owner to {}", name, OWNER)
    granted = _read_grants(connection, name)
    # PostgreSQL lets every role connect to a new database.
    if found is None or "public" in granted:
        yield _step(f"Every role may connect to {name}.", "revoke all on database {} from public", name)
    for role in (APPLICATION, SEALER):
        if granted.get(role) != {"CONNECT"}:
            if role in granted:
                yield _step(f"{role} may do more than connect.", "revoke all on database {} from {}", name, role)
            yield _step(f"{role} may not connect to {name}.", "grant connect on database {} to {}", name, role)


def _read_grants(connection: Connection, name: str) -> dict[str, set[str]]:
    """Who has which privileges on the database, beside its owner."""
    rows = connection.execute(
        "select case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end, a.privilege_type"
        " from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a"
        " where d.datname = %s and a.grantee <> d.datdba",
        [name],
    )
    found: dict[str, set[str]] = {}
    for who, what in rows.fetchall():
        found.setdefault(who, set()).add(what)
    return found


def _schema_steps(connection: Connection, name: str) -> Iterator[ProvisionStep]:
    """A database of a server older than 15 was made with a schema in which everyone may create."""
    everybody = (
        "select exists (select from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
        " where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE')"
    )
    if _one(connection, everybody):
        yield _step(f"Every role may create tables in {name}.", "revoke create on schema public from public", on=name)
    if not _one(connection, "select has_schema_privilege(%s, 'public', 'create')", OWNER):
        yield _step(f"{OWNER} may not create tables in {name}.", "grant all on schema public to {}", OWNER, on=name)


def _step(says: str, statement: str, *names: str, on: str = _FIRST, strange: bool = False) -> ProvisionStep:
    composed = sql.SQL(statement).format(*map(sql.Identifier, names))
    return ProvisionStep(says, composed, statement.format(*names), on, strange)


def _one(connection: Connection, statement: str, *values: str) -> Any:
    row = connection.execute(statement, values).fetchone()
    return row[0] if row else None
