"""Checks what prose says of data and companies by name, and no rule says: a kind that is collected, a partner."""

import re

from .clauses import split_clauses
from .findings import Report
from .grammar import Document, Heading, Written
from .lexicon import Lexicon
from .reading import Terms
from .sentences import list_sentences, strip_contents
from .terms import Recipient
from .vocabulary import Term, Vocabulary


def check_unnamed(
    document: Document, terms: Terms, lexicon: Lexicon | None, vocabulary: Vocabulary | None, report: Report
) -> None:
    """Reports kinds that prose collects and no rule declares, and providers that it calls partners."""
    if lexicon is None or vocabulary is None:
        return
    missing = [term for term in vocabulary.kinds.values() if "sure" in term.facts and not _is_declared(term, terms)]
    providers = [each for each in terms.recipients.values() if each.role == "provider" and not each.third_party]
    for heading in document.headings:
        for part in heading.parts:
            for sentence in list_sentences(strip_contents(part.text)) if isinstance(part, Written) else ():
                for term in missing:
                    if _collects(sentence, term, lexicon, vocabulary):
                        report.add("kind-unruled", part, kind=term.facts["title"], sentence=sentence)
                for provider in providers:
                    if _is_partner(provider, sentence, heading, lexicon):
                        report.add("provider-called-partner", part, id=provider.id, sentence=sentence)


def _is_declared(term: Term, terms: Terms) -> bool:
    """Whether a kind of the policy is the thing that the term is for, by its id, type, title or quotation."""
    sure = re.compile(term.facts["sure"], re.IGNORECASE)
    return any(
        term.id in (id, kind.type) or term.says.search(kind.title) or sure.search(kind.quotation)
        for id, kind in terms.kinds.items()
    )


def _collects(sentence: str, term: Term, lexicon: Lexicon, vocabulary: Vocabulary) -> bool:
    """Whether a clause says that we collect it; what isn't so, or is asked, says nothing."""
    if sentence.endswith("?") or lexicon.telling.match(sentence) or not term.says.search(sentence):
        return False
    sure = re.compile(term.facts["sure"], re.IGNORECASE)
    return any(
        sure.search(clause) and vocabulary.taking.search(clause) and not lexicon.negation.search(clause)
        for clause in split_clauses(sentence, lexicon)
    )


def _is_partner(provider: Recipient, sentence: str, heading: Heading, lexicon: Lexicon) -> bool:
    """Whether a sentence, or the heading of one that gives it something, says that it acts for itself."""
    named = provider.title in sentence and re.search(rf"\b{re.escape(provider.title)}\b", sentence)
    if not named or lexicon.serving.search(sentence):
        return False
    said = [clause for clause in split_clauses(sentence, lexicon) if lexicon.partnering.search(clause)]
    return any(not lexicon.negation.search(clause) for clause in said) or bool(
        lexicon.partnering.search(heading.title) and not lexicon.negation.search(sentence)
    )
