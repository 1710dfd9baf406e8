"""What waits for a second person, as the privacy staff's first page of the console says it."""

from collections.abc import Mapping

from django.http import HttpRequest

from troth.desk.staff import user_of
from troth.records.calls import rows
from troth.updates.desk import may_update

_WAITS = """
    select a.number, '', a.draft_id from policy_adoption a
    where a.withdrawn_utc is null and a.adopted_utc is null and a.second_utc is null and a.first_by <> %s
    union all
    select t.version, t.language, t.id from policy_translation t
    where t.withdrawn_utc is null and t.adopted_utc is null and t.first_by <> %s
    order by 1, 2
"""


def tell_second(request: HttpRequest) -> Mapping[str, object] | None:
    """A version and translations that a colleague proposed.   Cost  a query for the privacy staff, none for others"""
    user = user_of(request)
    if not may_update(user):
        return None
    who = f"staff:{user.username}"
    found = rows(_WAITS, [who, who])
    return {"waiting": found} if found else None
