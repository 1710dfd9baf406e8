"""The companies that a policy lists in a table: who receives data, for what, where, and what protects it there.

    | Service provider | Service | Location | Safeguard |
    | --- | --- | --- | --- |
    | Brightmail, Inc. | Delivery of email | USA | Standard Contractual Clauses |

suggests `recipient: brightmail-inc`, a provider in the United States.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .table_rows import Table, find_cell, name_id

_COMPANY = re.compile(
    r"\b(?:providers?|(?:sub-?)?processors?|vendors?|suppliers?|recipients?|compan(?:y|ies)|partners?|third\s+part(?:y|ies)"
    r"|anbieter\w*|dienstleister\w*|auftragsverarbeiter\w*|empfänger\w*|unternehmen)\b",
    re.I,
)
_SERVICE = re.compile(
    r"\b(?:services?|purposes?|function|what\s+(?:for|they|it)|activit(?:y|ies)|role|zweck\w*|leistung\w*|tätigkeit\w*)\b",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:location|country|place|where|region|seat|(?<!third\s)countries|land|sitz|standort|ort)\b", re.I
)
_SAFEGUARD = re.compile(
    r"\b(?:safeguards?|transfers?|mechanism|basis|guarantees?|third\s+countries|garantien?|drittland\w*)\b", re.I
)
_NAMED = re.compile(r"[A-Z]")


@dataclass(frozen=True, slots=True)
class Company:
    """One row: what a company is called, does, and where. `countries` are codes."""

    id: str
    name: str
    service: str
    countries: tuple[str, ...]
    safeguard: str

    def write(self, *, partner: bool = False) -> Iterator[str]:
        yield f"recipient: {self.id}"
        yield f'title: "{self.name}"'
        yield from ("is: partner", "third party: yes") if partner else ("is: provider", "third party: no")
        if self.countries:
            yield f"country: [{', '.join(self.countries)}]"
        if self.safeguard:
            yield f'safeguard: "{self.safeguard}"'


def list_companies(table: Table, countries: Mapping[str, re.Pattern[str]]) -> list[Company]:
    """The companies of a table whose first column is for them, and which says where they are or what they do."""
    place, service = (table.find_column(each) for each in (_PLACE, _SERVICE))
    of_cookies = "cookie" in " ".join(table.head).lower()
    if of_cookies or not _COMPANY.search(table.head[0]) or (place is None and service is None):
        return []
    safeguard = table.find_column(_SAFEGUARD)
    return [
        read_company(
            row[0],
            countries,
            service=find_cell(row, service),
            where=find_cell(row, place),
            safeguard=find_cell(row, safeguard),
        )
        for row in table.rows
        if _NAMED.match(row[0])
    ]


def read_company(
    name: str, countries: Mapping[str, re.Pattern[str]], *, service: str = "", where: str = "", safeguard: str = ""
) -> Company:
    """A company by what its row says; its country may be in its name."""
    codes = tuple(code for code, says in countries.items() if says.search(where or name))
    protected = "" if re.match(r"(?:not?\b|n/a|none|-|–|—|$)", safeguard, re.I) else safeguard
    return Company(name_id(name), name, service, codes, protected.replace('"', "'"))
