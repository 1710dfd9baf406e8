"""A receipt holds without us, offline; one that was changed anywhere is refused with a sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.worlds import ALICE, BOB, known_person, policy_text

from troth import notes
from troth.access.account.entries import AccountPayload
from troth.cli.ledger import ledger_commands
from troth.gate import owner as owners
from troth.records.ledger import Used, bulk_uses_of, history, issuing, note, receipts
from troth.records.ledger.checkpoints import LedgerRefused
from troth.records.ledger.sealing import Sealer

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, kw_only=True)
class Turned(AccountPayload):
    """Keys and values that JSON writes in more than one way."""

    turn: int
    é: str


@pytest.fixture
def alice(owner: Any, sealer: Sealer) -> Any:
    """Alice among others, with several entries in several checkpoints."""
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    alice = known_person(ALICE)
    for turn in range(4):
        known_person(BOB)
        note(person=alice, kind="signed in", purpose="service", who="person", payload=Turned(turn=turn + 1, é="“ü”\n"))
        sealer.seal_all()
    return alice


def test_every_sealed_entry_has_a_receipt_that_holds_after_a_journey_as_text(alice: Any) -> None:
    made = issuing.receipts(history(alice))
    assert len(made) == 5
    again = receipts.read(receipts.write_file(made))
    assert [each.as_json() for each in again] == [each.as_json() for each in made]
    for receipt in again:
        checkpoint = receipt.verify(issuing.public_keys())
        assert checkpoint.size == 10
        assert receipt.key in issuing.public_keys()


def test_an_entry_of_the_last_second_has_no_receipt_yet(alice: Any, sealer: Sealer) -> None:
    id = note(person=alice, kind="signed in", purpose="service", who="person")
    newest = [entry for entry in history(alice) if entry.id == id]
    assert issuing.receipts(newest) == []
    sealer.seal_all()
    assert len(issuing.receipts(newest)) == 1


def test_a_bulk_use_is_in_the_receipts_of_whom_it_touched_and_of_nobody_else(
    owner: Any, alice: Any, sealer: Sealer
) -> None:
    ordinal = owner.execute("select ordinal from person where id = %s", [alice]).fetchone()[0]
    bitmap = bytearray(8192)
    bitmap[ordinal // 8] |= 1 << ordinal % 8
    owner.execute(
        "select entry_write_bulk(jsonb_populate_record(null::entry, jsonb_build_object('id', gen_random_uuid(),"
        " 'kind', 'used', 'who', 'program:mailing')), array[0], %s)",
        [[bytes(bitmap)]],
    )
    sealer.seal_all()
    (use,) = bulk_uses_of(alice)
    assert use.read(Used).people == 1
    assert [receipt.body.id for receipt in issuing.receipts([use])] == [use.id]
    (bob,) = owner.execute(
        "select person_id from entry where kind = 'collected' and person_id <> %s limit 1", [alice]
    ).fetchone()
    assert bulk_uses_of(bob) == []


CHANGES: list[Callable[[dict[str, Any]], Any]] = [
    *(
        lambda part, name=name: part["entry"].update({name: "f" if part["entry"][name] != "f" else "g"})
        for name in ("kind", "purpose", "section", "who", "reason", "recipient", "payload")
    ),
    lambda part: part["entry"].update(person="00000000-0000-0000-0000-000000000001"),
    lambda part: part["entry"].update(at="2020-01-01T00:00:00.000000Z"),
    lambda part: part["entry"].update(expires="2020-01-01T00:00:00.000000Z"),
    lambda part: part["entry"].update(version=part["entry"]["version"] + 1),
    lambda part: part["entry"].update(transaction=1),
    lambda part: part["entry"].update(kinds=["phone"]),
    lambda part: part["entry"].update(request="00000000-0000-0000-0000-000000000001"),
    lambda part: part.update(salt="00" * 32),
    lambda part: part.update(leaf="00" * 32),
    lambda part: part.update(position=part["position"] + 1),
    lambda part: part.update(proof=part["proof"][:-1]),
    lambda part: part["proof"].__setitem__(0, "00" * 32),
    lambda part: part["checkpoint"].__setitem__(1, "11"),
    lambda part: part["checkpoint"].__setitem__(3, "time 2020-01-01T00:00:00.000000Z"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_receipt_that_was_changed_anywhere_does_not_hold(alice: Any, change: Callable[[dict[str, Any]], Any]) -> None:
    part = issuing.receipts(history(alice)[:1])[0].as_json()
    change(part)
    (changed,) = receipts.read(json.dumps(part))
    with pytest.raises(LedgerRefused):
        changed.verify()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "1", '{"format": "troth receipt 1"}', '{"format": "other"}', "[" * 5000]
)
def test_what_is_no_receipt_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(LedgerRefused, match="contains no ledger receipts"):
        receipts.read(text)


def test_a_receipt_signed_with_a_key_of_ones_own_does_not_hold_against_ours(alice: Any, tmp_path: Path) -> None:
    notes.make_key(tmp_path / "own.key", name="localhost/ledger")
    own = notes.signer_at(tmp_path / "own.key")
    part = issuing.receipts(history(alice)[:1])[0].as_json()
    text = "\n".join(part["checkpoint"][:4]) + "\n"
    part |= {"checkpoint": own.sign(text).splitlines(), "key": str(own.verifier)}
    (forged,) = receipts.read(json.dumps(part))
    assert forged.verify().size == 10  # who trusts the key in the receipt learns nothing
    with pytest.raises(LedgerRefused, match="None of the trusted keys"):
        forged.verify(issuing.public_keys())


@pytest.mark.parametrize(
    "tampering",
    [
        "update tile set hashes = sha256(hashes) || substring(hashes from 33)",
        "delete from tile",
        "update entry set reason = 'other'",
        "update checkpoint set note = translate(note, 'ABCDEFGHIJKLM', 'BCDEFGHIJKLMA')",
    ],
)
def test_no_receipt_is_given_from_a_corrupt_ledger(owner: Any, alice: Any, tampering: str) -> None:
    owner.execute(tampering)
    with pytest.raises(LedgerRefused):
        issuing.receipts(history(alice))


def test_an_erased_entrys_receipt_still_proves_its_leaf_and_tells_nothing(
    owner: Any, alice: Any, sealer: Sealer
) -> None:
    before = receipts.write_file(issuing.receipts(history(alice)))
    owner.execute("select erase(%s, gen_random_uuid(), 'staff:ines', 'asked for')", [alice])
    sealer.seal_all()
    for receipt in issuing.receipts(history(alice)):
        assert receipt.verify().size == 11
        assert receipt.body.kind == "erased" or (receipt.salt, receipt.body.payload_text) == (b"", "{}")
    for receipt in receipts.read(before):  # what she kept herself holds as ever
        assert receipt.verify().size == 10


def troth(*words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if not name.startswith(("TROTH", "DATABASE", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-m", "troth", *words], capture_output=True, text=True, env=known | environ, check=False
    )


def verified(*words: str, **environ: str) -> Result:
    """What the command says in this process: a start takes longer than ten verdicts."""
    return CliRunner().invoke(ledger_commands, ["verify", *words], env=environ)


def test_the_program_verifies_receipts_without_database_or_settings(alice: Any, tmp_path: Path) -> None:
    file = tmp_path / "receipts.json"
    file.write_text(receipts.write_file(issuing.receipts(history(alice))))
    public = str(notes.public_file(Path(os.environ["TROTH_LEDGER_KEY_FILE"])))

    trusting = troth("ledger", "verify", str(file))
    assert trusting.returncode == 0, trusting.stderr
    assert "5 receipts are valid." in trusting.stdout
    assert "Trusted: the key in the file itself" in trusting.stdout
    assert issuing.public_keys()[0].fingerprint in trusting.stdout

    knowing = verified(str(file), "--key", public)
    assert (knowing.exit_code, "Trusted:" in knowing.stdout) == (0, False)

    file.write_text(file.read_text().replace('"who": "person"', '"who": "staff:bo"', 1))
    changed = verified(str(file), "--key", public)
    assert changed.exit_code == 1
    assert "[entry changed]" in changed.stdout
    assert "1 of 5 receipts are not valid" in changed.stderr


def test_the_program_verifies_the_whole_ledger_and_says_what_is_wrong_and_where(
    owner: Any, alice: Any, sealer: Sealer, tmp_path: Path
) -> None:
    var = sealer.file.path.parent.parent
    names = ("TROTH_OWNER_URL", "DATABASE_URL", "TROTH_LEDGER_KEY_FILE")
    given = {name: os.environ[name] for name in names} | {"TROTH_VAR": str(var)}
    sound = troth("ledger", "verify", **given)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert "10 entries" in sound.stdout
    assert "The ledger is intact." in sound.stdout

    kept = tmp_path / "checkpoint"
    kept.write_text(next(sealer.file.records()).note)
    for since in ("4", str(kept), "10"):
        later = verified("--since", since, **given)
        assert later.exit_code == 0, later.output
    assert "There is no checkpoint of 5 entries" in verified("--since", "5", **given).stderr

    owner.execute("update entry set reason = 'other' where person_id = %s and kind = 'collected'", [alice])
    wrong = verified(**given)
    assert wrong.exit_code == 1
    assert f"person {alice}, entry {history(alice)[-1].id}: The entry does not match its leaf" in wrong.stdout
    assert "Findings: 1. The ledger is not" in wrong.stderr
