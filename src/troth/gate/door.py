"""Deciding, granting, reading, selecting, disclosing, choosing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from troth.gate.facts import decide_all, read_compiled, standing, topic_codes
from troth.policy import ALLOWED, Decision
from troth.queries import find_connection, write_array
from troth.records import journal
from troth.records.acting import session_token
from troth.records.calls import Refusal, rows
from troth.records.ids import new_id
from troth.seal import token_hash, vault

LASTING = timedelta(minutes=10)
_OUTSIDE = "Ask for the grant before opening a transaction: it opens nothing until committed."


class InsideTransaction(Exception):
    """A grant must be committed before anything is read, so it cannot be made inside an open transaction."""


class GrantRefused(Exception):
    """The database did not accept the grant. `code` says why; `sentence` says it in words."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.code = refusal.code
        self.sentence = refusal.sentence


@dataclass(frozen=True)
class Grant:
    """Permission to read `kinds` of a person for a purpose, already in the ledger. `refused` has the other kinds."""

    id: UUID
    person: UUID
    purpose: str
    kinds: tuple[str, ...]
    cause: UUID | None
    refused: Mapping[str, Decision]
    topic: str = ""


@dataclass(frozen=True)
class MadeChoice:
    """One person's answer to a question of a version."""

    person: UUID
    question: str
    version: int
    yes: bool


@dataclass(frozen=True)
class Refused:
    """Nothing that was asked for is allowed; `decisions` says why, kind by kind. Also recorded in the ledger."""

    person: UUID
    purpose: str
    decisions: Mapping[str, Decision]

    @property
    def decision(self) -> Decision:
        return next(iter(self.decisions.values()))


@dataclass(frozen=True)
class Given:
    """The values read with a grant: kind → value. What is not allowed or not held is absent."""

    grant: Grant
    values: Mapping[str, str]


@dataclass(frozen=True)
class Disclosure:
    """A recorded disclosure of kinds to a recipient; only `disclose` creates one."""

    id: UUID
    grant: Grant
    recipient_class: str
    recipient: str
    kinds: tuple[str, ...]


def decide(person: UUID, purpose: str, kinds: Sequence[str], *, topic: str = "") -> Mapping[str, Decision]:
    """Kind → the law's answer, reading no value and writing nothing.

    Cost  1 query; with a topic, 1 more; 2 or 3 more where something of theirs is over since it was written down."""
    found = standing(person)
    decided = found.decide_each(purpose, kinds)
    if not topic:
        return decided
    code = topic_codes([person], purpose, topic)[person]
    return {kind: found.law.about_topic(purpose, decision, code) for kind, decision in decided.items()}


def decide_many(people: Sequence[UUID], purpose: str, kind: str, *, topic: str = "") -> Mapping[UUID, Decision]:
    """Person → the law's answer for one kind.

    Cost  1 query for all; with a topic, 1 more; 2 or 3 more where something of theirs is over since."""
    codes = topic_codes(people, purpose, topic) if topic else {}
    return {
        person: it.law.about_topic(purpose, decision, codes.get(person, ""))
        for person, (it, decision) in decide_all(people, purpose, kind).items()
    }


def grant(
    *,
    person: UUID,
    purpose: str,
    kinds: Sequence[str],
    who: str,
    reason: str,
    cause: UUID | None = None,
    lasting: timedelta = LASTING,
    topic: str = "",
) -> Grant | Refused:
    """A committed grant for those of `kinds` that the law allows now, or Refused if it allows none.

    Cost    1 statement and its commit; 1 more to explain a refusal.
    Raises  InsideTransaction."""
    refuse_inside_transaction()
    return grant_within(
        person=person,
        purpose=purpose,
        kinds=kinds,
        who=who,
        reason=reason,
        cause=cause,
        lasting=lasting,
        topic=topic,
    )


def refuse_inside_transaction() -> None:
    """Raises InsideTransaction where a new grant would not be committed before it is read."""
    if find_connection().in_atomic_block:
        raise InsideTransaction(_OUTSIDE)


def grant_within(
    *,
    person: UUID,
    purpose: str,
    kinds: Sequence[str],
    who: str,
    reason: str,
    cause: UUID | None = None,
    lasting: timedelta = LASTING,
    topic: str = "",
) -> Grant | Refused:
    """As `grant`, but in the caller's transaction, such as the claim of an email: useless until that commits."""
    id = new_id()
    ((answered,),) = rows(
        "select grant_use(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            person,
            id,
            token_hash(token(id)),
            purpose,
            write_array(kinds),
            who,
            reason,
            cause,
            lasting,
            session_token(),
            topic,
        ],
    )
    return make_grant(Grant(id, person, purpose, tuple(kinds), cause, {}, topic), answered)


def make_grant(asked: Grant, answered: str) -> Grant | Refused:
    """The database's answer for each kind: {kind: code}."""
    codes = orjson.loads(answered)
    allowed = tuple(kind for kind, code in codes.items() if code in ALLOWED)
    refused = _make_refusals(asked.purpose, {kind: code for kind, code in codes.items() if code not in ALLOWED})
    if not allowed:
        return Refused(asked.person, asked.purpose, refused)
    return Grant(asked.id, asked.person, asked.purpose, allowed, asked.cause, refused, asked.topic)


