"""Invented people for a demonstration: 200 in the site's organizations, always the same ones, with their past.

They come in like everyone else: values kept with a provenance, requests recorded by the rooms that take them.
"""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from django.conf import settings
from django.db import transaction

from troth.catalog import deadlines
from troth.catalog.cast import Cast, CastOrganization, load_cast
from troth.catalog.terms import Product
from troth.collection.forms.models import FormNonce
from troth.collection.forms.types import TYPES, Persona
from troth.collection.intake import Intake, Record
from troth.files import Attached, new_key, of_site, pack
from troth.policy.lengths import Duration
from troth.policy.meaning import Law
from troth.policy.parting import find_part
from troth.policy.terms import Policy
from troth.records import Provenance, demo_time, keep
from troth.records.ids import new_id
from troth.records.law.versions import law
from troth.records.organizations import enroll
from troth.site import site

PEOPLE = 200
WAITING, LATE, PRESSING = 36, 4, 12
DAYS_BACK = 120
_OPENS, _CLOSES = 8, 18
SEED = 1798
"""The same people on every machine, so that pictures and tests of the demonstration agree."""

DIVIDED = ("US", "CA")
at_time = demo_time.at
"""What happens in it is dated so, for rooms that keep nobody's data themselves."""
_DONE = hashlib.sha256(b"the people of the demonstration").digest()
_ANSWERED = Duration(2, "business day")
_FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Invented:
    """One person: what they entered, where, when and under which version of the policy.

    `asks` marks those whose request is still open."""

    place: str
    version: int
    values: Mapping[str, str]
    at_utc: datetime
    asks: bool
    organization: CastOrganization


def seed(folder: Path, *, rooms: Mapping[str, Record[object]], now_utc: datetime) -> int:
    """Makes all people in one transaction and returns how many; 0 if they exist or the site names no organizations.

    Takes   rooms: place of the policy → the room that takes its requests."""
    if FormNonce.objects.filter(digest=_DONE).exists():
        return 0
    cast = load_cast(folder).cast
    if cast is None or not cast.organizations:
        return 0
    with transaction.atomic():
        # A spent nonce that never ends marks the database itself: a second start finds it, a second database does not.
        FormNonce.objects.create(digest=_DONE, form="demo", content=b"", receipt=UUID(int=0), spent_utc=_FOREVER)
        made = invent_people(cast, law(), places=list(rooms), now_utc=now_utc, choose=Random(SEED))  # noqa: S311 (nobody's secret)
        for one in made:
            with demo_time.at(one.at_utc):
                _take(one, rooms)
    return len(made)


def invent_people(cast: Cast, law: Law, *, places: Sequence[str], now_utc: datetime, choose: Random) -> list[Invented]:
    """The invented people, oldest first; the newest still wait for an answer."""
    usable = [place for place in places if place in law.policy.collects]
    made = []
    for number, came_utc in enumerate(_invent_times(now_utc, choose)):
        organization = cast.organizations[number % len(cast.organizations)]
        name = f"{choose.choice(cast.first_names)} {choose.choice(cast.last_names)}"
        place = usable[(0, 1, 0, 2)[number % 4] % len(usable)]
        stated = find_stated(law, place, at_utc=came_utc)
        persona = _invent(organization, name, number=number, choose=choose)
        if number == PEOPLE - 2:
            persona = replace(persona, zip="00000")  # No such ZIP code: the console has an alarm to show.
        values, waits = type_values(persona, stated, place), number >= PEOPLE - WAITING
        made.append(Invented(place, stated.version, values, came_utc, asks=waits, organization=organization))
    return made


def type_values(persona: Persona, stated: Policy, place: str) -> dict[str, str]:
    """Kind → what the persona enters in this place, as the type of each kind invents it."""
    kinds = [stated.kinds[ask.kind] for ask in stated.collects[place].asks]
    typed = {kind.id: TYPES[kind.type].invent(kind, persona) for kind in kinds}
    return {kind: value for kind, value in typed.items() if value}


