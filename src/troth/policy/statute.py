"""What statutes require on the page: CalOPPA and Cal. Civ. Code 1798.83 here, the GDPR in `gdpr`.

Source  Cal. Bus. & Prof. Code 22575
"""

from .findings import At, Report, SourcePlace
from .front import FrontMatter
from .gdpr import check_gdpr
from .grammar import Document
from .reading import Terms

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
    elif any(collect.channel == "form" for collect in terms.collects.values()):
        report.add("law-left-out", place)
    if not {"gdpr", "uk gdpr"}.isdisjoint(front.laws):
        check_gdpr(front, terms, place, report)


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
