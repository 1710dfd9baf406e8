"""Checks what prose denies or allows against the rules.

“We never sell”, “for nothing else”, “no advertising”, “only if you sign up”: each claim is looked for sentence by
sentence, in the policy's language.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .findings import Report, SourcePlace
from .grammar import Document, Group, Written
from .lexicon import Lexicon
from .reading import Terms
from .sentences import list_sentences, split_sentences, strip_contents
from .terms import Cookie, Purpose, Recipient


def check_claims(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Reports sentences that the rules contradict, and information that promises something."""
    for cookie in terms.cookies.values():
        _check_cookie(cookie, terms, report)
    check_sentences(document, terms, lexicon, report)
    if lexicon is not None:
        _Claims(terms, lexicon, report).check_reasons()


def check_sentences(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Reports what a document's prose says against the rules; of a language without a lexicon nothing."""
    if lexicon is None:
        return
    claims = _Claims(terms, lexicon, report)
    for heading in document.headings:
        for part in heading.parts:
            if isinstance(part, Written):
                claims.check(part)


def _check_cookie(cookie: Cookie, terms: Terms, report: Report) -> None:
    """A cookie of another company that advertises, or isn't essential, needs a purpose that people can refuse."""
    setter, purpose = terms.recipients.get(cookie.set_by), terms.purposes.get(cookie.purpose)
    if setter is None or purpose is None or not setter.third_party:
        return
    advertises = setter.own_marketing and not purpose.marketing
    if advertises or (purpose.weakest == "none" and not cookie.essential):
        place = terms.gathered.places.get(("cookie", cookie.id, "purpose")) or report.first
        report.add("third-party-cookie-without-choice", place, id=cookie.id, purpose=purpose.id, recipient=setter.id)


@dataclass
class _Claims:
    terms: Terms
    lexicon: Lexicon
    report: Report

    def __post_init__(self) -> None:
        given = {id for purpose in self.terms.purposes.values() for id in purpose.recipients}
        given |= {cookie.set_by for cookie in self.terms.cookies.values()}
        recipients = [self.terms.recipients[id] for id in given if id in self.terms.recipients]
        self._others = sorted(one.id for one in recipients if _is_other(one))
        self._marketers = sorted(one.id for one in recipients if one.own_marketing)

    def check(self, written: Written) -> None:
        for sentence in list_sentences(strip_contents(written.text)):
            self._check_outsiders(sentence, written)
            if written.information and self._handles(sentence):
                self.report.add("information-that-promises", written, sentence=sentence)
            if written.group:
                for purpose in self._list_purposes(written.group):
                    self._check_purpose(sentence, purpose, written)

    def _handles(self, sentence: str) -> bool:
        return bool(self.lexicon.handling.search(sentence)) and not self.lexicon.telling.match(sentence)

    def _check_outsiders(self, sentence: str, place: SourcePlace) -> None:
        """Who sells and shares is any recipient of the policy, wherever the sentence is."""
        if self.lexicon.selling.search(sentence) and self._marketers:
            self.report.add("sale-denied", place, sentence=sentence, recipients=", ".join(self._marketers))
        if not self.lexicon.giving.search(sentence):
            return
        limited = self.lexicon.excepting.search(sentence)
        found = self._marketers if limited and self.lexicon.own_use.search(sentence) else self._others
        if found and (not limited or found is self._marketers):
            self.report.add("sharing-denied", place, sentence=sentence, recipients=", ".join(found))

    def _list_purposes(self, group: Group) -> list[Purpose]:
        ids = [block.id for block in group.blocks if block.type == "purpose"]
        return [self.terms.purposes[id] for id in ids]

    def _check_purpose(self, sentence: str, purpose: Purpose, place: SourcePlace) -> None:
        lexicon = self.lexicon
        tests: tuple[tuple[str, Callable[[str], object], bool], ...] = (
            ("marketing-denied", lexicon.no_marketing.search, purpose.marketing),
            ("marketing-unruled", lexicon.marketing.search, not purpose.marketing),
            ("sign-up-unruled", lexicon.signing_up.search, purpose.weakest != "sign up"),
        )
        for id, says, contradicts in tests:
            if contradicts and says(sentence):
                self.report.add(id, place, id=purpose.id, sentence=sentence)
        if lexicon.alone.search(sentence):
            pairs = {(kind, channel) for kind in purpose.may_use for channel in purpose.collected_by}
            self._check_alone(sentence, purpose, pairs, place)

    def _check_alone(self, sentence: str, own: Purpose | None, pairs: set[tuple[str, str]], place: SourcePlace) -> None:
        """“For nothing else”: what was given here neither advertises nor goes to others for their marketing."""
        for purpose in self.terms.purposes.values():
            uses = any(kind in purpose.may_use and channel in purpose.collected_by for kind, channel in pairs)
            unasked = purpose.marketing and (purpose is own or purpose.weakest != "sign up")
            if uses and (unasked or self._goes_to_marketers(purpose)):
                self.report.add("used-otherwise", place, sentence=sentence, id=purpose.id)

    def _goes_to_marketers(self, purpose: Purpose) -> bool:
        return not set(purpose.recipients).isdisjoint(self._marketers)

    def check_reasons(self) -> None:
        """The reasons next to fields are read like prose."""
        for collect in self.terms.collects.values():
            place = self.terms.gathered.places.get(("collect", collect.id, "why")) or self.report.first
            for ask in collect.asks:
                for sentence in split_sentences(ask.why):
                    self._check_outsiders(sentence, place)
                    if self.lexicon.alone.search(sentence):
                        self._check_alone(sentence, None, {(ask.kind, collect.id)}, place)


def _is_other(recipient: Recipient) -> bool:
    """Whether it is a company outside. An authority gets what a law requires, whatever else is said."""
    return recipient.third_party and recipient.role != "authority"
