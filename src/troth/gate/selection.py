"""The people whom a purpose may reach now: one query, packed ids, and one entry for everyone among them.

chosen = select("newsletter", "email", has("industry", "food"), who="program:mailing", reason="October's newsletter")
len(chosen), list(chosen)[:3]
count("newsletter", "email", has("industry", "food"))      a number alone, and no entry
"""

import json
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from troth.gate import segment
from troth.gate.packed import unpack, write_ids
from troth.records.acting import session_token
from troth.records.calls import read_binary, rows
from troth.records.ids import new_id
from troth.records.law.versions import policy


@dataclass(frozen=True, slots=True)
class Selection:
    """People, unordered and without duplicates, as the law decided at `at_utc`. Asking again may give another result.

    `packed` has 16 bytes an id, `ordinals` the people's places in bitmaps, in the same order. `entry`: names
    all of them, if there is one."""

    purpose: str
    kind: str
    segment: segment.Segment | None
    at_utc: datetime
    ordinals: "array[int]"
    packed: bytes
    topic: str = ""
    entry: UUID | None = None

    def __len__(self) -> int:
        return len(self.ordinals)

    def __iter__(self) -> Iterator[UUID]:
        return unpack(self.packed)


def select(
    purpose: str,
    kind: str,
    chosen: segment.Segment | None = None,
    *,
    who: str = "program:gate",
    reason: str = "",
    topic: str = "",
) -> Selection:
    """People whom the purpose may reach now by `kind` and who match the segment; each sees it in their history.

    Takes   topic: of the purpose; people who turned it off, or did not sign up for it, are not among them.
    Cost    1 statement with its entry; 20 bytes a person, twice while they arrive.
    Raises  SegmentRefused before anything is asked."""
    now, entry = datetime.now(UTC), new_id()
    found = read_binary(
        "select ordinals, people from select_people(%s, %s, %s, %s::jsonb, %s, %s, %s, %s)",
        [entry, purpose, kind, _find_kind(purpose, chosen), who, reason, session_token(), topic],
    )
    ordinals, people = found[0] if found else (None, None)
    places = _unpack(ordinals or b"")
    return Selection(purpose, kind, chosen, now, places, people or b"", topic, entry if places else None)


def select_these(people: bytes, purpose: str, kind: str) -> Selection:
    """These people, as far as they are still known, for one use of all of them; the law decides when they are read.

    Takes   people: 16 bytes each, as `pack` gives them.
    Cost    1 query, and no entry: `grant_selection` writes it."""
    ((ordinals, known),) = read_binary("select ordinals, people from ordinals_of(%s::uuid[])", [write_ids(people)])
    return Selection(purpose, kind, None, datetime.now(UTC), _unpack(ordinals or b""), known or b"")


def count(purpose: str, kind: str, chosen: segment.Segment | None = None, *, topic: str = "") -> int:
    """How many people that would be.   Cost  1 query.   Raises  SegmentRefused."""
    asked = [purpose, kind, _find_kind(purpose, chosen), topic]
    return int(rows("select count_people(%s, %s, %s::jsonb, %s)", asked)[0][0])


def _find_kind(purpose: str, chosen: segment.Segment | None) -> str | None:
    if chosen is None:
        return None
    segment.check(chosen, purpose, policy())
    return json.dumps(segment.as_json(chosen))


def _unpack(ordinals: bytes) -> "array[int]":
    found: array[int] = array("i")
    found.frombytes(ordinals)
    if sys.byteorder == "little":
        found.byteswap()
    return found