def make_persona(
    name: str,
    organization: CastOrganization,
    *,
    product: Product,
    choose: Callable[[Sequence[str]], str],
    edition: str = "",
    users: str = "",
    note: str = "",
    phone: str = "",
) -> Persona:
    """Someone who works for an organization and asks about a product."""
    divided = organization.country in DIVIDED  # our forms ask states and postal codes of these
    return Persona(
        name=name,
        address=make_address(name, organization.domain),
        company=organization.name,
        industry=organization.industry,
        country=organization.country,
        state=organization.state.partition("-")[2] if divided else "",
        zip=organization.zip if divided else "",
        phone=phone,
        product=product.slug,
        edition=edition,
        users=users,
        note=note,
        choose=choose,
    )


def find_stated(law: Law, place: str, *, at_utc: datetime, kinds: Iterable[str] = ()) -> Policy:
    """The policy of that day, or the first version with the form and all these kinds for people who came before it."""
    stating = [law.versions[number] for number in sorted(law.versions) if _takes(law.versions[number], place, kinds)]
    return [stating[0], *(each for each in stating if each.effective <= at_utc.date())][-1]


def _takes(policy: Policy, place: str, kinds: Iterable[str]) -> bool:
    stated = policy.collects.get(place)
    return stated is not None and {ask.kind for ask in stated.asks}.issuperset(kinds)


def _invent_times(now_utc: datetime, choose: Random) -> list[datetime]:
    """The time of each request, oldest first: answered ones over the past months, then those still waiting."""
    past = range(PEOPLE, WAITING, -1)
    days = [10 + (DAYS_BACK - 10) * place / PEOPLE for place in past]
    answered = sorted(at_work(now_utc - timedelta(days=each), before_utc=now_utc) for each in days)
    waiting = sorted(_list_waiting(now_utc))
    return [each - timedelta(minutes=choose.randrange(30)) for each in (*answered, *waiting)]


def _list_waiting(now_utc: datetime) -> list[datetime]:
    """A few late ones, a third due within a business day, and the rest as they come in."""
    brand = site().brand
    soon = deadlines.due(now_utc, Duration(1, "business day"), brand.zone, brand.calendar)
    hours = [each for back in range(1, 24 * 14) if _is_at_work(each := now_utc - timedelta(hours=back))]
    dues = [(each, deadlines.due(each, _ANSWERED, brand.zone, brand.calendar)) for each in hours]
    late = [each for each, due in dues if due < now_utc][:72]
    pressing = [each for each, due in dues if now_utc <= due <= soon] or hours[:24]
    fresh = [each for each, due in dues if due > soon] or hours[:24]
    return [*_spread(late, LATE), *_spread(pressing, PRESSING), *_spread(fresh, WAITING - LATE - PRESSING)]


def by_day(at_utc: datetime, *, before_utc: datetime | None = None) -> datetime:
    """The same day at an hour when people write, as far as that has passed; nobody's past is all at midnight."""
    local = at_utc.astimezone(site().brand.zone)
    minutes = int(at_utc.timestamp()) // 60 * 97 % ((_CLOSES - _OPENS) * 60)
    chosen = local.replace(hour=_OPENS, minute=0) + timedelta(minutes=minutes)
    return chosen.astimezone(UTC) if chosen < (before_utc or datetime.now(UTC)) else at_utc


def at_work(at_utc: datetime, *, before_utc: datetime | None = None) -> datetime:
    """The same, and on the Friday before instead of a weekend."""
    weekend = max(0, at_utc.astimezone(site().brand.zone).weekday() - 4)
    return by_day(at_utc - timedelta(days=weekend), before_utc=before_utc)


def _is_at_work(at_utc: datetime) -> bool:
    local = at_utc.astimezone(site().brand.zone)
    return local.weekday() < 5 and _OPENS <= local.hour < _CLOSES


