"""Checks what prose says of keeping without a time: forever, as long as needed, not at all, for several years."""

from collections.abc import Iterator

from .clauses import split_clauses
from .findings import Report
from .grammar import Document, Group
from .lexicon import Lexicon
from .reading import Terms
from .sentences import list_sentences
from .stated import find_times
from .words import list_stems


def check_timeless(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Reports such words where a rule has a time, and times that have no number."""
    for _, group in document.groups if lexicon else ():
        assert lexicon is not None
        kinds = {kind for block in group.blocks for kind in _list_kinds(block.type, block.id, terms)}
        for written in group.prose:
            for sentence in list_sentences(written.text):
                if _contradicts(sentence, group, kinds, terms, lexicon):
                    report.add("kept-otherwise", written, sentence=sentence)
                for words in find_unmeasured(sentence, lexicon):
                    report.add("time-not-understood", written, time=words, sentence=sentence)


def is_timeless(sentence: str, lexicon: Lexicon) -> bool:
    """Whether a sentence says of people's data that it is kept forever, as long as needed, or not."""
    timeless = (
        _is_endless(sentence, lexicon)
        or (lexicon.needed.search(sentence) and lexicon.keeping.search(sentence))
        or _is_at_once(sentence, lexicon)
    )
    return bool(timeless and (lexicon.data.search(sentence) or lexicon.yours.search(sentence)))


def find_unmeasured(sentence: str, lexicon: Lexicon) -> list[str]:
    """The times of a sentence about keeping that give no number: “for several years”."""
    if not (lexicon.unmeasured.may_find(sentence) and lexicon.keeping.search(sentence)):
        return []
    times = find_times(sentence, lexicon)
    return [
        found[0]
        for found in lexicon.unmeasured.finditer(sentence)
        if not any(time.start < found.end() and time.end > found.start() for time in times)
    ]


def _contradicts(sentence: str, group: Group, kinds: set[str], terms: Terms, lexicon: Lexicon) -> bool:
    if _is_endless(sentence, lexicon):
        return bool(kinds) or _names_data(sentence, kinds, terms, lexicon)
    if not kinds:
        return False
    if lexicon.needed.search(sentence) and lexicon.keeping.search(sentence):
        return not find_times(group.text, lexicon)
    # “We don't store card numbers; we keep the card type” denies the numbers alone.
    denied = [clause for clause in split_clauses(sentence, lexicon) if lexicon.at_once.search(clause)]
    about = any(lexicon.pronoun.search(clause) or _names_data(clause, kinds, terms, lexicon) for clause in denied)
    return about and not lexicon.conditional.search(sentence)


def _is_endless(sentence: str, lexicon: Lexicon) -> bool:
    return lexicon.endless.may_find(sentence) and any(
        not lexicon.negation.search(clause[: found.start()])
        for clause in split_clauses(sentence, lexicon)
        for found in lexicon.endless.finditer(clause)
    )


def _is_at_once(sentence: str, lexicon: Lexicon) -> bool:
    return bool(lexicon.at_once.search(sentence)) and not lexicon.conditional.search(sentence)


def _names_data(sentence: str, kinds: set[str], terms: Terms, lexicon: Lexicon) -> bool:
    """Whether it is about all that people tell us, or about one of these kinds, or of any where there are none."""
    if lexicon.yours.search(sentence):
        return True
    words = list_stems(sentence)
    titles = [
        list_stems(terms.kinds[kind].title, lexicon.fillers) for kind in kinds or terms.kinds if kind in terms.kinds
    ]
    return any(title and title <= words for title in titles)


def _list_kinds(type: str, id: str, terms: Terms) -> Iterator[str]:
    """The kinds that a rule is about."""
    if type == "kind":
        yield id
    elif type == "purpose":
        yield from terms.purposes[id].may_use
    elif type == "collect":
        yield from (ask.kind for ask in terms.collects[id].asks)
    elif type == "cookie":
        yield from terms.cookies[id].kinds
