"""Checks that each time of a rule is the one that its prose states, and that each stated time is one of a rule."""

from collections.abc import Iterator

from .binding import keeps
from .fields import Fields
from .findings import Report
from .grammar import Block, Document, Group
from .lengths import Duration
from .lexicon import Lexicon
from .reading import Terms
from .sentences import list_sentences, strip_markdown
from .stated import find_of_quotations, find_of_title, find_times, match


def check_times(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Prose without a time leaves the rule to say it; in a language without a lexicon no time is looked for."""
    for _, group in document.groups if lexicon else ():
        assert lexicon is not None
        for block in group.blocks:
            _check_block(block, group, terms, lexicon, report)
        _check_prose(group, terms, lexicon, report)


def _check_block(block: Block, group: Group, terms: Terms, lexicon: Lexicon, report: Report) -> None:
    if block.type == "purpose":
        # What else a purpose's prose states are times of answers and emails.
        keeping = " ".join(each for each in list_sentences(group.text) if lexicon.keeping.search(each))
        for own in terms.purposes[block.id].kept:
            title = terms.kinds[own.kind].title if own.kind in terms.kinds else own.kind
            _check_time(block, own.kept.time, "kept", find_of_title(title, keeping, lexicon), terms, report)
        return
    time, field = _find_time(block, terms)
    if time is not None and time.number and Fields(block.node, "", Report([])).has(field):
        _check_time(block, time, field, _find_stated(block, group, terms, lexicon), terms, report)


def _check_time(block: Block, time: Duration, field: str, stated: list[Duration], terms: Terms, report: Report) -> None:
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
        clock = promise.within or promise.ahead
        return clock or promise.at_most, "clock" if clock else "limit"
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
    elif block.type == "kind":
        kinds = (block.id,)
    yield from (terms.kinds[kind].kept.time for kind in kinds if kind in terms.kinds)
    yield from (own.kept.time for each in terms.purposes.values() for own in each.kept if own.kind in kinds)
