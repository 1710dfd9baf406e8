"""A policy that asks a million people is adopted: how soon another process refuses what they have not answered.

python -m bench.adopting PERSON PURPOSE      asks the gate over and over; says when its answer became "unanswered"
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import UUID

from bench.figures import Figure
from bench.people import People, asking
from bench.surroundings import superuser

CLOSED_MILLISECONDS = 100
_PURPOSES = ("inquiries", "fixes", "convenience")


def figures(people: People) -> Iterator[Figure]:
    """The median of three versions, each asking all who came for news about one more purpose."""
    from django.db import connections

    from troth.records.law import versions

    asked = _asked(people)
    found = []
    for number, purpose in enumerate(_PURPOSES, start=3):
        text = asking(purpose, number=number)
        with _watcher(people, purpose) as watcher:
            start = time.time()
            versions.adopt(text, by="staff:bench", using=connections["owner"])
            adopted = time.time()
            found.append((float(_line(watcher)) - start, adopted - start))
    closed, adopted = sorted(found)[1]
    yield Figure(
        f"adopt a policy that asks {asked:,} people: gate closed",
        closed * 1000,
        "ms",
        CLOSED_MILLISECONDS,
        note=f"text to another process's refusal; committed after {adopted * 1000:.0f} ms",
    )


def _asked(people: People) -> int:
    with superuser(people.cluster) as connection:
        row = connection.execute(
            "select count(*) from standing s join cohort c on c.id = s.cohort where c.origins && array("
            "select id from origin where kind = 'email' and channel = 'form.news')"
        ).fetchone()
    assert row
    return int(row[0])


def _watcher(people: People, purpose: str) -> "subprocess.Popen[str]":
    watcher = subprocess.Popen(
        [sys.executable, "-m", "bench.adopting", str(_who_came_for_news(people)), purpose],
        stdout=subprocess.PIPE,
        text=True,
    )
    _line(watcher)
    return watcher


def _who_came_for_news(people: People) -> UUID:
    from troth.gate import facts

    for person in people.templates:
        if facts.list_held(person)[0].channel == "form.news":
            return person
    raise LookupError("Nobody came for news.")


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline()


def main() -> None:
    import django

    django.setup()
    from troth import gate

    person, purpose = UUID(sys.argv[1]), sys.argv[2]
    before = gate.decide(person, purpose, ["email"])["email"].code
    print(before, flush=True)
    while (code := gate.decide(person, purpose, ["email"])["email"].code) == before:
        pass
    assert code == "unanswered", code
    print(time.time(), flush=True)


if __name__ == "__main__":
    main()
