"""Erasing destroys key, payload and salt: the proofs hold, and no dump gives the values back."""

import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.worlds import known_person, policy_text

from troth import database, gate
from troth.gate import owner as owners
from troth.records.ledger import LedgerEntry, history
from troth.records.ledger.issuing import receipts
from troth.records.ledger.sealing import Sealer
from troth.seal import CannotOpen, vault

pytestmark = pytest.mark.django_db(transaction=True)
CANARIES = {"name": "Zephyrine Quillfeather", "email": "zephyrine@quillfeather.example", "phone": "+15595550177"}


@pytest.fixture
def zephyrine(owner: Any, sealer: Sealer) -> UUID:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    person = known_person(CANARIES)
    granted = gate.grant(
        person=person, purpose="service", kinds=["name", "phone"], who="program:calls", reason="to call her"
    )
    assert isinstance(granted, gate.Grant)
    sealer.seal_all()
    return person


def erased(owner: Any, person: UUID, sealer: Sealer) -> list[LedgerEntry]:
    """What her entries said before she was erased."""
    before = history(person)
    owner.execute("select erase(%s, gen_random_uuid(), 'staff:ines', 'asked for')", [person])
    sealer.seal_all()
    return before


def dumped(cluster: database.Cluster, owner: Any) -> Iterator[bytes]:
    """The database as COPY gives it, and as pg_dump writes it where there is one."""
    for (table,) in owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall():
        with owner.cursor().copy(f'copy "{table}" to stdout'.encode()) as copied:
            yield b"".join(bytes(part) for part in copied)
    program = database.find_binaries(os.environ) / "pg_dump"
    if program.exists():
        url = os.environ["TROTH_OWNER_URL"]
        yield subprocess.run([program, "--inserts", url], capture_output=True, check=True).stdout


def test_proofs_and_the_whole_ledger_still_verify_after_an_erasure(owner: Any, zephyrine: UUID, sealer: Sealer) -> None:
    from tests.records.test_verifying import verifiers

    from troth.records.ledger.verifying import Verification

    before = erased(owner, zephyrine, sealer)
    after = history(zephyrine)
    assert [entry.salt for entry in after if entry.kind != "erased"] == [b""] * len(before)
    assert {entry.leaf for entry in before} < {entry.leaf for entry in after}
    assert len([receipt.verify() for receipt in receipts(after)]) == len(after)
    with owner.transaction():
        assert list(Verification(owner, verifiers(), sealer.file).findings()) == []


def test_no_dump_of_an_erased_person_gives_her_values_or_what_her_entries_said(
    owner: Any, zephyrine: UUID, sealer: Sealer, cluster: database.Cluster
) -> None:
    before = erased(owner, zephyrine, sealer)
    parts = list(dumped(cluster, owner))
    for part in parts:
        for canary in (*CANARIES.values(), "to call her"):
            assert canary.encode() not in part
    # Even who knows what an entry said cannot show it: no 32 bytes of the dump are its salt.
    candidates = {bytes.fromhex(found.decode()) for part in parts for found in re.findall(rb"[0-9a-f]{64}", part)}
    assert len(candidates) > 5
    for entry in before:
        assert entry.stands()
        assert not any(entry.has_leaf(entry.leaf, salt) for salt in candidates)


def test_a_value_sealed_before_cannot_be_opened_with_anything_that_is_left(
    owner: Any, zephyrine: UUID, sealer: Sealer, cluster: database.Cluster
) -> None:
    sealed = owner.execute("select kind, sealed from datum where person_id = %s", [zephyrine]).fetchall()
    erased(owner, zephyrine, sealer)
    left = b"".join(dumped(cluster, owner))
    wrapped = {bytes.fromhex(found.decode()) for found in re.findall(rb"[0-9a-f]{122}", left)}
    wrapped |= {vault().new_wrapped_key(zephyrine)}  # another key for the same person opens nothing either
    assert len(sealed) == 3
    for kind, value in sealed:
        for key in wrapped:
            with pytest.raises(CannotOpen):
                vault().open(key, zephyrine, kind, bytes(value))
