"""Keys and their copies, backups, folders and the disk."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from troth import configuration, notes, saved, seal, supervise, users
from troth.doctor import Line, Patient, fine, missing, skip

_BACKUP_LASTS = timedelta(days=7)
_HAND_OVER = "troth prepare --services   (hands files over to their users)"


def keys(patient: Patient) -> Iterator[Line]:
    environment = patient.environment
    if patient.is_new:
        yield skip("Both keys are made when the site is prepared.")
        return
    for key, read in ((environment.master_key_file, seal.vault_at), (environment.ledger_key_file, notes.signer_at)):
        if _is_anothers(key):
            yield skip(f"{key} belongs to another user.", "Run this as root.")
            continue
        try:
            read(key)
        except (seal.SealError, notes.NoteProblem) as problem:
            yield missing(str(problem), f"On a new site: troth prepare --services. Else put the file back: {key}")
        else:
            yield from _check_mode(key)


def copies(patient: Patient) -> Iterator[Line]:
    var = patient.environment.var
    for key in patient.environment.keys:
        try:
            found = saved.latest(var, key.name, saved.fingerprint(key))
        except FileNotFoundError:
            continue  # `keys` says so
        except OSError:
            yield skip(f"{key} belongs to another user.", "Run this as root.")
            continue
        if found:
            yield fine(f"A copy of {key.name} was verified on {found.at_utc:%Y-%m-%d} by {found.by}.")
        else:
            fix = "Copy both keys into a safe, then: troth keys verify FOLDER"
            yield missing(f"No copy of {key.name} was verified. Without it, everything would be lost.", fix)


def backups(patient: Patient) -> Iterator[Line]:
    try:
        last = saved.latest(patient.environment.var, saved.BACKUP)
    except OSError:
        yield skip("The note of the last backup belongs to another user.", "Run this as root.")
        return
    if last is None and patient.is_new:
        yield skip("There is nothing to back up yet.")
    elif last is None:
        yield missing("There is no backup yet.", "troth backup /var/backups/troth")
    elif datetime.now(UTC) - last.at_utc > _BACKUP_LASTS:
        yield missing(f"The last backup is of {last.at_utc:%Y-%m-%d}.", "systemctl enable --now troth-backup.timer")
    else:
        yield fine(f"The last backup was made on {last.at_utc:%Y-%m-%d %H:%M} UTC.")


def folders(patient: Patient) -> Iterator[Line]:
    """Read and written by those who must. As root, asked as each of them."""
    environment, web, sealer = patient.environment, patient.web_user, patient.sealer_user
    policy = environment.site / "policy.md"
    fix = f"chmod -R o+rX {environment.site}" if policy.exists() else f"troth new {environment.site}"
    yield from _check_access(web, policy, "-r", fix)
    if not patient.is_new:
        yield from _check_access(web, environment.master_key_file, "-r", _HAND_OVER)
        yield from _check_access(sealer, environment.ledger_key_file, "-r", _HAND_OVER)
    yield from _check_access(web, environment.journal_file.parent, "-w", _HAND_OVER)
    yield from _check_access(web, environment.files_folder, "-w", _HAND_OVER)
    yield from _check_access(sealer, environment.checkpoint_file.parent, "-w", _HAND_OVER)
    if file := environment.smtp.password_file:
        made = f"touch {file} && chmod 600 {file} && chown {web or 'troth-web'} {file}"
        yield from _check_access(web, file, "-r", f"{made}   (and the password in it)")
        yield from _check_password(file) if file.exists() else ()


def _check_password(file: Path) -> Iterator[Line]:
    if not file.is_file():
        yield missing(f"{file} is not a file.", f"Remove it, and write the mail server's password into {file}")
        return
    yield from _check_mode(file)
    if not _is_anothers(file) and not file.read_bytes().strip():
        sentence = f"{file} is empty, so we can't sign in to the mail server."
        yield missing(sentence, f"Write the mail server's password into {file}")


def settings_files(patient: Patient) -> Iterator[Line]:
    """Files with passwords are closed to others."""
    for wanted in configuration.ADDRESS_FILES.values() if patient.folder else ():
        if patient.folder and (file := patient.folder / wanted.name).exists():
            yield from _check_mode(file)


def disk(patient: Patient) -> Iterator[Line]:
    var = patient.environment.var
    if not var.exists():
        yield missing(f"The folder {var} doesn't exist.", "systemd-tmpfiles --create troth.conf   (or: troth run)")
        return
    free = shutil.disk_usage(var).free
    left = f"The disk of {var} has {free // 2**20:,} MB left"
    if free < 5 * supervise.LEAST_FREE_BYTES:
        yield missing(f"{left}; {5 * supervise.LEAST_FREE_BYTES // 2**20:,} MB or more are needed.", "Free some space.")
    else:
        yield fine(f"{left}.")


def _check_access(user: str | None, path: Path, how: str, fix: str) -> Iterator[Line]:
    who, verb = user or "This user", "write into" if how == "-w" else "read"
    if users.reaches(user, path, how=how):
        yield fine(f"{who} can {verb} {path}.")
    elif _is_anothers(path):
        yield skip(f"{path} belongs to another user.", "Run this as root.")
    else:
        yield missing(f"{who} can't {verb} {path}.", fix)


def _is_anothers(path: Path) -> bool:
    """Whether only root can say more: what is another user's is closed to us, as it should be."""
    return os.geteuid() not in (0, path.stat().st_uid) if path.exists() else False


def _check_mode(file: Path) -> Iterator[Line]:
    if file.stat().st_mode & 0o077:
        yield missing(f"Others may read {file}.", f"chmod 600 {file}")
    else:
        yield fine(f"Only its user can read {file}.")
