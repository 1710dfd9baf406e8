"""The ledger's commands: signing it, and verifying it or a receipt."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import click
import psycopg

from troth import database, notes
from troth.cli.terminal import as_owner, refuse, say
from troth.environment import Environment
from troth.opening import explain_file_error
from troth.records import clocks
from troth.records.ledger import receipts, sealing
from troth.records.ledger.checkpoints import CheckpointFile, CheckpointNote, LedgerRefused
from troth.records.ledger.verifying import Connection, Verification
from troth.records.privileges import WrongRole
from troth.security.actors import identify_staff


@click.command()
def seal() -> None:
    """As the sealer: order and sign the ledger's entries about once a second, until stopped."""
    environment = Environment.read(os.environ)
    url = environment.sealer_url
    if not url:
        refuse("Only the sealer role can sign the ledger. Set TROTH_SEALER_URL.")
    shift = sealing.Shift(
        connect=lambda: psycopg.connect(url, autocommit=True, options=database.options(database.SEALER)),
        signer=notes.signer_at(environment.ledger_key_file),
        trusted=notes.verifiers_at(notes.public_file(environment.ledger_key_file)),
        file=CheckpointFile(environment.checkpoint_file),
        say=say,
        pause=_until_told(),
    )
    try:
        shift.run()
    except WrongRole as wrong:
        refuse(str(wrong))


@click.group("ledger")
def ledger_commands() -> None:
    """Verify and sign the ledger: the tamper-evident record of what was done with people's data."""


@ledger_commands.command()
@click.argument("receipt", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Public keys to trust.")
@click.option("--since", metavar="SIZE|FILE", help="Verify only what came after a checkpoint: its size, or its file.")
def verify(receipt: Path | None, key: Path | None, since: str | None) -> None:
    """Verify the whole ledger as the owner of the database, or the receipts in the file RECEIPT, offline."""
    if receipt is None:
        _verify_ledger(key, since)
    elif since is not None:
        refuse("--since works only for the whole ledger, not for receipts.")
    else:
        _verify_receipts(receipt, notes.verifiers_at(key) if key else [])


@ledger_commands.command()
@click.option("--right", is_flag=True, help="Confirm that the clock is right now, whatever was signed before.")
@click.option("--reason", default="", help="What was wrong, for the ledger. Required with --right.")
@click.option("--by", default=lambda: os.environ.get("USER", "staff"), help="Who confirms it, for the ledger.")
def clock(right: bool, reason: str, by: str) -> None:
    """As the owner: compare the clock with what was signed, or confirm that it is right."""
    with psycopg.connect(
        as_owner("Only the owner of the database may do this. Set TROTH_OWNER_URL."), autocommit=True
    ) as connection:
        state = clocks.state(connection)
        if not right:
            say(str(state))
            return
        if not reason.strip():
            refuse('Give the reason, for the ledger: troth ledger clock --right --reason "The server was set to 2027."')
        clocks.say_right(connection, by=identify_staff(by), reason=reason.strip())
    say(f"The clock is confirmed: {state.now_utc:%Y-%m-%d %H:%M:%S} UTC. The ledger recorded this.")


def _verify_receipts(file: Path, keys: list[notes.Verifier]) -> None:
    try:
        found = receipts.read(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        refuse(f"{file} contains no ledger receipts.")
    except LedgerRefused as refused:
        refuse(f"{file}: {refused}")
    wrong = sum([not _verify(each, keys) for each in found])
    for own in {} if keys else dict.fromkeys(each.key for each in found):
        say(
            f"Trusted: the key in the file itself, {own.name}, fingerprint {own.fingerprint}. "
            "Compare it with what the site publishes at /.well-known/troth-ledger.json, or name a key: --key FILE"
        )
    if wrong or not found:
        refuse(f"{wrong} of {len(found)} receipts are not valid.")
    say(f"{len(found)} receipts are valid." if len(found) > 1 else "The receipt is valid.")


def _verify(receipt: receipts.Receipt, keys: list[notes.Verifier]) -> bool:
    body = receipt.body
    try:
        checkpoint = receipt.verify(keys)
    except LedgerRefused as refused:
        say(f"Entry {body.id}: {refused} [{refused.code}]")
        return False
    what = f"{body.kind}, {body.at_utc:%Y-%m-%d %H:%M:%S} UTC" if receipt.salt else "erased: only its leaf is left"
    say(
        f"Entry {body.id} ({what}) is leaf {receipt.position} of {checkpoint.size} "
        f"in the checkpoint of {checkpoint.at_utc:%Y-%m-%d %H:%M:%S} UTC."
    )
    return True


_OWNER_READS = "Only the owner of the database may read the whole ledger. Set TROTH_OWNER_URL."


def _verify_ledger(key: Path | None, since: str | None) -> None:
    environment, began = Environment.read(os.environ), time.monotonic()
    keys = notes.verifiers_at(key or notes.public_file(environment.ledger_key_file))
    with psycopg.connect(as_owner(_OWNER_READS)) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        looked = Verification(
            connection,
            keys,
            CheckpointFile(environment.checkpoint_file),
            since=_since(since, keys, connection) if since else None,
            progress=_progress,
        )
        found = 0
        for found, finding in enumerate(looked.findings(), 1):  # noqa: B007 - counted
            say(str(finding))
    latest = looked.latest
    say(
        f"{looked.entries} entries ({looked.erased} of them erased) in {looked.checkpoints} checkpoints, "
        f"{looked.chunks} chunks of bulk uses, {looked.waiting} entries not signed yet; "
        f"{time.monotonic() - began:.1f} s."
    )
    if latest:
        say(
            f"Latest checkpoint: {latest.size} entries, root {latest.root.hex()}, "
            f"{latest.at_utc:%Y-%m-%d %H:%M:%S} UTC."
        )
    if found:
        refuse(f"Findings: {found}. The ledger is not intact.")
    say("The ledger is intact.")


def _since(text: str, keys: list[notes.Verifier], connection: Connection) -> CheckpointNote:
    """The checkpoint in a file, else the one that the database has of this size; in both cases signed."""
    try:
        if not text.isdecimal():
            return CheckpointNote.open(Path(text).read_text(encoding="utf-8"), keys)
        row = connection.execute("select note from checkpoint where size = %s", [int(text)]).fetchone()
        if row is None:
            refuse(f"There is no checkpoint of {text} entries.")
        return CheckpointNote.open(row[0], keys)
    except OSError as error:
        refuse(f"Can't read {text}: {explain_file_error(error)}.")
    except LedgerRefused as refused:
        refuse(f"The starting checkpoint: {refused}")


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and of:
        click.echo(f"\r{done:,} of {of:,} entries", err=True, nl=done >= of)


def _until_told() -> sealing.SealingPause:
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return told.wait
