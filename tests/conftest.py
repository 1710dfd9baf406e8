"""What every test can have: a real PostgreSQL with the real roles, a browser, and the jobs run at once.

    db, transactional_db   the application's connection, under the application's role as in production
    owner                  a connection of the owner, for what only migrations and adopting may do
    sealer                 seals the ledger: sealer.seal() once, sealer.seal_all() until nothing is queued
    run_jobs()             runs all due jobs in this process until none is left; a failed one fails the test
    page, live_server      Debian's Chromium and a served site

The server is ours and lasts for this run: started from TROTH_PG_BIN, else the wheel, else Debian's.
"""

import gc
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from tests import housekeeping, surroundings, workers, working
from tests.clock import time_machine
from tests.workers import pytest_addoption, pytest_runtestloop

from troth import database, notes

if TYPE_CHECKING:
    from troth.records.ledger.sealing import Sealer

__all__ = ["pytest_addoption", "pytest_runtestloop", "time_machine"]

ROOT = Path(__file__).parent.parent
_LONG_FILES = (
    "gate/test_equality",
    "journeys/test_to_production",
    "journeys/test_axe",
    "text/test_every_route",
    "test_run",
    "faults/",
    "journeys/",
    "upgrade/",
    "test_apart",
    "test_start_stop",
    "security/",
    "records/test_verifying",
    "uses/test_quote_kills",
    "web/test_strangers",
    "web/test_console_roles",
    "web/test_observatory",
    "collection/test_demo",
)
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how long one example takes is the machine's affair: none fails by it
_GARBAGE = (50_000, 20, 20)
"""Most of what a test leaves is freed at once; looking for circles after every 700 objects took a thirtieth of the time."""
_BROWSER = "chromium-headless-shell"
"""Chromium without what draws on a screen: it takes three quarters of the time."""


gc.set_threshold(*_GARBAGE)  # while tests are collected, nothing is garbage
surroundings.begin()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    import django
    from django.template import base

    django.setup()
    base.signature = _refuse_call  # type: ignore[attr-defined]  # Django has no setting for it
    workers.begin(config)


def _refuse_call(called: object) -> None:
    """A template calls what it finds. Django shows nothing for a function that takes something, and says no word."""
    raise AssertionError(f"A template asked for {called}, which takes something: give it a value.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: the last one that a worker takes decides how long the other one waits."""
    items.sort(key=lambda item: _rank(item.path.relative_to(ROOT / "tests").as_posix()))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported and collected stays for the run: looking through it for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


_NEXT_HAS_SITE = threading.Event()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The adopted policy stays for the next test where that one has the site."""
    if _has_site(nextitem):
        _NEXT_HAS_SITE.set()
    else:
        _NEXT_HAS_SITE.clear()
    return (yield)


def _has_site(item: pytest.Item | None) -> bool:
    """Whether the test has `tests.site.site`, and no fixture of the same name that adopts another policy."""
    info = getattr(item, "_fixtureinfo", None)
    found = info.name2fixturedefs.get("site") if info and "site" in info.names_closure else None
    return found[-1].func.__module__ == "tests.site" if found else False


def _rank(file: str) -> int:
    found = [rank for rank, start in enumerate(_LONG_FILES) if file.startswith(start)]
    return found[0] if found else len(_LONG_FILES)


def pytest_unconfigure(config: pytest.Config | None) -> None:
    surroundings.end()


@pytest.fixture(scope="session")
def cluster() -> Iterator[database.Cluster]:
    found = surroundings.cluster()
    found.prepare()
    process = found.start()
    yield found
    found.stop(process)


@pytest.fixture(scope="session")
def django_db_setup(cluster: database.Cluster, django_db_blocker: Any) -> Iterator[None]:
    """Replaces Django's: the owner creates, migrates and grants; tests connect as the application."""
    from django.db import connections
    from tests import site

    with django_db_blocker.unblock():
        if surroundings.is_ready():
            housekeeping.begin(surroundings.superuser_url(), aside=[site.REFERENCE])
        else:
            surroundings.make_database()
            housekeeping.begin(surroundings.superuser_url())
        connections.close_all()
        yield
        working.end()
        housekeeping.end()
        connections.close_all()


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """`troth` closes what it writes to others; called in this process, it would close what later tests make."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(autouse=True, scope="module")
def _cheap_passwords(request: pytest.FixtureRequest) -> Iterator[None]:
    """Argon2id as in production, over less memory: a seventh of the suite's time was spent in it."""
    from troth.security import hashing, knowing

    with pytest.MonkeyPatch.context() as patch:
        if request.node.get_closest_marker("real_cost") is None:
            patch.setattr(hashing.Argon2id, "memory_cost", 64)
            patch.setattr(knowing, "_MEMORY_KIB", 64)
        yield


@pytest.fixture(autouse=True, scope="session")
def _pages_finish_their_jobs() -> Iterator[None]:
    """However busy the machine is, a page of this process gets the job done that it runs itself."""
    from troth import queue

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue, "WITHIN_SECONDS", 20)
        patch.setattr(queue, "RESERVED", timedelta(minutes=5))
        yield


