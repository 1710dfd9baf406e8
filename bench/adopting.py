"""A policy that asks a million people is adopted: how soon another process refuses what they have not answered.

python -m bench.adopting PERSON PURPOSE      asks the gate every millisecond; says when its answer became "unanswered"
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from uuid import UUID

from bench.figures import Figure
from bench.people import People, asking
from bench.surroundings import superuser
from troth import policy

ADOPTED_MS = 300
_PURPOSES = {"inquiries": (127_000, 60), "fixes": (127_000, 60), "convenience": (350_000, 100)}
"""Purpose that the version asks about, bytes of its text, and how many milliseconds after its commit others know."""
_PARAGRAPH = """
{#M%d}
## More about it

{.information}
We explain here at some length what the sections above state, so that nobody has to look elsewhere for an example of
how a form, an order or a message becomes a record, who of us looks at it in the course of a usual week, and in which
case a colleague of another department is asked; none of it adds to what the rules say.
"""


def figures(people: People) -> Iterator[Figure]:
    """Versions that each ask all who came for news about one more purpose, with texts of two sizes."""
    from django.db import connections

    from troth.records.law import versions

    asked, found = _asked(people), {}
    for number, (purpose, (size, _most)) in enumerate(_PURPOSES.items(), start=3):
        text = padded(asking(purpose, number=number), size)
        with _watcher(people, purpose) as watcher:
            start = time.time()
            try:
                versions.adopt(text, by="staff:bench", using=connections["owner"])
            except BaseException:
                watcher.kill()  # it would wait for this version forever
                raise
            adopted = time.time()
            found[purpose] = (float(_line(watcher)) - adopted, adopted - start)
    yield from _best(found, asked)


def padded(text: str, size: int) -> str:
    """The text with paragraphs that promise nothing, up to so many bytes."""
    number = text.count("{#M")  # of a version that was padded before
    while len(text.encode()) < size:
        number += 1
        text += _PARAGRAPH % number
    return policy.confirm(text)


def _best(found: Mapping[str, tuple[float, float]], asked: int) -> Iterator[Figure]:
    """Of texts of one size, the fastest adoption."""
    for size, most in sorted(set(_PURPOSES.values())):
        noticed, adopted = min(found[each] for each in found if _PURPOSES[each] == (size, most))
        name = f"adopt a policy of {size // 1000} kB that asks {asked:,} people"
        yield Figure(f"{name}: another process refuses", noticed * 1000, "ms", most, note="after the commit")
        yield Figure(f"{name}: committed", adopted * 1000, "ms", ADOPTED_MS if size < 200_000 else None)


def _asked(people: People) -> int:
    with superuser(people.cluster) as connection:
        row = connection.execute(
            "select count(*) from standing s join standing_class k on k.id = s.class_id"
            " join cohort c on c.id = k.cohort where c.origins && array("
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
        if facts.list_held_of([person])[person][0].channel == "form.news":
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
        time.sleep(0.001)  # without a pause it would take half of the machine from the adoption
    assert code == "unanswered", code
    print(time.time(), flush=True)


if __name__ == "__main__":
    main()
