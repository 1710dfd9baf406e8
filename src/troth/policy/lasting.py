"""Until when a value is kept, from what happened to its person and the rule in force. The database computes the same.

    kept = law.find_retention("need")                                     # 24 months after the request
    kept_until(kept, collected_utc=given, cause=quote, events=[EventTime("request", quote, None)])      # None
    kept_until(kept, collected_utc=given, cause=quote, events=[EventTime("request", quote, answered)])  # 24 months on

collection       when it was given
request          when its request was closed; not while that is open; without a request, when it was given
last contact     when the person last signed in, sent something or answered, or gave this
account          when the account ended; not while there is one; without an account, when it was given
license period   when the person's last license ended; not while there is no end
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .terms import Event, Retention


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """Something that happened to a person, or is ongoing: an open request, an account, a license without an end."""

    event: Event
    object: UUID
    at_utc: datetime | None


def find_end(
    kept: Retention, *, collected_utc: datetime, cause: UUID | None, events: Sequence[KnownEvent]
) -> datetime | None:
    """When the retention period ends; None while something is ongoing."""
    own = [it for it in events if it.event == kept.after and (kept.after != "request" or it.object == cause)]
    over = [it.at_utc for it in own if it.at_utc is not None]
    if len(over) < len(own) or (kept.after == "license period" and not over):
        return None
    return kept.time.after(max([collected_utc, *over]))