@pytest.fixture(autouse=True, scope="session")
def _templates_as_on_the_site() -> Iterator[None]:
    """Django's tests would tell of each template and its context, which no test of ours asks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.template.base.Template._render", lambda self, context: self.nodelist.render(context))
        yield


@pytest.fixture(autouse=True, scope="session")
def _one_chain_of_middleware() -> Iterator[None]:
    """Each client would build the whole chain of middleware anew; it is built again only after a setting changed."""
    from django.core.signals import setting_changed
    from django.test.client import ClientHandler

    load = ClientHandler.load_middleware
    kept: dict[str, Any] = {}

    def load_once(self: ClientHandler, is_async: bool = False) -> None:
        if not kept:
            load(self, is_async)
            kept.update(self.__dict__)
        own = self.enforce_csrf_checks
        self.__dict__.update(kept, enforce_csrf_checks=own)

    def forget(**_: Any) -> None:
        kept.clear()

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_once)
        yield
    setting_changed.disconnect(forget)


@pytest.fixture(autouse=True, scope="session")
def _clean_up_as_owner() -> Iterator[None]:
    """After a test that commits, the owner empties the tables: the application's role may not."""
    from django.test.testcases import SimpleTestCase, TransactionTestCase

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: _empty_tables())
    # Each test's connection is the last one's: opening one takes longer than most tests.
    patch.setattr(TransactionTestCase, "_should_reload_connections", lambda self: False)
    # The owner's connection is no database of its own that a test would have to name; pytest-django guards access.
    patch.setattr(SimpleTestCase, "_add_databases_failures", classmethod(lambda cls: None))
    patch.setattr(SimpleTestCase, "_remove_databases_failures", classmethod(lambda cls: None))
    yield
    patch.undo()


def _empty_tables() -> None:
    from tests import site  # it reads a setting of Django's surroundings

    from troth.gate import facts

    housekeeping.empty(but=site.REFERENCE if _NEXT_HAS_SITE.is_set() else "")
    for left in ("outbox", "journal", "files"):  # emails and files of the test, and what people forbade in it
        shutil.rmtree(surroundings.home() / "var" / left, ignore_errors=True)
    facts.forget()
    working.forget()


@pytest.fixture
def owner(transactional_db: None) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """The owner's connection; each statement commits. The test's tables are emptied after it."""
    with _owner_connection() as connection:
        yield connection


@pytest.fixture
def sealer(transactional_db: None) -> Iterator["Sealer"]:
    """The sealer under its own role and key. Its file is that of the settings, and goes with the test."""
    from troth.records.ledger.checkpoints import CheckpointFile
    from troth.records.ledger.sealing import Sealer

    key, file = (
        Path(os.environ["TROTH_LEDGER_KEY_FILE"]),
        CheckpointFile(surroundings.home() / "var" / "ledger" / "checkpoints"),
    )
    file.path.unlink(missing_ok=True)
    with psycopg.connect(os.environ["TROTH_SEALER_URL"], autocommit=True) as connection:
        yield Sealer.open(
            connection,
            signer=notes.signer_at(key),
            trusted=notes.verifiers_at(notes.public_file(key)),
            file=file,
            pause=_waits,  # the session of the test before may last a moment
        )
    file.path.unlink(missing_ok=True)


def _waits(seconds: float) -> bool:
    time.sleep(seconds)
    return False


@pytest.fixture
def superuser(cluster: database.Cluster, transactional_db: None) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """The connection of somebody who may do everything: what no part of the program is."""
    with _superuser_connection() as connection:
        yield connection


def _owner_connection() -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(surroundings.cluster().url(role=database.OWNER, name=surroundings.NAME), autocommit=True)


def _superuser_connection() -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(surroundings.cluster().url(role=database.SUPERUSER, name=surroundings.NAME), autocommit=True)


@pytest.fixture
def run_jobs(transactional_db: None) -> Callable[[], None]:
    return working.work_until_empty


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, quiet: it asks nobody but our own server."""
    found = shutil.which(_BROWSER)
    if found is None:
        pytest.fail(f"There is no browser. Install the Debian package: apt-get install {_BROWSER}", pytrace=False)
    quiet = ("disable-background-networking", "disable-component-update", "disable-sync", "disable-quic")
    return {
        **browser_type_launch_args,
        "executable_path": found,
        "args": ["--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--{word}" for word in quiet)],
    }
