"""What the GDPR requires of a policy: Art. 13 and 14 on the page, and bases, choices and transfers that can hold.

Source  Regulation (EU) 2016/679; ePrivacy Directive 2002/58/EC, Art. 5 (3); adequacy decisions of the Commission.
"""

from collections.abc import Collection, Mapping

from .findings import Report, SourcePlace
from .front import FrontMatter
from .reading import Terms
from .regions import EEA
from .terms import STRENGTH, Choice, Cookie, Purpose, Recipient

_ADEQUATE = EEA | {"AD", "AR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"}
_REGION_OF = {"gdpr": "EEA", "uk gdpr": "UK"}
_HOMES: Mapping[str, tuple[str, Collection[str]]] = {"gdpr": ("the EEA", EEA), "uk gdpr": ("the UK", ("GB",))}
"""Law → the region in which it wants a representative of those outside, and its countries."""
FROM_OTHERS = ("import", "staff", "agent", "api")
"""Channels by which data comes from someone else than the person."""


def check_gdpr(front: FrontMatter, terms: Terms, place: SourcePlace, report: Report) -> None:
    """Reports what is missing on the page, then purpose by purpose, cookie by cookie, recipient by recipient."""
    named = {part for promise in terms.promises.values() for part in promise.law}
    _check_page(front, terms, named, place, report)
    places = terms.gathered.places
    for purpose in terms.purposes.values():
        at = places.get(("purpose", purpose.id, "basis")) or places.get(("purpose", purpose.id, "purpose")) or place
        _check_basis(purpose, _find_choice(purpose, front), "right to object" in named, at, report)
    for cookie in terms.cookies.values():
        _check_cookie(cookie, terms, front, places.get(("cookie", cookie.id, "cookie")) or place, report)
    given = terms.list_given()
    for recipient in terms.recipients.values():
        stated = places.get(("recipient", recipient.id, "country"))
        at = stated or places.get(("recipient", recipient.id, "recipient")) or place
        _check_transfer(recipient, recipient.id in given, at, report)


def _check_page(front: FrontMatter, terms: Terms, named: set[str], place: SourcePlace, report: Report) -> None:
    for part in ("data rights", "complaint"):
        if part not in named:
            report.add(f"law-{part.replace(' ', '-')}", place)
    if "withdrawal" not in named and any(purpose.basis == "consent" for purpose in terms.purposes.values()):
        report.add("law-withdrawal", place)
    others = sorted({collect.channel for collect in terms.collects.values() if collect.channel in FROM_OTHERS})
    if others and "other sources" not in named:
        report.add("law-other-sources", place, channels=", ".join(others))
    for law, (region, countries) in _HOMES.items():
        if law in front.laws and front.country not in countries and not front.representative:
            report.add("law-representative", place, region=region)


def _find_choice(purpose: Purpose, front: FrontMatter) -> Choice:
    """The least choice of those whom the chosen laws protect."""
    regions = [region for law, region in _REGION_OF.items() if law in front.laws]
    return min((purpose.choice_in(region) for region in regions), key=STRENGTH.__getitem__)


def _check_basis(purpose: Purpose, choice: Choice, objects: bool, place: SourcePlace, report: Report) -> None:
    if not purpose.basis:
        report.add("basis-missing", place, id=purpose.id)
    if purpose.basis == "consent" and choice != "sign up":
        report.add("consent-without-sign-up", place, id=purpose.id, choice=choice)
    if purpose.basis != "legitimate interests":
        return
    if not purpose.balance:
        report.add("basis-unbalanced", place, id=purpose.id)
    if choice == "none" and (purpose.marketing or not objects):
        report.add("no-way-to-object", place, id=purpose.id)


def _check_cookie(cookie: Cookie, terms: Terms, front: FrontMatter, place: SourcePlace, report: Report) -> None:
    purpose = terms.purposes.get(cookie.purpose)
    if purpose and not cookie.essential and _find_choice(purpose, front) != "sign up":
        report.add("cookie-before-consent", place, id=cookie.id, purpose=purpose.id)


def _check_transfer(recipient: Recipient, given: bool, place: SourcePlace, report: Report) -> None:
    # Nobody can say where the company will be that takes over the business; one that a purpose names is known.
    known = given or not recipient.when
    if recipient.role in ("partner", "provider") and known and not any(recipient.countries):
        report.add("recipient-without-country", place, id=recipient.id)
    outside = [country for country in recipient.countries if country and country not in _ADEQUATE]
    if outside and not recipient.safeguard:
        report.add("transfer-without-safeguard", place, id=recipient.id, countries=", ".join(outside))
