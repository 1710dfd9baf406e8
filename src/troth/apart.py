"""When started as root, pages and sealer run as separate users, wherever the program is installed.

    troth-web     web and jobs: the database gives it only the application's role
    troth-seal    the sealer: the database gives it only the sealer's role

They can't read root's own folders. If they can't read Python, they use the system's, of the same version; if they
can't read the program, they use copies of it under /var/lib/troth; a data folder they can't read is moved there, with a
link in its place. If something is still unreadable, the start is refused with a sentence: a compromised web process
that runs as root would have full power over the database.
"""

import compileall
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from troth import database, notes, users
from troth.environment import Environment

_SYSTEMS_PYTHON = (Path("/usr/bin/python3"), Path("/usr/local/bin/python3"))
_CLOSED = ("log", "outbox", "journal", "ledger")
"""Folders of the data folder whose files are nobody's but their user's."""
_LOCK = "run.lock"
"""Of the supervisor: what holds it is the file itself, so it does not move."""
_OURS = Path(__file__).parents[1]
_PACKAGES = Path(psycopg.__file__).parents[1]

Say = Callable[[str], None]


class CannotSeparate(Exception):
    """A process can't run as a separate user; the message says why and what to do."""


@dataclass(frozen=True)
class Runner:
    """The user, the Python and the package path of a process (empty: the default)."""

    user: str | None = None
    python: Path = Path(sys.executable)
    path: tuple[Path, ...] = ()

    def command(self, *words: str) -> list[str]:
        return users.as_user(self.user, [self.python, "-m", "troth", *words], pdeathsig="KILL")

    def environ(self, known: Mapping[str, str]) -> dict[str, str]:
        return {**known, "PYTHONPATH": ":".join(map(str, self.path))} if self.path else dict(known)


@dataclass(frozen=True)
class Runners:
    """The users of the lasting processes: `web` is web and jobs."""

    web: Runner = Runner()
    sealer: Runner = Runner()


def runners(environment: Environment, *, say: Say) -> Runners:
    """As root, separate users; else our own. Raises CannotSeparate."""
    if os.geteuid() != 0:
        return Runners()
    web, sealer = _make(database.WEB_USER), _make(database.SEALER_USER)
    program = _program(web, home=_home(environment.var), say=say)
    reached = (environment.var, *program.path, program.python)
    _refuse_closed(web, (*reached, environment.site / "policy.md", environment.master_key_file.parent))
    _refuse_closed(sealer, (*reached, notes.public_file(environment.ledger_key_file)))
    return Runners(Runner(web, program.python, program.path), Runner(sealer, program.python, program.path))


def of_services() -> Runners:
    """The users of services that a system's own supervisor starts. Raises CannotSeparate if there is one missing."""
    for name in (database.WEB_USER, database.SEALER_USER):
        if not users.user_exists(name):
            raise CannotSeparate(f"There is no system user {name}. Run: systemd-sysusers, or: useradd --system {name}")
    return Runners(Runner(database.WEB_USER), Runner(database.SEALER_USER))


def reachable_var(var: Path) -> Path:
    """As root, a data folder that other users can read: where it is, else under /var/lib/troth.

    Its contents move along, including the data of the embedded database; a link stays behind."""
    if os.geteuid() != 0:
        return var
    _make(database.WEB_USER)
    users.open_folder(var.parent)
    if users.reaches(database.WEB_USER, var if var.exists() else var.parent, how="-x"):
        return var
    home = _home(var)
    moved = home / "var"
    if not moved.exists():
        users.open_folder(moved, mode=0o711)
        _move_into(moved, [*(var.iterdir() if var.is_dir() else ()), home / "postgres"])
    if var.is_dir():
        (var / _LOCK).unlink(missing_ok=True)
        var.rmdir()
    var.symlink_to(moved)
    return moved


def hand_over(environment: Environment, to: Runners) -> None:
    """Gives each process the files that it writes or alone may read; nobody else can read them."""
    var, checkpoints = environment.var, environment.checkpoint_file.parent
    own = [var / "outbox", environment.journal_file.parent, environment.files_folder]
    for folder in own:
        folder.mkdir(exist_ok=True, mode=0o700)
    checkpoints.mkdir(exist_ok=True, mode=0o755)
    for file in [*var.glob("*.*"), *(each for name in _CLOSED for each in (var / name).glob("*"))]:
        if file.is_file() and file != notes.public_file(environment.ledger_key_file):
            file.chmod(0o600)  # former versions left some of them readable
    _own(to.web.user, environment.master_key_file, *own, *(file for folder in own for file in folder.rglob("*")))
    if environment.ledger_key_file.exists():
        _own(to.sealer.user, environment.ledger_key_file, checkpoints, *checkpoints.iterdir())


