"""Sealing: how many queued entries a second are ordered, put into the tree and signed for."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bench.figures import Figure
from bench.people import People
from bench.surroundings import NAME, owner
from troth import database, notes
from troth.records.ledger.checkpoints import CheckpointFile
from troth.records.ledger.sealing import Sealer

A_SECOND = 50_000
ENTRIES = 200_000


def figures(people: People) -> Iterator[Figure]:
    """With what is queued already sealed first."""
    with TemporaryDirectory() as folder, _connected(people) as connection:
        sealer = _sealer(connection, Path(folder))
        sealer.seal_all()
        with owner(people.cluster) as owned:
            owned.execute(_QUEUED, [ENTRIES])
        start = time.perf_counter()
        sealer.seal_all()
        taken = time.perf_counter() - start
    yield Figure("entries sealed a second", ENTRIES / taken, "/s", A_SECOND, "higher", f"{ENTRIES:,} queued entries")


def _connected(people: People) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(people.cluster.url(role=database.SEALER, name=NAME), autocommit=True)


def _sealer(connection: "psycopg.Connection[tuple[object, ...]]", folder: Path) -> Sealer:
    key = folder / "ledger.key"
    notes.make_key(key, name="localhost/ledger")
    return Sealer.open(
        connection,
        signer=notes.signer_at(key),
        trusted=notes.verifiers_at(notes.public_file(key)),
        file=CheckpointFile(folder / "checkpoints"),
    )


_QUEUED = """
    insert into entry_queue (person_id, entry_id, leaf)
    select gen_random_uuid(), gen_random_uuid(), sha256(uuid_send(gen_random_uuid())) from generate_series(1, %s)
"""
