"""Rules suggested for passages of a policy: each rule once, where the text first speaks of its thing.

What a rule needs of the rest of the text (its kinds, its channels, its purposes) is looked up in all of it first
(`survey`), so that the suggested rules refer to each other and to nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .clock_rows import list_clocks
from .company_rows import Company, list_companies, read_company
from .cookie_rows import find_setter, is_of_cookies, write_cookies
from .keeping import find_label, list_clauses
from .lexicon import Lexicon
from .sentences import find_head, list_sentences, split_items, split_sentences, strip_markdown
from .survey import ReadPassage, Survey
from .table_rows import find_cell, find_table
from .vocabulary import Term, Vocabulary
from .words import list_stems

_ENDS = re.compile(r"[.!?]$")
_NUMBER = re.compile(r"^(?:\(?[a-z0-9]\)|\d+(?:\.\d+)*[.)]?)\s+(?=[A-Z])")
_TRAILING = re.compile(r"[:;,]\s*(?:and|or)?\s*$")
_LETTERED = re.compile(r"(?:^|[:;,]\s+(?:and\s+|or\s+)?)\([a-z]{1,4}\)\s+")
_POSTAL = re.compile(r"\b\d{3,}\b")
_PARTS = re.compile(r"(?<=\)),\s+|(?<=\))\s+(?=and\s)|;\s+")
"""Between the parts of “contract (to provide …), consent (to send …), and …”."""


_TITLED = ("recipient", "purpose", "collect")
"""Rules whose titles are ours, and not the text's."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule as it is suggested."""

    type: str
    id: str
    lines: tuple[str, ...]


