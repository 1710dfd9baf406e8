"""`troth database init` on a server of one's own: what it prints, what it does, what it leaves alone, what it refuses."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from tests.servers import OwnServer, own_server

from troth import backup, configuration, database, provision
from troth.cli import database as command
from troth.cli import troth

NAMES = {"owner.env": "TROTH_OWNER_URL", "web.env": "DATABASE_URL", "seal.env": "TROTH_SEALER_URL"}


@pytest.fixture(scope="module")
def own() -> Iterator[OwnServer]:
    with own_server() as made:
        yield made


@pytest.fixture
def fresh(own: OwnServer) -> OwnServer:
    """Without our roles and database, whatever the test before did."""
    own.let_in()
    own.run("drop database if exists troth", *(f"drop role if exists {role}" for role in reversed(provision.ROLES)))
    return own


def init(own: OwnServer, into: Path, *words: str, said: str = "y\n") -> Result:
    given = ("--superuser-url", own.superuser_url, "--host", own.address, "--into", str(into))
    return CliRunner().invoke(troth, ["database", "init", *given, *words], input=said)


def addresses(folder: Path) -> dict[str, str]:
    return {name: configuration.read_file(folder / name)[variable] for name, variable in NAMES.items()}


def passwords(folder: Path) -> list[str]:
    return [str(psycopg.conninfo.conninfo_to_dict(url)["password"]) for url in addresses(folder).values()]


def plan(own: OwnServer) -> list[str]:
    return [step.shown for step in provision.plan(provision.Server(own.superuser_url))]


def test_a_dry_run_prints_each_step_and_changes_nothing(fresh: OwnServer, tmp_path: Path) -> None:
    said = init(fresh, tmp_path / "etc", "--dry-run")
    assert said.exit_code == 0, said.output
    for expected in (
        "create role troth_owner login;",
        "alter role troth_app password '********';",
        "create database troth owner troth_owner template template0 encoding 'UTF8'",
        "revoke all on database troth from public;",
        "grant connect on database troth to troth_sealer;",
        "owner.env gets TROTH_OWNER_URL. Mode 0600.",
    ):
        assert expected in said.output
    assert not (tmp_path / "etc").exists()
    assert "create role troth_owner login" in plan(fresh)


def test_it_asks_once_does_it_and_a_second_time_there_is_nothing_to_do(
    fresh: OwnServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "SQL_ASCII")  # as of a server that was made without a locale
    said = init(fresh, tmp_path)
    assert said.exit_code == 0, said.output
    assert said.output.count("Continue?") == 1
    assert "All three roles connect with their passwords" in said.output
    first = addresses(tmp_path)
    for name in NAMES:
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    again = init(fresh, tmp_path, said="")
    assert again.exit_code == 0, again.output
    assert "Nothing to do" in again.output
    assert addresses(tmp_path) == first
    assert plan(fresh) == []


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("", "?sslmode=verify-full&sslrootcert=system"),
        ("sslrootcert=/ca.pem", "?sslmode=verify-full&sslrootcert=%2Fca.pem"),
        ("sslmode=disable", "?sslmode=disable"),
    ],
)
def test_a_server_elsewhere_is_reached_encrypted_unless_its_url_says_otherwise(
    fresh: OwnServer, asked: str, kept: str
) -> None:
    server = provision.Server(f"{fresh.superuser_url}{'&' if '?' in fresh.superuser_url else '?'}{asked}")
    found = command._addresses(server, name="troth", host="db.example.com")
    assert {url.rpartition("/troth")[2] for url in found.values()} == {kept}


def test_no_is_no(fresh: OwnServer, tmp_path: Path) -> None:
    assert init(fresh, tmp_path / "etc", said="n\n").exit_code == 1
    assert not (tmp_path / "etc").exists()
    assert "create role troth_owner login" in plan(fresh)


def test_no_password_is_printed_or_in_the_servers_log(fresh: OwnServer, tmp_path: Path) -> None:
    said = init(fresh, tmp_path)
    log = fresh.cluster.log.read_text()
    assert "alter role" in log
    assert len(set(passwords(tmp_path))) == 3
    for password in passwords(tmp_path):
        assert len(password) > 30
        assert password not in said.output
        assert password not in log


def test_what_somebody_changed_is_said_and_set_right(fresh: OwnServer, tmp_path: Path) -> None:
    init(fresh, tmp_path)
    fresh.run(
        "alter role troth_app createrole",
        "grant troth_owner to troth_app",
        "grant troth_app to pg_monitor",
        "alter role troth_sealer set statement_timeout = 0",
        "grant create on database troth to troth_app",
        "alter database troth owner to troth",
    )
    fresh.run("grant create on schema public to public", name="troth")
    said = init(fresh, tmp_path)
    assert said.exit_code == 0, said.output
    for expected in (
        "The role troth_app may do more than it should: createrole.",
        "The role troth_app may become troth_owner.",
        "The role pg_monitor may become troth_app.",
        "The role troth_sealer has settings of its own.",
        "The database troth belongs to troth.",
        "troth_app may do more than connect.",
        "Every role may create tables in troth.",
    ):
        assert expected in said.output
    assert plan(fresh) == []


def test_the_embedded_server_sets_nothing_right_in_silence(fresh: OwnServer) -> None:
    fresh.cluster.create_database()
    fresh.run("alter role troth_app createrole")
    fresh.cluster.create_database()
    assert plan(fresh) == ["alter role troth_app nocreaterole"]


def test_a_lost_file_gets_a_new_password_and_the_others_keep_theirs(fresh: OwnServer, tmp_path: Path) -> None:
    init(fresh, tmp_path)
    before = addresses(tmp_path)
    (tmp_path / "seal.env").unlink()
    (tmp_path / "web.env").write_text(f"TROTH_MINE=1\nDATABASE_URL={before['web.env']}\n")
    said = init(fresh, tmp_path)
    assert re.findall(r"alter role (\w+) password", said.output) == ["troth_sealer"]
    after = addresses(tmp_path)
    assert after["seal.env"] != before["seal.env"]
    assert (after["web.env"], after["owner.env"]) == (before["web.env"], before["owner.env"])


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("host all all 127.0.0.0/8 trust\n", "lets troth_owner in with any password (trust)"),
        ("", "troth_owner can't connect"),
    ],
)
def test_a_server_that_lets_in_the_wrong_ones_is_refused_with_the_line_to_write(
    fresh: OwnServer, tmp_path: Path, lines: str, why: str
) -> None:
    fresh.let_in(lines)
    said = init(fresh, tmp_path)
    assert said.exit_code == 1
    assert why in said.output
    assert "host  troth  troth_owner,troth_app,troth_sealer  127.0.0.1/32  scram-sha-256" in said.output


def test_a_server_that_is_stopped_is_told_with_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(provision.CannotProvision, match=r"No such file.*systemctl start postgresql"):
        provision.plan(provision.Server(f"postgresql://postgres@/postgres?host={tmp_path}"))


def test_who_is_no_superuser_is_refused(fresh: OwnServer) -> None:
    fresh.run("create role troth_owner login")
    url = fresh.cluster.url(role=database.OWNER, name="postgres")
    with pytest.raises(provision.CannotProvision, match="troth_owner is not a superuser"):
        provision.plan(provision.Server(url))


def test_a_database_of_another_encoding_is_refused(fresh: OwnServer) -> None:
    fresh.run(
        "create database troth template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' locale_provider libc"
    )
    with pytest.raises(provision.CannotProvision, match="has the encoding LATIN1"):
        plan(fresh)


def test_nothing_is_restored_under_a_site_that_runs(
    fresh: OwnServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_STOPS_WITHIN_SECONDS", 0.5)
    fresh.cluster.create_database()
    with (
        psycopg.connect(fresh.cluster.url(role=database.SEALER)),
        pytest.raises(backup.BackupProblem, match="The site is still running"),
    ):
        backup.restore(
            backup.Backup(tmp_path / "values", tmp_path / "keys"),
            url=fresh.cluster.url(role=database.OWNER),
            programs=fresh.cluster.binaries,
            store=tmp_path / "files",
        )


def test_a_backup_says_no_password_where_every_user_can_read_it(tmp_path: Path) -> None:
    """Of a program that only writes down how it was called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "pg_dump").write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/called\necho "$PGPASSWORD" > {tmp_path}/knew\nexit 1\n'
    )
    (programs / "pg_dump").chmod(0o755)
    url = "postgresql://troth_owner:s3cret@db.example:5433/troth?sslmode=verify-full"
    with pytest.raises(backup.BackupProblem):
        backup._run(programs, "pg_dump", "--format=custom", url=url)
    called = (tmp_path / "called").read_text()
    assert "s3cret" not in called
    assert "user=troth_owner" in called
    assert "sslmode=verify-full" in called
    assert (tmp_path / "knew").read_text() == "s3cret\n"


