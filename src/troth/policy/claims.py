"""Checks what prose denies or allows against the rules.

“We never sell”, “for nothing else”, “no advertising”, “only if you sign up”: each claim is looked for sentence by
sentence, in the policy's language.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .clauses import Claim, list_claims, list_training
from .findings import Report, SourcePlace
from .grammar import Block, Document, Heading, Written
from .lexicon import Lexicon, Pattern
from .reading import Terms
from .sentences import list_sentences, split_sentences, strip_contents
from .stated import find_times, list_keeping
from .terms import Cookie, Purpose, Recipient
from .timeless import is_timeless
from .words import list_stems


def check_claims(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Reports sentences that the rules contradict, and information that promises something."""
    for cookie in terms.cookies.values():
        _check_cookie(cookie, terms, report)
    if lexicon is not None:
        claims = _Claims(terms, lexicon, report)
        claims.check_prose(document)
        claims.check_reasons()


def check_sentences(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Reports what a document's prose says against the rules; of a language without a lexicon nothing."""
    if lexicon is not None:
        _Claims(terms, lexicon, report).check_prose(document)


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
        given = self.terms.list_given()
        recipients = [self.terms.recipients[id] for id in given if id in self.terms.recipients]
        self._outside = sorted(one.id for one in recipients if _is_outside(one))
        self._others = sorted(one.id for one in recipients if _is_other(one))
        self._marketers = sorted(one.id for one in recipients if one.own_marketing)
        self._unasked = sorted(self.terms.list_given({"none", "opt out"}).intersection(self._marketers))
        self._titled = [
            (id, re.compile(rf"\b{re.escape(self.terms.recipients[id].title)}\b", re.IGNORECASE))
            for id in self._outside
        ]
        self._unrefusable = self.terms.list_given({"none"})
        self._trains = any(
            self.lexicon.models.search(f"{purpose.id} {purpose.title}") for purpose in self.terms.purposes.values()
        )

    def check_prose(self, document: Document) -> None:
        for number, heading in enumerate(document.headings, 1):
            for part in heading.parts:
                if isinstance(part, Written):
                    self._check(part, document.headings[:number])

    def _check(self, written: Written, so_far: Sequence[Heading]) -> None:
        kept = list_keeping(written.text, self.lexicon) if written.information else ()
        for sentence in list_sentences(strip_contents(written.text)):
            self._check_outsiders(sentence, written)
            self._check_circle(sentence, written, so_far)
            self._check_unruled(sentence, written)
            if written.information and (
                self._handles(sentence) or (sentence in kept and find_times(sentence, self.lexicon))
            ):
                self.report.add("information-that-promises", written, sentence=sentence)
            if written.rules:
                purposes = self._list_purposes(written.rules)
                for purpose in purposes:
                    asked = any(each.choice == "sign up" for each in purposes if each is not purpose)
                    self._check_purpose(sentence, purpose, written, asked=asked)

    def _handles(self, sentence: str) -> bool:
        lexicon = self.lexicon
        if lexicon.telling.match(sentence):
            return False
        return (
            bool(lexicon.handling.search(sentence))
            or bool(lexicon.undertaking.search(sentence) and find_times(sentence, lexicon))
            or self._sells(sentence)
            or any(list_claims(says, sentence, lexicon) for says in (lexicon.only_us, lexicon.nobody_else))
            or bool(list_training(sentence, lexicon))
            or is_timeless(sentence, lexicon)
        )

    def _sells(self, sentence: str) -> bool:
        """Whether it says that data is sold, by a word for data: “it” may be anything that is sold."""
        claims = list_claims(self.lexicon.selling, sentence, self.lexicon)
        return any(not claim.denied and self.lexicon.data.search(claim.text) for claim in claims)

    def _check_outsiders(self, sentence: str, place: SourcePlace) -> None:
        """Who sells and shares is any recipient of the policy, wherever the sentence is."""
        lexicon = self.lexicon
        sold = [claim for claim in list_claims(lexicon.selling, sentence, lexicon) if claim.denied]
        given = [claim for claim in list_claims(lexicon.giving, sentence, lexicon) if claim.denied]
        everyones = [claim for claim in (*sold, *given) if not claim.refused]
        if everyones:
            self._check_denied(
                sentence, place, *([each for each in said if not each.refused] for said in (sold, given))
            )
        elif sold or given:
            self._check_refused(sentence, place, sold=bool(sold))
        if not everyones and (lexicon.negation.search(sentence) and not lexicon.excepting.search(sentence)):
            self._check_named(sentence, place)

    def _check_named(self, sentence: str, place: SourcePlace) -> None:
        """“Distributors never see your email” denies to a recipient, by its title, what it receives."""
        for id, titled in self._titled:
            said = titled.sub(lambda _: "third parties", sentence) if titled.search(sentence) else ""
            claims = list_claims(self.lexicon.giving, said, self.lexicon) if said else []
            if any(claim.denied and not claim.refused for claim in claims) and self._receives(id, sentence):
                self.report.add("sharing-denied", place, sentence=sentence, recipients=id)

    def _receives(self, recipient: str, sentence: str) -> bool:
        """Whether what a sentence speaks of, all data or kinds by their titles, goes to a recipient."""
        if self.lexicon.yours.search(sentence):
            return True
        given = {kind for each in self.terms.purposes.values() if recipient in each.recipients for kind in each.may_use}
        words = list_stems(sentence)
        titles = (
            list_stems(self.terms.kinds[kind].title, self.lexicon.fillers) for kind in given & {*self.terms.kinds}
        )
        return any(title and title <= words for title in titles)

    def _check_refused(self, sentence: str, place: SourcePlace, *, sold: bool) -> None:
        """Those who sell or share it without a way to refuse; where nobody can be refused, all companies outside."""
        found = self._unrefusable.intersection(self._marketers)
        refusable = self.terms.list_given({"opt out", "sign up"}).intersection(self._others)
        if not sold and not refusable:
            found = self._unrefusable.intersection(self._others)
        if found:
            id = "sale-denied" if sold else "sharing-denied"
            self.report.add(id, place, sentence=sentence, recipients=", ".join(sorted(found)))

    def _check_denied(self, sentence: str, place: SourcePlace, sold: list[Claim], denied: list[Claim]) -> None:
        lexicon = self.lexicon
        limited = lexicon.excepting.search(sentence)
        # “Not without your consent” is true of those who receive it of people alone who signed up for that.
        sellers = self._unasked if limited else self._marketers
        if sellers and sold:
            self.report.add("sale-denied", place, sentence=sentence, recipients=", ".join(sellers))
        if not denied:
            return
        others = lexicon.advertisers.sub("", sentence)
        narrow = not any(claim.denied for claim in list_claims(lexicon.giving, others, lexicon))
        found = self._marketers if narrow or (limited and lexicon.own_use.search(sentence)) else self._others
        if found is self._others and any(lexicon.everyone.search(claim.text) for claim in denied):
            found = self._outside
        if found and (not limited or found is self._marketers):
            self.report.add("sharing-denied", place, sentence=sentence, recipients=", ".join(found))

    def _check_circle(self, sentence: str, written: Written, so_far: Sequence[Heading]) -> None:
        """“Only our staff sees it”, and “nobody else”, which is about others than those named before.

        Beside a purpose it is about the purpose's own recipients, and its section names them; elsewhere it is about
        all, and what precedes names them.
        """
        only_us = self._is_limiting(self.lexicon.only_us, sentence)
        if not only_us and not self._is_limiting(self.lexicon.nobody_else, sentence):
            return
        purposes = self._list_purposes(written.rules or ())
        own = {id for purpose in purposes for id in purpose.recipients}
        found = set(self._outside) & own if purposes else set(self._outside)
        if not only_us:
            found -= set(self._list_named(so_far[-1:] if purposes else so_far, written))
        if found:
            self.report.add("sharing-denied", written, sentence=sentence, recipients=", ".join(sorted(found)))

    def _is_limiting(self, says: Pattern, sentence: str) -> bool:
        """Whether the sentence says so without an exception; the words “only” and “else” of its own are none."""
        claims = list_claims(says, sentence, self.lexicon)
        return bool(claims) and not self.lexicon.excepting.search(says.sub("", sentence))

    def _list_named(self, headings: Sequence[Heading], written: Written) -> Iterator[str]:
        """The recipients that these sections have words for, or rules beside other paragraphs than this one.

        Beside this one a rule counts where the paragraph gives something to anyone."""
        parts = [part for heading in headings for part in heading.parts if isinstance(part, Written)]
        gives = any(not claim.denied for claim in self._list_given(written.text))
        others = [part.rules for part in parts if part.rules and (gives or part.rules is not written.rules)]
        ruled = {block.id for rules in others for block in rules if block.type == "recipient"}
        words = frozenset[str]().union(*(list_stems(part.text) for part in parts))
        for recipient in self._outside:
            title = list_stems(self.terms.recipients[recipient].title, self.lexicon.fillers)
            if recipient in ruled or (title and title <= words):
                yield recipient

    def _list_given(self, text: str) -> Iterator[Claim]:
        for sentence in list_sentences(strip_contents(text)):
            yield from list_claims(self.lexicon.giving, sentence, self.lexicon)

    def _check_unruled(self, sentence: str, written: Written) -> None:
        """What prose says is done, and no rule of the policy does."""
        lexicon = self.lexicon
        if self._sells(sentence) and not self._marketers:
            self.report.add("sale-unruled", written, sentence=sentence)
        given = [
            claim
            for claim in list_claims(lexicon.giving, sentence, lexicon)
            if not claim.denied and lexicon.data.search(claim.text) and not lexicon.everyone.search(claim.text)
        ]
        outside = any(recipient.third_party for recipient in self.terms.recipients.values())
        if given and not outside and not lexicon.excepting.search(sentence):
            self.report.add("sharing-unruled", written, sentence=sentence)
        training = list_training(sentence, lexicon)
        if self._trains and any(claim.denied for claim in training):
            self.report.add("training-denied", written, sentence=sentence)
        if not self._trains and any(not claim.denied for claim in training):
            self.report.add("training-unruled", written, sentence=sentence)

    def _list_purposes(self, rules: Sequence[Block]) -> list[Purpose]:
        ids = [block.id for block in rules if block.type == "purpose"]
        return [self.terms.purposes[id] for id in ids]

    def _check_purpose(self, sentence: str, purpose: Purpose, place: SourcePlace, *, asked: bool) -> None:
        """`asked`: another purpose beside the sentence is for those who signed up: it is about that one."""
        lexicon = self.lexicon
        tests: tuple[tuple[str, Callable[[str], object], bool], ...] = (
            ("marketing-denied", lexicon.no_marketing.search, purpose.marketing),
            ("marketing-unruled", lexicon.marketing.search, not purpose.marketing),
            ("sign-up-unruled", lexicon.signing_up.search, purpose.weakest != "sign up" and not asked),
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
            unasked = purpose.marketing and (purpose is own or purpose.weakest != "sign up")
            if (unasked or self._goes_to_marketers(purpose)) and any(
                kind in purpose.may_use and channel in purpose.collected_by for kind, channel in pairs
            ):
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


def _is_outside(recipient: Recipient) -> bool:
    """Whether it is another company, one that works for us included. An authority gets what a law requires."""
    return recipient.role in ("partner", "provider")


def _is_other(recipient: Recipient) -> bool:
    """Whether it is a company outside. An authority gets what a law requires, whatever else is said."""
    return recipient.third_party and recipient.role != "authority"
