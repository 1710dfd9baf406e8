"""`troth run`: database, web and jobs as one command that leaves nothing behind.

    supervisor ── postgres          SIGINT when the supervisor ends, however it ends
        ├── troth prepare           the owner's process: migrates, adopts the first version; gone before the site opens
        ├── troth web               granian; SIGKILL when the supervisor ends
        ├── troth work              jobs; SIGKILL when the supervisor ends
        └── troth seal              the ledger's sealer; SIGKILL when the supervisor ends

What prepares is loaded while the database starts, pages while the site is prepared, and jobs and sealer start once
pages are answered, since that is what someone waits for.

A child that ends by itself is started again: at once if it ran for a minute, else after 1, 2, 4 … 30 seconds. Meanwhile
the others continue, and without a database the site shows an error page.

Only `prepare` knows the owner's database URL, only `seal` the sealer's and its key. As root, web, work and seal run as
separate users: troth.apart.
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
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from troth import apart, database, notes, seal, users
from troth.environment import Environment
from troth.opening import explain_file_error

LEAST_FREE_BYTES = 200 * 1024 * 1024
_PORT_FREES_WITHIN_SECONDS = 4
_ANSWERS_WITHIN_SECONDS = 60
_CHILD_STOPS_WITHIN_SECONDS = 12
_STEADY_SECONDS = 60
_MOST_WAIT_SECONDS = 30
_REFERENCE_SITE = Path(__file__).parents[2] / "examples" / "optiproerp"

Say = Callable[[str], None]


class CannotRun(Exception):
    """The site can't start or can't continue; the message says why and what to do."""


class StopRequested(BaseException):
    """A signal to stop arrived."""


@dataclass
class Child:
    """A process that is kept running: `start` starts it, `stop` ends it."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    stop: Callable[["subprocess.Popen[bytes]"], None]
    process: "subprocess.Popen[bytes]"
    since: float
    again_at: float | None = None
    wait_seconds: float = 0

    @classmethod
    def of(
        cls,
        name: str,
        start: Callable[[], "subprocess.Popen[bytes]"],
        stop: Callable[["subprocess.Popen[bytes]"], None],
        *,
        stack: ExitStack,
    ) -> "Child":
        """Starts it now, and stops it when the stack unwinds."""
        child = cls(name, start, stop, start(), time.monotonic())
        stack.callback(lambda: child.stop(child.process))
        return child

    def keep_running(self, *, now: float, say: Say) -> None:
        """Notices when the process ends, and starts it again after its wait."""
        if self.again_at is None and self.process.poll() is not None:
            lasted = now - self.since
            longer = min(max(1, 2 * self.wait_seconds), _MOST_WAIT_SECONDS)
            self.wait_seconds = 0 if lasted > _STEADY_SECONDS else longer
            self.again_at = now + self.wait_seconds
            when = f"in {self.wait_seconds:.0f} s" if self.wait_seconds else "now"
            ended = f"The {self.name} process ended by itself (code {self.process.returncode})."
            say(f"{ended} It is started again {when}.")
        if self.again_at is not None and now >= self.again_at:
            self._start_again(say=say)

    def _start_again(self, *, say: Say) -> None:
        self.again_at, self.since = None, time.monotonic()
        try:
            self.process = self.start()
        except (OSError, database.DatabaseProblem) as problem:
            say(f"The {self.name} process could not be started: {problem}")


def run(environ: Mapping[str, str], *, as_root: bool = False, say: Say) -> None:
    """Runs the site until stopped. Raises CannotRun, CannotSeparate, DatabaseProblem or MissingMasterKey.

    Takes   as_root: whether everything may run as root, without separate users."""
    started = time.monotonic()
    _listen_for_stop()
    with ExitStack() as stack:
        try:
            environment, environ = _place(environ, as_root=as_root, stack=stack, say=say)
            refuse_full_disk(environment.var)
            _refuse_occupied(environment.port)
            make_site(environment.site, say=say)
            known, cluster = _find_database(environment, environ=environ)
            to = apart.Runners() if as_root else apart.runners(environment, say=say)
            apart.hand_over(environment, to)
            preparing = _waiting_prepare(known, stack=stack)
            web = _waiting_web(known, by=to.web, stack=stack)
            server = _start_database(cluster, stack=stack)
            _finish(preparing)
            apart.hand_over(environment, to)
            _begin(web.process)
            _await_answer(environment.port, web)
            children = [web, _child("work", known, by=to.web, stack=stack)]
            children += _sealer(known, by=to.sealer, stack=stack, say=say)
            children += server
            say(f"Started in {time.monotonic() - started:.1f} s. Stop with Ctrl-C.")
            say(f"\n    {environment.base_url}\n")
            _watch(children, say=say)
        except StopRequested:
            say("Stopping.")


