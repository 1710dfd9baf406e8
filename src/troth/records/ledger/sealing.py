"""The sealer: orders new entries, extends the tree, signs a checkpoint about once a second.

It uses its own database role, which can only take from the queue and add to the tree. Each round takes, orders and
signs in one transaction, so a sealer that dies leaves nothing half-done. The checkpoint file is written afterwards and
completed at the next start. Before it continues, the sealer checks that everything is as it signed it; if not, it
refuses with a sentence that becomes a ledger entry itself.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import psycopg

from troth.notes import Signer, Verifier
from troth.records import privileges
from troth.records.clocks import SAY_RIGHT, Watch
from troth.records.ids import new_id
from troth.records.ledger.checkpoints import CheckpointFile, CheckpointNote, LedgerRefused
from troth.records.ledger.merkle import HASH_BYTES, Tree

MOST_AT_ONCE = 50_000
_SIGNING = "signing"
LOCK = 0x74726F7468  # "troth"
_WAITS_FOR_FORMER = 100  # a killed sealer's session may last a moment

_TAKE = """
    with taken as (
        delete from entry_queue where ctid = any (array(select ctid from entry_queue limit %s))
        returning person_id, entry_id, leaf),
    placed as (
        insert into leaf_order (position, person_id, entry_id, leaf)
        select %s::bigint + row_number() over (order by entry_id, person_id) - 1, person_id, entry_id, leaf from taken
        returning position, leaf)
    select coalesce(string_agg(leaf, ''::bytea order by position), ''::bytea) from placed
"""
_WRITE_TILES = """
    insert into tile (level, number, hashes)
    select it.level, it.number, it.hashes
    from unnest(%s::smallint[], %s::bigint[], %b::bytea[]) as it (level, number, hashes)
    on conflict (level, number) do update set hashes = excluded.hashes
    where substring(excluded.hashes from 1 for length(tile.hashes)) = tile.hashes
"""

_NOTES = "select size, note from checkpoint where size >= %s order by size limit 1000"

Connection = psycopg.Connection[tuple[Any, ...]]


class SealingPause(Protocol):
    """Waits this many seconds, or until asked to stop: then it returns True."""

    def __call__(self, seconds: float, /) -> bool: ...


@dataclass
class Sealer:
    """One sealer on one connection (autocommit). `clock` is the database's own unless a test has another."""

    connection: Connection
    signer: Signer
    trusted: Sequence[Verifier]
    file: CheckpointFile
    clock: Callable[[], datetime] | None = None
    watch: Watch = field(default_factory=Watch)
    tree: Tree = field(default_factory=Tree)
    signed_utc: datetime | None = None

    @classmethod
    def open(
        cls,
        connection: Connection,
        *,
        signer: Signer,
        trusted: Sequence[Verifier],
        file: CheckpointFile,
        clock: Callable[[], datetime] | None = None,
        watch: Watch | None = None,
        pause: SealingPause | None = None,
    ) -> "Sealer":
        """The only sealer of this database, continuing where the last one stopped. Raises LedgerRefused, WrongRole."""
        sealer = cls(connection, signer, trusted, file, clock, watch or Watch())
        privileges.check(connection.cursor(), role=privileges.SEALER)
        sealer._be_the_only_one(pause or _no_pause)
        sealer._go_on()
        return sealer

    def seal(self, *, most: int = MOST_AT_ONCE) -> CheckpointNote | None:
        """The new checkpoint over what was queued, or None where nothing was. Raises LedgerRefused."""
        with self.connection.transaction():
            waits, now, words = self._one("select exists (select from entry_queue), clock_timestamp(), clock_words()")
            now = self.clock() if self.clock else now
            self._refuse_forward(now, words=words)
            if not waits:
                return None
            self._refuse_backward(now)
            leaves = self._take(most)
            tree = self.tree.copy()
            self._write_tiles(tree.append(leaves))
            checkpoint = CheckpointNote(self.signer.name, tree.size, tree.root(), now)
            note = self._sign(checkpoint)
        self.tree, self.signed_utc = tree, now
        self.file.append([note])
        return checkpoint

    def seal_all(self) -> None:
        """Seals until nothing is queued."""
        while self.seal():
            pass

    def _be_the_only_one(self, pause: SealingPause) -> None:
        for _ in range(_WAITS_FOR_FORMER):
            if self._one("select pg_try_advisory_lock(%s)", [LOCK])[0]:
                return
            if pause(0.1):
                break
        raise LedgerRefused("another sealer", "Another sealer works on this database. There is one at most.")

    def _go_on(self) -> None:
        found = self._one("select size, root, at_utc, note from checkpoint order by size desc limit 1")
        size, root, at, note = found or (0, b"", None, "")
        if found:
            self._refuse_unsigned(note, size=size, root=root, at=at)
        self.tree = Tree.read(size, self._tile)
        if found and self.tree.root() != root:
            raise LedgerRefused(
                "corrupt tile", f"The tiles at the edge of the tree do not give the root of checkpoint {size}."
            )
        (ordered,) = self._one("select coalesce(max(position) + 1, 0) from leaf_order")
        if ordered != size:
            raise LedgerRefused("corrupt order", f"{ordered} entries are ordered, but checkpoint {size} is the last.")
        self.signed_utc = at
        self.file.reconcile(self._notes)

    def _refuse_unsigned(self, note: str, *, size: int, root: bytes, at: datetime | None) -> None:
        try:
            said = CheckpointNote.open(note, self.trusted)
        except LedgerRefused as refused:
            raise LedgerRefused("corrupt checkpoint", f"Checkpoint {size}: {refused}") from refused
        if (said.size, said.root, said.at_utc) != (size, root, at):
            raise LedgerRefused("corrupt checkpoint", f"Checkpoint {size} says something else than what was signed.")

    def _refuse_forward(self, now: datetime, *, words: int) -> None:
        if (ahead := self.watch.look(now, words=words)) is not None:
            raise LedgerRefused(
                "clock forward",
                f"The clock of the database went ahead by {timedelta(seconds=round(ahead.total_seconds()))}: it says "
                f"{now:%Y-%m-%d %H:%M:%S} UTC. Nothing is signed under that time. Set the clock right; if it is "
                f"right, say so: {SAY_RIGHT}",
            )

    def _refuse_backward(self, now: datetime) -> None:
        size, mark = self._one("select coalesce(max(size), 0), clock_mark() from checkpoint")
        if size != self.tree.size:
            raise LedgerRefused(
                "corrupt checkpoint", f"The last checkpoint is {size}, but {self.tree.size} was signed last."
            )
        if mark is not None and now < mark:
            raise LedgerRefused(
                "clock backward",
                f"The clock says {now:%Y-%m-%d %H:%M:%S} UTC, but the last checkpoint was signed at "
                f"{mark:%Y-%m-%d %H:%M:%S} UTC. Nothing is signed until the clock is right; if it is right, say so: "
                f"{SAY_RIGHT}",
            )

    def _take(self, most: int) -> bytes:
        try:
            leaves = bytes(self._one(_TAKE, [most, self.tree.size])[0])
        except psycopg.errors.UniqueViolation as error:
            raise LedgerRefused(
                "double entry", f"An entry is queued or ordered twice: {error.diag.message_detail}"
            ) from error
        if len(leaves) % HASH_BYTES:
            raise LedgerRefused("corrupt leaf", "A queued leaf has not 32 bytes.")
        return leaves

    def _write_tiles(self, changed: dict[tuple[int, int], bytes]) -> None:
        levels, numbers = zip(*changed, strict=True)
        written = self.connection.execute(_WRITE_TILES, [list(levels), list(numbers), list(changed.values())]).rowcount
        if written != len(changed):
            raise LedgerRefused("corrupt tile", "A tile at the edge of the tree is not what the sealer wrote.")

    def _sign(self, checkpoint: CheckpointNote) -> str:
        note = self.signer.sign(checkpoint.text())
        self.connection.execute(
            "insert into checkpoint (size, root, at_utc, note) values (%s, %s, %s, %s)",
            [checkpoint.size, checkpoint.root, checkpoint.at_utc, note],
        )
        return note

    def _tile(self, level: int, number: int) -> bytes:
        found = self._one("select hashes from tile where level = %s and number = %s", [level, number])
        return bytes(found[0]) if found else b""

    def _notes(self, size: int | None) -> Iterator[str]:
        """One page at a time, so that nothing stays open if the reader stops early."""
        least = size or 0
        while page := self.connection.execute(_NOTES, [least]).fetchall():
            yield from (note for _, note in page)
            least = page[-1][0] + 1

    def _one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        with self.connection.cursor(binary=True) as cursor:
            return cursor.execute(sql.encode(), values).fetchone()


