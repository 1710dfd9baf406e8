"""Requests with deadlines, written only by the database's functions: opened, advanced, deleted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from troth.records.acting import session_token
from troth.records.calls import rows


@dataclass(frozen=True)
class SteppedCase:
    """A request after a step: the values of the columns asked for. `planned`: whether anything about it is planned."""

    values: Sequence[Any]
    planned: bool


def open_case(case: Mapping[str, Any], *, event: UUID, at_utc: datetime, who: str) -> SteppedCase:
    """Opens a request, with its event.

    Takes   case: the values of its columns, which are also those that are asked for.
    Raises  Refusal: dated in the future or long ago, nobody signed in."""
    given = [_json(case), event, at_utc, who, session_token()]
    found = rows(f"select {_list(case)} from case_open(%s::jsonb, %s, %s, %s, %s)", given)
    return SteppedCase(found[0], planned=False)


def step(
    case: UUID,
    what: str,
    *,
    event: UUID,
    at_utc: datetime,
    who: str,
    words: str,
    change: Mapping[str, Any],
    columns: Iterable[str],
) -> SteppedCase:
    """Takes a step and records its event, dated now.   Raises  Refusal: not now, not this person, not this change."""
    found = rows(
        f"select {_list(columns)}, exists (select from due d where d.about = c.id)"
        " from case_step(%s, %s, %s, %s, %s, %s, %s, %s::jsonb) c",
        [case, event, what, at_utc, who, session_token(), words, _json(change)],
    )
    *values, planned = found[0]
    return SteppedCase(values, planned)


def delete_note(event: UUID, *, who: str) -> bool:
    """Whether it was a note that they added within the last hour; it is deleted.   Raises  Refusal: not signed in."""
    return bool(rows("select case_unnote(%s, %s, %s)", [event, who, session_token()])[0][0])


def forget(*, at_most: int) -> int:
    """How many cases were deleted from the log, 24 months after they ended."""
    return int(rows("select case_forget(%s)", [at_most])[0][0])


def _list(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, default=str)  # moments and ids, to the microsecond