@contextmanager
def database_only(environment: Environment, *, environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The variables of the database's owner, while the site itself is stopped. Raises as `run` does.

    Creates no keys: a backup was encrypted and signed with existing ones."""
    with ExitStack() as stack:
        stack.enter_context(_only_one(environment.var))
        refuse_full_disk(environment.var)
        seal.vault_at(environment.master_key_file)
        if environ.get("TROTH_SEALER_URL") or not environ.get("DATABASE_URL"):
            notes.signer_at(environment.ledger_key_file)
        known, cluster = _find_database(environment, environ=environ)
        _start_database(cluster, stack=stack)
        yield known


def prepare(known: Mapping[str, str], *words: str) -> None:
    """`troth prepare` as the owner's own process. Raises CannotRun."""
    with ExitStack() as stack:
        _finish(_waiting_prepare(known, *words, stack=stack))


def _waiting_prepare(known: Mapping[str, str], *words: str, stack: ExitStack) -> "subprocess.Popen[bytes]":
    """The owner's process, which loads and reads the site's folder, then waits until the database is there."""
    command = users.as_user(None, [sys.executable, "-m", "troth", "prepare", "--wait", *words], pdeathsig="KILL")
    process = stack.enter_context(subprocess.Popen(command, env=dict(known), stdin=subprocess.PIPE))
    stack.callback(process.kill)
    return process


def _finish(preparing: "subprocess.Popen[bytes]") -> None:
    _begin(preparing)
    if preparing.wait():
        raise CannotRun("The site did not start. See the messages above.")


def make_site(site: Path, *, say: Say) -> None:
    """Creates the site folder the first time, as a copy of the reference site."""
    if (site / "policy.md").exists():
        return
    if site.exists() and any(site.iterdir()):
        raise CannotRun(f"There is no policy.md in the site folder {site}. To create a site, run: troth new {site}")
    if not _REFERENCE_SITE.is_dir():
        raise CannotRun(f"There is no site folder at {site}. To create one, run: troth new {site}")
    shutil.copytree(_REFERENCE_SITE, site, dirs_exist_ok=True)
    say(f"Created the demo site in {site}. You can edit its policy.md.")


def _place(
    environ: Mapping[str, str], *, as_root: bool, stack: ExitStack, say: Say
) -> tuple[Environment, Mapping[str, str]]:
    """The environment, with the data folder locked for us and, as root, where other users can read it."""
    environment = Environment.read(environ)
    var = environment.var
    stack.enter_context(_only_one(var))
    placed = var if as_root else apart.reachable_var(var)
    if placed == var:
        return environment, environ
    say(f"Other users can't read {var}. The data is in {placed}, and {var} links to it.")
    stack.enter_context(_only_one(placed))
    environ = {**environ, "TROTH_VAR": str(placed)}
    return Environment.read(environ), environ


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Held as long as this process lives; the kernel releases it even after kill -9."""
    try:
        users.open_folder(var, mode=0o711)
        lock = (var / "run.lock").open("a+")
    except OSError as error:
        raise CannotRun(f"Can't write to the data folder {var}: {explain_file_error(error)}. Set TROTH_VAR.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotRun(
                f"The data folder {var} is in use: troth is already running there. Stop it first."
            ) from error
        yield


def refuse_full_disk(var: Path) -> None:
    free = shutil.disk_usage(var).free
    if free < LEAST_FREE_BYTES:
        raise CannotRun(
            f"The disk of {var} has {free // 2**20} MB left; {LEAST_FREE_BYTES // 2**20} MB are needed so that "
            "nothing is half-kept. Free some space, or set TROTH_VAR to another disk."
        )


def _refuse_occupied(port: int) -> None:
    """Our former server may need a moment to end; anything else keeps the port."""
    deadline = time.monotonic() + _PORT_FREES_WITHIN_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except PermissionError as error:
                above = "Choose a port above 1023: TROTH_PORT=8000"
                raise CannotRun(f"Port {port} needs more permissions. {above}") from error
            except OSError as error:
                if time.monotonic() > deadline:
                    raise CannotRun(
                        f"Port {port} is occupied by another program. Stop it, or choose another: TROTH_PORT={port + 1}"
                    ) from error
        time.sleep(0.1)


def _find_database(
    environment: Environment, *, environ: Mapping[str, str]
) -> tuple[dict[str, str], database.Cluster | None]:
    """The variables for `prepare`, with the database from outside, or with the embedded one, which doesn't run yet."""
    if environ.get("DATABASE_URL") and not environ.get("TROTH_OWNER_URL"):
        raise CannotRun(
            "DATABASE_URL is set, but TROTH_OWNER_URL is not. Starting migrates the database as its owner: "
            "set TROTH_OWNER_URL too, e.g. postgresql://troth_owner@localhost/troth."
        )
    signed = bool(environ.get("TROTH_SEALER_URL") or not environ.get("DATABASE_URL"))
    need_keys(environment, fresh=_is_new(environment, environ), signed=signed)
    folders = {"TROTH_VAR": str(environment.var), "TROTH_SITE": str(environment.site)}
    if environ.get("DATABASE_URL"):
        return {**environ, **folders}, None
    cluster = database.cluster_of(environment.var, environ=environ)
    known = {
        "TROTH_DEMO": "1",  # without a database of one's own nothing is meant to reach the outside
        **environ,
        **folders,
        "DATABASE_URL": cluster.url(role=database.APPLICATION),
        "TROTH_OWNER_URL": cluster.url(role=database.OWNER),
        "TROTH_SEALER_URL": cluster.url(role=database.SEALER),
    }
    return known, cluster


def _start_database(cluster: database.Cluster | None, *, stack: ExitStack) -> list[Child]:
    """The embedded database, now running as a child."""
    if cluster is None:
        return []
    cluster.prepare()
    server = Child.of("database", cluster.start, cluster.stop, stack=stack)
    cluster.create_database()
    return [server]


def need_keys(environment: Environment, *, fresh: bool, signed: bool) -> None:
    """Both keys are there; a first start makes them. Raises MissingMasterKey, MissingKey.

    Takes   fresh: whether nothing was encrypted yet; signed: whether the ledger is signed here"""
    _need_master_key(environment, fresh=fresh)
    if signed:
        _need_ledger_key(environment)


def _is_new(environment: Environment, environ: Mapping[str, str]) -> bool:
    """Whether nothing has been encrypted yet that would need a key."""
    if environ.get("DATABASE_URL"):
        return database.is_empty(environ["TROTH_OWNER_URL"])
    return not (database.cluster_of(environment.var, environ=environ).data / "PG_VERSION").exists()


def _need_master_key(environment: Environment, *, fresh: bool) -> None:
    """The first start creates the key; a missing one is never replaced later, because all data would be lost."""
    if fresh and not environment.master_key_file.exists():
        seal.make_master_key(environment.master_key_file)
    seal.vault_at(environment.master_key_file)


def _need_ledger_key(environment: Environment) -> None:
    """The first start creates the key; once anything is signed, a missing one is never replaced."""
    key, signed = environment.ledger_key_file, environment.checkpoint_file
    if not key.exists() and not signed.exists() and not notes.public_file(key).exists():
        notes.make_key(key, name=f"{environment.host}/ledger")
    notes.signer_at(key)


def _sealer(known: Mapping[str, str], *, by: apart.Runner, stack: ExitStack, say: Say) -> list[Child]:
    if not known.get("TROTH_SEALER_URL"):
        say(
            "Note: the ledger is not being signed. Set TROTH_SEALER_URL, such as postgresql://troth_sealer@localhost/troth."
        )
        return []
    return [_child("seal", known, by=by, stack=stack)]


KNOWS_NOT = {
    "web": {"TROTH_OWNER_URL", "TROTH_SEALER_URL"},
    "work": {"TROTH_OWNER_URL", "TROTH_SEALER_URL"},
    "seal": {"TROTH_OWNER_URL", "DATABASE_URL", "TROTH_MASTER_KEY_FILE"},
}


def _child(name: str, known: Mapping[str, str], *, by: apart.Runner, stack: ExitStack) -> Child:
    return Child.of(name, partial(_start, name, known, by=by), _end, stack=stack)


def _waiting_web(known: Mapping[str, str], *, by: apart.Runner, stack: ExitStack) -> Child:
    """The web process, which loads while the site is being prepared; started again later, it waits for nobody."""
    child = Child.of("web", partial(_start, "web", known, "--wait", by=by, stdin=subprocess.PIPE), _end, stack=stack)
    child.start = partial(_start, "web", known, by=by)
    return child


def _begin(waiting: "subprocess.Popen[bytes]") -> None:
    """Lets the waiting process go on. Whether it still runs is looked at while its end or its answer is awaited."""
    assert waiting.stdin is not None
    with suppress(BrokenPipeError), waiting.stdin as line:
        line.write(b"begin\n")


def _start(
    name: str, known: Mapping[str, str], *words: str, by: apart.Runner, stdin: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    environ = by.environ({key: value for key, value in known.items() if key not in KNOWS_NOT[name]})
    return subprocess.Popen(by.command(name, *words), env=environ, stdin=stdin, start_new_session=True)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Asks the process to stop, and after a while kills it with everything it started."""
    process.terminate()
    try:
        process.wait(_CHILD_STOPS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _await_answer(port: int, web: Child) -> None:
    deadline = time.monotonic() + _ANSWERS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        _refuse_ended(web)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise CannotRun(f"The site is not responding on port {port}. See the messages above.")


def _watch(children: list[Child], *, say: Say) -> None:
    while True:
        for child in children:
            child.keep_running(now=time.monotonic(), say=say)
        time.sleep(0.25)


def _refuse_ended(child: Child) -> None:
    if child.process.poll() is not None:
        raise CannotRun(f"The {child.name} process ended while starting (code {child.process.returncode}).")


def _listen_for_stop() -> None:
    def told(number: int, frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)  # stopping is not interrupted
        raise StopRequested

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)
