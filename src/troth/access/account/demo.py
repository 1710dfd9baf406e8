"""Customers of the demonstration who can sign in: with an organization, colleagues, and requests in several states."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.access.account.joining import PLACE
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.catalog.cast import Cast, CastCustomer, load_cast
from troth.collection.demo import at_work, find_stated, make_address, make_persona, read_password, type_values
from troth.collection.demo_staff import acting_as
from troth.collection.intake import Intake
from troth.desk import index
from troth.policy import Policy
from troth.records import Provenance, demo_time, keep, organizations
from troth.records.accounts import join
from troth.records.models import AccountPerson
from troth.security.actors import identify_staff
from troth.security.models import User
from troth.security.passwords import hash_password
from troth.site import site

_CHOSE_DAYS_AGO = 8


@dataclass(frozen=True)
class DemoRequest:
    """One request of a demo customer: how many days ago, how it ended, and whether colleagues see it."""

    place: str
    days_ago: float
    note: str
    product: int = 0
    users: str = ""
    ended: str = ""
    shared: bool = False


def seed(now_utc: datetime) -> None:
    """The site's customers, if its policy knows accounts."""
    cast = load_cast(Path(settings.TROTH_SITE)).cast
    if cast is None or PLACE not in in_force.policy().collects:
        return
    for number, customer in enumerate(cast.customers):
        _seed_customer(customer, cast, _list_sent()[number % len(_list_sent())], now_utc)


def end_requests(now_utc: datetime) -> None:
    """Requests that were answered or withdrawn, once they were routed like all others."""
    cast = load_cast(Path(settings.TROTH_SITE)).cast
    for number, customer in enumerate(cast.customers if cast else ()):
        people = AccountPerson.objects.filter(user=User.objects.at(make_address(customer.name, customer.domain)))
        for asked in _list_sent()[number % len(_list_sent())]:
            living = Case.objects.filter(person__in=people.values("person"), state__in=Case.LIVING)
            case = living.filter(received_utc=at_work(now_utc - timedelta(days=asked.days_ago))).first()
            if cast and case and asked.ended:
                _end(case, asked.ended, cast)


def _seed_customer(customer: CastCustomer, cast: Cast, requests: list[DemoRequest], now_utc: datetime) -> None:
    address, began = make_address(customer.name, customer.domain), at_work(now_utc - timedelta(days=160))
    with demo_time.at(began):
        person, cause = _keep_new(PLACE, {"name": customer.name, "email": address}, began)
        password = hash_password(read_password())
        user = User.objects.create_customer(
            address=address, password=password, person=person, cause=cause, at_utc=began
        )
        join(user=user.pk, person=person, way="same address")
        _seat(person, customer, cast)
    _send_all([each for each in requests if each.days_ago >= _CHOSE_DAYS_AGO], user, customer, cast, now_utc)
    with demo_time.at(chosen := at_work(now_utc - timedelta(days=_CHOSE_DAYS_AGO))):
        _choose(user, chosen)
    _send_all([each for each in requests if each.days_ago < _CHOSE_DAYS_AGO], user, customer, cast, now_utc)
    with demo_time.at(now_utc):
        join(user=user.pk, address=address, way="same address")  # what other rooms made of them, after the sign-up


def _seat(person: UUID, customer: CastCustomer, cast: Cast) -> None:
    """Makes the customer the administrator of their organization, or a member accepted by its administrator."""
    known = organizations.at_domain(customer.domain)
    if customer.leads or known is None:
        name = cast.organization_at(customer.domain).name
        organizations.create(person, name=name, domain=customer.domain)
        return
    asked = organizations.ask(person, known.organization, domain=customer.domain)
    leader = organizations.administrators(known.organization)[0]
    organizations.decide(leader, asked, yes=True, role="member")


def _send_all(requests: list[DemoRequest], user: User, customer: CastCustomer, cast: Cast, now_utc: datetime) -> None:
    for each in requests:
        _send(each, user, customer, cast, now_utc)


