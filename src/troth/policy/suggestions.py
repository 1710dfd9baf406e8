"""Rules suggested for passages of a policy: each rule once, where the text first speaks of its thing.

What a rule needs of the rest of the text (its kinds, its channels, its purposes) is looked up in all of it first, so
that the suggested rules refer to each other and to nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .cookie_rows import write_cookies
from .lexicon import find_lexicon
from .sentences import list_sentences, split_items, split_sentences, strip_markdown
from .stated import find_times
from .vocabulary import Term, Vocabulary

_AUTOMATIC = "automatic."
_TABLE = re.compile(r"^\|(?:\s*:?-+:?\s*\|)+\s*$", re.MULTILINE)
_DEFINED = re.compile(r'\(["“]([^"”()]{3,40})["”]\)')
_ENDS = re.compile(r"[.!?]$")
_LONGEST_LABEL = 4
_PARTS = re.compile(r"(?<=\)),\s+|(?<=\))\s+(?=and\s)|;\s+")
"""Between the parts of “contract (to provide …), consent (to send …), and …”."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule as it is suggested."""

    type: str
    id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """Paragraphs that belong together, under their heading."""

    heading: str
    markdown: str

    @property
    def words(self) -> str:
        return strip_markdown(self.markdown)


class Suggestions:
    """The rules for the passages of a text. Without a vocabulary there are none."""

    def __init__(self, passages: Sequence[ReadPassage], vocabulary: Vocabulary | None) -> None:
        self._vocabulary = vocabulary
        self._lexicon = find_lexicon("en")
        self._said: dict[str, list[Term]] = {type: [] for type in ("kind", "collect", "purpose", "recipient")}
        self._homes: dict[tuple[str, str], tuple[int, ReadPassage]] = {}
        self._together: set[tuple[str, str]] = set()
        self._labels: dict[str, list[str]] = {}
        self._passages = passages
        for passage in passages:
            for type, term in self._list_said(passage.words):
                self._note(type, term, passage)
            for clause in list_sentences(passage.markdown):
                self._join(clause)
            self._label(passage)
        self._complete()
        self._settle(passages)

    def take(self, passage: ReadPassage) -> list[Suggestion]:
        """The rules that are at home in a passage, and those of the cookies that a table of it lists."""
        return [*self._list_home(passage), *self._list_cookies(passage)]

    def _list_cookies(self, passage: ReadPassage) -> Iterator[Suggestion]:
        vocabulary, lexicon = self._vocabulary, self._lexicon
        if vocabulary and lexicon and _TABLE.search(passage.markdown) and "cookie" in passage.words.lower():
            purposes = {term.id for term in self._said["purpose"]}
            for name, lines in write_cookies(passage.markdown, vocabulary.cookies, purposes, lexicon):
                yield Suggestion("cookie", name, lines)

    def _list_home(self, passage: ReadPassage) -> list[Suggestion]:
        return [
            Suggestion(type, term.id, tuple(_WRITERS[type](self, term, passage)))
            for type, term in self._list_terms()
            if self._is_home(type, term, passage) and self._is_used(type, term)
        ]

    def explain(self, passage: ReadPassage) -> str:
        """Why a passage got no rule, and what to do."""
        if self._states_time(passage):
            return "says how long data is kept"
        again = [f"{type} {term.id}" for type, term in self._list_said(passage.words)]
        if again:
            return f"speaks of what has rules elsewhere, {', '.join(again[:3])}"
        return "does something with data, and no suggested rule states it"

    def list_pledges(self, passage: ReadPassage) -> list[str]:
        """The sentences of a passage that says nothing but what we never do, or will do."""
        said = list_sentences(passage.markdown)
        pledges = [each for each in said if self._vocabulary and self._vocabulary.pledging.search(each)]
        return pledges if len(pledges) == len(said) else []

    def quote(self, passage: ReadPassage) -> str:
        """The sentence that a promise for a passage would quote."""
        return self._find_duty(passage, bool)

    def _label(self, passage: ReadPassage) -> None:
        """What a text calls several kinds together.

        "Contact details: your name, …", "Billing information. When you buy, …", "…, and the page ("Log Data")", or the
        heading above them."""
        if self._vocabulary is None:
            return
        if not self._vocabulary.headings["collect"].search(passage.heading):
            self._call(passage.heading, passage.words)
        for item in split_items(passage.markdown):
            label, colon, listed = item.partition(": ")
            self._call(label if colon else "", f"collect {listed}")
            first, *others = split_sentences(item)
            self._call(first.rstrip(".") if others else "", " ".join(others))
        for clause in list_sentences(passage.markdown):
            for label in _DEFINED.findall(clause):
                self._call(label, clause)

    def _call(self, label: str, words: str) -> None:
        for type, term in self._list_said(words) if 0 < len(label.split()) <= _LONGEST_LABEL else ():
            if type == "kind" and label not in self._labels.setdefault(term.id, []):
                self._labels[term.id].append(label)

    def _join(self, clause: str) -> None:
        said = list(self._list_said(clause))
        kinds = [term.id for type, term in said if type == "kind"]
        self._together |= {(term.id, kind) for type, term in said if type == "collect" for kind in kinds}

    def _note(self, type: str, term: Term, passage: ReadPassage) -> None:
        """The first passage is a rule's home, unless a later one is under a heading of such rules, or of this one."""
        if type in self._said and term not in self._said[type]:
            self._said[type].append(term)
        assert self._vocabulary
        heading = self._vocabulary.headings.get(type)
        rank = (heading is not None and bool(heading.search(passage.heading))) + bool(term.says.search(passage.heading))
        if (type, term.id) not in self._homes or rank > self._homes[type, term.id][0]:
            self._homes[type, term.id] = rank, passage

    def _settle(self, passages: Sequence[ReadPassage]) -> None:
        """A kind is at home where the text says how long it is kept; what nothing speaks of, where its kinds are."""
        for term in self._said["kind"]:
            timed = [passage for passage in passages if self._find_time(term, passage.markdown)]
            for passage in (each for each in timed if self._is_about_times(each) or self._is_home("kind", term, each)):
                self._homes["kind", term.id] = 2, passage
                break
        for term in self._said["collect"]:
            homes = [self._homes["kind", kind.id] for kind in self._list_asked(term)]
            if ("collect", term.id) not in self._homes and homes:
                self._homes["collect", term.id] = homes[0]

    def _states_time(self, passage: ReadPassage) -> bool:
        lexicon, words = self._lexicon, passage.words
        return bool(lexicon and lexicon.keeping.search(words) and any(find_times(words, lexicon)))

    def _is_about_times(self, passage: ReadPassage) -> bool:
        return bool(self._vocabulary and self._vocabulary.headings["kept"].search(passage.heading))

    def _is_home(self, type: str, term: Term, passage: ReadPassage) -> bool:
        home = self._homes.get((type, term.id))
        return home is not None and home[1] is passage

    def _list_terms(self) -> Iterator[tuple[str, Term]]:
        """Every rule that may be suggested, purposes first, as people write them."""
        for type in ("purpose", "recipient", "collect", "kind"):
            yield from ((type, term) for term in self._said[type])
        yield from (("promise", term) for term in (self._vocabulary.promises.values() if self._vocabulary else ()))

    def _list_said(self, words: str) -> Iterator[tuple[str, Term]]:
        """What a passage speaks of: kinds and channels where data is collected, recipients where it is shared."""
        vocabulary = self._vocabulary
        if vocabulary is None:
            return
        collects = bool(vocabulary.collecting.search(words))
        groups: tuple[tuple[str, Mapping[str, Term], bool], ...] = (
            ("purpose", vocabulary.purposes, bool(vocabulary.using.search(words))),
            ("recipient", vocabulary.recipients, bool(vocabulary.sharing.search(words))),
            ("collect", vocabulary.channels, collects),
            ("kind", vocabulary.kinds, collects),
            ("promise", vocabulary.promises, True),
        )
        for type, terms, speaks in groups:
            yield from ((type, term) for term in terms.values() if speaks and term.says.search(words))

    def _complete(self) -> None:
        """Kinds that browsers send need the channel that they come by; others need a form."""
        if self._vocabulary is None:
            return
        channels = {term.id for term in self._said["collect"]}
        form = next(id for id, term in self._vocabulary.channels.items() if term.facts.get("usual"))
        automatic = any(term.facts.get("automatic") for term in self._said["kind"])
        for id, needed in (
            ("automatic.visit", automatic),
            (form, not any(each.startswith("form.") for each in channels)),
        ):
            if needed and id not in channels:
                self._said["collect"].append(self._vocabulary.channels[id])

    def _is_used(self, type: str, term: Term) -> bool:
        """Whether the rule would have what it refers to."""
        if type == "purpose":
            return bool(self._list_kinds(term))
        if type == "collect":
            return bool(self._list_asked(term)) and bool(self._list_purposes(term))
        return type != "kind" or any(term in self._list_kinds(purpose) for purpose in self._said["purpose"])

    def _list_kinds(self, purpose: Term) -> list[Term]:
        found = [kind for kind in self._said["kind"] if kind.id in purpose.facts["uses"]]
        return found or [kind for kind in self._said["kind"] if kind.id in ("name", "email")]

    def _list_channels(self, purpose: Term) -> list[Term]:
        kinds = self._list_kinds(purpose)
        return [each for each in self._said["collect"] if any(kind in self._list_asked(each) for kind in kinds)]

    def _list_asked(self, channel: Term) -> list[Term]:
        """The kinds that the text names in one sentence or item with a channel; without one, all that fit it."""
        if "holds" in channel.facts:
            return [kind for kind in self._said["kind"] if kind.id in channel.facts["holds"]]
        automatic = channel.id.startswith(_AUTOMATIC)
        kinds = [kind for kind in self._said["kind"] if bool(kind.facts.get("automatic")) == automatic]
        fitting = [kind for kind in kinds if _fits(kind, channel)]
        named = [kind for kind in fitting if (channel.id, kind.id) in self._together]
        return named if named and not automatic else fitting

    def _list_purposes(self, channel: Term) -> list[Term]:
        return [each for each in self._said["purpose"] if channel in self._list_channels(each)]

    def write_kind(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        yield f"kind: {term.id}"
        yield f"title: {self._find_title(term, passage)}"
        yield from (f"{name}: {term.facts[name]}" for name in ("type", "class"))
        if term.facts["dpv"]:
            yield f"dpv: {term.facts['dpv']}"
        # A time that the text doesn't state is not made up: the compiler asks for it.
        kept, said = self._find_time(term, passage.markdown) or ("# kept: {for: …, after: last contact}", "")
        yield kept
        if said and not term.says.search(said):
            yield f"keeps: [{_quote(said)}]"

    def _find_title(self, term: Term, passage: ReadPassage) -> str:
        """What the text itself calls a kind, so that its readers find it again."""
        found = term.says.search(passage.words)
        words = found[0].removeprefix("your ") if found else str(term.facts["title"])
        return words[:1].upper() + words[1:]

    def _find_time(self, term: Term, markdown: str) -> tuple[str, str] | None:
        """How long a passage says a thing is kept, as a rule says it, and the clause that does."""
        lexicon, words = self._lexicon, strip_markdown(markdown)
        if lexicon is None or not (lexicon.keeping.search(words) or _TABLE.search(markdown)):
            return None
        for clause in self._list_about(term, _list_clauses(markdown)):
            for stated in find_times(clause, lexicon):
                return f"kept: {{for: {stated.time}, after: {self._find_event(clause)}}}", clause
        return None

    def _list_about(self, term: Term, clauses: Sequence[str]) -> list[str]:
        """The clauses that name a kind, then those that name it together with others."""
        labels = [label.lower() for label in self._labels.get(term.id, ())]
        called = (each for label in labels for each in clauses if label in each.lower())
        return [*(each for each in clauses if term.says.search(each)), *called]

    def _find_event(self, clause: str) -> str:
        events = self._vocabulary.events if self._vocabulary else {}
        return next((event for event, says in events.items() if says.search(clause)), "collection")

    def write_collect(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        yield f"collect: {term.id}"
        yield f"title: {term.facts['title']}"
        yield f"asks: [{_join(kind for kind in self._list_asked(term) if self._is_used('kind', kind))}]"
        yield f"for: [{_join(self._list_purposes(term))}]"

    def write_purpose(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        yield f"purpose: {term.id}"
        yield f"title: {term.facts['title']}"
        yield f"dpv: {term.facts['dpv']}"
        yield f"may use: [{_join(self._list_kinds(term))}]"
        yield f"collected by: [{_join(self._list_channels(term))}]"
        basis, said = self._find_basis(term, passage)
        yield f"choice: {'sign up' if basis == 'consent' else self._find_choice(term, passage)}"
        yield f"marketing: {term.facts['marketing']}"
        if basis:
            yield f"basis: {basis}"
        if basis == "legitimate interests":
            yield f"balance: {_quote(said)}"
        given = [each for each in self._said["recipient"] if self._gives(term, each, passage)]
        if given:
            yield f"recipients: [{_join(given)}]"

    def _gives(self, purpose: Term, recipient: Term, home: ReadPassage) -> bool:
        """Whether a purpose gives data to a recipient.

        Those who work for us serve all purposes, and authorities the law. Of the rest the purpose's own text says so,
        or one item or sentence names both."""
        if recipient.facts["is"] == "provider":
            return purpose.id != "legal"
        if recipient.facts["is"] == "authority":
            return purpose.id == "legal"
        items = (item for each in self._passages for item in split_items(each.markdown))
        return bool(recipient.says.search(home.words)) or any(
            recipient.says.search(item) and purpose.says.search(item) for item in items
        )

    def _find_choice(self, term: Term, passage: ReadPassage) -> str:
        """What people can say to a purpose: the usual, or to sign up, if they can refuse it and the text says so."""
        usual, vocabulary = str(term.facts["choice"]), self._vocabulary
        said = (clause for clause in _list_clauses(passage.markdown) if term.says.search(clause))
        if vocabulary and usual != "none" and any(vocabulary.signing_up.search(clause) for clause in said):
            return "sign up"
        return usual

    def _find_basis(self, term: Term, passage: ReadPassage) -> tuple[str, str]:
        """The basis that the text states for a purpose in one row, sentence or part of a list, and the words that do.

        Where the purpose is at home, or else under a heading or in a sentence about bases."""
        bases = self._vocabulary.bases if self._vocabulary else {}
        others = (each for each in self._passages if each is not passage)
        for read in (passage, *others):
            for clause in _list_clauses(read.markdown):
                for part in _PARTS.split(clause) if term.says.search(clause) else ():
                    cells = [strip_markdown(cell) for cell in part.strip("|").split(" | ")]
                    found = [basis for basis, says in bases.items() if says.search(cells[-1])]
                    if len(found) == 1 and term.says.search(part):
                        return found[0], cells[-1].removeprefix("and ")
        return "", ""

    def write_recipient(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        yield f"recipient: {term.id}"
        yield from (
            f"{name}: {term.facts[name]}" for name in ("title", "is", "third party", "when") if name in term.facts
        )
        if countries := self._find_countries(term):
            yield f"country: [{', '.join(countries)}]"
            yield from (f"safeguard: {words}" for words in self._list_safeguards()[:1])

    def _find_countries(self, recipient: Term) -> list[str]:
        """The codes of the countries that the first sentence about a recipient's country names."""
        named = self._vocabulary.countries if self._vocabulary else {}
        clauses = (clause for each in self._passages for clause in list_sentences(each.markdown))
        about = (clause for clause in clauses if recipient.says.search(clause))
        found = ([code for code, says in named.items() if says.search(clause)] for clause in about)
        return next((codes for codes in found if codes), [])

    def _list_safeguards(self) -> list[str]:
        """What the text rests transfers to other countries on, in its own words."""
        vocabulary = self._vocabulary
        return (
            [found[0] for each in self._passages for found in vocabulary.safeguarding.finditer(each.words)]
            if vocabulary
            else []
        )

    def write_promise(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        yield f"promise: {term.id}"
        yield f"duty: {_quote(self._find_duty(passage, term.says.search))}"
        if term.facts["law"]:
            yield f"law: [{', '.join(term.facts['law'])}]"

    def _find_duty(self, passage: ReadPassage, says: Callable[[str], object]) -> str:
        """The sentence that says something, if possible one that does something with data."""
        sentences = list_sentences(passage.markdown)
        said = [each for each in sentences if says(each)]
        acts = self._vocabulary.acts.search if self._vocabulary else bool
        duty = next((each for each in said if acts(each)), (*said, *sentences, passage.words)[0])
        return duty if _ENDS.search(duty) else duty.rstrip(":;,") + "."


def _list_clauses(markdown: str) -> list[str]:
    """The rows of a table, and the sentences of other text."""
    return split_items(markdown) if _TABLE.search(markdown) else [*list_sentences(markdown)]


def _fits(kind: Term, channel: Term) -> bool:
    """Whether a form may ask for a kind: passwords are for accounts only."""
    return bool(kind.facts.get("only", channel.id) == channel.id)


def _join(terms: Iterable[Term]) -> str:
    return ", ".join(term.id for term in terms)


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITERS: Mapping[str, Callable[[Suggestions, Term, ReadPassage], Iterator[str]]] = {
    "kind": Suggestions.write_kind,
    "collect": Suggestions.write_collect,
    "purpose": Suggestions.write_purpose,
    "recipient": Suggestions.write_recipient,
    "promise": Suggestions.write_promise,
}