def test_settings_are_read_from_a_folder_and_what_is_set_already_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "troth.env").write_text('# a comment\nTROTH_PORT=8001\nTROTH_SITE="/srv/site"\n\n')
    (tmp_path / "web.env").write_text("DATABASE_URL=postgresql://a:b%40c@localhost/troth?sslmode=verify-full\n")
    assert configuration.read(tmp_path) == {
        "TROTH_PORT": "8001",
        "TROTH_SITE": "/srv/site",
        "DATABASE_URL": "postgresql://a:b%40c@localhost/troth?sslmode=verify-full",
    }
    monkeypatch.setenv("TROTH_PORT", "9000")
    monkeypatch.delenv("TROTH_SITE")
    monkeypatch.setenv("TROTH_CONFIG", "")
    CliRunner().invoke(troth, ["--config", str(tmp_path), "keys", "show"])
    assert (os.environ["TROTH_PORT"], os.environ["TROTH_SITE"]) == ("9000", "/srv/site")


@pytest.mark.parametrize("text", ["TROTH_PORT 8000\n", "=8000\n", "export TROTH_PORT=1\n"])
def test_a_line_that_is_no_setting_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "troth.env").write_text(f"TROTH_VAR=/x\n{text}")
    with pytest.raises(configuration.ConfigurationProblem, match="line 2 is not NAME=value"):
        configuration.read(tmp_path)


def test_a_folder_without_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(configuration.ConfigurationProblem, match="There is no file of settings"):
        configuration.read(tmp_path)
