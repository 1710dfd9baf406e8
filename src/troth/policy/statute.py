"""What statutes require on the page: CalOPPA and Cal. Civ. Code 1798.83 here, the GDPR in `gdpr`.

Source  Cal. Bus. & Prof. Code 22575
"""

from collections.abc import Mapping

from .findings import At, Report, SourcePlace
from .front import FrontMatter
from .gdpr import check_gdpr
from .grammar import Document
from .reading import Terms
from .regions import EEA

_BY_PROMISE = {
    "law-review-process": "review process",
    "law-change-notice": "change notice",
    "law-do-not-track": "do not track",
    "law-california-disclosure": "california disclosure",
}


def check_law(document: Document, front: FrontMatter, terms: Terms, report: Report) -> None:
    """Reports what the laws that the policy chooses require; the effective date is checked with the front."""
    place: SourcePlace = document.front or At(1)
    if "california" in front.laws:
        _check_california(front, terms, place, report)
    for law, (residents, reason) in _find_protected(front, terms).items():
        if law not in front.laws:
            report.add("law-left-out", place, law=law, residents=residents, reason=reason)
    if not {"gdpr", "uk gdpr"}.isdisjoint(front.laws):
        check_gdpr(front, terms, place, report)


def _find_protected(front: FrontMatter, terms: Terms) -> Mapping[str, tuple[str, str]]:
    """Law → whom it protects, and by what the policy itself says that it has to do with them.

    Forms take Californians wherever their operator is. Europeans are protected where the organization is in Europe, and
    where it offers something to them: forms for their countries, or choices for their region."""
    forms = [collect for collect in terms.collects.values() if collect.channel == "form"]
    named = {country for form in forms for ask in form.asks for country in ask.only_in}
    chosen = {each.region for purpose in terms.purposes.values() for each in purpose.by_region}
    found = {"california": ("California", "its forms accept people who live there")} if forms else {}
    for law, region, residents, countries in (("gdpr", "EEA", "the EEA", EEA), ("uk gdpr", "UK", "the UK", {"GB"})):
        if front.country in countries:
            found[law] = (residents, "the organization is there")
        elif region in chosen:
            found[law] = (residents, "it has a choice for people who live there")
        elif named & countries:
            found[law] = (residents, "a form asks something of people who live there alone")
    return found


def _check_california(front: FrontMatter, terms: Terms, place: SourcePlace, report: Report) -> None:
    named = {part for promise in terms.promises.values() for part in promise.law}
    if not terms.kinds:
        report.add("law-categories", place)
    if not any(recipient.third_party for recipient in terms.recipients.values()) and "third parties" not in named:
        report.add("law-third-parties", place)
    for id, part in _BY_PROMISE.items():
        if part not in named:
            report.add(id, place)
    if not front.postal_address and not front.privacy_email:
        report.add("law-designated-address", place)
