"""Users of the operating system: whether one exists, what it can read, and running commands as it."""

import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class NoSuchUser(Exception):
    """A user that we need could not be created; the message says why."""


def as_user(
    user: str | None, command: Sequence[str | Path], *, pdeathsig: str | None = None, clean: bool = False
) -> list[str]:
    """The command line that runs `command` as `user`; with `pdeathsig`, ended when the process that starts it ends."""
    prefix: list[str] = []
    if user:
        prefix += [f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
    if pdeathsig:
        prefix += ["--pdeathsig", pdeathsig]
    words = ["setpriv", *prefix, "--"] if prefix else []
    if clean:
        words += ["env", "-i", "LC_ALL=C.UTF-8", f"PATH={os.defpath}"]
    return [*words, *map(str, command)]


def user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def make_user(name: str) -> str:
    """Creates a system user without home and shell; an existing one is not changed."""
    if not user_exists(name):
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin", name],
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise NoSuchUser(f"Couldn't create the system user {name}: {made.stderr.strip()}")
    return name


def reaches(user: str | None, path: Path, *, how: str = "-r") -> bool:
    """Whether `user` may read (-r), write (-w) or run or enter (-x) `path`."""
    return subprocess.run(as_user(user, ["test", how, path]), check=False).returncode == 0


def open_folder(folder: Path, *, mode: int = 0o755) -> Path:
    """Creates the folder and its parents if missing: others may enter it, whatever our umask; 0o711: only that."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir()
        missing.chmod(mode)
    return folder


@contextmanager
def effective(user: str | None) -> Iterator[None]:
    """As root, what is opened in the block is opened as `user`: a socket's other end sees the effective user."""
    if user is None:
        yield
        return
    found = pwd.getpwnam(user)
    os.setegid(found.pw_gid)
    os.seteuid(found.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
