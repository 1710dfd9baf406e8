"""A folder of settings: files of NAME=value lines, as systemd reads them too, each for who needs it.

    troth.env    what all processes know                       written by the operator
    owner.env    TROTH_OWNER_URL                               root's; migrating, adopting, staff
    web.env      DATABASE_URL                                  troth-web's; pages and jobs
    seal.env     TROTH_SEALER_URL                              troth-seal's; the sealer

The last three hold a password each and are written by `troth database init`. What this process may not read, it does
without: that is how each gets its own.
"""

import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from troth import database, users
from troth.opening import explain_file_error

FOLDER = Path("/etc/troth")


@dataclass(frozen=True)
class AddressFile:
    """The file that holds the database address of one role. `user`: whose it is; None: root's or ours."""

    name: str
    variable: str
    user: str | None = None


ADDRESS_FILES = {
    database.OWNER: AddressFile("owner.env", "TROTH_OWNER_URL"),
    database.APPLICATION: AddressFile("web.env", "DATABASE_URL", database.WEB_USER),
    database.SEALER: AddressFile("seal.env", "TROTH_SEALER_URL", database.SEALER_USER),
}


class ConfigurationProblem(Exception):
    """A file of settings can't be used; the message says why and what to do."""


def read(folder: Path) -> dict[str, str]:
    """All variables of the files that we may read. Raises ConfigurationProblem if there is none."""
    found: dict[str, str] = {}
    files = [file for file in sorted(folder.glob("*.env")) if os.access(file, os.R_OK)]
    if not files:
        raise ConfigurationProblem(
            f"There is no file of settings (*.env) in {folder} that we may read. Copy deploy/troth.env there, or do "
            "this as root."
        )
    for file in files:
        found |= read_file(file)
    return found


def read_file(file: Path) -> dict[str, str]:
    """The variables of one file; none if it isn't there. Raises ConfigurationProblem with the line that is none."""
    try:
        return dict(_pairs(file)) if file.exists() else {}
    except (OSError, ValueError) as error:
        raise ConfigurationProblem(f"Can't read {file}: {explain_file_error(error)}.") from error


def write_address(folder: Path, role: str, url: str) -> Path:
    """The file with the role's address, its other lines kept; nobody but its user can read it, at no moment."""
    wanted = ADDRESS_FILES[role]
    file = folder / wanted.name
    kept = {**read_file(file), wanted.variable: url}
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write("".join(f"{name}={value}\n" for name, value in kept.items()))
        opened.flush()
        os.fsync(opened.fileno())
    if os.geteuid() == 0 and wanted.user and users.user_exists(wanted.user):
        os.chown(part, pwd.getpwnam(wanted.user).pw_uid, pwd.getpwnam(wanted.user).pw_gid)
    os.replace(part, file)
    return file


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        name, sign, value = line.partition("=")
        if not sign or not name.strip().isidentifier():
            raise ValueError(f"line {number} is not NAME=value")
        yield name.strip(), _unquote(value.strip())


def _unquote(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
