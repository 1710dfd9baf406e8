"""The real worker, with connections that last for the run.

A worker of `troth work` opens its connections once; one that is made anew for each `run_jobs()` opened a dozen, and in each
the database read its catalogs and compiled our functions again: a fifth of the suite's time.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

DATABASE = "troth_test"
_state: dict[str, Any] = {}


def work_until_empty() -> None:
    """Runs due jobs, one after another, outside the thread of the test: a browser has an event loop in that one."""
    _thread().submit(_work).result()


def end() -> None:
    """Closes what was opened."""
    if "thread" in _state:
        _state["thread"].submit(_close).result()
        _state.pop("thread").shutdown()


def _thread() -> ThreadPoolExecutor:
    if "thread" not in _state:
        _state["thread"] = ThreadPoolExecutor(1, thread_name_prefix="worker")
    thread: ThreadPoolExecutor = _state["thread"]
    return thread


def _work() -> None:
    """A database to which a test leads Django's connections is dropped after it: nothing stays connected there."""
    away = _is_away()
    if away:
        _close()
    if "runner" not in _state:
        _open()
    try:
        _state["runner"].run(_run(_state["app"]))
    finally:
        if away:
            _close()


async def _run(app: Any) -> None:
    from troth import work

    await app.run_worker_async(**work.UNTIL_EMPTY, task_middleware=[work.note_outcome])


def _open() -> None:
    """A worker's app on an event loop of its own, whose jobs all run in one thread."""
    from procrastinate.contrib.django import app as jobs

    runner, thread = asyncio.Runner(), ThreadPoolExecutor(1, thread_name_prefix="jobs")
    runner.get_loop().set_default_executor(thread)
    app = jobs.with_connector(jobs.connector.get_worker_connector())  # type: ignore[attr-defined]
    runner.run(_opened(app))
    _state.update(runner=runner, jobs=thread, app=app)


async def _opened(app: Any) -> None:
    await app.open_async()


def _close() -> None:
    from asgiref.sync import SyncToAsync
    from django.db import connections

    if "runner" not in _state:
        return
    runner, thread = _state.pop("runner"), _state.pop("jobs")
    # The thread that queues what is due at a time lives as long as the process.
    for lasting in (thread, SyncToAsync.single_thread_executor):
        lasting.submit(connections.close_all).result()
    runner.run(_state.pop("app").close_async())
    runner.close()


def _is_away() -> bool:
    from django.db import connections

    return bool(connections.settings["default"]["NAME"] != DATABASE)