def _send(asked: DemoRequest, user: User, customer: CastCustomer, cast: Cast, now_utc: datetime) -> None:
    """Nothing where the policy has no such form or no room takes it."""
    at_utc = at_work(now_utc - timedelta(days=asked.days_ago))
    record = next((room.takes[asked.place] for room in index.rooms() if asked.place in room.takes), None)
    if record is None or user.person_id is None or asked.place not in in_force.policy().collects:
        return
    stated = find_stated(in_force.law(), asked.place, at_utc=at_utc)
    typed = _type(asked, customer, cast, stated)
    with demo_time.at(at_utc):
        person, cause = _keep_new(asked.place, typed, at_utc)
        of = stated.version
        record(Intake(values=typed, cause=cause, person=person, place=asked.place, version=of, at_utc=at_utc))
        join(user=user.pk, person=person, way="signed in")
        if asked.shared:
            organizations.share(user.person_id, person, yes=True)


def _end(case: Case, ended: str, cast: Cast) -> None:
    at_utc = max(case.received_utc + timedelta(hours=1), at_work(case.received_utc + timedelta(hours=30)))
    with demo_time.at(at_utc):
        if ended == "answered":
            if staff := cast.first_staff(case.queue.removeprefix("staff.")):
                with acting_as(staff.username):
                    who = identify_staff(staff.username)
                    cases.answer(case.pk, nature="complied", at_utc=at_utc, who=who, email=False)
        else:
            cases.withdraw(case.pk, at_utc=at_utc, who="person")


def _keep_new(place: str, values: dict[str, str], at_utc: datetime) -> tuple[UUID, UUID]:
    cause, version = gate.new_id(), find_stated(in_force.law(), place, at_utc=at_utc).version
    provenance = Provenance(place, version=version, at_utc=at_utc, way="typed into the form", evidence="demo")
    return keep(values=values, provenance=provenance, cause=cause).person, cause


def _choose(user: User, at_utc: datetime) -> None:
    """A no to the first offer that may be refused, as most people have who know the page; for all of the account."""
    stated = find_stated(in_force.law(), PLACE, at_utc=at_utc)
    refusable = [each for each in stated.purposes.values() if each.choice != "none"]
    # What saves them typing comes last: who refuses that is asked for name and address in every form.
    asked = next((each.id for each in sorted(refusable, key=lambda each: not each.marketing)), None)
    if asked is None:
        return
    for person in AccountPerson.objects.filter(user=user).values_list("person_id", flat=True):
        gate.choose(person=person, question=asked, version=stated.version, yes=False, way="signed in")


def _type(asked: DemoRequest, customer: CastCustomer, cast: Cast, stated: Policy) -> dict[str, str]:
    products = list(site().products.values())
    persona = make_persona(
        customer.name,
        cast.organization_at(customer.domain),
        product=products[asked.product % len(products)],
        users=asked.users,
        note=asked.note,
        choose=lambda listed: listed[0],
    )
    return type_values(persona, stated, asked.place)


def _list_sent() -> list[list[DemoRequest]]:
    """The requests of each demo customer, oldest first."""
    return [
        [
            DemoRequest("form.quote", 96, _("We’re comparing vendors."), product=1, users="25", ended="answered"),
            DemoRequest("form.contact", 41, _("Can two plants share one item master?"), ended="answered"),
            DemoRequest("form.quote", 12, _("For the new line in Fresno."), users="12", ended="withdrawn"),
            DemoRequest("form.quote", 0.4, _("We would like to go live in May."), users="40", shared=True),
            DemoRequest("form.contact", 0.2, _("Who can show us lot recall with our own data?"), product=2),
        ],
        [
            DemoRequest("form.quote", 60, _("A trial for the quality team."), product=2, users="5", ended="answered"),
            DemoRequest("form.contact", 0.3, _("Our auditor asks how long batch records are kept."), shared=True),
        ],
        [DemoRequest("form.quote", 0.6, _("Two sites, one plan."), product=1, users="60")],
    ]