def _own(user: str | None, *paths: Path) -> None:
    if user is not None:
        for path in paths:
            os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)


def _make(name: str) -> str:
    try:
        return users.make_user(name)
    except (users.NoSuchUser, OSError) as problem:
        raise CannotSeparate(f"Pages and the sealer need their own system users. {problem}") from problem


def _refuse_closed(user: str, paths: Sequence[Path]) -> None:
    for path in paths:
        if not users.reaches(user, path, how="-x" if path.is_dir() else "-r"):
            raise CannotSeparate(
                f"The system user {user} cannot reach {path}. Open the folders above it to others "
                "(chmod o+x …), or put it elsewhere, e.g. under /srv. To run pages as root, where a break-in has every "
                "power of the database: troth run --insecure-as-root."
            )


def _program(user: str, *, home: Path, say: Say) -> Runner:
    """Python and packages that the user can read: where they are, else the system's Python and copies."""
    mine = Path(sys.executable)
    open_python = users.reaches(user, mine, how="-x") and users.reaches(user, mine.resolve(), how="-x")
    open_packages = all(users.reaches(user, path) for path in (_OURS / "troth/__init__.py", Path(psycopg.__file__)))
    if open_python and open_packages:
        return Runner(user)
    python = mine if open_python else _systems_python(user)
    if open_packages:
        return Runner(user, python, (_OURS, _PACKAGES))
    say(f"Other users can't read {_OURS}, so pages and the sealer run from copies in {home}.")
    return Runner(user, python, (_copy_program(home), _link_packages(home)))


def _systems_python(user: str) -> Path:
    """The system's Python, if it has the version that the packages were installed for."""
    ours = f"{sys.implementation.cache_tag}"
    for python in _SYSTEMS_PYTHON:
        if users.reaches(user, python, how="-x") and _tag(python) == ours:
            return python
    raise CannotSeparate(
        f"Other users cannot reach {Path(sys.executable).resolve()}, and there is no /usr/bin/python3 of the same "
        "version. Make the environment again with the system's Python: rm -rf .venv, then make run."
    )


def _tag(python: Path) -> str:
    asked = [str(python), "-c", "import sys; print(sys.implementation.cache_tag)"]
    said: str = subprocess.run(asked, capture_output=True, text=True).stdout
    return said.strip()


def _copy_program(home: Path) -> Path:
    """Our own files in another folder, with their bytecode, which its user can't write; again once one was edited."""
    files = sorted(file for file in (_OURS / "troth").rglob("*") if file.is_file() and file.suffix != ".pyc")
    stats = [(file.relative_to(_OURS), file.stat()) for file in files]
    edited = repr([(str(name), stat.st_mtime_ns, stat.st_size) for name, stat in stats])
    return _make_once(home, "program", hashlib.sha256(edited.encode()).hexdigest()[:16], _fill_with_program)


def _fill_with_program(making: Path) -> None:
    shutil.copytree(_OURS / "troth", making / "troth")
    compileall.compile_dir(making, quiet=2)  # what `make` compiled came along


def _link_packages(home: Path) -> Path:
    """The installed packages in another folder: links, if on the same disk."""
    return _make_once(home, "packages", str(_PACKAGES.stat().st_mtime_ns), _fill_with_packages)


def _fill_with_packages(making: Path) -> None:
    try:
        shutil.copytree(_PACKAGES, making, symlinks=True, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(_PACKAGES, making, symlinks=True)


def _make_once(home: Path, name: str, state: str, fill: Callable[[Path], None]) -> Path:
    """The folder of this name and state, made where there is none; those of other states are removed."""
    copy, making = home / f"{name}-{state}", home / f"{name}.new"
    if not copy.exists():
        for former in home.glob(f"{name}*"):
            shutil.rmtree(former, ignore_errors=True)
        fill(making)
        _open(making)
        making.rename(copy)
    return copy


def _open(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "go+rX", folder], check=True)


def _move_into(moved: Path, found: Sequence[Path]) -> None:
    for path in found:
        if path.name != _LOCK and (path.exists() or path.is_symlink()):
            shutil.move(path, moved / path.name)


def _home(var: Path) -> Path:
    return users.open_folder(database.home_apart(var))
