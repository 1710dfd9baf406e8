"""A version that asks people: rehearsed with counts, noted and planned for everyone; and data whose time is over.

The version is the newest that was adopted, compared with the one before: nothing is adopted here.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.adopting import padded
from bench.figures import Figure
from bench.people import TEMPLATES, People, asking
from bench.surroundings import superuser
from bench.timing import alternately

REHEARSED_SECONDS = 5
QUEUED_A_SECOND = EXPIRED_A_SECOND = 20_000
_EXPIRING = _NOTIFIED = 100_000
"""The last people of them, as if it had been interrupted there: two million took a third of the whole run."""
_ASKED_ABOUT = "content"


def figures(people: People) -> Iterator[Figure]:
    """What a version costs before and after it is adopted."""
    from troth import policy
    from troth.updates import rehearsing

    number = len(_versions()) + 1
    new = policy.compile(padded(asking(_ASKED_ABOUT, number=number), 127_000)).policy
    assert new
    asked = rehearsing.rehearse(new, at_utc=datetime.now(UTC)).asked
    assert asked
    taken = alternately({"it": lambda: rehearsing.rehearse(new, at_utc=datetime.now(UTC))}, runs=3)["it"]
    name = f"a version rehearsed with counts, {people.count:,} people"
    yield Figure(name, taken, "s", REHEARSED_SECONDS, note=f"{asked:,} asked, 127 kB")
    yield from _queued(people)


def expiry(people: People, *, share: float = 1) -> Iterator[Figure]:
    """Everything that many people gave is over: deleted, with an entry in each history and its standing settled."""
    from troth import work

    data = _end(people, round(_EXPIRING * share))
    start = time.perf_counter()
    work.expire(0)
    name = f"data deleted a second whose time is over, {data:,} of them"
    yield Figure(name, data / (time.perf_counter() - start), "", EXPIRED_A_SECOND, better="higher")


def _queued(people: People) -> Iterator[Figure]:
    """Whom it concerns is noted, and their emails are planned, as the job does it after an adoption."""
    from troth.updates import sending
    from troth.updates.models import PolicyUpdate, UpdateReader

    PolicyUpdate.objects.all().delete()
    update = sending.begin(at_utc=datetime.now(UTC))
    assert update
    with superuser(people.cluster) as connection:
        connection.execute(_FROM, {"update": update.pk, "people": _NOTIFIED})
    start = time.perf_counter()
    sending.send(update.pk, at_utc=datetime.now(UTC))
    seconds = time.perf_counter() - start
    readers = UpdateReader.objects.filter(update=update).count()
    assert readers > min(people.count, _NOTIFIED) // 2, readers
    yield Figure(
        "people a second notified of a version: noted and planned",
        readers / seconds,
        "",
        QUEUED_A_SECOND,
        better="higher",
        note=f"{readers:,} in {seconds:.0f} s",
    )


def _versions() -> list[int]:
    from troth import in_force

    return sorted(in_force.law().versions)


def _end(people: People, data: int) -> int:
    """So many data of copies are over since a second ago."""
    with superuser(people.cluster) as connection:
        connection.execute("set session_replication_role = replica; set synchronous_commit = off")
        (found,) = connection.execute(_END, {"first": people.first + TEMPLATES, "data": data}).fetchone() or (0,)
        connection.execute("vacuum (analyze) datum")
        connection.execute("vacuum (analyze) standing")
    return int(found)


_FROM = """
    update policy_update set position = (select id from person order by id desc offset %(people)s limit 1)
    where id = %(update)s
"""
_END = """
    with chosen as (
        select d.person_id, d.id from standing s join datum d on d.person_id = s.person_id
        where s.ordinal >= %(first)s order by s.ordinal limit %(data)s),
    ended as (
        update datum d set kept_until_utc = now() - interval '1 second' from chosen
        where (d.person_id, d.id) = (chosen.person_id, chosen.id) returning d.person_id),
    due as (
        update standing s set settled_until = now() - interval '1 second'
        where s.person_id in (select e.person_id from ended e))
    select count(*) from ended
"""
