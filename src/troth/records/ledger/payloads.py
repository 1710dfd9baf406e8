"""What an entry says beside its columns: codes, ids and numbers. Nothing of it is there once its person is erased.

A room that writes more extends `EntryPayload` with its own keys.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict


class EntryPayload(TypedDict, total=False):
    """The keys that the entries of the house have; each kind of entry has a few of them.

    way, channel     how and where something was given, chosen or proven
    codes            of a use: kind → what the law said; key: what opens the grant, as a hash
    grant, name      of a disclosure: by which grant, and what the recipient is called
    to, template, email   of an email: the recipient's class and key, which of a room's emails, and the queued one
    code, why        why something was refused, held back or ended
    question, yes    of an answer; topic: what a use is about
    people, chunks   of a use of many: how many, and the hashes of their bitmaps
    case, number     of a request: its kind and number; what: to which step someone agreed
    kept             kinds that a law makes us keep
    organization, role, by   of a membership
    signal           which signal of a browser counts
    entries, left    of an erasure: what stays of the entries before it
    sha256, acts, size, signed   of entries of Nobody: a version, a restore, a clock"""

    way: str
    channel: str
    codes: Mapping[str, str]
    key: str
    grant: str
    name: str
    to: str
    template: str
    email: str
    code: str
    why: str
    question: str
    yes: bool
    topic: str
    people: int
    chunks: Sequence[tuple[int, str]]
    case: str
    number: str
    what: str
    kept: Sequence[str]
    organization: str
    role: str
    by: str
    signal: str
    entries: int
    left: str
    sha256: str
    acts: int
    size: int
    signed: str


ID_KEYS = ("key", "grant", "email")
"""What no sentence says, since it names one row or one opening: entries that differ in these alone say the same."""
_IDS = re.compile(rf'"(?:{"|".join(ID_KEYS)})": "[^"]*"(?:, )?')


def without_ids(payload_text: str) -> str:
    """The payload's text as the database writes it, without those."""
    return _IDS.sub("", payload_text)
