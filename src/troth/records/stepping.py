"""Requests with deadlines, written only by the database's functions: opened, advanced, deleted."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from troth.records.acting import session_token
from troth.records.calls import rows


def open_case(case: Mapping[str, Any], *, event: UUID, at_utc: datetime, who: str) -> None:
    """Opens a request, with its event.   Raises  Refusal: dated in the future or long ago, nobody signed in."""
    rows("select case_open(%s::jsonb, %s, %s, %s, %s)", [_json(case), event, at_utc, who, session_token()])


def step(
    case: UUID, what: str, *, event: UUID, at_utc: datetime, who: str, words: str, change: Mapping[str, Any]
) -> None:
    """Takes a step and records its event, dated now.   Raises  Refusal: not now, not this person, not this change."""
    rows(
        "select case_step(%s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
        [case, event, what, at_utc, who, session_token(), words, _json(change)],
    )


def forget(*, at_most: int) -> int:
    """How many cases were deleted from the log, 24 months after they ended."""
    return int(rows("select case_forget(%s)", [at_most])[0][0])


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, default=str)  # moments and ids, to the microsecond