def read(grant: Grant) -> Given:
    """The values that the grant allows: those given for its request if there are any, else the latest of each kind.

    Raises  GrantRefused: not committed, expired, another person's."""
    return make_given(grant, _open(grant))


Row = tuple[str, bytes | None, str | None, bytes | None, UUID | None]
"""Kind, sealed, clear, wrapped key, request: one value as the database gives it, not decrypted."""


def make_given(grant: Grant, found: Iterable[Row]) -> Given:
    """The latest value of each kind of rows in order; the grant's request comes first. Only these are decrypted."""
    rows = list(found)
    latest = {row[0]: row for row in rows}
    latest |= {row[0]: row for row in rows if grant.cause and row[4] == grant.cause}
    open_one = reader(grant.person)
    return Given(grant, {kind: open_one(row[:4]) for kind, row in latest.items()})


def disclose(
    given: Given,
    *,
    recipient_class: str,
    recipient: str,
    recipient_name: str,
    kinds: Sequence[str],
    who: str,
    reason: str,
    product: str = "",
) -> Disclosure:
    """The recorded disclosure of `kinds` to a recipient that the purpose names, in the caller's transaction.

    Takes   product: what it is about, by the catalog's id.
    Raises  GrantRefused: kinds outside the grant, a recipient the policy does not state, or not for this product."""
    id = new_id()
    held = [kind for kind in kinds if kind in given.values]
    try:
        rows(
            "select disclose(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                given.grant.person,
                given.grant.id,
                token(given.grant.id).encode(),
                id,
                recipient_class,
                recipient,
                recipient_name,
                write_array(held),
                given.grant.cause,
                who,
                reason,
                session_token(),
                product,
            ],
        )
    except Refusal as refusal:
        raise GrantRefused(refusal) from refusal
    return Disclosure(id, given.grant, recipient_class, recipient, tuple(held))


def choose(*, person: UUID, question: str, version: int, yes: bool, way: str, who: str = "person") -> UUID:
    """The id of the saved answer and of its ledger entry. Raises Refusal: no such question or version."""
    id = new_id()
    rows(
        "select choose(%s, %s, %s, %s, %s, %s, %s, %s)",
        [person, id, question, version, yes, way, who, session_token()],
    )
    if not yes:
        journal.keep(journal.CHOSE, person=person, entry=id, question=question, version=version, way=way)
    return id


def choose_all(choices: Sequence[MadeChoice], *, way: str) -> None:
    """As `choose`, for several in their order: all or none.   Cost  1 query and 1 write to the journal."""
    if not choices:
        return
    at_utc, ids = datetime.now(UTC), [new_id() for _choice in choices]
    rows(
        "select choose(p, i, q, v, y, %s, 'person', %s) from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::int[], "
        "%s::boolean[]) as it (p, i, q, v, y)",
        [
            way,
            session_token(),
            [each.person for each in choices],
            ids,
            [each.question for each in choices],
            [each.version for each in choices],
            [each.yes for each in choices],
        ],
    )
    journal.keep_all(
        [
            journal.JournalAct(
                journal.CHOSE,
                each.person,
                id,
                at_utc,
                {"question": each.question, "version": each.version, "way": way},
            )
            for each, id in zip(choices, ids, strict=True)
            if not each.yes
        ]
    )


def token(grant: UUID) -> str:
    """The token of a grant. Derived, never stored, so an id from the database alone reads nothing."""
    return vault().token("open grant", grant)


def _make_refusals(purpose: str, codes: Mapping[str, str]) -> Mapping[str, Decision]:
    """The database's refusals as decisions that quote the policy."""
    if not codes:
        return {}
    law = read_compiled()
    return {kind: law.explain(purpose, code) for kind, code in codes.items()}


def _open(grant: Grant) -> list[Row]:
    try:
        return rows(
            "select kind, sealed, clear, wrapped, request from read_granted(%s, %s, %s)",
            [grant.person, grant.id, token(grant.id).encode()],
        )
    except Refusal as refusal:
        record_refusal(grant, refusal)
        raise GrantRefused(refusal) from refusal


def record_refusal(grant: Grant, refusal: Refusal) -> None:
    """Records a refused grant in the person's ledger too. An expired grant is not an attempt and is not recorded.

    Inside a transaction nothing more can be written, because the refusal has ended it."""
    if refusal.code == "grant expired" or find_connection().in_atomic_block:
        return
    rows(
        "select note_refused(%s, %s, %s, %s, %s, %s)",
        [grant.person, new_id(), grant.purpose, write_array(grant.kinds), refusal.code, grant.id],
    )


def value(person: UUID, row: tuple[Any, ...]) -> str:
    """The decrypted value of a row (kind, sealed, clear, wrapped)."""
    return reader(person)(row)


def reader(person: UUID) -> Callable[[tuple[Any, ...]], str]:
    """As `value` for many rows of one person: the key is unwrapped once."""
    openers: dict[bytes, Callable[[str, bytes], str]] = {}

    def read_one(row: tuple[Any, ...]) -> str:
        kind, sealed, clear, wrapped = row
        if clear is not None:
            return str(clear)
        key = bytes(wrapped)
        if key not in openers:
            openers[key] = vault().opener(key, person)
        return openers[key](kind, bytes(sealed))

    return read_one
