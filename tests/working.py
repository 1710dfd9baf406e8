"""The real worker, with connections that last for the run.

A worker of `troth work` opens its connections once; one that is made anew for each `run_jobs()` opened a dozen, and in each
the database read its catalogs and compiled our functions again: a fifth of the suite's time.

What is due at a time is called here, after the queue is empty, instead of being queued: a dozen such jobs in each test that runs
any took half of the time of running jobs, and mostly found nothing to do. `tests/test_work.py` queues them.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

DATABASE = "troth_test"
_called: set[tuple[str, int]] = set()
"""What was called in this test, and for which moment: for one moment it is queued once."""
_state: dict[str, Any] = {}


def work_until_empty() -> None:
    """Runs due jobs, one after another, outside the thread of the test: a browser has an event loop in that one."""
    _thread().submit(_work).result()


def forget() -> None:
    """After a test: what was due at a time is due again, as in an empty database."""
    _called.clear()


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
    if await asyncio.to_thread(_call_periodic):
        await app.run_worker_async(**work.UNTIL_EMPTY, task_middleware=[work.note_outcome])


def _call_periodic() -> bool:
    """Calls what is due; one that fails is queued, so that it fails as a job does. Gives whether jobs wait now."""
    from django.db import connections
    from procrastinate.contrib.django import app as jobs
    from procrastinate.periodic import PeriodicDeferrer

    waiting = _list("select queueing_lock from procrastinate_jobs where status = 'todo'")
    for periodic, moment in PeriodicDeferrer(registry=jobs.periodic_registry).get_previous_tasks(at=time.time()):
        called = (periodic.task.name, moment)
        if called not in _called and periodic.task.queueing_lock not in waiting:
            _called.add(called)
            try:
                periodic.task.func(timestamp=moment)
            except Exception:
                connections.close_all()
                periodic.task.defer(timestamp=moment)
    due = "coalesce(scheduled_at, now()) <= now()"
    return bool(_list(f"select id from procrastinate_jobs where status = 'todo' and {due} limit 1"))


def _list(statement: str) -> list[Any]:
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute(statement)
        return [value for (value,) in cursor.fetchall()]


def _open() -> None:
    """A worker's app on an event loop of its own, whose jobs all run in one thread."""
    from procrastinate.contrib.django import app as jobs
    from procrastinate.periodic import PeriodicRegistry

    runner, thread = asyncio.Runner(), ThreadPoolExecutor(1, thread_name_prefix="jobs")
    runner.get_loop().set_default_executor(thread)
    app = jobs.with_connector(jobs.connector.get_worker_connector())  # type: ignore[attr-defined]
    app.periodic_registry = PeriodicRegistry()
    runner.run(_opened(app))
    _state.update(runner=runner, jobs=thread, app=app)


async def _opened(app: Any) -> None:
    await app.open_async()


def _close() -> None:
    from asgiref.sync import SyncToAsync
    from django.db import connections

    # The thread that queues what is due at a time lives as long as the process.
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()
    if "runner" in _state:
        _state.pop("jobs").submit(connections.close_all).result()
        runner = _state.pop("runner")
        runner.run(_state.pop("app").close_async())
        runner.close()


def _is_away() -> bool:
    from django.db import connections

    return bool(connections.settings["default"]["NAME"] != DATABASE)
