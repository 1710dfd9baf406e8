"""Requests placed and counted for lists: ids, states and times, never a value of anyone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from troth.queries import Part
from troth.records.calls import rows

_NEWEST = "timestamptz 'epoch' + (timestamptz 'epoch' - f.received)"
RANKS = {"due_utc": "f.due", "received_utc": "f.received", "-received_utc": _NEWEST}
"""What a place is sorted by, the earliest first: for the newest ones, their time mirrored."""
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
    sql = sql.replace("RANK", RANKS[sort]).replace("NEWEST", _NEWEST)
    params = [param for _part, params in parts for param in params]
    all_of_it, more, few = most
    return rows(sql, [*params, now, needed, whole, all_of_it, [*long], more, few])


def count_views(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """Each part's own rows of (view, how many).   Cost  1 query"""
    params = [param for _part, given in parts for param in given]
    return rows(" union all ".join(f"({part})" for part, _given in parts), params) if parts else []


def count(
    purposes: Sequence[str], *, living: Sequence[str], ended: Sequence[str], since: datetime, now: datetime, zone: str
) -> list[tuple[str, str, int]]:
    """By state, answered in time or late, and open ones by day, late ones apart, of requests of these purposes.

    Cost    1 query
    Takes   living: states that are counted, each by itself, by an index; ended: those of which what ended `since` is,
            apart from what was answered: how much of it was in time is counted as well, and is all of it"""
    asked = [*purposes]
    ended_since = [asked, [*ended], since, asked, since]
    return rows(_COUNTED, [[*living], asked, *ended_since, asked, now, zone, _QUARTER, now, asked])


# Someone agreed, but not as many as it takes: that comes first. What waits for the person or for a day is not late, and
# comes last in its group, because nobody can do anything about it now. Each place looks for its own first rows, which
# takes a third of the time of numbering all rows of all places.
_PLACED = """
    with found (list, id, state, received, due, waits, hourly, alarmed, mine, nobodys, approvals) as (PARTS),
    placed as materialized (
        select f.list, f.id, t.late, p.idle, p.rank, p.place
        from found f,
        lateral (select f.waits = '' and f.due < %s as late, f.approvals > 0 and f.approvals < %s as begun) t,
        lateral (
            select f.waits <> '' as idle, RANK as rank,
                   case when f.state = 'received' then 'waiting' when f.hourly then 'incidents'
                        when t.begun then 'second' when f.mine then 'mine'
                        when f.state = 'unverified' then 'unverified' when t.late then 'late'
                        when f.nobodys then 'nobody' else 'others' end as place
            where f.state in ('open', 'received', 'unverified')
            union all
            select false, NEWEST, 'alarms' where f.alarmed) p),
    counted as (select place, count(*) as count, count(*) filter (where late) as late from placed group by place)
    select c.place, first.list, first.id, c.count, c.late
    from counted c,
    lateral (
        select p.list, p.id, p.idle, p.rank from placed p where p.place = c.place order by p.idle, p.rank, p.id
        limit case when c.place = %s then %s when c.place = any (%s) then %s else %s end) first
    order by c.place, first.idle, first.rank, first.id
"""
_QUARTER = timedelta(minutes=15)
"""Zones differ by quarters of an hour: what came in within one is put into the zone once."""
_COUNTED = """
    select 'state', s.state, n.count from unnest(%s::text[]) s (state),
    lateral (select count(*) from request_case c where c.purpose = any (%s) and c.state = s.state) n
    union all
    select 'state', state, count(*) from request_case
    where purpose = any (%s) and state = any (%s) and answered_utc >= %s group by 2
    union all
    select 'kept', case when answered_utc <= due_utc then 'kept' else 'broken' end, count(*) from request_case
    where purpose = any (%s) and state = 'answered' and answered_utc >= %s group by 2
    union all
    select 'kept', 'late', count(*) from request_case
    where purpose = any (%s) and state in ('unverified', 'open') and waits_for = '' and due_utc < %s
    union all
    select n.what, (d.start at time zone %s)::date::text, sum(n.count)::bigint from (
        select date_bin(%s, received_utc, timestamptz 'epoch') as start,
               case when law_utc is null then 'day' else 'law''s day' end as clock, count(*),
               count(*) filter (where waits_for = '' and due_utc < %s) as late
        from request_case where purpose = any (%s) and state = 'open' group by 1, 2) d,
    lateral (values (d.clock, d.count - d.late), ('late ' || d.clock, d.late)) n (what, count)
    group by 1, 2
"""
