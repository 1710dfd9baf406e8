"""The answer to a request under § 1798.83, computed from the ledger, never written manually."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from troth import in_force
from troth.california.years import is_answered_before, lies_in, year_of
from troth.cases import actions as cases
from troth.cases import clocks, timing
from troth.cases.models import Case
from troth.cases.rights import RightsKind
from troth.cases.timing import Deadlines
from troth.policy import Policy
from troth.policy.terms import Recipient
from troth.records import ledger, profile
from troth.records.ledger import LedgerEntry
from troth.site import site
from troth.words.promises import find_promise

CIVIL_CODE = "civil code 1798.83"


@dataclass(frozen=True)
class ThirdParty:
    """A recipient, its location, and the categories it received."""

    name: str
    address: str
    as_what: str
    categories: tuple[str, ...]
    times: int


@dataclass(frozen=True)
class DisclosureAnswer:
    """`for_marketing`: what the statute requires. `others`: third parties without marketing, named voluntarily.

    `voluntary`: requested as a business contact, whom the statute doesn't cover. `again`: asked this year before."""

    year: int
    for_marketing: tuple[ThirdParty, ...]
    others: tuple[ThirdParty, ...]
    voluntary: bool
    again: bool

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each for party in self.for_marketing for each in party.categories))


def answer_of(case: Case) -> DisclosureAnswer:
    """The disclosures of the preceding calendar year about everyone in the case.   Policy  #L1"""
    people = cases.subjects(case)
    zone = site().brand.zone
    year = year_of(case.received_utc, zone)
    entries = [
        entry
        for person in people
        for entry in ledger.history(person)
        if entry.kind == "disclosed" and lies_in(entry.at_utc, year, zone)
    ]
    return DisclosureAnswer(
        year=year,
        for_marketing=tuple(_parties(entries, own_marketing=True)),
        others=tuple(_parties(entries, own_marketing=False)),
        voluntary=case.business or any(_for_business(person) for person in people),
        again=is_answered_before(case.received_utc, _earlier(case, people), zone),
    )


def carry_out(case: UUID, *, at_utc: datetime) -> None:
    """Answers the case as soon as its person is verified. Repeating it changes nothing."""
    with transaction.atomic():
        found = DISCLOSURES.rows().select_for_update().filter(pk=case, state=Case.OPEN).first()
        if found is None:
            return
        answer = answer_of(found)
        found.business = answer.voluntary
        found.save(update_fields=["business"])
        nature = "complied" if answer.for_marketing or answer.others else "nothing held"
        cases.answer(case, nature=nature, at_utc=at_utc, who=cases.PROGRAM)


def _parties(entries: Sequence[LedgerEntry], *, own_marketing: bool) -> Iterable[ThirdParty]:
    """By recipient, named as in the version in force at the time."""
    found: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        stated = _find_recipient(entry)
        if stated is not None and stated.third_party and stated.own_marketing == own_marketing:
            found.setdefault(entry.recipient, []).append(entry)
    for recipient, given in found.items():
        # The statute asks whom we disclosed it to then, under what we called them then.
        policy, stated = in_force.policy_at(given[0].version), _find_recipient(given[0])
        yield ThirdParty(
            name=given[0].recipient_name,
            address=_address(recipient.partition(":")[2]),
            as_what=stated.title if stated else "",
            categories=tuple(dict.fromkeys(_title(policy, kind) for entry in given for kind in entry.kinds)),
            times=len(given),
        )


def _find_recipient(entry: LedgerEntry) -> Recipient | None:
    return in_force.policy_at(entry.version).recipients.get(entry.recipient.partition(":")[0])


def _title(policy: Policy, kind: str) -> str:
    return policy.kinds[kind].title if kind in policy.kinds else kind


def _address(key: str) -> str:
    """The recipient's location from the site's routing; empty if the site no longer names it."""
    routing = site().routing
    for group in (routing.distributors, routing.consultants, routing.salespeople):
        if key in group:
            return group[key].address or group[key].place
    return ""


def reckon(received: datetime, *, designated: bool = True) -> Deadlines:
    """By when the statute, or the policy where it promises sooner, wants the answer.   Policy  #L1"""
    brand, sooner = site().brand, find_promise("california.disclosures")
    clock = clocks.disclosures(received, brand.zone, brand.calendar, designated=designated, promised=sooner)
    return timing.terms(CIVIL_CODE, clock)


def _for_business(person: UUID) -> bool:
    """Whether the person named a company: the statute covers personal, family and household relations."""
    return "company" in profile.list_kinds(person)


def _earlier(case: Case, people: Sequence[UUID]) -> list[datetime]:
    asked = DISCLOSURES.rows().filter(person__in=people, state=Case.ANSWERED).exclude(pk=case.pk)
    return list(asked.values_list("received_utc", flat=True))


def _at_once(case: Case, at_utc: datetime) -> None:
    carry_out(case.id, at_utc=at_utc)
    case.refresh_from_db()


DISCLOSURES = RightsKind(
    id="disclosures",
    title=_("Disclosures for direct marketing"),
    lead=_("What we gave to others for their own marketing, in the last calendar year."),
    clock=reckon,
    at_once=_at_once,
    page="california/answer",
    own_page="/california/mine/{number}/",
    asked_at="/california/",
)
