"""`troth run`: database, web and jobs as one command that leaves nothing behind.

    supervisor ── postgres          SIGINT when the supervisor ends, however it ends
        ├── troth prepare           the owner's process: migrates, adopts the first version; gone before the site opens
        ├── troth web               granian; SIGKILL when the supervisor ends
        └── troth work              jobs; SIGKILL when the supervisor ends

Only `prepare` knows the owner's address. As root, web and work run under the user troth-web, which the database
takes for the application and nothing else.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from troth import database, seal
from troth.environment import Environment

LEAST_FREE_BYTES = 200 * 1024 * 1024
_PORT_FREES_WITHIN_SECONDS = 4
_ANSWERS_WITHIN_SECONDS = 60
_CHILD_STOPS_WITHIN_SECONDS = 12
_REFERENCE_SITE = Path(__file__).parents[2] / "examples" / "optiproerp"

Say = Callable[[str], None]


class CannotRun(Exception):
    """The site cannot start, or cannot go on; the message says why and what to do."""


class Told(BaseException):
    """Somebody asked us to stop."""


@dataclass(frozen=True)
class Child:
    name: str
    process: "subprocess.Popen[bytes]"


def run(environment: Environment, *, environ: Mapping[str, str], say: Say) -> None:
    """Run the site until told to stop. Raises CannotRun, DatabaseProblem or MissingMasterKey."""
    started = time.monotonic()
    _listen_for_stop()
    with ExitStack() as stack:
        try:
            stack.enter_context(_only_one(environment.var))
            refuse_full_disk(environment.var)
            _refuse_occupied(environment.port)
            make_site(environment.site, say=say)
            known = _with_database(environment, environ=environ, stack=stack)
            user = _web_user(environment, say=say)
            _prepare(known)
            _hand_over(environment, user=user)
            children = [_child(name, known, user=user, stack=stack) for name in ("web", "work")]
            _await_answer(environment.port, children)
            say(f"Started in {time.monotonic() - started:.1f} s. Stop with Ctrl-C.")
            say(f"\n    {environment.base_url}\n")
            _watch(children)
        except Told:
            say("Stopping.")


def make_site(site: Path, *, say: Say) -> None:
    """The site folder: what is there, or the first time a copy of the reference site."""
    if (site / "policy.md").exists():
        return
    if site.exists() and any(site.iterdir()):
        raise CannotRun(f"There is no policy.md in the site folder {site}. Make a site with: troth new {site}")
    if not _REFERENCE_SITE.is_dir():
        raise CannotRun(f"There is no site folder at {site}. Make one with: troth new {site}")
    shutil.copytree(_REFERENCE_SITE, site, dirs_exist_ok=True)
    say(f"Made the demo site in {site}. Its policy.md is yours to edit.")


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Held as long as this process lives; the kernel lets go of it even after kill -9."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        lock = (var / "run.lock").open("a+")
    except OSError as error:
        raise CannotRun(f"The data folder {var} cannot be written: {error.strerror}. Set TROTH_VAR.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotRun(f"The data folder {var} is in use: troth runs there already. Stop it first.") from error
        yield


def refuse_full_disk(var: Path) -> None:
    free = shutil.disk_usage(var).free
    if free < LEAST_FREE_BYTES:
        raise CannotRun(
            f"The disk of {var} has {free // 2**20} MB left; {LEAST_FREE_BYTES // 2**20} MB are needed so that "
            "nothing is half-kept. Free some space, or set TROTH_VAR to another disk."
        )


def _refuse_occupied(port: int) -> None:
    """A former server of ours may need a moment to end; anything else keeps the port."""
    deadline = time.monotonic() + _PORT_FREES_WITHIN_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except PermissionError as error:
                raise CannotRun(f"Port {port} needs more rights. Choose one above 1023: TROTH_PORT=8000") from error
            except OSError as error:
                if time.monotonic() > deadline:
                    raise CannotRun(
                        f"Port {port} is occupied by another program. Stop it, or choose another: TROTH_PORT={port + 1}"
                    ) from error
        time.sleep(0.1)


def _with_database(environment: Environment, *, environ: Mapping[str, str], stack: ExitStack) -> dict[str, str]:
    """What `prepare` is told: the database named from outside, or the embedded one, now running."""
    _need_master_key(environment, fresh=not environ.get("DATABASE_URL") and _is_new(environment, environ))
    folders = {"TROTH_VAR": str(environment.var), "TROTH_SITE": str(environment.site)}
    if environ.get("DATABASE_URL"):
        if not environ.get("TROTH_OWNER_URL"):
            raise CannotRun(
                "DATABASE_URL is set, but TROTH_OWNER_URL is not. Starting migrates the database as its owner: "
                "set TROTH_OWNER_URL too, e.g. postgresql://troth_owner@localhost/troth."
            )
        return {**environ, **folders}
    cluster = database.cluster_of(environment.var, environ=environ)
    cluster.prepare()
    process = cluster.start()
    stack.callback(cluster.stop, process)
    cluster.create_database()
    return {
        "TROTH_DEMO": "1",  # without a database of one's own nothing is meant to reach the outside
        **environ,
        **folders,
        "DATABASE_URL": cluster.url(role=database.APPLICATION),
        "TROTH_OWNER_URL": cluster.url(role=database.OWNER),
    }


def _is_new(environment: Environment, environ: Mapping[str, str]) -> bool:
    return not (database.cluster_of(environment.var, environ=environ).data / "PG_VERSION").exists()


def _need_master_key(environment: Environment, *, fresh: bool) -> None:
    """A first start makes the key; later a missing one is never replaced, for all would be lost behind it."""
    if fresh and not environment.master_key_file.exists():
        seal.make_master_key(environment.master_key_file)
    seal.vault_at(environment.master_key_file)


def _web_user(environment: Environment, *, say: Say) -> str | None:
    """As root, the user of web and jobs, if it can reach what they need."""
    if os.geteuid() != 0:
        return None
    try:
        user = database.make_user(database.WEB_USER)
    except database.DatabaseProblem as problem:
        say(f"Note: web and jobs run as root, like this command. {problem}")
        return None
    for path in (Path(sys.executable).resolve(), Path(__file__), environment.site / "policy.md", environment.var):
        if not database.reaches(user, path):
            say(f"Note: web and jobs run as root, like this command: the user {user} cannot reach {path}.")
            return None
    return user


def _hand_over(environment: Environment, *, user: str | None) -> None:
    """The few things that the web process writes or alone may read belong to its user."""
    letters = environment.var / "outbox"
    letters.mkdir(exist_ok=True, mode=0o700)
    if user:
        shutil.chown(environment.master_key_file, user, user)
        for path in (letters, *letters.iterdir()):
            shutil.chown(path, user, user)


def _prepare(known: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "troth", "prepare"]
    done = subprocess.run(database.as_user(None, command, pdeathsig="KILL"), env=dict(known))
    if done.returncode:
        raise CannotRun("The site was not started; the lines above say why.")


def _child(name: str, known: Mapping[str, str], *, user: str | None, stack: ExitStack) -> Child:
    environ = {key: value for key, value in known.items() if key != "TROTH_OWNER_URL"}
    command = database.as_user(user, [sys.executable, "-m", "troth", name], pdeathsig="KILL")
    process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, start_new_session=True)
    child = Child(name, process)
    stack.callback(_end, child)
    return child


def _end(child: Child) -> None:
    """Asks the child to stop, and after a while ends it with everything it started."""
    child.process.terminate()
    try:
        child.process.wait(_CHILD_STOPS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        child.process.kill()
    try:
        os.killpg(child.process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _await_answer(port: int, children: list[Child]) -> None:
    deadline = time.monotonic() + _ANSWERS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        _refuse_ended(children)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise CannotRun(f"The site does not answer on port {port}; the lines above may say why.")


def _watch(children: list[Child]) -> None:
    while True:
        _refuse_ended(children)
        time.sleep(0.5)


def _refuse_ended(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is not None:
            raise CannotRun(f"The {child.name} process ended by itself (code {child.process.returncode}). Start again.")


def _listen_for_stop() -> None:
    def told(number: int, frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)  # stopping is not interrupted
        raise Told

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)
