"""What is wrong with the variables is said at once, in sentences."""

import re
from pathlib import Path

import pytest

from troth import database, seal
from troth.environment import Environment, EnvironmentProblem, connection


def test_defaults_lead_to_the_embedded_server_of_the_data_folder(tmp_path: Path) -> None:
    read = Environment.read({"TROTH_VAR": str(tmp_path)})
    assert (read.port, read.base_url, read.demo, read.owner_url) == (8000, "http://localhost:8000", False, None)
    assert read.database_url == database.default_url(tmp_path)
    assert read.master_key_file == tmp_path / "master.key"


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        Environment.read(
            {"TROTH_PORT": "80x", "TROTH_DEMO": "maybe", "TROTH_BASE_URL": "example.com", "DATABASE_URL": "x"}
        )
    assert re.findall(r"TROTH_\w+|DATABASE_URL", str(caught.value)) == [
        "TROTH_PORT",
        "TROTH_BASE_URL",
        "TROTH_DEMO",
        "DATABASE_URL",
    ]


@pytest.mark.parametrize(
    ("text", "origin", "host"),
    [
        ("HTTPS://Portal.Acme.Example:443/", "https://portal.acme.example", "portal.acme.example"),
        (" http://localhost:80 ", "http://localhost", "localhost"),
        ("https://Büro.example.:8443", "https://xn--bro-hoa.example:8443", "xn--bro-hoa.example"),
        ("http://[FD00:0::1]:8000//", "http://[fd00::1]:8000", "[fd00::1]"),
    ],
)
def test_the_sites_address_is_the_one_that_browsers_send(text: str, origin: str, host: str) -> None:
    """With another one, cookies were sent without encryption, passkeys refused, and each page answered 400."""
    read = Environment.read({"TROTH_BASE_URL": text})
    assert (read.base_url, read.host, read.https) == (origin, host, origin.startswith("https:"))


@pytest.mark.parametrize(
    "text",
    [
        "https://x.example/portal",
        "https://x.example/?a=b",
        "https://x.example/#a",
        "https://ada:s@x.example",
        "https://x.example:0",
        "https://x.example:99999",
        "https://x.example:8o",
        "https://[::1",
        "https://[::g]",
        "https://*",
        "https://.x.example",
        "https://a..b",
        "https://a_b.example",
        "https:/x.example",
        "https://",
        "ftp://x.example",
        "//x.example",
    ],
)
def test_an_address_with_more_or_less_than_an_origin_is_refused(text: str) -> None:
    with pytest.raises(EnvironmentProblem, match=r"it must look like https://portal\.example\.com"):
        Environment.read({"TROTH_BASE_URL": text})


def test_proxies_are_networks_and_none_unless_named() -> None:
    read = Environment.read({"TROTH_PROXIES": "127.0.0.1, 10.1.0.0/16,fd00::/8"})
    assert [str(network) for network in read.proxies] == ["127.0.0.1/32", "10.1.0.0/16", "fd00::/8"]
    assert Environment.read({}).proxies == ()


