"""Times that prose states, and which of them belongs to which rule.

A time is compared by its value: 24 hours are 1 day, 24 months are 2 years. 30 days are no month, and a year is not 365
days: the calendar says how long these are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .lengths import Duration, Unit
from .lexicon import Lexicon
from .sentences import find_around, find_head, list_sentences, split_items
from .words import list_stems

_HOURS = {"hour": 1, "day": 24, "week": 24 * 7}
_PARTS: Mapping[str, tuple[Unit, int]] = {"year": ("month", 12), "week": ("hour", 24 * 7), "day": ("hour", 24)}
"""Times with halves → of how many shorter ones they are. Half a month is no time of its own."""


@dataclass(frozen=True, slots=True)
class StatedTime:
    """One time in a text: where it is, and how long."""

    start: int
    end: int
    time: Duration


@lru_cache(maxsize=4096)
def find_times(text: str, lexicon: Lexicon) -> tuple[StatedTime, ...]:
    """All times in a text: "18 months", "eighteen months", "thirty (30) days", "a year", "one and a half years"."""
    return tuple(time for found in lexicon.time.finditer(text) for time in _list_read(found, lexicon))


def _list_read(found: re.Match[str], lexicon: Lexicon) -> Iterator[StatedTime]:
    """The time, after the shorter one where both are the ends of a range."""
    time, low = _read(found, lexicon), found["from"] or found["low"]
    if low and time:
        unit = lexicon.units[" ".join(found["unit"].lower().split())]
        number = _count_word(low, lexicon) * unit.number
        yield StatedTime(found.start(), time.end, Duration(number, unit.unit))
    if time:
        yield time


def find_contradictions(text: str, lexicon: Lexicon) -> list[str]:
    """Times whose word and figure differ: "twelve (24) months"."""
    times = lexicon.time.finditer(text) if "(" in text else ()
    return [found[0] for found in times if found["digits"] and _differs(found, lexicon)]


def _differs(found: re.Match[str], lexicon: Lexicon) -> bool:
    return _count_word(found["number"], lexicon) != int(found["digits"])


def _read(found: re.Match[str], lexicon: Lexicon) -> StatedTime | None:
    unit = lexicon.units[" ".join(found["unit"].lower().split())]
    number = _count(found, lexicon)
    if not (found["alone"] or found["half"] or found["more"]):
        return StatedTime(found.start(), found.end(), Duration(number * unit.number, unit.unit))
    if unit.unit in _PARTS:
        part, parts = _PARTS[unit.unit]
        whole = unit.number * parts
        return StatedTime(found.start(), found.end(), Duration(number * whole + whole // 2, part))
    return None


def _count(found: re.Match[str], lexicon: Lexicon) -> int:
    """The whole number of a time, without its half."""
    if found["alone"]:
        return lexicon.half_alone[" ".join(found["alone"].lower().split())]
    return int(found["digits"] or _count_word(found["number"], lexicon))


def _count_word(number: str, lexicon: Lexicon) -> int:
    word = " ".join(number.lower().split())
    return int(word) if word.isdecimal() else lexicon.numbers.get(word, 1)


def measure(time: Duration) -> tuple[str, int]:
    """The value of a time: equal for times of equal length in every calendar."""
    if time.unit in _HOURS:
        return "hours", time.number * _HOURS[time.unit]
    if time.unit == "business day":
        return "business days", time.number
    return "months", time.number * (12 if time.unit == "year" else 1)


def match(time: Duration, stated: Iterable[Duration]) -> bool:
    return measure(time) in {measure(other) for other in stated}


@lru_cache(maxsize=4096)
def list_keeping(markdown: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The sentences that say how long something is kept: by a word for it, or in a table whose head has one."""
    head = find_head(markdown)
    if lexicon.retention.search(head):
        return tuple(split_items(markdown))
    said = (each for each in list_sentences(markdown) if lexicon.keeping.search(each))
    return tuple(each for each in said if not lexicon.past.search(each))


def find_kept_times(sentence: str, lexicon: Lexicon) -> list[StatedTime]:
    """The times that something is kept, without those of its backup copies: “copies in backups go after 35 days”."""
    times = find_times(sentence, lexicon)
    if not lexicon.backups.may_find(sentence):
        return list(times)
    ends = [0, *(each.end for each in times)] if not _is_leading(times, sentence, lexicon) else []
    said = [sentence[end : each.start] for end, each in zip(ends, times, strict=False)]
    said = said or [sentence[each.end :] for each in times]
    return [each for each, words in zip(times, said, strict=True) if not lexicon.backups.search(words)]


def _is_leading(times: Sequence[StatedTime], sentence: str, lexicon: Lexicon) -> bool:
    """Whether a time precedes what it is about: “for 30 days we keep …”."""
    return bool(times) and not list_stems(lexicon.keeping.sub("", sentence[: times[0].start]), lexicon.fillers)


def find_of_title(title: str, clauses: Sequence[str], lexicon: Lexicon) -> list[Duration]:
    """The times that clauses state for the thing of this title; all their times where none names the thing."""
    found = find_near(title, clauses, lexicon)
    return found or [stated.time for clause in clauses for stated in find_kept_times(clause, lexicon)]


def find_near(title: str, clauses: Iterable[str], lexicon: Lexicon) -> list[Duration]:
    """The times that clauses state for the thing of this title."""
    wanted = list_stems(title, lexicon.fillers)
    return [time for clause in clauses if _names(clause, wanted) for time in _find_near(clause, wanted, lexicon)]


def _names(clause: str, wanted: frozenset[str]) -> bool:
    return bool(wanted) and wanted <= list_stems(clause)


def _find_near(clause: str, wanted: frozenset[str], lexicon: Lexicon) -> list[Duration]:
    """Of several times in a sentence, the one next to the name: after it, or before it in “for 30 days we keep …”."""
    times = find_kept_times(clause, lexicon)
    if len(times) < 2:
        return [stated.time for stated in times]
    leading = _is_leading(times, clause, lexicon)
    return [_choose(times, place, leading=leading).time for place in _find_places(clause, wanted)]


def _choose(times: Sequence[StatedTime], place: int, *, leading: bool) -> StatedTime:
    before = [stated for stated in times if stated.start < place]
    after = [stated for stated in times if stated.start >= place]
    return before[-1] if before and (leading or not after) else after[0]


def _find_places(clause: str, wanted: frozenset[str]) -> list[int]:
    """Where the name is: the last word of each shortest run of words that has all of it."""
    words = [(found.end(), list_stems(found[0])) for found in re.finditer(r"\w+", clause)]
    runs = [run for start in range(len(words)) if (run := _run(words[start:], wanted))]
    return [end for length, end in runs if length == min(runs)[0]]


def _run(words: Sequence[tuple[int, frozenset[str]]], wanted: frozenset[str]) -> tuple[int, int] | None:
    found: frozenset[str] = frozenset()
    for length, (end, stems) in enumerate(words, 1):
        found |= stems
        if wanted <= found:
            return length, end
    return None


def find_of_quotations(quotations: Sequence[str], words: str, lexicon: Lexicon) -> list[Duration]:
    """The times in the quotations, else in the sentences around them, else in all of the prose."""
    around = [find_around(words, quotation) for quotation in quotations]
    for texts in (quotations, around, [words]):
        found = [stated.time for text in texts for stated in find_times(text, lexicon)]
        if found:
            return found
    return []
