"""`--workers 4`: tests are collected once, and run by processes that are forked from there, one file after another.

    this process    makes the database while it collects; reads ahead what all of them read; hands out files, reports what is
                    said of each test
      └── workers   each in surroundings of its own, until no file is left

Collecting all tests takes as long as running hundreds of them, so no other process does it again.
"""

import gc
import os
import sys
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pytest
from _pytest.config import create_terminal_writer
from tests import surroundings

File = list[pytest.Item]


@dataclass
class Worker:
    """A process that runs tests, seen from the one that hands them out. `at`: the test that it runs."""

    process: int
    said: "Connection[Any, Any]"
    at: str = "nothing yet"
    done: bool = field(default=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--workers", type=int, default=1, help="by how many processes the tests are run")


def begin(config: pytest.Config) -> None:
    """Once Django is set up: begins to make the database, for as long as tests are collected."""
    if _is_shared(config):
        config.stash[_AHEAD] = surroundings.make_ahead()


_AHEAD = pytest.StashKey[int]()


def _is_shared(config: pytest.Config) -> bool:
    return bool(config.getoption("workers") > 1 and not config.option.collectonly and not config.option.usepdb)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Instead of pytest's own loop, where there are several workers and nothing failed while collecting."""
    if _AHEAD not in session.config.stash:
        return None
    _read_ahead()
    surroundings.await_ahead(session.config.stash[_AHEAD])
    if session.testsfailed:
        return None
    files = _by_file(session.items)
    sys.stdout.flush()
    workers: list[Worker] = []
    for number in range(session.config.getoption("workers")):
        workers.append(_start(session, files, number, others=workers))
    try:
        _hand_out(session, files, workers)
    finally:
        for worker in workers:
            worker.said.close()  # who still runs a test ends when it is over
            os.waitpid(worker.process, 0)
    return True


def _read_ahead() -> None:
    """What each worker would read for itself: templates, addresses, countries, and the ZIP codes, which take a second."""
    from django.conf import settings
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template
    from django.urls import is_valid_path

    from troth.catalog import territory

    for folder in map(Path, settings.TEMPLATES[0]["DIRS"]):
        for file in folder.rglob("*.*"):
            with suppress(TemplateSyntaxError):  # the tests of its page say so
                get_template(str(file.relative_to(folder)))
    is_valid_path("/nothing-here")
    territory.locate("93721", "CA", "US")
    gc.freeze()


def _by_file(items: list[pytest.Item]) -> list[File]:
    files: dict[Any, File] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    return list(files.values())


def _hand_out(session: pytest.Session, files: list[File], workers: list[Worker]) -> None:
    waiting = deque(range(len(files)))
    by_end: dict[Any, Worker] = {worker.said: worker for worker in workers}
    while by_end:
        for end in wait([*by_end]):
            worker = by_end[end]
            try:
                what, about = worker.said.recv()
            except (EOFError, ConnectionError):
                del by_end[worker.said]
                if not worker.done:
                    _fail(session, worker, "The process that ran it ended.")
                continue
            if what == "next":
                stops = session.shouldfail or session.shouldstop
                with suppress(ConnectionError):
                    worker.said.send(waiting.popleft() if waiting and not stops else None)
            elif what == "done":
                worker.done = True
            else:
                _report(session, worker, what, about)
    if stopped := session.shouldfail or session.shouldstop:
        raise session.Failed(stopped)


def _report(session: pytest.Session, worker: Worker, what: str, about: Any) -> None:
    hook = session.config.hook
    if what == "starts":
        worker.at = about[0]
        hook.pytest_runtest_logstart(nodeid=about[0], location=about[1])
    elif what == "report":
        report = hook.pytest_report_from_serializable(config=session.config, data=about)
        hook.pytest_runtest_logreport(report=report)
    else:
        worker.done = True
        _fail(session, worker, about)


def _fail(session: pytest.Session, worker: Worker, why: str) -> None:
    """A test that a worker did not live to report; what is left of its file does not run."""
    report = pytest.TestReport(worker.at, ("", None, worker.at), {}, "failed", why, "call")
    session.config.hook.pytest_runtest_logreport(report=report)
    session.shouldfail = f"a process that ran tests ended in {worker.at}"


def _start(session: pytest.Session, files: list[File], number: int, *, others: list[Worker]) -> Worker:
    here, there = Pipe()
    process = os.fork()
    if process:
        there.close()
        return Worker(process, here)
    failed = 1
    try:
        here.close()
        for other in others:
            other.said.close()
        _become_worker(session.config, there, number)
        _run(session, files, there)
        surroundings.end()
        there.send(("done", None))
        failed = 0
    except BaseException:
        with suppress(OSError):
            there.send(("failed", traceback.format_exc()))
    finally:
        os._exit(failed)


def _become_worker(config: pytest.Config, there: "Connection[Any, Any]", number: int) -> None:
    """Output is caught in files of its own, reports go to the parent alone, and folders are its own."""
    capturing: Any = config.pluginmanager.getplugin("capturemanager")
    capturing.stop_global_capturing()
    capturing.start_global_capturing()
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    reporter._tw = create_terminal_writer(config, Path(os.devnull).open("w"))  # noqa: SIM115
    config.pluginmanager.register(_Told(config, there))
    folders: Any = config._tmp_path_factory  # type: ignore[attr-defined]
    folders._basetemp = folders.getbasetemp() / f"worker-{number}"
    folders._basetemp.mkdir(mode=0o700)
    surroundings.move(number)


class _Told:
    """What a worker tells of each test."""

    def __init__(self, config: pytest.Config, there: "Connection[Any, Any]") -> None:
        self.config, self.there = config, there

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self.there.send(("starts", (nodeid, location)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        self.there.send(("report", said))


def _run(session: pytest.Session, files: list[File], there: "Connection[Any, Any]") -> None:
    """The next file is asked for before a file's last test, which keeps what that one shares with its first."""
    items = _items(files, there)
    item = next(items, None)
    while item is not None:
        following = next(items, None) if not session.shouldfail else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        item = following


def _items(files: list[File], there: "Connection[Any, Any]") -> Iterator[pytest.Item]:
    while (place := _ask(there)) is not None:
        yield from files[place]


def _ask(there: "Connection[Any, Any]") -> int | None:
    there.send(("next", None))
    place: int | None = there.recv()
    return place
