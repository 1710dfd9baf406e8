"""Verifying finds and locates what a superuser does to the ledger behind the program's back; what is sound is sound."""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.worlds import policy_text

from troth import database, notes
from troth.gate import owner as owners
from troth.records.ids import NOBODY
from troth.records.ledger import merkle
from troth.records.ledger.checkpoints import CheckpointFile, CheckpointNote
from troth.records.ledger.sealing import Sealer
from troth.records.ledger.signed import LedgerFinding
from troth.records.ledger.verifying import Verification
from troth.records.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

Superuser = psycopg.Connection[tuple[Any, ...]]
Tampering = Callable[["Ledger", random.Random], tuple[str, list[str]]]
"""Does it, and gives what was done and which words locate it."""

TAMPERINGS = int(os.environ.get("TROTH_TAMPERINGS", "0"))
"""Each sort once, at another place each time; `make prove` does 1,000."""
PEOPLE = 12


class Ledger:
    """A ledger of a few hundred entries, seen by a superuser inside a transaction that will be rolled back."""

    def __init__(self, connection: Superuser, file: CheckpointFile) -> None:
        self.connection = connection
        self.file = file
        self.text = file.path.read_text()
        self.sealed = self.rows(
            "select o.position, e.person_id, e.id from entry e join leaf_order o on o.entry_id = e.id"
            " where e.salt is not null order by 1"
        )
        self.erased = self.rows("select person_id, id from entry where salt is null")
        self.waiting = self.rows("select person_id, entry_id from entry_queue")
        self.sizes = [row[0] for row in self.rows("select size from checkpoint order by size")]
        self.chunks = self.rows("select entry_id, number, length(bitmap) from entry_chunk")
        self.people = [row[0] for row in self.rows("select id from person")]

    def rows(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else []

    def findings(self, **more: Any) -> list[LedgerFinding]:
        return list(self.verification(**more).findings())

    def verification(self, **more: Any) -> Verification:
        return Verification(self.connection, verifiers(), self.file, **more)

    def write(self, text: str) -> None:
        self.file.path.write_text(text)

    def records(self) -> list[str]:
        return [record.note + "\n" for record in self.file.records()]


def verifiers() -> list[notes.Verifier]:
    return notes.verifiers_at(notes.public_file(Path(os.environ["TROTH_LEDGER_KEY_FILE"])))


@pytest.fixture
def ledger(owner: Superuser, sealer: Sealer, cluster: database.Cluster) -> Iterator[Ledger]:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    people = [uuid4() for _ in range(PEOPLE)]
    for number, person in enumerate(people):
        owner.execute("insert into person values (%s, %s, now())", [person, 1000 + number])
    for turn in range(5):
        owner.execute(
            "select note(p, gen_random_uuid(), 'signed in', 'service', 'person', 'by link', gen_random_uuid(),"
            ' \'{"way": "link"}\') from unnest(%s::uuid[]) p, generate_series(1, 6)',
            [people],
        )
        bulk(owner, [bytes([turn + 1] * 300), bytes(range(200))])
        if turn == 3:
            owner.execute("select erase(%s, gen_random_uuid(), 'staff:ines', 'asked for')", [people[0]])
        sealer.seal_all()
    owner.execute(
        "select note(p, gen_random_uuid(), 'signed in', 'service', 'person', '', null, '{}') from unnest(%s::uuid[]) p",
        [people[1:4]],
    )
    url = cluster.url(role=database.SUPERUSER, name=os.environ["DATABASE_URL"].rpartition("/")[2].partition("?")[0])
    with psycopg.connect(url) as connection:
        yield Ledger(connection, sealer.file)
        connection.rollback()


def bulk(owner: Superuser, bitmaps: list[bytes]) -> None:
    owner.execute(
        "select entry_write_bulk(jsonb_populate_record(null::entry, jsonb_build_object('id', gen_random_uuid(),"
        " 'kind', 'used', 'who', 'program:mailing', 'payload', '{\"codes\": {}}'::jsonb)), %s, %s)",
        [list(range(len(bitmaps))), bitmaps],
    )


def test_a_sound_ledger_has_no_finding_and_everything_was_seen(ledger: Ledger) -> None:
    looked = ledger.verification()
    assert list(looked.findings()) == []
    assert looked.entries == ledger.rows("select count(*) from leaf_order")[0][0] > 360
    assert looked.checkpoints == len(ledger.sizes) == 5
    assert looked.erased == len(ledger.erased) == 24
    assert looked.waiting == 3
    assert looked.chunks == 10
    assert looked.latest
    assert looked.latest.size == ledger.sizes[-1]


@pytest.mark.parametrize("at", range(5))
def test_what_came_since_any_checkpoint_is_sound_too(ledger: Ledger, at: int) -> None:
    since = checkpoint(ledger, ledger.sizes[at])
    looked = ledger.verification(since=since)
    assert list(looked.findings()) == []
    assert looked.entries == ledger.sizes[-1] - since.size


def test_a_tree_that_does_not_extend_what_was_seen_before_is_found(ledger: Ledger) -> None:
    for size in ledger.sizes:
        forged = CheckpointNote("localhost/ledger", size, merkle.leaf_hash(b"another tree"), datetime.now(UTC))
        assert "not an extension" in {finding.code for finding in ledger.findings(since=forged)}
    beyond = CheckpointNote("localhost/ledger", 10_000, merkle.leaf_hash(b"x"), datetime.now(UTC))
    assert {finding.code for finding in ledger.findings(since=beyond)} >= {"tail cut"}


def test_a_checkpoint_signed_by_nobody_we_trust_is_found(ledger: Ledger, tmp_path: Path) -> None:
    notes.make_key(tmp_path / "other.key", name="localhost/ledger")
    other = notes.verifiers_at(tmp_path / "other.pub")
    findings = list(Verification(ledger.connection, other, ledger.file).findings())
    assert {finding.code for finding in findings} == {"corrupt checkpoint"}
    assert len(findings) == 5


def test_a_file_cut_by_its_last_byte_is_found(ledger: Ledger) -> None:
    ledger.file.path.write_bytes(ledger.text.encode()[:-1])
    (finding,) = ledger.findings()
    assert (finding.code, "Its last line is missing" in str(finding)) == ("file lacks", True)
    ledger.write(ledger.text)
    assert ledger.findings() == []


def test_tamperings_by_a_superuser_are_all_found_and_located(ledger: Ledger) -> None:
    seed, count = random.randrange(2**32), TAMPERINGS or len(ALL)
    chance, began = random.Random(seed), time.monotonic()
    missed = []
    for number in range(count):
        tamper = ALL[number % len(ALL)]
        with ledger.connection.transaction(force_rollback=True):
            ledger.connection.execute("set local session_replication_role = replica")  # no foreign key, no trigger
            done, located = tamper(ledger, chance)
            found = ledger.findings()
        ledger.write(ledger.text)
        if not any(word in str(finding) for finding in found for word in located):
            missed.append((tamper.__name__, done, located, [str(each) for each in found][:3]))
    took = time.monotonic() - began
    sys.stdout.write(f"{count} tamperings of {len(ALL)} sorts, {len(missed)} missed, {took:.1f} s (seed {seed})\n")
    assert missed == []
    assert ledger.findings() == []


def checkpoint(ledger: Ledger, size: int) -> CheckpointNote:
    (note,) = ledger.rows("select note from checkpoint where size = %s", [size])[0]
    return CheckpointNote.open(note, verifiers())


# The entries' columns, with the value that each is changed to.

_COLUMNS = {
    "kind": "kind || 'x'",
    "at_utc": "at_utc + interval '1 microsecond'",
    "at_utc ": "'infinity'",
    "purpose": "purpose || 'x'",
    "section": "section || 'x'",
    "version": "version + 1",
    "who": "'staff:' || who",
    "reason": "reason || ' '",
    "kinds": "kinds || array['email']",
    "kinds ": "array[null]::text[]",
    "recipient": "recipient || 'x'",
    "request": "gen_random_uuid()",
    "payload": "payload || '{\"more\": 1}'",
    "payload ": "'[\"chunks\"]'",
    "payload  ": "'{\"chunks\": 7}'",
    "expires_utc": "now()",
    "transaction": "transaction + 1",
    "salt": "set_byte(salt, 3, (get_byte(salt, 3) + 1) %% 256)",
    "salt ": "null",
    "leaf": "set_byte(leaf, 31, (get_byte(leaf, 31) + 1) %% 256)",
}


def _changing(column: str, value: str) -> Tampering:
    def change(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
        position, person, id = chance.choice(ledger.sealed)
        ledger.rows(f"update entry set {column.strip()} = {value} where id = %s", [id])
        return f"{column} of {position}", [f"entry {id}", f"person {person}: "] if "salt" in column else [f"entry {id}"]

    change.__name__ = f"change {column}"
    return change


def _changing_erased(column: str, value: str) -> Tampering:
    def change(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
        person, id = chance.choice(ledger.erased)
        ledger.rows(f"update entry set {column.strip()} = {value} where id = %s", [id])
        return f"{column} of erased {id}", [f"entry {id}", f"person {person}: "]

    change.__name__ = f"change erased {column}"
    return change


def _changing_waiting(column: str, value: str) -> Tampering:
    def change(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
        person, id = chance.choice(ledger.waiting)
        ledger.rows(f"update entry set {column.strip()} = {value} where id = %s", [id])
        return f"{column} of waiting {id}", [f"entry {id}", f"person {person}: "]

    change.__name__ = f"change waiting {column}"
    return change


def owner_of_entry(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, person, id = chance.choice(ledger.sealed)
    other = chance.choice([each for each in ledger.people if each != person])
    ledger.rows("update entry set person_id = %s where id = %s", [other, id])
    return f"{person} becomes {other}", [f"entry {id}"]


def id_of_entry(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, _, id = chance.choice(ledger.sealed)
    ledger.rows("update entry set id = gen_random_uuid() where id = %s", [id])
    return f"id of {id}", [f"entry {id}"]


def deleted(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    position, _, id = chance.choice(ledger.sealed)
    ledger.rows("delete from entry where id = %s", [id])
    return f"entry {position}", [f"entry {id}"]


def deleted_with_order(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    position, _, id = chance.choice(ledger.sealed)
    ledger.rows("delete from entry where id = %s", [id])
    ledger.rows("delete from leaf_order where entry_id = %s", [id])
    return f"entry {position} and its order", [f"position {position}"]


def deleted_and_closed_up(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    """Order, tiles, roots and sizes are all made anew without the entry, as far as one can without the key."""
    position, _, id = chance.choice(ledger.sealed)
    ledger.rows("delete from entry where id = %s", [id])
    ledger.rows("delete from leaf_order where entry_id = %s", [id])
    ledger.rows("update leaf_order set position = -position where position > %s", [position])
    ledger.rows("update leaf_order set position = -position - 1 where position < 0")
    _tiles_anew(ledger)
    first = next(size for size in ledger.sizes if size > position)
    return f"entry {position}, closed up", [f"checkpoint {first}"]


def rewritten(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    """The entry says something else, and leaf, order and tiles agree with it: only the signed root does not."""
    position, _, id = chance.choice(ledger.sealed)
    ledger.rows("update entry set reason = 'rewritten' where id = %s", [id])
    ledger.rows("update entry e set leaf = entry_leaf(e) where id = %s", [id])
    ledger.rows("update leaf_order o set leaf = e.leaf from entry e where e.id = o.entry_id and e.id = %s", [id])
    _tiles_anew(ledger)
    first = next(size for size in ledger.sizes if size > position)
    return f"entry {position} rewritten", [f"checkpoint {first}"]


def rewritten_with_roots(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    done, located = rewritten(ledger, chance)
    tree = merkle.Frontier()
    for (leaf,) in ledger.rows("select leaf from leaf_order order by position"):
        tree.append(bytes(leaf))
        if tree.size in ledger.sizes:
            ledger.rows("update checkpoint set root = %s where size = %s", [tree.root(), tree.size])
    return f"{done}, with roots", located


def _tiles_anew(ledger: Ledger) -> None:
    leaves = b"".join(bytes(leaf) for (leaf,) in ledger.rows("select leaf from leaf_order order by position"))
    ledger.rows("delete from tile")
    for (level, number), hashes in merkle.Tree().append(leaves).items():
        ledger.rows("insert into tile values (%s, %s, %s)", [level, number, hashes])


def inserted(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, _, id = chance.choice(ledger.sealed)
    new = _copied(ledger, id)
    return f"copy of {id}", [f"entry {new}"]


def inserted_with_order(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    position, _, id = chance.choice(ledger.sealed)
    new = _copied(ledger, id)
    size = ledger.sizes[-1]
    ledger.rows("insert into leaf_order select %s, person_id, id, leaf from entry where id = %s", [size, new])
    return f"copy of {position} behind the last", [f"entry {new}"]


def inserted_with_order_and_tiles(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    done, located = inserted_with_order(ledger, chance)
    ledger.rows(
        "update entry e set leaf = entry_leaf(e) where id = (select entry_id from leaf_order order by position desc limit 1)"
    )
    ledger.rows("update leaf_order o set leaf = e.leaf from entry e where e.id = o.entry_id")
    _tiles_anew(ledger)
    return f"{done}, with tiles", [*located, f"position {ledger.sizes[-1]}"]


def inserted_in_queue_with_a_foreign_leaf(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, _, id = chance.choice(ledger.sealed)
    new = _copied(ledger, id)
    ledger.rows("insert into entry_queue select person_id, id, sha256('x') from entry where id = %s", [new])
    return f"copy of {id} in the queue", [f"entry {new}"]


def _copied(ledger: Ledger, id: UUID) -> UUID:
    new = uuid4()
    columns = ", ".join(str(field.column) for field in Entry._meta.local_concrete_fields if not field.generated)
    ledger.rows(
        f"insert into entry ({columns}) select {columns} from (select"
        " (jsonb_populate_record(e, jsonb_build_object('id', %s::text))).* from entry e where id = %s) copied",
        [new, id],
    )
    return new


def swapped_contents(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    (_, _, one), (_, _, other) = chance.sample(ledger.sealed, 2)
    ledger.rows("update entry set id = '00000000-0000-0000-0000-000000000001' where id = %s", [one])
    ledger.rows("update entry set id = %s where id = %s", [one, other])
    ledger.rows("update entry set id = %s where id = '00000000-0000-0000-0000-000000000001'", [other])
    return f"ids of {one} and {other}", [f"entry {one}"]


def swapped_places(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    (one, _, first), (other, _, second) = chance.sample(ledger.sealed, 2)
    for at, id in ((-1, first), (one, second), (other, first)):
        ledger.rows("update leaf_order set position = %s where entry_id = %s", [at, id])
    return f"places {one} and {other}", [f"entry {first}"]


def swapped_leaves(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    (one, _, first), (other, _, second) = chance.sample(ledger.sealed, 2)
    for table, column in (("leaf_order", "entry_id"), ("entry", "id")):
        ledger.rows(
            f"update {table} t set leaf = o.leaf from {table} o where t.{column} = any (%s) and o.{column} = any (%s)"
            f" and t.{column} <> o.{column}",
            [[first, second], [first, second]],
        )
    return f"leaves {one} and {other}", [f"entry {first}"]


def leaf_in_order(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    position, _, id = chance.choice(ledger.sealed)
    ledger.rows("update leaf_order set leaf = sha256(leaf) where position = %s", [position])
    return f"ordered leaf {position}", [f"entry {id}"]


def order_points_elsewhere(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    position, _, id = chance.choice(ledger.sealed)
    ledger.rows("update leaf_order set entry_id = gen_random_uuid() where position = %s", [position])
    return f"order of {position}", [f"entry {id}", f"position {position}"]


def order_deleted(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    position, _, id = chance.choice(ledger.sealed)
    ledger.rows("delete from leaf_order where position = %s", [position])
    return f"order of {position}", [f"entry {id}"]


def tail_cut(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    """Back to a former checkpoint: entries, order, tiles and checkpoints of later ones are gone without a trace."""
    at = chance.randrange(len(ledger.sizes) - 1)
    size = ledger.sizes[at]
    ledger.rows("delete from entry using leaf_order o where o.entry_id = id and o.position >= %s", [size])
    ledger.rows("delete from entry_chunk c where not exists (select from entry e where e.id = c.entry_id)")
    _cut(ledger, size)
    return f"all from {size} on", [f"Checkpoint {ledger.sizes[at + 1]} is not in the database"]


def tail_queued_again(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    """Back to a former checkpoint, and the later entries wait again, one of them left out."""
    at = chance.randrange(len(ledger.sizes) - 1)
    size = ledger.sizes[at]
    ledger.rows("insert into entry_queue select person_id, entry_id, leaf from leaf_order where position > %s", [size])
    ledger.rows("delete from entry using leaf_order o where o.entry_id = id and o.position = %s", [size])
    _cut(ledger, size)
    return f"all but one from {size} on wait", [f"Checkpoint {ledger.sizes[at + 1]} is not in the database"]


def _cut(ledger: Ledger, size: int) -> None:
    ledger.rows("delete from leaf_order where position >= %s", [size])
    ledger.rows("delete from checkpoint where size > %s", [size])
    _tiles_anew(ledger)


def tail_cut_without_checkpoints(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    size = ledger.sizes[-1] - chance.randint(1, 5)
    ledger.rows("delete from leaf_order where position >= %s", [size])
    _tiles_anew(ledger)
    return f"order from {size} on", [f"checkpoint {ledger.sizes[-1]}"]


def byte_of_tile(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    level, number, length = chance.choice(ledger.rows("select level, number, length(hashes) from tile"))
    byte = chance.randrange(length)
    ledger.rows(
        "update tile set hashes = set_byte(hashes, %s, (get_byte(hashes, %s) + 1) %% 256) where (level, number) = (%s, %s)",
        [byte, byte, level, number],
    )
    return f"byte {byte} of {level}/{number}", [f"tile {number} of level {level}"]


def tile_shorter(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    level, number, length = chance.choice(ledger.rows("select level, number, length(hashes) from tile"))
    kept = chance.randrange(length)
    ledger.rows(
        "update tile set hashes = substring(hashes for %s) where (level, number) = (%s, %s)", [kept, level, number]
    )
    at = number * 256 + kept // 32
    return f"{level}/{number} cut to {kept}", [
        f"tile {number} of level {level}",
        f"tile {number + 1} of level {level}",
        f"position {at}",
    ]


def tile_longer(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    level, number = chance.choice(ledger.rows("select level, number from tile"))
    ledger.rows("update tile set hashes = hashes || sha256('x') where (level, number) = (%s, %s)", [level, number])
    return f"{level}/{number} longer", [f"tile {number} of level {level}", f"position {ledger.sizes[-1]}"]


def tile_deleted(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    level, number = chance.choice(ledger.rows("select level, number from tile"))
    ledger.rows("delete from tile where (level, number) = (%s, %s)", [level, number])
    return f"{level}/{number}", [
        f"tile {number} of level {level}",
        f"Tile {number} before",
        f"position {number * 256},",
        f"position {number * 256}:",
    ]


def tile_added(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    level, number = chance.choice([(0, 5), (1, 1), (2, 0), (7, 3)])
    ledger.rows("insert into tile values (%s, %s, sha256('x'))", [level, number])
    return f"{level}/{number} added", [f"tile {number} of level {level}"]


def _checkpoint(change: str) -> Tampering:
    def tamper(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
        size = chance.choice(ledger.sizes)
        ledger.rows(f"update checkpoint set {change} where size = %s", [size])
        return f"{change} of {size}", [f"checkpoint {size}", f"Checkpoint {size}", f"checkpoint {size + 1}"]

    tamper.__name__ = f"checkpoint {change}"
    return tamper


def checkpoint_deleted(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    size = chance.choice(ledger.sizes)
    ledger.rows("delete from checkpoint where size = %s", [size])
    return f"checkpoint {size}", [f"Checkpoint {size}"]


def checkpoint_added(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    size = chance.choice([each + 1 for each in ledger.sizes[:-1]])
    ledger.rows("insert into checkpoint select %s, root, at_utc, note from checkpoint limit 1", [size])
    return f"checkpoint {size} added", [f"checkpoint {size}"]


def file_byte(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    text = ledger.text
    at = chance.choice([at for at, letter in enumerate(text) if letter.isalnum()])
    ledger.write(text[:at] + ("Q" if text[at] != "Q" else "R") + text[at + 1 :])
    lines = {text.count("\n", 0, start) + 1 for start in _starts(ledger) if start <= at}
    return f"byte {at} of the file", [f"line {max(lines)}:"]


def _starts(ledger: Ledger) -> list[int]:
    starts, at = [], 0
    for record in ledger.records():
        starts.append(at)
        at += len(record)
    return starts


def file_record_deleted(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    records = ledger.records()
    at = chance.randrange(len(records))
    ledger.write("".join(records[:at] + records[at + 1 :]))
    return f"record {at} of the file", [f"Checkpoint {ledger.sizes[at]} is missing"]


def file_record_doubled(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    records = ledger.records()
    at = chance.randrange(len(records))
    ledger.write("".join(records[: at + 1] + records[at:]))
    line = "".join(records[: at + 1]).count("\n") + 1
    return f"record {at} twice", [f"line {line}:"]


def file_records_swapped(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    records = ledger.records()
    at = chance.randrange(len(records) - 1)
    records[at : at + 2] = records[at : at + 2][::-1]
    ledger.write("".join(records))
    line = "".join(records[: at + 1]).count("\n") + 1
    return f"records {at} and next swapped", [f"line {line}:"]


def file_cut(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    kept = chance.randrange(len(ledger.text.encode()))
    ledger.file.path.write_bytes(ledger.text.encode()[:kept])
    return f"file cut to {kept} bytes", [f"Checkpoint {ledger.sizes[-1]}", "file, line"]


def file_line_added(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    ledger.write(ledger.text + "a line more\n")
    return "a line more", [f"line {ledger.text.count(chr(10)) + 1}:"]


def bit_of_chunk(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    id, number, length = chance.choice(ledger.chunks)
    bit = chance.randrange(8 * length)
    ledger.rows(
        "update entry_chunk set bitmap = set_bit(bitmap, %s, 1 - get_bit(bitmap, %s)) where (entry_id, number) = (%s, %s)",
        [bit, bit, id, number],
    )
    return f"bit {bit} of chunk {number} of {id}", [f"entry {id}, chunk {number}"]


def _chunk(change: str) -> Tampering:
    def tamper(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
        id, number, _ = chance.choice(ledger.chunks)
        ledger.rows(f"{change} where (entry_id, number) = (%s, %s)", [id, number])
        return f"{change}: {id} {number}", [f"entry {id}, chunk {number}"]

    tamper.__name__ = f"chunk {change}"
    return tamper


def chunk_added(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    id, _, _ = chance.choice(ledger.chunks)
    ledger.rows("insert into entry_chunk values (%s, %s, 9, 'x')", [NOBODY, id])
    return f"chunk 9 of {id}", [f"entry {id}, chunk 9"]


def erasure_forged(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    """Salt and payload go as if somebody had been erased, with an `erased` entry that no function wrote."""
    _, person, id = chance.choice(ledger.sealed)
    ledger.rows("update entry set salt = null, payload = '{}', reason = '' where id = %s", [id])
    new = _copied(ledger, id)
    ledger.rows("update entry set kind = 'erased', salt = 'x' where id = %s", [new])
    return f"erasure of {person}", [f"entry {new}"]


def queue_row_deleted(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, id = chance.choice(ledger.waiting)
    ledger.rows("delete from entry_queue where entry_id = %s", [id])
    return f"queue of {id}", [f"entry {id}"]


def waiting_entry_deleted(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, id = chance.choice(ledger.waiting)
    ledger.rows("delete from entry where id = %s", [id])
    return f"waiting {id}", [f"entry {id}"]


def queue_leaf(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, id = chance.choice(ledger.waiting)
    ledger.rows("update entry_queue set leaf = sha256(leaf) where entry_id = %s", [id])
    return f"queued leaf of {id}", [f"entry {id}"]


def queued_twice(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, id = chance.choice(ledger.waiting)
    ledger.rows("insert into entry_queue select * from entry_queue where entry_id = %s", [id])
    return f"{id} twice in the queue", [f"entry {id}"]


def sealed_queued_again(ledger: Ledger, chance: random.Random) -> tuple[str, list[str]]:
    _, _, id = chance.choice(ledger.sealed)
    ledger.rows("insert into entry_queue select person_id, entry_id, leaf from leaf_order where entry_id = %s", [id])
    return f"sealed {id} in the queue", [f"entry {id}"]


ALL: list[Tampering] = [
    *(_changing(column, value) for column, value in _COLUMNS.items()),
    *(
        _changing_erased(column, value)
        for column, value in _COLUMNS.items()
        if not column.startswith(("salt", "payload", "reason"))
    ),
    *(_changing_waiting(column, value) for column, value in _COLUMNS.items()),
    owner_of_entry,
    id_of_entry,
    deleted,
    deleted_with_order,
    deleted_and_closed_up,
    rewritten,
    rewritten_with_roots,
    inserted,
    inserted_with_order,
    inserted_with_order_and_tiles,
    inserted_in_queue_with_a_foreign_leaf,
    swapped_contents,
    swapped_places,
    swapped_leaves,
    leaf_in_order,
    order_points_elsewhere,
    order_deleted,
    tail_cut,
    tail_queued_again,
    tail_cut_without_checkpoints,
    byte_of_tile,
    byte_of_tile,
    tile_shorter,
    tile_longer,
    tile_deleted,
    tile_added,
    _checkpoint("root = sha256(root)"),
    _checkpoint("size = size + 1"),
    _checkpoint("at_utc = at_utc + interval '1 s'"),
    _checkpoint("note = replace(note, '2', '3')"),
    _checkpoint("note = ''"),
    checkpoint_deleted,
    checkpoint_added,
    file_byte,
    file_byte,
    file_record_deleted,
    file_record_doubled,
    file_records_swapped,
    file_cut,
    file_line_added,
    bit_of_chunk,
    bit_of_chunk,
    _chunk("delete from entry_chunk"),
    _chunk("update entry_chunk set number = number + 7"),
    _chunk("update entry_chunk set bitmap = ''"),
    _chunk("update entry_chunk set person_id = gen_random_uuid()"),
    chunk_added,
    erasure_forged,
    queue_row_deleted,
    waiting_entry_deleted,
    queue_leaf,
    queued_twice,
    sealed_queued_again,
]
