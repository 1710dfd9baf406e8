"""Since when and until when each value on a page is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth import in_force
from troth.records import profile
from troth.words.keeping import prepare_times


@dataclass(frozen=True)
class HeldSpan:
    """Since when a value is held, and until when, in words."""

    since_utc: datetime
    kept: str


def find_spans(person: UUID, *, cause: UUID | None = None, only: UUID | None = None) -> Mapping[str, HeldSpan]:
    """Kind → the span of the value that `gate.read` gives: the request's, else the latest.   Cost  1 query.

    Takes   cause: the request of the grant; only: leaves out what was not given with this request."""
    describe = prepare_times(in_force.law())
    return {
        kind: HeldSpan(datum.collected_utc, describe(datum))
        for kind, datum in profile.find_newest(person, cause=cause, only=only).items()
    }
