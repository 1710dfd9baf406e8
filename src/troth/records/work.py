"""Requests placed and counted for lists: ids, states and times, never a value of anyone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from troth.records.calls import rows

Part = tuple[str, Sequence[object]]
"""A compiled query of one list's requests with its parameters, with the columns that `place` names."""
RANKS = {
    "due_utc": "due - timestamptz 'epoch'",
    "received_utc": "received - timestamptz 'epoch'",
    "-received_utc": "timestamptz 'epoch' - received",
}
"""What a place is sorted by, the smallest first."""
PlacedRow = tuple[str, int, UUID, int, int]
"""Place, list, request, how many are at that place, and how many of these are late."""


def place(
    parts: Sequence[Part],
    *,
    now: datetime,
    needed: int,
    whole: str,
    long: Sequence[str],
    most: tuple[int, int, int],
    sort: str,
) -> list[PlacedRow]:
    """What is not done, in the order of its places.   Cost  1 query

    Takes   needed: how many agree to a step; whole: the place of which as many as possible are shown; long: places that
            show more than others; most: how many rows `whole`, those and the others have; sort: one of RANKS."""
    if not parts:
        return []
    sql = _PLACED.replace("PARTS", " union all ".join(f"({part})" for part, _params in parts))
    sql = sql.replace("RANK", RANKS[sort])
    params = [param for _part, params in parts for param in params]
    all_of_it, more, few = most
    return rows(sql, [*params, now, needed, whole, all_of_it, [*long], more, few])


def count(purposes: Sequence[str], *, since: datetime, now: datetime, zone: str) -> list[tuple[str, str, int]]:
    """By state, answered in time or late, and open ones by day, of requests of these purposes.   Cost  1 query"""
    asked = [*purposes]
    return rows(_COUNTED, [asked, asked, since, asked, now, zone, asked])


# Someone agreed, but not as many as it takes: that comes first. What waits for the person or for a day is not late, and
# comes last in its group, because nobody can do anything about it now.
_PLACED = """
    with found (list, id, state, received, due, waits, hourly, alarmed, mine, nobodys, approvals) as (PARTS),
    known as (
        select f.list, f.id, f.state, f.received, f.due, f.hourly, f.alarmed, f.mine, f.nobodys,
               f.waits <> '' as idle, f.due < %s and f.waits = '' as late, f.state = 'open' as open,
               f.approvals > 0 and f.approvals < %s as begun
        from found f),
    placed as (
        select list, id, idle, late, RANK as rank,
               case when state = 'received' then 'waiting' when hourly then 'incidents'
                    when begun then 'second' when mine then 'mine' when late then 'late'
                    when nobodys then 'nobody' else 'others' end as place
        from known where open or state = 'received'
        union all
        select list, id, false, late, timestamptz 'epoch' - received, 'alarms'
        from known where alarmed)
    select place, list, id, count, late from (
        select place, list, id, row_number() over (partition by place order by idle, rank, id) as at,
               count(*) over (partition by place) as count,
               count(*) filter (where late) over (partition by place) as late
        from placed) it
    where at <= case when place = %s then %s when place = any (%s) then %s else %s end
    order by place, at
"""
_COUNTED = """
    select 'state', state, count(*) from request_case where purpose = any (%s) group by state
    union all
    select 'kept', case when answered_utc <= due_utc then 'kept' else 'broken' end, count(*) from request_case
    where purpose = any (%s) and state = 'answered' and answered_utc >= %s group by 2
    union all
    select 'kept', 'late', count(*) from request_case
    where purpose = any (%s) and state in ('unverified', 'open') and waits_for = '' and due_utc < %s
    union all
    select 'day', ((received_utc at time zone %s)::date)::text, count(*) from request_case
    where purpose = any (%s) and state = 'open' and law_utc is null group by 2
"""
