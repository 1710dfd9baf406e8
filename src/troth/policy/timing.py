"""Checks that each time of a rule is the one that its prose states, and that each stated time is one of a rule.

Vendors say in one section what they hold and in another for how long: there, a time belongs to the kinds that its
sentence names, by their titles or by the heading that they are declared under.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .clocks import EVENTS
from .fields import Fields
from .findings import Report
from .grammar import Block, Document, Group, Written
from .lengths import Duration
from .lexicon import Lexicon
from .reading import Terms
from .sentences import list_sentences, strip_markdown
from .stated import find_kept_times, find_near, find_of_quotations, find_of_title, find_times, list_keeping, match
from .terms import SAID_OTHERWISE
from .vocabulary import Vocabulary

_STARTS: Mapping[str, str] = {"account": "account closed", "contract end": "contract end", "request": "request closed"}
"""Events from which a time of keeping runs → what clocks call them."""


def check_times(
    document: Document, terms: Terms, lexicon: Lexicon | None, vocabulary: Vocabulary | None, report: Report
) -> None:
    """Prose without a time leaves the rule to say it; in a language without a lexicon no time is looked for."""
    if lexicon is None:
        return
    events = vocabulary.events if vocabulary else {}
    check = _Check(terms, lexicon, events, report, _list_keeping(document, lexicon), _list_named(document, terms))
    for _, group in document.groups:
        for block in group.blocks:
            check.check_block(block, group)
        check.check_prose(group)


def _list_keeping(document: Document, lexicon: Lexicon) -> tuple[str, ...]:
    """The sentences under rules that say how long something is kept."""
    prose = (written for _, group in document.groups for written in group.prose)
    said = (sentence for written in prose for sentence in list_keeping(written.text, lexicon))
    return tuple(each for each in said if find_times(each, lexicon))


def _list_named(document: Document, terms: Terms) -> Mapping[str, tuple[str, ...]]:
    """What kinds are called → which ones: each by its title, and all under one heading by that heading."""
    named: dict[str, tuple[str, ...]] = {}
    for heading, group in document.groups:
        for block in group.blocks:
            if block.type == "kind":
                for name in (terms.kinds[block.id].title, heading.title):
                    named[name] = (*named.get(name, ()), block.id)
    return named


@dataclass(frozen=True, slots=True)
class _Check:
    terms: Terms
    lexicon: Lexicon
    events: Mapping[str, re.Pattern[str]]
    report: Report
    keeping: tuple[str, ...]
    named: Mapping[str, tuple[str, ...]]

    @property
    def promised(self) -> list[Duration]:
        """The times of all promises: a policy says again, elsewhere, what it promised."""
        clocks = (time for each in self.terms.promises.values() for time in (each.within, each.ahead))
        return [time for time in clocks if time]

    def check_block(self, block: Block, group: Group) -> None:
        if block.type == "purpose":
            # What else a purpose's prose states are times of answers and emails.
            keeping = [each for written in group.prose for each in list_keeping(written.text, self.lexicon)]
            for own in self.terms.purposes[block.id].kept:
                title = self.terms.kinds[own.kind].title if own.kind in self.terms.kinds else own.kind
                stated = find_of_title(title, keeping, self.lexicon)
                _check_time(block, own.kept.time, "kept", stated, self.terms, self.report)
            return
        time, field = _find_time(block, self.terms)
        if time is not None and time.number and Fields(block.node, "", Report([])).has(field):
            _check_time(block, time, field, self._find_stated(block, group, time), self.terms, self.report)
            if block.type == "kind":
                self._check_event(block, group)
            elif block.type == "promise":
                self._check_start(block)

    def _check_start(self, block: Block) -> None:
        """A clock runs from what its duty says behind the time: “30 days after the end of the subscription”."""
        promise = self.terms.promises[block.id]
        behind = [promise.duty[each.end :] for each in find_times(promise.duty, self.lexicon)]
        starts = [(self.events[event], start) for event, start in _STARTS.items() if event in self.events]
        said = {start for says, start in starts for each in behind if says.search(each)}
        if said and promise.start in EVENTS and promise.start not in said:
            place = self.terms.gathered.places.get(("promise", block.id, "clock"), block)
            self.report.add("event-not-in-prose", place, id=block.id, event=promise.start, sentence=promise.duty)

    def _check_event(self, block: Block, group: Group) -> None:
        """Where each clause with a kind's time says from what it runs, that is what the rule says, too."""
        kept, title = self.terms.kinds[block.id].kept, self.terms.kinds[block.id].title
        clauses = [part for each in list_sentences(group.text) for part in each.split(";")]
        timed = [
            each
            for each in (*block.keeps, *clauses)
            if match(kept.time, (stated.time for stated in find_times(each, self.lexicon)))
        ]
        quoted = [each for each in timed if each in block.keeps]
        near = quoted or [each for each in timed if find_near(title, [each], self.lexicon)] or timed
        said = [{event for event, says in self.events.items() if says.search(each)} for each in near]
        if (
            said
            and all(said)
            and kept.after not in {SAID_OTHERWISE.get(event, event) for each in said for event in each}
        ):
            place = self.terms.gathered.places.get(("kind", block.id, "kept"), block)
            self.report.add("event-not-in-prose", place, id=block.id, event=kept.after, sentence=near[0])

    def _find_stated(self, block: Block, group: Group, time: Duration) -> list[Duration]:
        if block.type != "kind":
            duty = self.terms.promises[block.id].duty if block.type == "promise" else ""
            quoted = [duty] if find_times(duty, self.lexicon) else block.keeps
            return find_of_quotations(quoted, strip_markdown(group.text), self.lexicon)
        of_quotation = [stated.time for words in block.keeps for stated in find_times(words, self.lexicon)]
        if of_quotation:
            return of_quotation
        title = self.terms.kinds[block.id].title
        own = find_near(title, list_sentences(group.text), self.lexicon)
        elsewhere = [] if own else find_near(title, self.keeping, self.lexicon)
        # Another time elsewhere is found there.
        return (
            elsewhere
            if match(time, elsewhere)
            else own or find_of_title(title, list_sentences(group.text), self.lexicon)
        )

    def check_prose(self, group: Group) -> None:
        """A sentence that says how long something is kept needs a rule that keeps it so long."""
        kept = [time for block in group.blocks for time in _list_times(block, self.terms)]
        led = False
        for written in group.prose:
            # The items of “We keep it so long:” are about keeping, whether each says so or not.
            said = list_sentences(written.text) if led else list_keeping(written.text, self.lexicon)
            led = bool(self.lexicon.keeping.search(written.text)) and strip_markdown(written.text).endswith(":")
            for sentence in said:
                for stated in find_kept_times(sentence, self.lexicon):
                    if not match(stated.time, kept) and not self._is_of_named(stated.time, sentence):
                        self.report.add("stated-time-without-rule", written, time=stated.time, sentence=sentence)
            self._check_undertaken(written, kept)

    def _check_undertaken(self, written: Written, kept: list[Duration]) -> None:
        """What we do within a time, or that long before something, is what a rule under it or a promise says."""
        lexicon = self.lexicon
        for sentence in list_sentences(written.text):
            for stated in find_times(sentence, lexicon) if lexicon.undertaking.search(sentence) else ():
                bound = lexicon.within.search(sentence[: stated.start]) or lexicon.ahead.match(sentence[stated.end :])
                if bound and not match(stated.time, kept) and not match(stated.time, self.promised):
                    self.report.add("promised-time-without-rule", written, time=stated.time, sentence=sentence)

    def _is_of_named(self, time: Duration, sentence: str) -> bool:
        """Whether the time is next to the name of kinds that are all kept so long."""
        return any(
            match(time, find_near(name, [sentence], self.lexicon))
            and all(match(time, _list_kept(kind, self.terms)) for kind in kinds)
            for name, kinds in self.named.items()
        )


def _check_time(block: Block, time: Duration, field: str, stated: list[Duration], terms: Terms, report: Report) -> None:
    if stated and not match(time, stated):
        place = terms.gathered.places.get((block.type, block.id, field), block)
        said = ", ".join(sorted({str(other) for other in stated}))
        report.add("time-not-in-prose", place, time=time, said=said, owner=f"{block.type} {block.id}")


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
    for kind in kinds:
        yield from _list_kept(kind, terms)


def _list_kept(kind: str, terms: Terms) -> Iterator[Duration]:
    """How long a kind is kept, and used for purposes that use it for a shorter time."""
    if kind in terms.kinds:
        yield terms.kinds[kind].kept.time
    yield from (own.kept.time for each in terms.purposes.values() for own in each.kept if own.kind == kind)
