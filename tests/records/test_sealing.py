"""The sealer orders and signs what was committed, and refuses to go on from what it did not sign itself."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.worlds import ALICE, BOB, known_person, policy_text

from troth import notes
from troth.gate import owner as owners
from troth.records import privileges
from troth.records.ledger import history, merkle, note
from troth.records.ledger.checkpoints import CheckpointFile, LedgerRefused
from troth.records.ledger.sealing import Sealer, Shift

pytestmark = pytest.mark.django_db(transaction=True)

Owner = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def connection() -> Iterator[Owner]:
    with psycopg.connect(os.environ["TROTH_SEALER_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def file(tmp_path: Path) -> CheckpointFile:
    return CheckpointFile(tmp_path / "checkpoints")


@pytest.fixture
def reopened(connection: Owner, file: CheckpointFile) -> Callable[..., Sealer]:
    """The sealer of a process that starts now, on the same connection."""
    key = Path(os.environ["TROTH_LEDGER_KEY_FILE"])

    def open(**more: Any) -> Sealer:
        keys = {"signer": notes.signer_at(key), "trusted": notes.verifiers_at(notes.public_file(key)), "file": file}
        return Sealer.open(connection, **(keys | more))

    return open


@pytest.fixture
def alice(owner: Owner) -> Any:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    return known_person(ALICE)


def scalar(owner: Owner, query: str) -> Any:
    row = owner.execute(query.encode()).fetchone()
    assert row
    return row[0]


def entries(person: Any, count: int) -> None:
    for _ in range(count):
        note(person=person, kind="signed in", purpose="service", who="person")


def test_nothing_is_signed_at_rest(owner: Owner, reopened: Callable[..., Sealer]) -> None:
    assert reopened().seal() is None
    assert scalar(owner, "select count(*) from checkpoint") == 0


def test_entries_are_ordered_once_and_the_checkpoint_is_over_their_leaves(
    owner: Owner, alice: Any, reopened: Callable[..., Sealer], file: CheckpointFile
) -> None:
    sealer = reopened()
    sealed = sealer.seal()

    placed = owner.execute("select position, person_id, entry_id, leaf from leaf_order order by position").fetchall()
    assert [row[0] for row in placed] == [0, 1]
    assert {(row[2], bytes(row[3])) for row in placed if row[1] == alice} == {
        (entry.id, entry.leaf) for entry in history(alice)
    }
    assert sealed is not None
    assert sealed.root == merkle.node_hash(*(bytes(row[3]) for row in placed))
    assert [record.note for record in file.records()] == [scalar(owner, "select note from checkpoint")]
    assert scalar(owner, "select count(*) from entry_queue") == 0
    assert sealer.seal() is None


def test_a_rolled_back_fact_leaves_no_leaf(owner: Owner, alice: Any, sealer: Sealer) -> None:
    from django.db import transaction

    with transaction.atomic():
        known_person(BOB)
        transaction.set_rollback(True)
    sealer.seal_all()
    assert scalar(owner, "select count(*) from leaf_order") == scalar(owner, "select count(*) from entry") == 2


def test_a_sealer_goes_on_where_the_last_one_stopped_over_several_tiles(
    owner: Owner, alice: Any, reopened: Callable[..., Sealer], file: CheckpointFile
) -> None:
    reopened().seal()
    entries(alice, 3)
    reopened().seal(most=2)
    owner.execute(
        "select note(%s, gen_random_uuid(), 'signed in', 'service', 'person', '', null, '{}')"
        " from generate_series(1, 600)",
        [alice],
    )
    last = reopened()
    last.seal_all()

    leaves = [bytes(row[0]) for row in owner.execute("select leaf from leaf_order order by position")]
    frontier = merkle.Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert len(leaves) == scalar(owner, "select count(*) from entry") == 605
    assert scalar(owner, "select max(position) from leaf_order") == 604
    assert last.tree.root() == frontier.root() == bytes(scalar(owner, "select root from checkpoint where size = 605"))
    assert [record.size for record in file.records()] == [2, 4, 605]


def test_a_clock_that_goes_backward_is_refused_until_it_is_right(
    owner: Owner, alice: Any, reopened: Callable[..., Sealer]
) -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    moments = iter([now, now - timedelta(hours=1), now])
    sealer = reopened(clock=lambda: next(moments))
    sealer.seal()
    entries(alice, 1)

    with pytest.raises(LedgerRefused, match="Nothing is signed until the clock is right") as refused:
        sealer.seal()
    assert refused.value.code == "clock backward"
    assert scalar(owner, "select max(size) from checkpoint") == 2
    assert scalar(owner, "select clock_mark()") == now

    checkpoint = sealer.seal()
    assert checkpoint is not None
    assert checkpoint.size == 3


TAMPERED = [
    ("update tile set hashes = overlay(hashes placing '\\x00'::bytea from 5)", "corrupt tile"),
    ("delete from tile", "corrupt tile"),
    ("update checkpoint set root = sha256('x')", "corrupt checkpoint"),
    ("update checkpoint set size = 1", "corrupt checkpoint"),
    ("update checkpoint set at_utc = at_utc - interval '1 day'", "corrupt checkpoint"),
    ("update checkpoint set note = replace(note, 'localhost', 'elsewhere')", "corrupt checkpoint"),
    ("delete from leaf_order where position = 1", "corrupt order"),
    ("insert into leaf_order values (2, gen_random_uuid(), gen_random_uuid(), sha256('x'))", "corrupt order"),
    ("delete from checkpoint", "corrupt order"),
]


@pytest.mark.parametrize(("tampering", "code"), TAMPERED)
def test_a_corrupt_tree_is_refused_with_a_code(
    owner: Owner, alice: Any, reopened: Callable[..., Sealer], tampering: str, code: str
) -> None:
    reopened().seal()
    owner.execute(tampering.encode())
    with pytest.raises((LedgerRefused, LookupError)) as refused:
        reopened()
    assert getattr(refused.value, "code", "") == code


@pytest.mark.parametrize(
    ("tampering", "code"),
    [
        ("update tile set hashes = overlay(hashes placing '\\x00'::bytea from 5)", "corrupt tile"),
        ("delete from checkpoint", "corrupt checkpoint"),
        ("insert into entry_queue select person_id, entry_id, leaf from leaf_order limit 1", "double entry"),
    ],
)
def test_what_is_changed_under_a_running_sealer_is_refused(
    owner: Owner, alice: Any, reopened: Callable[..., Sealer], tampering: str, code: str
) -> None:
    sealer = reopened()
    sealer.seal()
    entries(alice, 1)
    owner.execute(tampering.encode())
    with pytest.raises(LedgerRefused) as refused:
        sealer.seal()
    assert refused.value.code == code
    assert scalar(owner, "select count(*) from leaf_order") == 2


def test_the_file_gets_what_it_lacks_also_after_a_write_that_was_cut_short(
    owner: Owner, alice: Any, reopened: Callable[..., Sealer], file: CheckpointFile
) -> None:
    for _ in range(3):
        reopened().seal()
        entries(alice, 1)
    whole = file.path.read_bytes()
    for kept in (0, 5, len(whole) // 2, len(whole) - 120, len(whole) - 1, len(whole)):
        file.path.write_bytes(whole[:kept])
        reopened()
        assert file.path.read_bytes() == whole
    file.path.unlink()
    reopened()
    assert file.path.read_bytes() == whole


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n2\n", "\n9\n"),
        lambda text: text.replace("time 2", "time 1"),
        lambda text: text + "more",
        lambda text: "junk",
    ],
)
def test_a_file_that_contradicts_the_database_is_refused(
    alice: Any, reopened: Callable[..., Sealer], file: CheckpointFile, change: Callable[[str], str]
) -> None:
    reopened().seal()
    file.path.write_text(change(file.path.read_text()))
    with pytest.raises(LedgerRefused) as refused:
        reopened()
    assert refused.value.code == "file contradicts"


def test_a_database_older_than_the_file_is_refused(
    owner: Owner, alice: Any, reopened: Callable[..., Sealer], file: CheckpointFile
) -> None:
    reopened().seal()
    owner.execute("delete from checkpoint; delete from leaf_order; delete from tile")
    with pytest.raises(LedgerRefused, match="is not in the database"):
        reopened()


def test_a_checkpoint_of_another_key_is_refused(
    alice: Any, reopened: Callable[..., Sealer], file: CheckpointFile, tmp_path: Path
) -> None:
    reopened().seal()
    notes.make_key(tmp_path / "other.key", name="localhost/ledger")
    other = notes.signer_at(tmp_path / "other.key")
    with pytest.raises(LedgerRefused, match="None of the trusted keys"):
        reopened(signer=other, trusted=[other.verifier])


def test_there_is_one_sealer_at_most(reopened: Callable[..., Sealer], sealer: Sealer) -> None:
    with pytest.raises(LedgerRefused) as refused:
        reopened()
    assert refused.value.code == "another sealer"


def test_the_applications_role_is_no_sealer(file: CheckpointFile) -> None:
    key = Path(os.environ["TROTH_LEDGER_KEY_FILE"])
    with (
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection,
        pytest.raises(privileges.WrongRole, match="troth_app"),
    ):
        Sealer.open(connection, signer=notes.signer_at(key), trusted=[], file=file)


@pytest.mark.parametrize(
    "forbidden",
    [
        "select * from entry",
        "select * from datum",
        "select history('00000000-0000-0000-0000-000000000000')",
        "insert into entry_queue values (gen_random_uuid(), gen_random_uuid(), sha256('x'))",
        "update leaf_order set leaf = sha256('x')",
        "delete from leaf_order",
        "delete from tile",
        "update checkpoint set root = sha256('x')",
        "delete from checkpoint",
    ],
)
def test_the_sealer_may_do_nothing_else(connection: Owner, forbidden: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(forbidden.encode())


def test_a_shift_tells_once_what_is_refused_records_it_and_goes_on_when_it_is_right(
    owner: Owner, alice: Any, reopened: Callable[..., Sealer], file: CheckpointFile, connection: Owner
) -> None:
    reopened().seal()
    connection.close()
    right = bytes(scalar(owner, "select hashes from tile"))
    owner.execute("update tile set hashes = sha256('x') || sha256('y')")
    entries(alice, 1)
    said: list[str] = []
    pauses = iter([False, False, "mended", False, True])

    def pause(seconds: float, /) -> bool:
        told = next(pauses)
        if told == "mended":
            owner.execute("update tile set hashes = %s", [right])
        return told is True

    key = Path(os.environ["TROTH_LEDGER_KEY_FILE"])
    Shift(
        connect=lambda: psycopg.connect(os.environ["TROTH_SEALER_URL"], autocommit=True),
        signer=notes.signer_at(key),
        trusted=notes.verifiers_at(notes.public_file(key)),
        file=file,
        say=said.append,
        pause=pause,
    ).run()

    assert len(said) == 2
    assert said[0].startswith("The ledger is not sealed (corrupt tile)")
    assert said[1] == "The ledger is being signed as localhost/ledger, 4 entries so far."
    assert owner.execute("select who, payload ->> 'code' from entry where kind = 'refused'").fetchall() == [
        ("program:sealer", "corrupt tile")
    ]
    assert scalar(owner, "select max(size) from checkpoint") == scalar(owner, "select count(*) from entry") == 4


def test_a_shift_waits_for_a_database_that_is_away(file: CheckpointFile) -> None:
    key, said = Path(os.environ["TROTH_LEDGER_KEY_FILE"]), list[str]()
    pauses = iter([False, True])
    Shift(
        connect=lambda: psycopg.connect("postgresql://troth_sealer@/x?host=/nowhere", autocommit=True),
        signer=notes.signer_at(key),
        trusted=[],
        file=file,
        say=said.append,
        pause=lambda seconds, /: next(pauses),
    ).run()
    assert len(said) == 1
    assert said[0].startswith("The sealer waits for the database")