class Suggestions:
    """The rules for the passages of a text. Without a vocabulary there are none."""

    def __init__(
        self, passages: Sequence[ReadPassage], vocabulary: Vocabulary | None, *, organization: str, language: str
    ) -> None:
        self._vocabulary = vocabulary
        self._survey = Survey(passages, vocabulary, language)
        self._passages = passages
        self._own = re.compile(rf"^$|\b(?:{re.escape(organization.split()[0])}|us|our|first)\b", re.IGNORECASE)
        self._companies = self._list_companies()

    @property
    def lexicon(self) -> Lexicon | None:
        """The words of the text's language."""
        return self._survey.lexicon

    def take(self, passage: ReadPassage) -> list[Suggestion]:
        """The rules that are at home in a passage, and those of the companies and cookies that a table of it lists."""
        companies = [
            Suggestion("recipient", each.id, tuple(each.write())) for each in self._companies.get(passage.markdown, ())
        ]
        return [*self._list_home(passage), *companies, *self._list_cookies(passage)]

    def _list_companies(self) -> Mapping[str, list[Company]]:
        """The companies that tables list, by the Markdown of their passages; each once."""
        found: dict[str, list[Company]] = {}
        named: set[str] = set()
        for passage in self._passages if self._vocabulary else ():
            table = find_table(passage.markdown)
            for company in list_companies(table, self._vocabulary.countries) if table and self._vocabulary else ():
                if company.id not in named:
                    named.add(company.id)
                    found.setdefault(passage.markdown, []).append(company)
        return found

    def _list_cookies(self, passage: ReadPassage) -> Iterator[Suggestion]:
        vocabulary, lexicon, table = self._vocabulary, self._survey.lexicon, find_table(passage.markdown)
        if not (vocabulary and lexicon and table and is_of_cookies(table, passage.heading)):
            return
        purposes = {term.id for term in self._survey.said["purpose"]}
        known = {company.id for companies in self._companies.values() for company in companies}
        for row in table.rows:
            setter = find_setter(table, row)
            company = None if self._own.search(setter) else read_company(setter, vocabulary.countries)
            if company and company.id not in known:
                known.add(company.id)
                yield Suggestion("recipient", company.id, tuple(company.write(partner=True)))
            for name, lines in write_cookies(row, vocabulary.cookies, purposes, company.id if company else "", lexicon):
                yield Suggestion("cookie", name, lines)

    def _list_home(self, passage: ReadPassage) -> list[Suggestion]:
        return [
            Suggestion(type, term.id, (*_WRITERS[type](self, term, passage), *self._keep(type, term, passage)))
            for type, term in self._survey.list_terms()
            if self._survey.is_home(type, term, passage) and self._is_used(type, term)
        ]

    def _keep(self, type: str, term: Term, passage: ReadPassage) -> list[str]:
        """The quotation of what the text calls something else than its rule's title."""
        if type not in _TITLED or list_stems(str(term.facts["title"]), least=4) & list_stems(passage.words, least=4):
            return []
        said = [each for each in list_sentences(passage.markdown) if term.says.search(each) and " | " not in each]
        parts = [part for each in said for part in each.split("; ") if term.says.search(part)]
        return [f"keeps: [{quote_value(_TRAILING.sub('', each))}]" for each in parts or said][:1]

    def _is_used(self, type: str, term: Term) -> bool:
        """Companies that a table lists are the service providers that the rest of the text speaks of."""
        listed = type == "recipient" and term.facts["is"] == "provider" and bool(self._companies)
        return self._survey.is_used(type, term) and not listed

    def explain(self, passage: ReadPassage) -> str:
        """Why a passage got no rule."""
        if self._vocabulary is None:
            return "wasn’t read: suggestions are made in English and German only"
        if self._survey.states_time(passage):
            return "says how long data is kept"
        again = [f"{type} {term.id}" for type, term in self._survey.list_said(passage.words)]
        if again:
            return f"speaks of what has rules elsewhere, {', '.join(again[:3])}"
        return "does something with data, and no suggested rule states it"

    def list_clocked(self, passage: ReadPassage) -> list[str]:
        """The sentences of a passage that say within what time we do something, or how long before."""
        return [each for each in map(_tidy, self._survey.list_acting(passage)) if self.list_clocks(each)]

    def list_clocks(self, sentence: str) -> list[str]:
        """The clocks that a sentence states, as rules have them."""
        vocabulary, lexicon = self._vocabulary, self._survey.lexicon
        return list_clocks(sentence, vocabulary.clocks, lexicon) if vocabulary and lexicon else []

    def list_pledges(self, passage: ReadPassage) -> list[str]:
        """The sentences of a passage that says nothing but what we never do, or will do."""
        vocabulary, said = self._vocabulary, [_tidy(each) for each in self._survey.list_acting(passage)]
        pledges = [each for each in said if vocabulary and vocabulary.pledging.search(each)]
        others = [each for each in said if each not in pledges and vocabulary and vocabulary.acts.search(each)]
        return [] if others else pledges

    def list_unstated(self, passage: ReadPassage) -> list[str]:
        """The items of a list of purposes for which there is no rule: “to evaluate job applications”."""
        purposes = [each for each in self._survey.said["purpose"] if self._survey.is_home("purpose", each, passage)]
        items = [each for each in split_items(passage.markdown) if not each.endswith(":")]
        items = items if len(items) > 1 else _LETTERED.split(passage.words)[1:]
        known = self._vocabulary.purposes.values() if self._vocabulary else ()
        unsaid = [each for each in items if not any(_is_named(term, each) for term in known)]
        return [_TRAILING.sub("", each).rstrip(".") for each in unsaid] if len(purposes) > 1 and len(items) > 2 else []

    def find_country(self, organization: str) -> str:
        """The code of the country where the text says that the organization is, with its address; else empty."""
        named = self._vocabulary.countries if self._vocabulary else {}
        for sentence in (each for passage in self._passages for each in list_sentences(passage.markdown)):
            codes = [code for code, says in named.items() if says.search(sentence)]
            if organization in sentence and len(codes) == 1 and _POSTAL.search(sentence):
                return codes[0]
        return ""

    def does_something(self, passage: ReadPassage) -> bool:
        """Whether a passage does something with data, or grants a right."""
        acts = self._vocabulary.acts if self._vocabulary else None
        return acts is None or any(acts.search(each) for each in self._survey.list_acting(passage))

    def quote(self, passage: ReadPassage) -> str:
        """The sentence that a promise for a passage would quote."""
        return self._find_duty(passage, bool)

    def write_kind(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        yield f"kind: {term.id}"
        yield f"title: {self._find_title(term, passage)}"
        yield from (
            f"{name}: {term.facts[name]}" for name in ("type", "accept", "limit", "class") if name in term.facts
        )
        if term.facts["dpv"]:
            yield f"dpv: {term.facts['dpv']}"
        # A time that the text doesn't state is not made up: the compiler asks for it.
        kept = self._survey.find_kept(term, passage)
        mark = "" if kept and kept.event else "# "
        yield f"{mark}kept: {kept.rule if kept else '{for: …, after: last contact}'}"
        if kept and not term.says.search(kept.said):
            yield f"keeps: [{quote_value(kept.said)}]"

    def _find_title(self, term: Term, passage: ReadPassage) -> str:
        """What the text itself calls a kind, so that its readers find it again."""
        found = term.says.search(passage.words)
        words = found[0].removeprefix("your ") if found else str(term.facts["title"])
        return words[:1].upper() + words[1:]

    def write_collect(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        survey = self._survey
        yield f"collect: {term.id}"
        yield f"title: {term.facts['title']}"
        purposes = survey.list_purposes(term)
        used = {kind.id for purpose in purposes for kind in survey.list_used(purpose)}
        yield f"asks: [{_join(kind for kind in survey.list_asked(term) if kind.id in used)}]"
        yield f"for: [{_join(purposes)}]"

    def write_purpose(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        yield f"purpose: {term.id}"
        yield f"title: {term.facts['title']}"
        yield f"dpv: {term.facts['dpv']}"
        yield f"may use: [{_join(self._survey.list_used(term))}]"
        yield f"collected by: [{_join(self._survey.list_channels(term))}]"
        shorter = [f"{kind.id}: {kept.rule}" for kind, kept in self._survey.list_shorter(term)]
        if shorter:
            yield f"kept: {{{', '.join(shorter)}}}"
        basis, said = self._find_basis(term, passage)
        yield f"choice: {'sign up' if basis == 'consent' else self._find_choice(term, passage)}"
        yield f"marketing: {term.facts['marketing']}"
        if basis:
            yield f"basis: {basis}"
        if basis == "legitimate interests":
            yield f"balance: {quote_value(said)}"
        if given := self._list_given(term, passage):
            yield f"recipients: [{', '.join(given)}]"

    def _list_given(self, purpose: Term, home: ReadPassage) -> list[str]:
        """Who receives a purpose's data.

        Those who work for us serve all purposes, and authorities the law; a company that a table lists serves the
        purposes that its row names, else all. Of the rest the purpose's own text says so, or one item or sentence
        names both. Who receives data in an event alone, such as a merger, serves no purpose.
        """
        recipients = [each for each in self._survey.said["recipient"] if self._is_used("recipient", each)]
        listed = [company for companies in self._companies.values() for company in companies]
        return [
            *(each.id for each in recipients if self._gives(purpose, each, home)),
            *(each.id for each in listed if purpose.id != "legal" and self._serves(each, purpose)),
        ]

    def _serves(self, company: Company, purpose: Term) -> bool:
        """Whether a company's row names a purpose, or what all need; what else it says serves none of them."""
        terms = self._vocabulary.purposes.values() if self._vocabulary else ()
        named = [each.id for each in terms if _is_named(each, company.service)]
        general = self._vocabulary is None or self._vocabulary.infrastructure.search(company.service or "IT")
        return purpose.id in named or bool(general and not named)

    def _gives(self, purpose: Term, recipient: Term, home: ReadPassage) -> bool:
        if "when" in recipient.facts:
            return False
        if recipient.facts["is"] == "provider":
            return purpose.id != "legal"
        if recipient.facts["is"] == "authority":
            return purpose.id == "legal"
        if purpose.id == "legal":
            return False
        texts = (each for each in self._passages if not find_table(each.markdown))
        return any(
            recipient.says.search(said) and purpose.says.search(said) for each in texts for said in _list_units(each)
        )

    def _find_choice(self, term: Term, passage: ReadPassage) -> str:
        """What people can say to a purpose: the usual, or to sign up, if they can refuse it and the text says so."""
        usual, vocabulary = str(term.facts["choice"]), self._vocabulary
        said = (clause for clause in list_clauses(passage.markdown) if term.says.search(clause))
        if vocabulary and usual != "none" and any(vocabulary.signing_up.search(clause) for clause in said):
            return "sign up"
        return usual

    def _find_basis(self, term: Term, passage: ReadPassage) -> tuple[str, str]:
        """The basis that the text states for a purpose in one row, sentence or part of a list, and the words that do.

        Where the purpose is at home, or else under a heading or in a sentence about bases."""
        bases = self._vocabulary.bases if self._vocabulary else {}
        others = (each for each in self._passages if each is not passage)
        for read in (passage, *others):
            for clause in list_clauses(read.markdown):
                for part in ([clause] if " | " in clause else _PARTS.split(clause)) if term.says.search(clause) else ():
                    words = strip_markdown(part.split(" | ")[-1])
                    found = [basis for basis, says in bases.items() if says.search(words)]
                    if len(found) == 1 and term.says.search(part):
                        return found[0], words.removeprefix("and ")
        return self._find_row_basis(term) or self._find_sole_basis(term, passage)

    def _find_row_basis(self, term: Term) -> tuple[str, str] | None:
        """The one basis of the row of a table of bases that is called by an activity; one that has two says neither."""
        found: list[tuple[int, str]] = []
        for table in (find_table(each.markdown) for each in self._passages if "records" in term.facts):
            column = table.find_column(self._vocabulary.headings["basis"]) if table and self._vocabulary else None
            for row in table.rows if table and column else ():
                named = find_label(term, row[0])
                found += [(named, find_cell(row, column))] if named is not None else []
        cell = min(found, default=(0, ""))[1]
        bases = self._vocabulary.bases.items() if self._vocabulary else ()
        named_bases = [basis for basis, says in bases if says.search(cell)]
        return (named_bases[0], cell) if len(named_bases) == 1 else ("", "") if found else None

    def _find_sole_basis(self, term: Term, passage: ReadPassage) -> tuple[str, str]:
        """The one basis that a passage about one purpose names, and its sentence."""
        vocabulary, survey = self._vocabulary, self._survey
        at_home = [each for each in survey.said["purpose"] if survey.is_home("purpose", each, passage)]
        if vocabulary is None or at_home != [term]:
            return "", ""
        said = {
            basis: each
            for each in list_sentences(passage.markdown)
            for basis, says in vocabulary.bases.items()
            if says.search(each) and vocabulary.resting.search(each)
        }
        return next(iter(said.items())) if len(said) == 1 else ("", "")

    def write_recipient(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        yield f"recipient: {term.id}"
        yield from (
            f"{name}: {term.facts[name]}" for name in ("title", "is", "third party", "when") if name in term.facts
        )
        # A text speaks of authorities to say who hears complaints, and of safeguards where it has several, by case.
        countries = self._find_countries(term, passage) if term.facts["is"] != "authority" else []
        if countries:
            yield f"country: [{', '.join(countries)}]"
            safeguards = self._list_safeguards()
            yield from (f"safeguard: {words}" for words in safeguards if len(safeguards) == 1)

    def _find_countries(self, recipient: Term, home: ReadPassage) -> list[str]:
        """The codes of the countries that the first sentence about a recipient's country names, its home first."""
        named = self._vocabulary.countries if self._vocabulary else {}
        clauses = (clause for each in (home, *self._passages) for clause in list_sentences(each.markdown))
        about = (clause for clause in clauses if recipient.says.search(clause))
        found = ([code for code, says in named.items() if says.search(clause)] for clause in about)
        return next((codes for codes in found if codes), [])

    def _list_safeguards(self) -> list[str]:
        """What the text rests transfers to other countries on, in its own words."""
        vocabulary = self._vocabulary
        sentences = [said for each in self._passages for said in list_sentences(each.markdown)] if vocabulary else []
        named = {
            found[0].lower(): found[0]
            for each in sentences
            for found in (vocabulary.safeguarding.finditer(each) if vocabulary else ())
            if vocabulary and not vocabulary.self_certified.search(each)
        }
        return list(named.values())

    def write_promise(self, term: Term, passage: ReadPassage) -> Iterator[str]:
        duty = self._find_duty(passage, term.says.search)
        yield f"promise: {term.id}"
        yield f"duty: {quote_value(duty)}"
        yield from (f"clock: {each}" for each in self.list_clocks(duty)[:1])
        if term.facts["law"]:
            yield f"law: [{', '.join(term.facts['law'])}]"

    def _find_duty(self, passage: ReadPassage, says: Callable[[str], object]) -> str:
        """The sentence that says something, if possible one that says what we will do, else that does something.

        An item of a list begins with the words before the list."""
        sentences = [_tidy(each) for each in _list_whole(passage.markdown)]
        said = [each for each in sentences if says(each)]
        vocabulary = self._vocabulary
        prefers = (vocabulary.pledging.search, vocabulary.acts.search) if vocabulary else ()
        preferred = (each for prefer in prefers for each in said if prefer(each))
        duty = next(preferred, (*said, *sentences, passage.words)[0])
        return duty if _ENDS.search(duty) else _TRAILING.sub("", duty) + "."


def _is_named(term: Term, words: str) -> bool:
    """Whether a row's words name an activity: as sentences do, or as its records are called."""
    return bool(term.says.search(words)) or find_label(term, words) is not None


def _list_units(passage: ReadPassage) -> list[str]:
    """The items of a list, and the sentences of other text."""
    items = split_items(passage.markdown)
    return items if len(items) > 1 else [*list_sentences(passage.markdown)]


def _list_whole(markdown: str) -> list[str]:
    """The sentences of a passage; those of a list that others lead in to have the words of these before them.

    The head of a table is none."""
    lead, *items = [each for each in split_items(markdown) if each != find_head(markdown)] or [""]
    led = lead.endswith(":")
    before = split_sentences(lead)[-1].removesuffix(":") if led else ""
    whole = [f"{before} {_TRAILING.sub('', item)}" if before and item[:1].islower() else item for item in items]
    return [sentence for item in ((*whole,) if led and whole else (lead, *whole)) for sentence in split_sentences(item)]


def _tidy(sentence: str) -> str:
    """A sentence without the number of its paragraph."""
    return _NUMBER.sub("", sentence)


def _join(terms: Iterable[Term]) -> str:
    return ", ".join(term.id for term in terms)


def quote_value(text: str) -> str:
    """As YAML reads it again, whatever is in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITERS: Mapping[str, Callable[[Suggestions, Term, ReadPassage], Iterator[str]]] = {
    "kind": Suggestions.write_kind,
    "collect": Suggestions.write_collect,
    "purpose": Suggestions.write_purpose,
    "recipient": Suggestions.write_recipient,
    "promise": Suggestions.write_promise,
}
