"""Started as root, pages, jobs and sealer run under users of their own, and nobody else reads what the site writes."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.installations import Installation, answers
from tests.mail import free_port

from troth import apart, catalog, database, users
from troth.environment import Environment

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others; CI and `make test` run as root")
_MEANT_FOR_ALL = {"ledger.pub"}


def user_of(installation: Installation, command: str) -> str:
    """All four user ids of the process are this user's."""
    status = Path(f"/proc/{installation.process_of(command)}/status").read_text()
    uids = next(line.split()[1:] for line in status.splitlines() if line.startswith("Uid:"))
    assert len(set(uids)) == 1, uids
    return pwd.getpwuid(int(uids[0])).pw_name


def readable_by_others(var: Path) -> set[str]:
    """What group or others may read of what the site wrote: the site folder is the operator's own, static files public."""
    apart_from = (var / "site", var / "postgres", var / "static")
    found = set()
    for folder, inside, files in os.walk(var):
        inside[:] = [name for name in inside if (Path(folder) / name) not in apart_from]
        for name in files:
            mode = (Path(folder) / name).stat().st_mode
            if name not in _MEANT_FOR_ALL and mode & (stat.S_IRWXG | stat.S_IRWXO):
                found.add(f"{stat.filemode(mode)} {Path(folder) / name}")
    return found


def database_refuses_to_make_the_pages_its_owner(installation: Installation) -> None:
    cluster = database.cluster_of(installation.var, environ=os.environ)
    for role in (database.OWNER, database.SUPERUSER, database.SEALER):
        address = cluster.url(role=role)
        tried = subprocess.run(
            users.as_user("troth-web", ["psql", "--no-psqlrc", "-c", "select 1", address]),
            capture_output=True,
            text=True,
        )
        assert tried.returncode != 0
        assert "Peer authentication failed" in tried.stderr


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that nobody but root can enter, as a clone in root's own home, with its data and copies gone after it."""
    home = Path(tempfile.mkdtemp(prefix="troth-closed-"))
    apart_home = database.home_apart(home / "var")
    yield home
    for folder in (home, apart_home):
        shutil.rmtree(folder, ignore_errors=True)


@as_root
def test_a_data_folder_closed_to_others_moves_where_they_can_reach_it(closed: Path) -> None:
    catalog.new(closed / "var" / "site", organization="Acme", today=date(2026, 1, 1))
    (closed / "var" / "master.key").write_text("mine")
    (database.home_apart(closed / "var") / "postgres").mkdir(parents=True)

    moved = apart.reachable_var(closed / "var")

    assert users.reaches("troth-web", moved / "site" / "policy.md")
    assert (closed / "var").resolve() == moved
    assert (moved / "master.key").read_text() == "mine"
    assert (moved / "postgres").is_dir(), "the data that a former version kept apart come along"
    assert apart.reachable_var(Environment.read({"TROTH_VAR": str(closed / "var")}).var) == moved


@as_root
def test_a_site_in_a_closed_folder_runs_separated(closed: Path) -> None:
    """Program and packages, too: as from a clone under /root."""
    program = closed / "src"
    shutil.copytree(Path(apart.__file__).parents[1], program, ignore=shutil.ignore_patterns("__pycache__"))
    (closed / "var").mkdir()
    catalog.new(closed / "var" / "site", organization="Acme", today=date(2026, 1, 1))
    here = Installation(closed, free_port())
    process = here.start(PYTHONPATH=str(program), TROTH_SITE="")
    try:
        here.until_answers(process)
        moved = Installation((closed / "var").resolve().parent, here.port)
        assert user_of(moved, "troth web") == "troth-web"
        assert "pages and the sealer run from copies" in here.said(process)
        assert answers(here.port)
    finally:
        process.terminate()
        process.wait(timeout=40)


def test_a_copy_of_the_program_is_made_again_once_a_file_was_edited(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And has its bytecode: who runs it can't write there, and would compile it at each start."""
    file, home = tmp_path / "src" / "troth" / "one.py", tmp_path / "home"
    file.parent.mkdir(parents=True)
    file.write_text("ONE = 1\n")
    monkeypatch.setattr(apart, "_OURS", tmp_path / "src")

    first = apart._copy_program(home)
    assert [each.name for each in first.rglob("*.pyc")] == [f"one.{sys.implementation.cache_tag}.pyc"]
    assert apart._copy_program(home) == first

    file.write_text("ONE = 10\n")
    second = apart._copy_program(home)
    assert (second / "troth" / "one.py").read_text() == "ONE = 10\n"
    assert [each.name for each in home.iterdir()] == [second.name]


@as_root
def test_a_site_folder_that_pages_cannot_reach_is_refused_with_what_to_do(closed: Path, tmp_path: Path) -> None:
    catalog.new(closed / "site", organization="Acme", today=date(2026, 1, 1))
    with tempfile.TemporaryDirectory() as open_home:
        Path(open_home).chmod(0o755)
        here = Installation(Path(open_home), free_port())
        said = here.ended(here.start(TROTH_SITE=str(closed / "site")))
        assert here.started[0].returncode == 1
    assert f"The system user troth-web cannot reach {closed}/site/policy.md. Open the folders above it" in said
    assert "--insecure-as-root" in said
    assert "Traceback" not in said


@as_root
def test_python_that_others_cannot_reach_is_replaced_by_the_systems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = Environment.read({"TROTH_VAR": tempfile.gettempdir()})
    program = apart._program("nobody", home=environment.var, say=lambda _: None)
    assert users.reaches("nobody", program.python.resolve(), how="-x")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(apart, "_SYSTEMS_PYTHON", (Path("/usr/bin/false"),))
    with pytest.raises(apart.CannotSeparate, match=r"rm -rf \.venv, then make run"):
        apart._program("nobody", home=environment.var, say=lambda _: None)


def test_without_root_everything_runs_as_whoever_started_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    found = apart.runners(Environment.read({"TROTH_VAR": str(tmp_path)}), say=lambda _: None)
    assert found == apart.Runners()
    assert apart.reachable_var(tmp_path) == tmp_path
