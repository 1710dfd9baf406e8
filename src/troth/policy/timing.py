"""Checks that each time of a rule is the one that its prose states, and that each stated time is one of a rule."""

from collections.abc import Iterator

from .binding import keeps
from .findings import Report
from .grammar import Block, Document, Group
from .lexicon import Lexicon
from .reading import Terms
from .sentences import list_sentences, strip_markdown
from .stated import find_of_quotations, find_of_title, find_times, match
from .terms import Duration


def check_times(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Prose without a time leaves the rule to say it; in a language without a lexicon no time is looked for."""
    for _, group in document.groups if lexicon else ():
        assert lexicon is not None
        for block in group.blocks:
            _check_block(block, group, terms, lexicon, report)
        _check_prose(group, terms, lexicon, report)


def _check_block(block: Block, group: Group, terms: Terms, lexicon: Lexicon, report: Report) -> None:
    time, field = _find_time(block, terms)
    if time is None or not time.number:
        return
    stated = _find_stated(block, group, terms, lexicon)
    if stated and not match(time, stated):
        place = terms.gathered.places.get((block.type, block.id, field), block)
        said = ", ".join(sorted({str(other) for other in stated}))
        report.add("time-not-in-prose", place, time=time, said=said, owner=f"{block.type} {block.id}")


def _find_stated(block: Block, group: Group, terms: Terms, lexicon: Lexicon) -> list[Duration]:
    if block.type == "kind":
        return find_of_title(terms.kinds[block.id].title, group.text, lexicon)
    return find_of_quotations(keeps(block), strip_markdown(group.text), lexicon)


def _find_time(block: Block, terms: Terms) -> tuple[Duration | None, str]:
    """The one time that a rule states, and its field."""
    if block.type == "kind":
        return terms.kinds[block.id].kept.time, "kept"
    if block.type == "cookie":
        return terms.cookies[block.id].lifetime, "lifetime"
    if block.type == "promise":
        promise = terms.promises[block.id]
        return promise.within or promise.at_most, "clock" if promise.within else "limit"
    return None, ""


def _check_prose(group: Group, terms: Terms, lexicon: Lexicon, report: Report) -> None:
    """A sentence that says how long something is kept needs a rule that keeps it so long."""
    kept = [time for block in group.blocks for time in _list_times(block, terms)]
    for written in group.prose:
        for sentence in list_sentences(written.text):
            if not lexicon.keeping.search(sentence):
                continue
            for stated in find_times(sentence, lexicon):
                if not match(stated.time, kept):
                    report.add("stated-time-without-rule", written, time=stated.time, sentence=sentence)


def _list_times(block: Block, terms: Terms) -> Iterator[Duration]:
    """Every time of a rule, and of the kinds that it is about."""
    own, _ = _find_time(block, terms)
    if own:
        yield own
    kinds: tuple[str, ...] = ()
    if block.type == "purpose":
        purpose = terms.purposes[block.id]
        kinds = purpose.may_use
        for email in purpose.emails:
            yield from (*([email.after] if email.after else ()), *email.before)
    elif block.type == "collect":
        kinds = tuple(ask.kind for ask in terms.collects[block.id].asks)
    elif block.type == "cookie":
        kinds = terms.cookies[block.id].kinds
    yield from (terms.kinds[kind].kept.time for kind in kinds if kind in terms.kinds)