@pytest.mark.parametrize("text", ["localhost", "10.1.0.0/33", "10.1.2.3/16", "127.0.0.1;10.0.0.1"])
def test_what_is_not_a_network_is_refused_by_name(text: str) -> None:
    with pytest.raises(EnvironmentProblem, match=f"TROTH_PROXIES has “{text}”, which is not a network"):
        Environment.read({"TROTH_PROXIES": f"127.0.0.1,{text}"})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("localhost", 25, "none")),
        ({"TROTH_SMTP": "127.0.0.1:1025"}, ("127.0.0.1", 1025, "none")),
        ({"TROTH_SMTP": "[::1]:1025"}, ("::1", 1025, "none")),
        ({"TROTH_SMTP": "fd00::1"}, ("fd00::1", 25, "starttls")),
        ({"TROTH_SMTP": "smtp.example.com"}, ("smtp.example.com", 25, "starttls")),
        ({"TROTH_SMTP": "smtp.example.com:465"}, ("smtp.example.com", 465, "tls")),
        ({"TROTH_SMTP": "smtp.example.com", "TROTH_SMTP_TLS": "tls"}, ("smtp.example.com", 465, "tls")),
        (
            {"TROTH_SMTP": "smtp.example.com", "TROTH_SMTP_USER": "a", "TROTH_SMTP_PASSWORD_FILE": "/x"},
            ("smtp.example.com", 587, "starttls"),
        ),
    ],
)
def test_beyond_this_machine_email_goes_encrypted_unless_told_otherwise(
    given: dict[str, str], expected: tuple[str, int, str]
) -> None:
    read = Environment.read(given).smtp
    assert (read.host, read.port, read.tls) == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"TROTH_SMTP": "smtp.example.com:465", "TROTH_SMTP_TLS": "starttls"}, "Set tls, or delete the line"),
        ({"TROTH_SMTP_TLS": "ssl"}, "must be one of: tls, starttls, none"),
        ({"TROTH_SMTP_CONNECTIONS": "51"}, "must be a number from 1 to 50."),
        ({"TROTH_UPDATE_PACE": "many"}, "TROTH_UPDATE_PACE is “many”; it must be a number from 1 to 10000000."),
        ({"TROTH_SMTP_USER": "a"}, "belong together"),
        ({"TROTH_SMTP_PASSWORD_FILE": "/x"}, "belong together"),
        (
            {
                "TROTH_SMTP": "smtp.example.com",
                "TROTH_SMTP_TLS": "none",
                "TROTH_SMTP_USER": "a",
                "TROTH_SMTP_PASSWORD_FILE": "/x",
            },
            "would be sent unencrypted",
        ),
    ],
)
def test_a_mail_server_that_would_hear_a_password_unencrypted_is_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(EnvironmentProblem, match=words):
        Environment.read(given)


def test_connection_prepares_its_statements_on_the_server() -> None:
    parts = connection("postgresql://troth_app:secret@db.example:5433/portal?sslmode=verify-full", role="troth_app")
    assert (parts["NAME"], parts["USER"], parts["HOST"], parts["PORT"]) == ("portal", "troth_app", "db.example", "5433")
    assert parts["OPTIONS"] == {
        "server_side_binding": True,
        "prepare_threshold": 5,
        "sslmode": "verify-full",
        "options": database.options(database.APPLICATION),
    }


def test_signing_key_is_the_same_for_the_same_master_key_only(tmp_path: Path) -> None:
    keys = []
    for name in ("one", "other"):
        file = tmp_path / name
        seal.make_master_key(file)
        keys += [Environment.read({"TROTH_MASTER_KEY_FILE": str(file)}).secret_key() for _ in range(2)]
    assert keys[0] == keys[1] != keys[2] == keys[3]


def test_binaries_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(database.DatabaseProblem, match="no program named postgres in it"):
        database.find_binaries({"TROTH_PG_BIN": str(tmp_path)})


def test_backup_programs_are_of_the_servers_version_or_the_package_is_named(
    cluster: database.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer pg_restore says `set transaction_timeout` to an older server, which refuses all of the backup."""
    url = cluster.url(role=database.SUPERUSER, name="postgres")
    found = database.find_programs(url, {})
    assert database.major(found, program="pg_restore") == database.major(cluster.binaries)
    monkeypatch.setattr(database, "major", lambda _folder, **_program: 9)
    with pytest.raises(database.DatabaseProblem, match=r"Install the Debian package postgresql-client-\d+"):
        database.find_programs(url, {})


def test_data_of_another_major_version_are_refused(cluster: database.Cluster, tmp_path: Path) -> None:
    other = database.Cluster(
        binaries=cluster.binaries,
        data=tmp_path / "data",
        sockets=tmp_path / "s",
        log=tmp_path / "log",
        user=cluster.user,
    )
    other.data.mkdir()
    (other.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(database.DatabaseProblem, match="are of PostgreSQL 9"):
        other.prepare()