def _spread(times: Sequence[datetime], count: int) -> list[datetime]:
    return [times[at * len(times) // count] for at in range(count)]


def _take(one: Invented, rooms: Mapping[str, Record[object]]) -> None:
    cause = new_id() if one.asks else None
    provenance = Provenance(
        channel=one.place, version=one.version, at_utc=one.at_utc, way="typed into the form", evidence="demo"
    )
    kept = keep(values={**one.values, **_attach(one, law().versions[one.version])}, provenance=provenance, cause=cause)
    of = one.organization
    enroll(
        person=kept.person,
        name=of.name,
        domain=of.domain,
        industry=of.industry,
        country=of.country,
        state=of.state,
        at_utc=one.at_utc,
    )
    if cause:
        intake = Intake(
            values=one.values,
            cause=cause,
            person=kept.person,
            place=one.place,
            version=one.version,
            at_utc=one.at_utc,
        )
        rooms[one.place](intake)


def _attach(one: Invented, stated: Policy) -> Mapping[str, str]:
    """Kind → a log file, for people who write about their old system, if the place takes log files."""
    rules = {ask.kind: stated.kinds[ask.kind].files for ask in stated.collects[one.place].asks}
    takes = [kind for kind, rule in rules.items() if rule is not None and "log" in rule.accept]
    return {kind: pack([_log()]) for kind in takes if _OLD_SYSTEM in one.values.values()}


def _log() -> Attached:
    id, key = new_id(), new_key()
    writing = of_site().begin(id, key)
    writing.write(_LOG)
    return Attached.of(writing.finish(), id=id, key=key, name="old system.log", media="text/plain")


def _invent(organization: CastOrganization, name: str, *, number: int, choose: Random) -> Persona:
    product = choose.choice(list(site().products.values()))
    edition = choose.choice(product.editions).slug if product.editions else ""
    return make_persona(
        name,
        organization,
        product=product,
        edition=edition if number % 3 else "",
        users=str(choose.choice((5, 12, 25, 40, 60, 120))),
        note=choose.choice(_NOTES),
        # 555-0100 to 555-0199 are set aside for invented people.
        phone=f"+1559555{100 + number % 100:04d}" if organization.country == "US" else "",
        choose=choose.choice,
    )


def keep_invented(
    place: str,
    values: Mapping[str, str],
    *,
    at_utc: datetime,
    cause: UUID,
    person: UUID | None = None,
    who: str = "person",
    version: int = 0,
    purpose: str = "",
) -> UUID:
    """Values of someone invented, kept as the policy of that day takes them in a place. Gives the person.

    Takes   version: of the policy, for a use that only this one states; purpose: the one for which it is given"""
    version = version or find_stated(law(), place, at_utc=at_utc, kinds=values).version
    part = find_part(law().versions[version], place, purpose)
    way = "typed into the form" if who == "person" else "written by staff"
    provenance = Provenance(part.id if part else place, version=version, at_utc=at_utc, way=way, evidence="demo")
    return keep(values=values, provenance=provenance, person=person, cause=cause, who=who).person


def make_address(name: str, domain: str) -> str:
    """The invented address of someone of this name."""
    return f"{_plain(name)}@{domain}"


def read_password() -> str:
    """The password of everyone who signs in to this demonstration, the same at each start."""
    file = Path(settings.TROTH_VAR) / "demo-password.txt"
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as opened:
            opened.write("-".join(secrets.token_hex(2) for _ in range(4)) + "\n")
    return file.read_text().strip()


def _plain(name: str) -> str:
    """A name as it is in addresses: bjork for Björk."""
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return ".".join("".join(sign for sign in word if sign.isalnum()) for word in letters.split())


_OLD_SYSTEM = "Our old system stops being supported next summer."
_LOG = b"2026-11-20 22:14:07 ERROR posting batch 4711: table LOTS is locked\n" * 40
_NOTES = (
    "We would like to see lot recall with our own data.",
    _OLD_SYSTEM,
    "Two plants, one warehouse. Can they share a plan?",
    "Please call in the morning.",
    "We need a quote that our board can decide on this month.",
)
