"""`select`: ids of people whom a purpose may reach, against a predicate written by hand and against joining choices.

The hand-written side is a table of its own with a column an answer (`bench.contact`), read by a binary cursor; it gives
the same: packed ordinals and packed ids. Of its plans with and without parallel workers the faster counts.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench.figures import Figure, ratio
from bench.people import TEMPLATES, People
from bench.surroundings import owner, superuser
from bench.timing import alternately

PREDICATE_RATIO, FEW_RATIO, CHANGED_RATIO = 1.2, 0.3, 1.5
COHORTS = 20_000
_AGGREGATES = "select string_agg(int4send(c.ordinal), null), string_agg(uuid_send(c.id), null) from bench.contact c"
JOINED = f"""
    {_AGGREGATES}
    join (select distinct on (person_id) person_id, version, yes from choice where question = 'newsletter'
          order by person_id, chosen_utc desc) news on news.person_id = c.id and news.yes
    left join (select distinct on (person_id) person_id, yes from choice where question = 'newsletter@2'
               order by person_id, chosen_utc desc) own on own.person_id = c.id
    left join (select distinct on (person_id) person_id, yes from choice where question = 'marketing'
               order by person_id, chosen_utc desc) general on general.person_id = c.id
    where coalesce(general.yes, true)
      and (c.channel = 'form.news' or c.channel = 'form.register' and (news.version = 2 or own.yes))
"""
Connection = psycopg.Connection[tuple[Any, ...]]


class WrongPeople(Exception):
    """Two ways to select do not give the same people: nothing may be concluded from their times."""


def taken(people: People, *, runs: int = 7, with_joined: bool = True, purpose: str = "newsletter") -> dict[str, float]:
    """Seconds of each way, after all were seen to give the same people."""
    from troth.gate import select

    hand = f"{_AGGREGATES} where c.{purpose} and not c.opted_out"

    with owner(people.cluster) as alone, owner(people.cluster) as parallel:
        alone.execute("set max_parallel_workers_per_gather = 0")
        ways: dict[str, Callable[[], bytes]] = {
            "ours": lambda: _ids(parallel, _query(parallel, purpose)),
            "with its entry": lambda: select(purpose, "email").packed,
            "hand": lambda: _ids(alone, hand),
            "hand, parallel": lambda: _ids(parallel, hand),
        }
        joined: dict[str, Callable[[], bytes]] = {"joined": lambda: _ids(parallel, JOINED)} if with_joined else {}
        _compare(
            {
                "ours": _ids(parallel, _query(parallel, purpose)),
                "with its entry": select(purpose, "email").packed,
                "hand": _ids(alone, hand),
            }
            | {name: way() for name, way in joined.items()}
        )
        return alternately(ways, runs=runs) | alternately(joined, runs=1, warm=0)


def _query(connection: Connection, purpose: str) -> str:
    """The query behind a selection, made by what is kept of the law and by asking about later classes; no entry.

    Planned as `law_selected` has it planned."""
    now = datetime.now(UTC)
    connection.execute(
        "select set_config('enable_indexonlyscan', case when standing_scattered() then 'off' else 'on' end, false)"
    )
    row = connection.execute("select law_selection_text(%s, 'email', null, '', %s)", [purpose, now]).fetchone()
    assert row
    people = row[0].replace("$1", f"timestamptz '{now}'")
    return (
        f"select string_agg(int4send(it.ordinal), null), string_agg(uuid_send(it.person_id), null) from ({people}) it"
    )


def others(people: People, *, name: str) -> Iterator[Figure]:
    """Where few qualify, and after many changed while nothing was vacuumed. Changes people, so it comes last."""
    few = taken(people, with_joined=False, purpose="communities")
    yield next(figures(few, name=f"{name}, 1.3 % qualify", target=FEW_RATIO))
    _change(people)
    yield next(figures(taken(people, with_joined=False), name=f"{name}, 5 % changed", target=CHANGED_RATIO))


def figures(times: dict[str, float], *, name: str, target: float | None = PREDICATE_RATIO) -> Iterator[Figure]:
    """What `taken` gave, as ratios."""
    hand = min(times["hand"], times["hand, parallel"])
    yield ratio(
        f"select, {name} / best hand-written predicate",
        times["ours"],
        hand,
        target=target,
        note=f"{_ms(times['ours'])} / {_ms(hand)} ms",
    )
    yield Figure(
        f"select with its entry, {name}",
        times["with its entry"] * 1000,
        "ms",
        note="each of the people finds it in the history",
    )
    if "joined" not in times:
        return
    yield ratio(
        f"joining choice rows / select, {name}",
        times["joined"],
        times["ours"],
        note=f"{_ms(times['joined'])} / {_ms(times['ours'])} ms",
    )


def growth(small: dict[str, float], large: dict[str, float], *, times: int, name: str) -> Figure:
    """How much longer the larger takes, of which linear growth would be `times`."""
    return ratio(
        f"select grows, {name}, for {times} × the people",
        large["ours"],
        small["ours"],
        target=times,
        note=f"by hand × {large['hand'] / small['hand']:.1f}",
    )


def spread(people: People, *, share: int = 4) -> int:
    """The number of cohorts, after every fourth copy got two more data of some fifty origins and was settled."""
    given = {"first": people.first + TEMPLATES, "until": people.first + people.count // share, "templates": TEMPLATES}
    with superuser(people.cluster) as connection:
        connection.execute("set session_replication_role = replica; set synchronous_commit = off")
        connection.execute(_PAIRS)
        connection.execute(_WHO, given)
        connection.execute("create index on pg_temp.who (person_id); analyze pg_temp.who")
        connection.execute(_MORE_DATA)
        connection.execute(_SETTLE_ONE_EACH)
        connection.execute(_SETTLE_REST)
        connection.execute("vacuum (analyze) standing")
        row = connection.execute(
            "select count(distinct k.cohort) from standing s join standing_class k on k.id = s.class_id"
        ).fetchone()
    assert row
    return int(row[0])


def _change(people: People) -> None:
    """Every twentieth copy opts out of marketing, on both sides."""
    given = {"first": people.first + TEMPLATES, "until": people.until}
    with superuser(people.cluster) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute("alter table standing set (autovacuum_enabled = off)")
        connection.execute("alter table bench.contact set (autovacuum_enabled = off)")
        connection.execute(_OPT_OUT, given)
        connection.execute(_SETTLE_OPTED_OUT)
        connection.execute("alter table standing reset (autovacuum_enabled)")
        connection.execute("alter table bench.contact reset (autovacuum_enabled)")


def _ids(connection: Connection, sql: str) -> bytes:
    row = connection.execute(sql.encode(), binary=True).fetchone()
    assert row
    return bytes(row[1])


def _compare(packed: dict[str, bytes]) -> None:
    found = {name: {ids[at : at + 16] for at in range(0, len(ids), 16)} for name, ids in packed.items()}
    for name, ids in found.items():
        if ids != found["hand"]:
            raise WrongPeople(f"{name} gives {len(ids):,} people, by hand {len(found['hand']):,}.")


def _ms(taken: float) -> str:
    return f"{taken * 1000:.0f}"


_OPT_OUT = """
    create temp table changed as
    with these as (
        update bench.contact set opted_out = true
        where ordinal >= %(first)s and ordinal < %(until)s and ordinal %% 20 = 0 and not opted_out returning id),
    said as (
        insert into choice (person_id, id, question, version, yes, way, chosen_utc)
        select id, gen_random_uuid(), 'marketing', 2, false, 'form', clock_timestamp() from these)
    select id, row_number() over () / 1000 as part from these
