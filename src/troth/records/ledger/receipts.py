"""Receipts: an entry with everything that proves it is in the signed tree. Anyone can verify one offline.

    {"format": "troth receipt 1", "about": …, "entry": {…}, "salt": hex, "leaf": hex,
     "position": 17, "proof": [hex, …], "checkpoint": [lines of the note], "key": the public key}

A file of several is {"format": "troth receipts 1", "receipts": […]}. No Django here, no database, no settings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from troth.notes import NoteProblem, Verifier
from troth.records.ledger.checkpoints import CheckpointNote, LedgerRefused
from troth.records.ledger.leaves import Body, read_stamp, stamp
from troth.records.ledger.merkle import compute_root

ONE, SEVERAL = "troth receipt 1", "troth receipts 1"
_ABOUT = (
    "This entry of the ledger is in the tree that the checkpoint signs. Verify it with: troth ledger verify FILE. "
    "Format and algorithm: docs/ledger.md."
)


@dataclass(frozen=True)
class Receipt:
    """An entry, its place in the tree, and the signed root. Without a salt the entry was erased."""

    body: Body
    salt: bytes
    leaf: bytes
    position: int
    proof: tuple[bytes, ...]
    note: str
    key: Verifier

    def verify(self, keys: Sequence[Verifier] = ()) -> CheckpointNote:
        """The checkpoint that has this entry, signed by one of `keys`, or else by the receipt's own key.

        Raises LedgerRefused: not signed, entry changed, not in the tree."""
        checkpoint = CheckpointNote.open(self.note, keys or [self.key])
        if self.salt and not self.body.has_leaf(self.leaf, self.salt):
            raise LedgerRefused("entry changed", "The entry does not match its leaf.")
        place = {"position": self.position, "size": checkpoint.size}
        if compute_root(self.leaf, **place, proof=self.proof) != checkpoint.root:
            raise LedgerRefused("not in the tree", "The proof does not lead to the root that was signed.")
        return checkpoint

    def as_json(self) -> dict[str, Any]:
        return {
            "format": ONE,
            "about": _ABOUT,
            "entry": _entry(self.body),
            "salt": self.salt.hex() or None,
            "leaf": self.leaf.hex(),
            "position": self.position,
            "proof": [hash.hex() for hash in self.proof],
            "checkpoint": self.note.splitlines(),
            "key": str(self.key),
        }


def write_file(receipts: Sequence[Receipt]) -> str:
    """The file of one or several receipts."""
    parts = [receipt.as_json() for receipt in receipts]
    whole = parts[0] if len(parts) == 1 else {"format": SEVERAL, "receipts": parts}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def read(text: str) -> list[Receipt]:
    """The receipts of a file. Raises LedgerRefused: not a receipt."""
    try:
        whole = json.loads(text)
        parts = whole["receipts"] if whole["format"] == SEVERAL else [whole]
        return [_receipt(part) for part in parts]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, NoteProblem) as error:
        raise LedgerRefused("not a receipt", "The file contains no ledger receipts.") from error


def _entry(body: Body) -> dict[str, Any]:
    return {
        "person": str(body.person),
        "id": str(body.id),
        "kind": body.kind,
        "at": stamp(body.at_utc),
        "purpose": body.purpose,
        "section": body.section,
        "version": body.version,
        "who": body.who,
        "reason": body.reason,
        "kinds": list(body.kinds),
        "recipient": body.recipient,
        "request": str(body.cause) if body.cause else None,
        "payload": body.payload_text,
        "expires": stamp(body.expires_utc),
        "transaction": body.transaction,
    }


def _receipt(part: Mapping[str, Any]) -> Receipt:
    # `read` makes one sentence of every error here, whatever is wrong with the file.
    if part["format"] != ONE:
        raise ValueError(part["format"])
    return Receipt(
        body=_body(part["entry"]),
        salt=bytes.fromhex(part["salt"] or ""),
        leaf=bytes.fromhex(part["leaf"]),
        position=int(part["position"]),
        proof=tuple(bytes.fromhex(hash) for hash in part["proof"]),
        note="".join(f"{line}\n" for line in part["checkpoint"]),
        key=Verifier.parse(part["key"]),
    )


def _body(entry: Mapping[str, Any]) -> Body:
    return Body(
        person=UUID(entry["person"]),
        id=UUID(entry["id"]),
        kind=str(entry["kind"]),
        at_utc=read_stamp(entry["at"]),
        purpose=str(entry["purpose"]),
        section=str(entry["section"]),
        version=int(entry["version"]),
        who=str(entry["who"]),
        reason=str(entry["reason"]),
        kinds=tuple(map(str, entry["kinds"])),
        recipient=str(entry["recipient"]),
        cause=UUID(entry["request"]) if entry["request"] else None,
        payload_text=str(entry["payload"]),
        expires_utc=read_stamp(entry["expires"]) if entry["expires"] else None,
        transaction=int(entry["transaction"]),
    )
