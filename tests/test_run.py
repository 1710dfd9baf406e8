"""`troth run` as people meet it: started, stopped, killed, started again, refused. On a small site of its own."""

import http.client
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.installations import (
    ENVIRONMENT,
    Installation,
    answers,
    copied,
    former,
    installation,
    lived_in,
    page_is_whole,
    process_of,
)
from tests.mail import free_port
from tests.test_apart import as_root, database_refuses_to_make_the_pages_its_owner, readable_by_others, user_of

from troth import database, supervise
from troth.cli.ledger import ledger_commands

__all__ = ["former", "installation", "lived_in"]

_SECOND_START_SECONDS = 5


@pytest.fixture(scope="module")
def edited(former: Installation) -> Iterator[Installation]:
    """A running site whose policy.md was edited since it ran before, with a log that all could read: for tests that leave it whole."""
    with copied(former) as made:
        document = made.home / "site" / "policy.md"
        document.write_text(document.read_text() + "\nA stray line.\n")
        log = made.var / "log" / "postgres.log"
        log.write_text("of a former version\n")
        log.chmod(0o644)
        made.until_answers(made.start(TROTH_PROXIES="127.0.0.1"))
        yield made


def test_site_runs_and_stops_on_ctrl_c(former: Installation) -> None:
    said = former.said(former.started[0])
    assert f"http://localhost:{former.port}" in said
    assert "Traceback" not in said
    former.await_nothing_left(within_seconds=5)


def asked(port: int, path: str, *, host: str = "localhost", **headers: str) -> tuple[int, str]:
    """Status and where it leads, of one request that follows nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request("GET", path, headers={"Host": host, **headers})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")


def answers_by_address(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as response:
        return bool(response.status == 200)


def leads_people_to_https(port: int) -> None:
    """The site's own probe asks over plain http, which is led to https for everybody else."""
    assert asked(port, "/healthz", host="10.42.0.7") == (200, "")
    assert asked(port, "/policy") == (301, "https://localhost/policy")
    assert asked(port, "/policy", **{"X-Forwarded-Proto": "https"}) == (200, "")


def test_over_plain_http_a_proxys_word_of_https_changes_nothing(edited: Installation) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    assert asked(edited.port, "/policy", **said) == (200, "")
    assert asked(edited.port, "/policy", host="elsewhere.example", **said) == (400, "")


def test_site_starts_again_survives_kill_9_goes_on_behind_https_and_leaves_nothing(lived_in: Installation) -> None:
    second = lived_in.start()
    took = lived_in.until_answers(second)
    sys.stdout.write(f"second start: {took:.1f} s (promised: under {_SECOND_START_SECONDS} s)\n")
    assert took < 4 * _SECOND_START_SECONDS  # the promise holds on an idle machine; tests share theirs
    assert answers_by_address(lived_in.port)

    os.kill(second.pid, signal.SIGKILL)
    third = lived_in.start(TROTH_BASE_URL="https://localhost")
    lived_in.until_answers(third)
    processes = "\n".join(lived_in.left_running())
    assert processes.count("troth run") == 1
    assert processes.count("bin/postgres") == 1
    leads_people_to_https(lived_in.port)

    said = lived_in.said(third)
    assert "does not answer" not in said
    assert "Traceback" not in said
    os.kill(third.pid, signal.SIGKILL)
    lived_in.await_nothing_left(within_seconds=20)


def test_second_run_in_the_same_folder_is_refused(edited: Installation) -> None:
    other = edited.start(TROTH_PORT=str(free_port()))
    assert "is in use: troth is already running there" in edited.ended(other)
    assert other.returncode == 1
    assert answers(edited.port)


def test_occupied_port_is_refused_with_a_sentence(lived_in: Installation) -> None:
    with socket.create_server(("127.0.0.1", lived_in.port)):
        process = lived_in.start()
        said = lived_in.ended(process)
    assert f"Port {lived_in.port} is occupied by another program" in said
    assert "Traceback" not in said
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("key", "words"),
    [("master.key", "There is no master key at"), ("ledger.key", "There is no signing key of the ledger at")],
)
def test_a_missing_key_is_refused_and_never_replaced(lived_in: Installation, key: str, words: str) -> None:
    (lived_in.var / key).rename(lived_in.home / "safe.key")
    refused = lived_in.start()
    assert words in lived_in.ended(refused)
    assert refused.returncode == 1
    assert not (lived_in.var / key).exists()


def test_edited_policy_is_reported_and_changes_nothing(edited: Installation) -> None:
    assert "policy.md was edited; version 1 stays in force" in edited.said(edited.started[0])
    with urllib.request.urlopen(f"http://localhost:{edited.port}/policy.md", timeout=5) as response:
        assert b"A stray line." not in response.read()


def test_full_disk_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "LEAST_FREE_BYTES", 2**63)
    with pytest.raises(supervise.CannotRun, match="Free some space"):
        supervise.refuse_full_disk(tmp_path)


def test_misspelt_port_is_refused_with_a_sentence(installation: Installation) -> None:
    said = installation.ended(installation.start(TROTH_PORT="http"))
    assert "TROTH_PORT is “http”; it must be a number from 1 to 65535" in said


@as_root
def test_each_process_has_its_user_and_what_it_writes_is_closed_to_others(edited: Installation) -> None:
    users = {name: user_of(edited, name) for name in ("troth web", "troth work", "troth seal", "bin/postgres")}
    assert users == {
        "troth web": "troth-web",
        "troth work": "troth-web",
        "troth seal": "troth-seal",
        "bin/postgres": database.server_user(),
    }
    assert readable_by_others(edited.var) == set()
    database_refuses_to_make_the_pages_its_owner(edited)


@pytest.mark.parametrize("victim", ["troth web", "troth work", "troth seal", "bin/postgres"])
def test_a_child_that_is_killed_is_started_again_and_the_site_goes_on(edited: Installation, victim: str) -> None:
    process = edited.started[0]
    before, killed = len(edited.said(process)), edited.process_of(victim)
    os.kill(killed, signal.SIGKILL)

    deadline, again = time.monotonic() + 40, False
    while not again and time.monotonic() < deadline:
        time.sleep(0.2)
        again = process_of(edited, victim) not in (0, killed) and page_is_whole(edited.port)
    said = edited.said(process)[before:]
    assert again, said
    assert f"The {_CALLED[victim]} process ended by itself (code -9). It is started again" in said
    assert process.poll() is None


_CALLED = {"troth web": "web", "troth work": "work", "troth seal": "seal", "bin/postgres": "database"}


def test_the_ledger_is_sealed_beside_the_site_and_verifies(edited: Installation) -> None:
    checkpoints, deadline = edited.var / "ledger" / "checkpoints", time.monotonic() + 20
    while not checkpoints.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    here = {**dict.fromkeys(ENVIRONMENT), "TROTH_VAR": str(edited.var)}  # none of the tests' own variables
    verified = CliRunner().invoke(ledger_commands, ["verify"], env=here)
    assert verified.exit_code == 0, verified.output
    assert "The ledger is intact." in verified.stdout
    assert (edited.var / "ledger.key").stat().st_mode & 0o077 == 0
    sealing = Path(f"/proc/{edited.process_of('troth seal')}")
    assert (sealing / "environ").read_bytes().count(b"postgresql://") == 1  # its own role's address, nobody else's
    serving = Path(f"/proc/{edited.process_of('troth web')}")
    if serving.stat().st_uid != os.geteuid():  # where other users can reach the program, each has its own
        assert sealing.stat().st_uid not in (os.geteuid(), serving.stat().st_uid)