"""
_SETTLE_OPTED_OUT = """
    do $$ declare batch uuid[]; begin
        for batch in select array_agg(it.id) from changed it group by it.part loop
            perform settle(batch, now_utc());
        end loop;
    end $$;
"""
_PAIRS = """
    create temp table pair as
    with source as (
        select row_number() over (order by md5(kind || channel || version_id)) as n, kind, channel,
               version_id as version
        from law_collect where kind not in ('email', 'industry', 'country') and version_id <= 2 limit 52)
    select row_number() over (order by a.n, b.n) - 1 as number, a.kind as a_kind, a.channel as a_channel,
           a.version as a_version, b.kind as b_kind, b.channel as b_channel, b.version as b_version
    from source a join source b on a.n < b.n
"""
_WHO = """
    create temp table who as
    select s.person_id, s.ordinal, k.cohort as base, k.yes, k.no, k.opted_out, p.*
    from standing s join standing_class k on k.id = s.class_id
    join pair p on p.number = ((s.ordinal - %(first)s::integer) / %(templates)s::integer
                               + (s.ordinal %% %(templates)s::integer) * 7) %% (select count(*) from pair)
    where s.ordinal >= %(first)s::integer and s.ordinal < %(until)s::integer
"""
_MORE_DATA = """
    insert into datum (person_id, id, kind, clear, channel, version, way, evidence, collected_utc)
    select person_id, gen_random_uuid(), a_kind, 'x', a_channel, a_version, 'typed by the person', '', now() from who
    union all
    select person_id, gen_random_uuid(), b_kind, 'x', b_channel, b_version, 'typed by the person', '', now() from who
"""
_SETTLE_ONE_EACH = """
    create temp table chosen as select distinct on (base, number) base, number, person_id from who;
    do $$ declare batch uuid[]; begin
        for batch in select array_agg(it.person_id) from (
                select c.person_id, row_number() over () / 1000 as part from chosen c) it group by it.part loop
            perform settle(batch, now_utc());
        end loop;
    end $$;
"""
_SETTLE_REST = """
    create temp table meant as
    select w.person_id, k.cohort, w.yes, w.no, w.opted_out
    from who w join chosen c on (c.base, c.number) = (w.base, w.number)
    join standing t on t.person_id = c.person_id join standing_class k on k.id = t.class_id;
    insert into standing_class (cohort, yes, no, opted_out) select distinct cohort, yes, no, opted_out from meant
        on conflict do nothing;
    update standing s set class_id = k.id
    from meant m join standing_class k on (k.cohort, k.yes, k.no, k.opted_out) = (m.cohort, m.yes, m.no, m.opted_out)
    where s.person_id = m.person_id and s.class_id <> k.id;
    analyze standing_class
"""
