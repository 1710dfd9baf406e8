"""Emails of many people: one statement plans them, and one claims a whole batch and asks the law for each of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from troth.gate.door import Given, Grant, GrantRefused, Refused, make_given, make_grant, record_refusal, token
from troth.gate.packed import write_ids
from troth.queries import write_array
from troth.records.acting import session_token
from troth.records.calls import read_binary, read_refusal, rows
from troth.records.ids import new_id
from troth.records.restoring import AFTER_RESTORE, PERHAPS_SENT
from troth.seal import token_hash


@dataclass(frozen=True)
class EmailClaim:
    """An email to claim, as its row says it: whom and what it asks for."""

    email: UUID
    person: UUID
    purpose: str
    kinds: tuple[str, ...]
    cause: UUID | None
    topic: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedAlike:
    """What emails to many people have alike."""

    cause: UUID
    purpose: str
    template: str
    kinds: Sequence[str]
    facts: Mapping[str, object]
    lane: str
    at_utc: datetime
    next_utc: datetime
    useful_until_utc: datetime | None
    topic: str = ""


def is_batch_going(batch: UUID) -> bool:
    """Whether the sending was not stopped. Until the transaction ends a stop waits; others that plan for it do not."""
    return bool(rows("select from email_batch b where b.id = %s and b.stopped = '' for share", [batch]))


def plan_emails(people: bytes, alike: PlannedAlike) -> int:
    """How many of these people were not planned before.

    Takes   people: 16 bytes each, as a selection has them.   Cost  1 statement; about 12 microseconds a person."""
    ((new,),) = rows(
        "select plan_emails(%s::uuid[], %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s, %s, %s)",
        [
            write_ids(people),
            alike.cause,
            alike.purpose,
            alike.topic,
            alike.template,
            json.dumps(list(alike.kinds)),
            json.dumps(alike.facts),
            alike.lane,
            alike.at_utc,
            alike.next_utc,
            alike.useful_until_utc,
        ],
    )
    return int(new)


def spread_emails(batch: UUID, *, count: int, each: timedelta, at_utc: datetime) -> int:
    """How many emails of the sending wait: so many of them are to leave at that time, the next ones each so much later.

    What left within the last such time counts. Those that a server put off keep their time.   Cost  1 statement."""
    ((moved,),) = rows("select spread_emails(%s, %s, %s, %s)", [batch, at_utc, count, each])
    return int(moved)


@dataclass(frozen=True)
class ClaimAnswer:
    """The outcome for an email that was to be claimed, as its row says by now.

    law  the grant to read for it, or the refusal; None for one that reads nothing or whose address is suppressed"""

    law: Grant | Refused | None
    state: str
    why: str
    permit: UUID | None


def claim_emails(asked: Sequence[EmailClaim], *, at_utc: datetime) -> Mapping[UUID, ClaimAnswer]:
    """The outcome for each email. Those that another process took are absent.

    In the caller's transaction: useless until that commits.

    Cost  1 statement."""
    grants = [new_id() for _claim in asked]
    found = rows(
        "select email, codes::text, state, why, permit from claim_emails(%s::uuid[], %s::uuid[], %s::bytea[], %s, %s)",
        [
            write_array(claim.email for claim in asked),
            write_array(grants),
            write_array(token_hash(token(id)) for id in grants),
            at_utc,
            session_token(),
        ],
    )
    claims = {claim.email: (claim, grant) for claim, grant in zip(asked, grants, strict=True)}
    return {email: ClaimAnswer(_read_answer(*claims[email], codes), *row) for email, codes, *row in found}


@dataclass(frozen=True)
class SentEmail:
    """An email that a mail server took, and when."""

    email: UUID
    at_utc: datetime


@dataclass(frozen=True)
class FollowingEmail:
    """An email that is about to leave: when it was claimed, and the grant of the claim; a finished one has none."""

    email: UUID
    claimed_utc: datetime | None
    grant: Grant | None


def settle_emails(
    handed: Sequence[SentEmail], following: Sequence[FollowingEmail], *, at_utc: datetime
) -> Mapping[UUID, Given | GrantRefused | None]:
    """Notes that emails were handed over, each with its entry, and that the following ones begin to leave.

    Gives  of those that were still claimed at that time what their grants give; None for one that reads nothing.
    Cost   1 statement."""
    grants = {next.email: next.grant for next in following}
    found = read_binary(
        "select email, kind, sealed, clear, wrapped, request, code"
        " from settle_emails(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::uuid[], %s::timestamptz[], %s::uuid[],"
        " %s::bytea[], %s, %s)",
        [
            write_array(it.email for it in handed),
            write_array(new_id() for _it in handed),
            write_array(it.at_utc for it in handed),
            write_array(next.email for next in following),
            write_array(next.claimed_utc for next in following),
            write_array(grant.id if grant else None for grant in grants.values()),
            write_array(token(grant.id).encode() if grant else None for grant in grants.values()),
            at_utc,
            session_token(),
        ],
    )
    values: dict[UUID, list[tuple[Any, ...]]] = {}
    for email, *value in found:
        values.setdefault(email, []).append(tuple(value))
    return {email: _read_values(grants[email], rows) for email, rows in values.items()}


def _read_values(grant: Grant | None, found: Sequence[tuple[Any, ...]]) -> Given | GrantRefused | None:
    """Takes  found: kind, sealed, clear, wrapped, request and code of each value; one row of nothing for no value."""
    if grant is None:
        return None
    refused = next((row[5] for row in found if row[5]), None)
    if refused is not None:
        refusal = read_refusal(refused)
        record_refusal(grant, refusal)
        return GrantRefused(refusal)
    return make_given(grant, [row[:5] for row in found if row[0] is not None])


def _read_answer(claim: EmailClaim, grant: UUID, codes: str) -> Grant | Refused | None:
    asked = Grant(grant, claim.person, claim.purpose, claim.kinds, claim.cause, {}, claim.topic)
    return make_grant(asked, codes) if json.loads(codes) else None


def release_after_restore(*, who: str, at_utc: datetime) -> Sequence[UUID]:
    """Emails that may be sent now, since a member of staff ended the hold; those from before it stay held.

    Raises  Refusal: not signed in, or not of the staff who may."""
    found = rows(
        "select release_mail_by_staff(%s, %s, %s, %s, %s)",
        [who, at_utc, AFTER_RESTORE, PERHAPS_SENT, session_token()],
    )
    return [email for (email,) in found]


def wants_no_email(person: UUID) -> bool:
    """Whether the person's address gets no email, not even one to confirm it.

    Its reader complained, or staff blocked it."""
    asked = "select exists (select 1 from suppression s where s.why <> 'bounce' and has_address(%s, s.mark))"
    return bool(rows(asked, [person])[0][0])


def lift_suppression(person: UUID, cause: UUID) -> None:
    """The address that this request of the person's gave was confirmed: emails may go there again."""
    rows("select lift_suppression(%s, %s)", [person, cause])
