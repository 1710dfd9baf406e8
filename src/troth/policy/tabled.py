"""Checks what tables of the prose say of purposes and companies against their rules: legal bases and countries.

| Purpose | Legal basis |        beside `purpose: support` with another `basis`
| Provider | Location |          beside `recipient: zendesk` with another `country`
"""

from collections.abc import Iterator

from .company_rows import list_companies
from .findings import Report
from .grammar import Document, Written
from .lexicon import Lexicon
from .reading import Terms
from .table_rows import Table, find_cell, find_table
from .terms import Purpose, Recipient
from .vocabulary import Vocabulary
from .words import list_stems


def check_tables(
    document: Document, terms: Terms, lexicon: Lexicon | None, vocabulary: Vocabulary | None, report: Report
) -> None:
    """Reports bases and countries of rules that a row about the same thing doesn't name."""
    tables = list(_list_tables(document)) if lexicon and vocabulary else []
    for purpose in terms.purposes.values() if tables else ():
        assert lexicon is not None
        assert vocabulary is not None
        _check_basis(purpose, tables, terms, lexicon, vocabulary, report)
    for table in tables:
        assert vocabulary is not None
        for company in list_companies(table, vocabulary.countries):
            for recipient in terms.recipients.values():
                if _is_called(recipient, company.name):
                    _check_countries(recipient, company.countries, terms, report)


def _list_tables(document: Document) -> Iterator[Table]:
    for heading in document.headings:
        for part in heading.parts:
            table = find_table(part.text) if isinstance(part, Written) and "|" in part.text else None
            if table:
                yield table


def _check_basis(
    purpose: Purpose, tables: list[Table], terms: Terms, lexicon: Lexicon, vocabulary: Vocabulary, report: Report
) -> None:
    """One of the bases that the rows about a purpose name is its own."""
    said: dict[str, str] = {}
    for table in tables:
        column = table.find_column(vocabulary.headings["basis"])
        for row in table.rows if column else ():
            if _is_about(row[0], purpose, lexicon):
                cell = find_cell(row, column)
                said |= {basis: cell for basis, says in vocabulary.bases.items() if says.search(cell)}
    if purpose.basis and said and purpose.basis not in said:
        place = terms.gathered.places.get(("purpose", purpose.id, "basis")) or report.first
        words = "; ".join(dict.fromkeys(said.values()))
        report.add("basis-not-in-prose", place, id=purpose.id, basis=purpose.basis, said=words)


def _is_about(label: str, purpose: Purpose, lexicon: Lexicon) -> bool:
    """Whether a row is called what a purpose is called."""
    title = list_stems(purpose.title, lexicon.fillers)
    return bool(title) and title <= list_stems(label)


def _is_called(recipient: Recipient, name: str) -> bool:
    title, words = list_stems(recipient.title), list_stems(name)
    return bool(title) and (title <= words or words <= title)


def _check_countries(recipient: Recipient, named: tuple[str, ...], terms: Terms, report: Report) -> None:
    """A row without a country that is known says nothing."""
    stated = {country for country in recipient.countries if country}
    if stated and named and stated != {*named}:
        place = terms.gathered.places.get(("recipient", recipient.id, "country")) or report.first
        countries, said = ", ".join(sorted(stated)), ", ".join(sorted(named))
        report.add("country-not-in-prose", place, id=recipient.id, countries=countries, said=said)
