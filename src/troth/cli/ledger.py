"""The ledger's commands: sealing it, and verifying it or a receipt."""

import os
import signal
import threading
from types import FrameType

import click
import psycopg

from troth import notes
from troth.cli.terminal import refuse, say
from troth.environment import Environment
from troth.records import sealing
from troth.records.checkpoints import CheckpointFile
from troth.records.privileges import WrongRole


@click.command()
def seal() -> None:
    """As the sealer: order and sign the ledger's entries about once a second, until told to stop."""
    environment = Environment.read(os.environ)
    url = environment.sealer_url
    if not url:
        refuse("Only the sealer's role may seal. Set TROTH_SEALER_URL.")
    shift = sealing.Shift(
        connect=lambda: psycopg.connect(url, autocommit=True),
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


def _until_told() -> sealing.Pause:
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return told.wait
