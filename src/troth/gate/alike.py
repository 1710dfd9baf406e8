"""People about whom the law decides alike: counted, and gone through in order. No value and no address is read.

for each in count_alike(): …                      each.people, each.held, each.answers
list_in_order(after=last, before=adopted, most=5_000)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from troth.gate.compiled import WORD_BITS
from troth.policy import Answer, Held, UseEnd
from troth.policy.meaning import MARKETING
from troth.records.calls import rows

_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""When what is over expired, and when answers were given, for which only the latest one is known."""


@dataclass(frozen=True, slots=True)
class AlikePeople:
    """A class of people. `held`: what is known of them, as the law sees it; `answers`: their latest ones."""

    id: int
    people: int
    held: tuple[Held, ...]
    answers: tuple[Answer, ...]
    region: str


@dataclass(frozen=True, slots=True)
class OrderedPerson:
    """`address`: the keyed hash of where emails go, or None. `signaled`: the browser asked not to sell or share."""

    person: UUID
    alike: int
    address: bytes | None
    signaled: bool


def count_alike() -> list[AlikePeople]:
    """All people by class.   Cost  3 queries."""
    found = rows("select class, people, cohort, yes, yes_more, no, no_more, opted_out from people_alike()")
    known = _read_cohorts({row[2] for row in found})
    bits = {bit: (question, version) for question, version, bit in _list_questions()}
    return [
        AlikePeople(
            id, people, known[cohort][1], _answer(bits, (yes, yes_more), (no, no_more), opted_out=out), known[cohort][0]
        )
        for id, people, cohort, yes, yes_more, no, no_more, out in found
    ]


def list_in_order(*, after: UUID, before: datetime, most: int) -> list[OrderedPerson]:
    """The next people by id, of those who came before that moment.   Cost  1 query."""
    found = rows("select person, class, address, signaled from people_in_order(%s, %s, %s)", [after, before, most])
    return [OrderedPerson(id, alike, bytes(mark) if mark else None, signaled) for id, alike, mark, signaled in found]


def _read_cohorts(cohorts: set[int]) -> Mapping[int, tuple[str, tuple[Held, ...]]]:
    """Cohort → its region, and what its people hold."""
    held: dict[int, list[Held]] = {}
    regions: dict[int, str] = {}
    for cohort, region, kind, channel, version, expired, ended in rows(
        "select c.id, c.region, o.kind, o.channel, o.version, o.expired, o.ended"
        " from cohort c left join origin o on o.id = any (c.origins) where c.id = any (%s)",
        [list(cohorts)],
    ):
        regions[cohort] = region
        if kind is not None:
            over = tuple(UseEnd(purpose, _ONCE) for purpose in ended)
            held.setdefault(cohort, []).append(Held(kind, channel, version, _ONCE if expired else None, over))
    return {cohort: (region, tuple(held.get(cohort, ()))) for cohort, region in regions.items()}


def _list_questions() -> Sequence[tuple[str, int, int]]:
    return [
        (question, version, bit)
        for question, version, bit in rows("select question, version_id, bit from law_question")
    ]


def _answer(
    bits: Mapping[int, tuple[str, int]],
    yes: tuple[int, Sequence[int] | None],
    no: tuple[int, Sequence[int] | None],
    *,
    opted_out: bool,
) -> tuple[Answer, ...]:
    said = [Answer(MARKETING, 0, False, _ONCE)] if opted_out else []
    for mask, agreed in ((yes, True), (no, False)):
        said += [Answer(*bits[bit], agreed, _ONCE) for bit in _list_bits(*mask) if bit in bits]
    return tuple(said)


def _list_bits(word: int, more: Sequence[int] | None) -> list[int]:
    words = [word, *(more or ())]
    return [place * WORD_BITS + bit for place, each in enumerate(words) for bit in range(WORD_BITS) if each >> bit & 1]
