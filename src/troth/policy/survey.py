"""What a text says of the things that rules are about: which there are, where each is at home, what goes together."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .clauses import split_clauses
from .keeping import Keeping, Kept, find_label
from .lexicon import find_lexicon
from .sentences import find_head, list_sentences, split_items, split_sentences, strip_markdown
from .stated import find_times, list_keeping
from .table_rows import find_table
from .vocabulary import Term, Vocabulary

_AUTOMATIC = "automatic."
_DEFINED = re.compile(r'\(["“]([^"”()]{3,40})["”]\)')
_LONGEST_LABEL = 4
_LEAST = ("name", "email")
"""What a form asks for of which the text doesn't say what it asks."""


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """Paragraphs that belong together, under their heading."""

    heading: str
    markdown: str

    @property
    def words(self) -> str:
        return strip_markdown(self.markdown)


class Survey:
    """What the passages of a text say. Without a vocabulary they say nothing."""

    def __init__(self, passages: Sequence[ReadPassage], vocabulary: Vocabulary | None, language: str) -> None:
        self.vocabulary = vocabulary
        self.lexicon = find_lexicon(language)
        self.said: dict[str, list[Term]] = {type: [] for type in ("kind", "collect", "purpose", "recipient")}
        self.passages = passages
        self._homes: dict[tuple[str, str], tuple[int, ReadPassage]] = {}
        self._together: set[tuple[str, str]] = set()
        self._labels: dict[str, list[str]] = {}
        self._keeping = Keeping([each.markdown for each in passages], vocabulary, self.lexicon, self._labels)
        self._needed: set[str] = set()
        for passage in passages:
            head = find_head(passage.markdown)
            heading = "" if head else passage.heading
            for type, term in self.list_said(" ".join(self._list_read(passage)), heading):
                self._note(type, term, passage)
            for term in self._list_headed(passage, heading):
                self._note("purpose", term, passage)
            for clause in self._list_joined(passage):
                self._join(f"{head} {clause}", heading)
            self._label(passage)
        self._complete()
        self._settle()

    def _list_read(self, passage: ReadPassage) -> list[str]:
        """The sentences of a passage; of a table of legal bases what is before these, which are no purposes."""
        table = find_table(passage.markdown) if self.vocabulary and "|" in passage.markdown else None
        column = table.find_column(self.vocabulary.headings["basis"]) if table and self.vocabulary else None
        return [" | ".join(row[:column]) for row in table.rows] if table and column else self.list_acting(passage)

    def _list_joined(self, passage: ReadPassage) -> Iterator[str]:
        """The clauses whose channels ask for their kinds; one without a kind goes with the next: “In doing so we …”."""
        clauses = self.list_acting(passage)
        whole = len(split_items(passage.markdown)) == 1
        for clause, following in zip(clauses, [*clauses[1:], ""], strict=False):
            yield f"{clause} {following}" if whole and self._is_of_channel_alone(clause) else clause

    def _is_of_channel_alone(self, clause: str) -> bool:
        channels = self.vocabulary.channels.values() if self.vocabulary else ()
        asked = [kind for kind in self.vocabulary.kinds.values() if _says(kind, clause)] if self.vocabulary else []
        return any(
            each.says.search(clause) and not any(_fits(kind, each) for kind in asked)
            for each in channels
            if not each.id.startswith(_AUTOMATIC)
        )

    def _list_headed(self, passage: ReadPassage, heading: str) -> Iterator[Term]:
        """The activity that a section is called by, where it says that data is collected: “5. Orders and invoices”."""
        vocabulary = self.vocabulary
        if vocabulary is None or any(
            vocabulary.headings[type].search(heading) for type in ("promise", "kept", "basis")
        ):
            return
        if vocabulary.collecting.search(" ".join(self.list_acting(passage))):
            named = {each: find_label(each, heading) for each in vocabulary.purposes.values()}
            first = min((found for found in named.values() if found is not None), default=None)
            yield from (each for each, found in named.items() if found is not None and found == first)

    def list_terms(self) -> Iterator[tuple[str, Term]]:
        """Every rule that may be suggested, purposes first, as people write them."""
        for type in ("purpose", "recipient", "collect", "kind"):
            yield from ((type, term) for term in self.said[type])
        yield from (("promise", term) for term in (self.vocabulary.promises.values() if self.vocabulary else ()))

    def list_acting(self, passage: ReadPassage) -> list[str]:
        """The sentences of a passage, but for those about the policy itself: what it explains and applies to."""
        said = list_sentences(passage.markdown)
        return [each for each in said if not (self.lexicon and self.lexicon.telling.match(each))]

    def is_home(self, type: str, term: Term, passage: ReadPassage) -> bool:
        """Whether a passage is the one that a rule is suggested for."""
        home = self._homes.get((type, term.id))
        return home is not None and home[1] is passage

    def is_used(self, type: str, term: Term) -> bool:
        """Whether the rule would have what it refers to."""
        if type == "purpose":
            return bool(self.list_kinds(term))
        if type == "collect":
            return bool(self.list_asked(term)) and bool(self.list_purposes(term)) and self._is_described(term)
        return type != "kind" or any(term in self.list_used(purpose) for purpose in self.said["purpose"])

    def _is_described(self, channel: Term) -> bool:
        """Whether the text says what is asked there, or names it where it says what is collected."""
        others = [each for each in self.said["collect"] if each is not channel]
        rank = self._homes[("collect", channel.id)][0] if ("collect", channel.id) in self._homes else 1
        return rank > 0 or channel.id in self._needed or not others or any(id == channel.id for id, _ in self._together)

    def list_kinds(self, purpose: Term) -> list[Term]:
        """The kinds that a purpose may use: the usual ones, and those of a channel that is made for it."""
        own = {id for id, terms in self._list_made_for() if terms and terms[0] is purpose}
        named = {kind for channel, kind in self._together if channel in own}
        found = [kind for kind in self.said["kind"] if kind.id in purpose.facts["uses"] or kind.id in named]
        return found or [kind for kind in self.said["kind"] if kind.id in ("name", "email")]

    def _list_made_for(self) -> Iterator[tuple[str, list[Term]]]:
        """Channels with the purposes that they are made for, the first one first."""
        purposes = {term.id: term for term in self.said["purpose"]}
        for channel in self.said["collect"]:
            yield channel.id, [purposes[id] for id in channel.facts.get("for", ()) if id in purposes]

    def list_used(self, purpose: Term) -> list[Term]:
        """The kinds that a purpose may use and that its channels ask for."""
        asked = {kind.id for channel in self.list_channels(purpose) for kind in self.list_asked(channel)}
        return [kind for kind in self.list_kinds(purpose) if kind.id in asked]

    def list_channels(self, purpose: Term) -> list[Term]:
        """The channels that a purpose's data comes by: those that serve it by themselves, else all that ask for it."""
        kinds = self.list_kinds(purpose)
        fitting = [each for each in self.said["collect"] if any(kind in self.list_asked(each) for kind in kinds)]
        fitting = [each for each in fitting if self._is_described(each)]
        own = [each for each in fitting if purpose.id in each.facts.get("for", (purpose.id,))]
        # What was given for something else isn't used to advertise, unless the text says so.
        general = [] if purpose.facts["marketing"] == "may" else fitting
        return own or [each for each in general if "for" not in each.facts or "usual" in each.facts] or general

    def list_asked(self, channel: Term) -> list[Term]:
        """The kinds that the text names in one sentence, item or row with a channel; without one, all that fit it."""
        if "holds" in channel.facts:
            return [kind for kind in self.said["kind"] if kind.id in channel.facts["holds"]]
        automatic = channel.id.startswith(_AUTOMATIC)
        kinds = [kind for kind in self.said["kind"] if _is_automatic(channel, kind)]
        fitting = [kind for kind in kinds if _fits(kind, channel)]
        named = [kind for kind in fitting if (channel.id, kind.id) in self._together]
        if automatic or channel.facts.get("usual"):
            return named if named and not automatic else fitting
        return named or [kind for kind in fitting if kind.id in _LEAST or "only" in kind.facts] or fitting

    def list_purposes(self, channel: Term) -> list[Term]:
        """The purposes that a channel's data is for."""
        return [each for each in self.said["purpose"] if channel in self.list_channels(each)]

    def list_said(self, words: str, heading: str = "") -> Iterator[tuple[str, Term]]:
        """What a passage speaks of: kinds and channels where data is collected, recipients where it is shared.

        Its heading may say that it does; a table says so itself."""
        vocabulary = self.vocabulary
        if vocabulary is None:
            return
        under = {type: bool(says.search(heading)) for type, says in vocabulary.headings.items()}
        collects = under["collect"] or bool(vocabulary.collecting.search(words))
        groups: tuple[tuple[str, Mapping[str, Term], bool], ...] = (
            ("purpose", vocabulary.purposes, under["purpose"] or bool(vocabulary.using.search(words))),
            ("recipient", vocabulary.recipients, under["recipient"] or bool(vocabulary.sharing.search(words))),
            ("collect", vocabulary.channels, collects),
            ("kind", vocabulary.kinds, collects),
            ("promise", vocabulary.promises, True),
        )
        for type, terms, speaks in groups:
            said = (term for term in terms.values() if speaks and _says(term, words))
            yield from ((type, term) for term in said if not self._is_denied(term, words))

    def _is_denied(self, term: Term, words: str) -> bool:
        """Whether a text says of a purpose only that it isn't so; of marketing, too, that people may refuse it."""
        marketing = term.facts.get("marketing")
        if not marketing or self.vocabulary is None or self.lexicon is None:
            return False
        refusing = self.vocabulary.refusing if marketing == "may" else self.lexicon.negation
        parts = split_sentences(words) if marketing == "may" else self._split_clauses(words)
        found = ((each, term.says.search(each)) for each in parts)
        leading = [each[: said.start()] for each, said in found if said]
        return bool(leading) and all(refusing.search(each) for each in leading)

    def _split_clauses(self, words: str) -> list[str]:
        lexicon = self.lexicon
        return [part for each in split_sentences(words) for part in split_clauses(each, lexicon)] if lexicon else []

    def states_time(self, passage: ReadPassage) -> bool:
        """Whether a passage says how long something is kept."""
        lexicon = self.lexicon
        return lexicon is not None and any(
            find_times(each, lexicon) for each in list_keeping(passage.markdown, lexicon)
        )

    def find_kept(self, kind: Term, passage: ReadPassage) -> Kept | None:
        """How long a passage says that a kind is kept: by its own name, else the longest of what it is part of."""
        if named := self._keeping.find_named(kind, passage.markdown):
            return named
        called = [*self._keeping.list_called(kind, passage.markdown)]
        parts = [*called, *self._list_activities(kind, rows=bool(called))]
        return max(
            (each for each in parts if each.said in passage.words), key=lambda kept: kept.time.days, default=None
        )

    def list_shorter(self, purpose: Term) -> list[tuple[Term, Kept]]:
        """The kinds that a purpose uses for a shorter time than they are kept for another one."""
        own = self._keeping.find_activity(purpose)
        kinds = self.list_used(purpose) if own and own.event else []
        # What an activity that reads log files keeps is what these hold.
        kinds = [kind for kind in kinds if "automatic" in kind.facts] or kinds
        return [(kind, own) for kind in kinds if own and self._is_longer(kind, own)]

    def _is_longer(self, kind: Term, own: Kept) -> bool:
        home = self._homes.get(("kind", kind.id))
        kept = self.find_kept(kind, home[1]) if home else None
        named = home and self._keeping.find_named(kind, home[1].markdown)
        return kept is not None and not named and kept.time.days > own.time.days

    def _list_activities(self, kind: Term, *, rows: bool) -> Iterator[Kept]:
        """How long activities keep what they use, by rows alone or sentences, too. What cookies hold lasts as these."""
        held = {id for channel in self.said["collect"] for id in channel.facts.get("holds", ())}
        for purpose in self.said["purpose"] if kind.id not in held else ():
            if kind in self.list_used(purpose) and (kept := self._keeping.find_activity(purpose, rows=rows)):
                yield kept

    def _label(self, passage: ReadPassage) -> None:
        """What a text calls several kinds together.

        "Contact details: your name, …", "Billing information. When you buy, …", "…, and the page ("Log Data")", or the
        heading above them."""
        if self.vocabulary is None:
            return
        if not self.vocabulary.headings["collect"].search(passage.heading):
            self._call(passage.heading, passage.words)
        for item in split_items(passage.markdown):
            label, colon, listed = item.partition(": ")
            self._call(label if colon else "", f"collect {listed}")
            first, *others = split_sentences(item)
            self._call(first.rstrip(".") if others else "", " ".join(others))
            bold, comma, named = item.partition(", such as ")
            self._call(bold if comma else "", f"collect {named}")
        for clause in list_sentences(passage.markdown):
            for label in _DEFINED.findall(clause):
                self._call(label, clause)

    def _call(self, label: str, words: str) -> None:
        for type, term in self.list_said(words) if 0 < len(label.split()) <= _LONGEST_LABEL else ():
            if type == "kind" and label not in self._labels.setdefault(term.id, []):
                self._labels[term.id].append(label)

    def _join(self, clause: str, heading: str) -> None:
        said = list(self.list_said(clause, heading))
        kinds = [term for type, term in said if type == "kind"]
        channels = [term for type, term in said if type == "collect"]
        self._together |= {(term.id, kind.id) for term in channels for kind in kinds if _is_automatic(term, kind)}

    def _note(self, type: str, term: Term, passage: ReadPassage) -> None:
        """The first passage is a rule's home, unless a later one is under a heading of such rules, or of this one."""
        if type in self.said and term not in self.said[type]:
            self.said[type].append(term)
        assert self.vocabulary
        heading = self.vocabulary.headings.get(type)
        rank = (heading is not None and bool(heading.search(passage.heading))) + bool(term.says.search(passage.heading))
        if (type, term.id) not in self._homes or rank > self._homes[type, term.id][0]:
            self._homes[type, term.id] = rank, passage

    def _complete(self) -> None:
        """Kinds that browsers send need the channel that they come by; others need a form."""
        if self.vocabulary is None:
            return
        channels = {term.id for term in self.said["collect"]}
        described = filter(self._is_described, self.said["collect"])
        asked = {kind.id for channel in described for kind in self.list_asked(channel)}
        form = next(id for id, term in self.vocabulary.channels.items() if term.facts.get("usual"))
        automatic = any(term.facts.get("automatic") for term in self.said["kind"])
        marketed = [each for each in self.said["purpose"] if each.facts["marketing"] == "may" and self.list_kinds(each)]
        for purpose in marketed:
            if not self.list_channels(purpose) and (id := self._find_made_for(purpose)):
                self._needed.add(id)
                self._homes["collect", id] = self._homes["purpose", purpose.id]
                self.said["collect"] += [self.vocabulary.channels[id]] if id not in channels else []
        for id, needed in (
            ("automatic.visit", automatic),
            (form, any(kind.id in ("name", "email") for kind in self.said["kind"] if kind.id not in asked)),
        ):
            if needed and id not in channels:
                self.said["collect"].append(self.vocabulary.channels[id])

    def _find_made_for(self, purpose: Term) -> str:
        """The channel that serves a purpose before others; empty where there is none."""
        channels = self.vocabulary.channels.values() if self.vocabulary else ()
        return next((each.id for each in channels if each.facts.get("for", ())[:1] == [purpose.id]), "")

    def _settle(self) -> None:
        """A kind is at home where the text says how long it is kept; what nothing speaks of, where its kinds are."""
        for term in self.said["collect"]:
            homes = [self._homes["kind", kind.id] for kind in self.list_asked(term)]
            if ("collect", term.id) not in self._homes and homes:
                self._homes["collect", term.id] = homes[0]
        for term in self.said["kind"]:
            timed = [each for each in self.passages if self._keeping.find_named(term, each.markdown)]
            own = [each for each in timed if self._is_about_times(each) or self.is_home("kind", term, each)]
            kept = [each for each in self.passages if self._is_about_times(each) and self.find_kept(term, each)]
            for passage in (own or kept)[:1]:
                self._homes["kind", term.id] = 2, passage
            if not timed and not kept and (elsewhere := self._find_longest(term)):
                self._homes["kind", term.id] = 2, elsewhere

    def _find_longest(self, kind: Term) -> ReadPassage | None:
        """The passage that keeps a kind for the longest, where each says for its own activity how long."""
        own = ((each, kept) for each in self.passages for kept in self._keeping.list_called(kind, each.markdown))
        activities = [*self._list_activities(kind, rows=False)]
        others = ((each, kept) for each in self.passages for kept in activities if kept.said in each.words)
        found = max((*own, *others), key=lambda each: each[1].time.days, default=None)
        return found[0] if found else None

    def _is_about_times(self, passage: ReadPassage) -> bool:
        return bool(self.vocabulary and self.vocabulary.headings["kept"].search(passage.heading))


def _says(term: Term, words: str) -> bool:
    """Whether words speak of a thing, by its own name or by one for several: “contact details”."""
    also = term.facts.get("also")
    return bool(term.says.search(words)) or bool(also and re.search(also, words, re.IGNORECASE | re.VERBOSE))


def _is_automatic(channel: Term, kind: Term) -> bool:
    """Whether both come by themselves, or neither does: a form asks for no IP address."""
    return bool(kind.facts.get("automatic")) == channel.id.startswith(_AUTOMATIC)


def _fits(kind: Term, channel: Term) -> bool:
    """Whether a form may ask for a kind: passwords are for accounts only."""
    return bool(kind.facts.get("only", channel.id) == channel.id)
