"""docs/ledger.md says what the program and the database do: its examples are run and compared."""

import doctest
import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from troth import notes
from troth.records.ledger import merkle
from troth.records.ledger.checkpoints import CheckpointNote
from troth.records.ledger.leaves import Body, digest_left

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"
ID = "01890a5d-ac96-774b-bcce-b302099a80{}"
BODY = Body(
    UUID(ID.format(57)),
    UUID(ID.format(58)),
    "disclosed",
    datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    "quotes",
    "U7",
    3,
    "program:quotes",
    "region: California",
    ("email", "name"),
    "distributor:west",
    UUID(ID.format(59)),
    f'{{"name": "Cascade Process Partners", "grant": "{ID.format("5a")}"}}',
    None,
    4711,
)
SALT = bytes(range(32))


def said(pattern: str) -> list[str]:
    return re.findall(pattern, PAGE.read_text(), re.MULTILINE)


def test_every_example_of_the_page_comes_out_as_it_says() -> None:
    results = doctest.testfile(str(PAGE), module_relative=False)
    assert results.failed == 0
    assert results.attempted > 20


def test_the_program_computes_the_leaf_the_roots_and_what_is_left() -> None:
    leaf = BODY.leaf_with(SALT)
    tree = merkle.Tree()
    tree.append(b"".join([merkle.leaf_hash(b"\x01"), merkle.leaf_hash(b"\x02"), leaf]))
    three = tree.root()
    tree.append(merkle.leaf_hash(b"\x04"))
    computed = [leaf.hex(), three.hex(), tree.root().hex(), digest_left([BODY.digest_rest(leaf)])]
    assert [each for each in said(r"^'([0-9a-f]{64})'$") if each in computed] == computed
    assert BODY.has_leaf(leaf, SALT)


def test_an_entry_of_the_first_format_still_has_its_leaf() -> None:
    columns = [
        "troth entry 1",
        ID.format(57),
        ID.format(58),
        "disclosed",
        "2026-03-01T09:30:00.000000Z",
        "quotes",
        "U7",
        3,
        "program:quotes",
        "region: California",
        ["email", "name"],
        "distributor:west",
        ID.format(59),
        BODY.payload_text,
        None,
    ]
    assert BODY.has_leaf(sha256(b"\x00" + SALT + json.dumps(columns).encode()).digest(), SALT)


@pytest.mark.django_db(transaction=True)
def test_the_database_computes_the_same_leaf_and_the_same_bits(owner: Any) -> None:
    row = owner.execute(
        "select encode(entry_leaf(e), 'hex'), encode(sha256(entry_left(e)), 'hex') from jsonb_populate_record(null::entry,"
        " %s::jsonb || jsonb_build_object('salt', '\\x' || %s, 'leaf', '\\x' || %s)) e",
        [_columns(), SALT.hex(), BODY.leaf_with(SALT).hex()],
    ).fetchone()
    assert row == (BODY.leaf_with(SALT).hex(), digest_left([BODY.digest_rest(BODY.leaf_with(SALT))]))
    bits = owner.execute("select array_agg(i) from generate_series(0, 15) i where get_bit('\\x0820'::bytea, i) = 1")
    assert bits.fetchone() == ([3, 13],)


def test_the_checkpoint_of_the_page_is_what_its_key_signs() -> None:
    signer = notes.Signer("portal.example.com/ledger", Ed25519PrivateKey.from_private_bytes(SALT))
    blocks = re.findall(r"```text\n(.+?)```", PAGE.read_text(), re.DOTALL)
    checkpoint = CheckpointNote.open(blocks[0], [signer.verifier])
    assert blocks == [signer.sign(checkpoint.text()), f"{signer.verifier}\n"]
    assert checkpoint.size == 3
    assert checkpoint.root.hex() in PAGE.read_text()


def _columns() -> str:
    return json.dumps(
        {
            "person_id": str(BODY.person),
            "id": str(BODY.id),
            "kind": BODY.kind,
            "at_utc": "2026-03-01T09:30:00Z",
            "purpose": BODY.purpose,
            "section": BODY.section,
            "version": BODY.version,
            "who": BODY.who,
            "reason": BODY.reason,
            "kinds": list(BODY.kinds),
            "recipient": BODY.recipient,
            "request": str(BODY.cause),
            "payload": json.loads(BODY.payload_text),
            "expires_utc": None,
            "transaction": BODY.transaction,
        }
    )