@dataclass
class Shift:
    """The loop of the sealer's process: about once a second, until asked to stop."""

    connect: Callable[[], Connection]
    signer: Signer
    trusted: Sequence[Verifier]
    file: CheckpointFile
    say: Callable[[str], None]
    pause: SealingPause
    watch: Watch = field(default_factory=Watch)
    _said: str = ""

    def run(self) -> None:
        """Ends when asked to stop. A refusal is logged and recorded once, and retried until it is resolved."""
        while True:
            try:
                with self.connect() as connection:
                    return self._until_told(connection)
            except LedgerRefused as refused:
                self._tell(refused.code, f"The ledger is not sealed ({refused.code}): {refused}", refused)
            except psycopg.OperationalError as error:
                self._tell("database", f"The sealer waits for the database: {str(error).splitlines()[0]}")
            if self.pause(1):
                return

    def _until_told(self, connection: Connection) -> None:
        sealer = Sealer.open(
            connection, signer=self.signer, trusted=self.trusted, file=self.file, watch=self.watch, pause=self.pause
        )
        while True:
            before = sealer.tree.size
            sealer.seal()
            entries = "1 entry" if sealer.tree.size == 1 else f"{sealer.tree.size:,} entries"
            self._tell(_SIGNING, f"The ledger is being signed as {self.signer.name}, {entries} so far.")
            if sealer.tree.size - before < MOST_AT_ONCE and self.pause(1):
                return

    def _tell(self, code: str, sentence: str, refused: LedgerRefused | None = None) -> None:
        if code == self._said:
            return
        self._said = code
        self.say(sentence)
        with suppress(psycopg.Error):
            if refused:
                with self.connect() as connection:
                    record(connection, refused)


def record(connection: Connection, refused: LedgerRefused) -> None:
    """Records the refusal in the ledger, as an entry of Nobody."""
    connection.execute("select sealer_note(%s, %s, %s)", [new_id(), refused.code, str(refused)])


def _no_pause(seconds: float, /) -> bool:
    return True
