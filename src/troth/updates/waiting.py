"""What waits for a second person, and updates that stopped, as the privacy staff's first page says it."""

from collections.abc import Mapping

from django.http import HttpRequest

from troth.desk.staff import user_of
from troth.records.calls import rows
from troth.updates.desk import may_update
from troth.updates.models import PolicyUpdate
from troth.updates.sending import BY_STAFF, LATER, find_later_stopped

_WAITS = """
    select a.number, '', a.draft_id, 'version' from policy_adoption a
    where a.withdrawn_utc is null and a.adopted_utc is null and a.second_utc is null and a.first_by <> %s
    union all
    select t.version, t.language, t.id, 'translation' from policy_translation t
    where t.withdrawn_utc is null and t.adopted_utc is null and t.first_by <> %s
    union all
    select u.version, '', u.id, 'stopped' from policy_update u where u.state = 'stopped' and u.why <> %s
    union all
    select u.version, '', u.id, u.state from policy_update u where u.state = any (%s)
    order by 1, 2
"""


def tell_waiting(request: HttpRequest) -> Mapping[str, object] | None:
    """A version and translations that a colleague proposed, and updates whose emails or reminders the outbox stopped.

    Cost  1 or 2 queries for the privacy staff, none for others"""
    user = user_of(request)
    if not may_update(user):
        return None
    who = user.who
    found = rows(_WAITS, [who, who, BY_STAFF, [*LATER]])
    under_way = [PolicyUpdate(pk=id, version=number, state=what) for number, _, id, what in found if what in LATER]
    later = find_later_stopped(under_way)
    waiting = [row for row in found if row[3] not in LATER]
    return {"waiting": waiting, "later": later} if waiting or later else None
