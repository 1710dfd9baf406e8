"""A sign-up, from the form or the page of choices to the confirmed topic; and what is deleted without one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from troth import gate, in_force, outbox
from troth.cases.models import CaseNumber
from troth.collection.intake import Intake
from troth.collection.request_keys import keys_of
from troth.desk import index
from troth.desk.choices import AskedByEmail, RunningPause
from troth.desk.receipts import RequestReceipt
from troth.outbox import suppression
from troth.policy.lengths import Duration
from troth.policy.meaning import MARKETING
from troth.queries import PreparedQuery, Slot
from troth.seal import vault
from troth.security import proofs, spending
from troth.site import site
from troth.uses.newsletter import installations
from troth.uses.newsletter.entries import ConfirmedTopic
from troth.uses.newsletter.models import ConfirmationCount, SignUp
from troth.uses.newsletter.topics import (
    CONFIRMATIONS,
    PURPOSE,
    SIGNED_UP,
    UNCONFIRMED,
    find_topic,
    hash_consent,
    questions_of,
    title_of,
)
from troth.words import promises

WAY = "confirmed by email"
PAUSE, MOST = timedelta(days=1), 3
"""Between two confirmations of one address and topic, and how many there are before one is confirmed."""
_SIGN_UP = PreparedQuery(lambda: SignUp.objects.filter(pk=Slot("id")))
_WITHOUT_PROMISE = Duration(7, "day")


@dataclass(frozen=True, kw_only=True)
class ConfirmFacts(outbox.EmailFacts):
    """`topic`: its title as the policy lists it, nothing that was typed; `until`: the last day, in words."""

    topic: str
    until: str


@dataclass(frozen=True, kw_only=True)
class WelcomeFacts(outbox.EmailFacts):
    """`topic`: its title; `id`: of the topic, for the archive's address."""

    topic: str
    id: str


def record(intake: Intake) -> SignUp:
    """The sign-up of a form with its confirmation, in the caller's transaction.

    Someone who complained about our email gets none. A bounce is forgotten: the address may work again."""
    return record_asking(intake)[0]


def record_asking(intake: Intake) -> tuple[SignUp, AskedByEmail]:
    """The same, and what happened to the confirmation."""
    email = intake.values["email"]
    known = suppression.find_suppression(email)
    if known is not None and known.why == "bounce":
        known.delete()
    return add_sign_up(
        intake.cause,
        person=intake.person,
        purpose=SIGNED_UP[intake.place],
        topic=find_topic(intake.values.get("news", "")),
        place=intake.place,
        version=intake.version,
        address_key=keys_of(email).address,
        at_utc=intake.at_utc,
        complained=known is not None and known.why != "bounce",
    )


def add_sign_up(
    id: UUID,
    *,
    person: UUID,
    purpose: str,
    topic: str,
    place: str,
    version: int,
    address_key: bytes,
    at_utc: datetime,
    complained: bool,
) -> tuple[SignUp, AskedByEmail]:
    """A sign-up, and its confirmation unless one went out lately or enough did."""
    asked = AskedByEmail.BLOCKED if complained else _count(_count_key(address_key, purpose, topic), at_utc)
    row = SignUp.objects.create(
        id=id,
        number=CaseNumber.assign("N", at_utc),
        person_id=person,
        purpose=purpose,
        topic=topic,
        place=place,
        version=version,
        address_key=address_key,
        asked_utc=at_utc,
        mailed=asked is AskedByEmail.MAILED,
    )
    if asked is AskedByEmail.MAILED:
        proofs.make(proof=id, person=person, what=proofs.NEWSLETTER, at_utc=at_utc)
        facts = ConfirmFacts(topic=title_of(topic, purpose), until=_say_day(find_end(at_utc)), proof=id)
        outbox.post(person=person, purpose=CONFIRMATIONS, email="newsletter/confirm", facts=facts, cause=id)
    return row, asked


def confirm(proof: proofs.Proof, *, at_utc: datetime) -> SignUp | None:
    """What was signed up for on from now, a topic with its welcome; None if the link was used meanwhile.

    What they paused stays so: the topic begins with the end of the pause."""
    with transaction.atomic():
        found = SignUp.objects.select_for_update().filter(pk=proof.pk).first()
        if found is None or not spending.use(proof, at_utc=at_utc):
            return None
        paused = find_pause(found)
        _say_yes(found, paused)
        SignUp.objects.filter(pk=found.pk).update(confirmed_utc=at_utc)
        key = _count_key(bytes(found.address_key), found.purpose, found.topic)
        ConfirmationCount.objects.filter(key=key).delete()
        gate.lift_suppression(found.person_id, found.pk)
        found.confirmed_utc = at_utc
        if paused is None:
            _welcome(found)
    return found


def welcome_after_pause(people: Sequence[UUID], questions: Collection[str], *, since_utc: datetime) -> None:
    """The welcome to each topic that was confirmed during a pause and begins with its end."""
    late = SignUp.objects.filter(person__in=people, purpose=PURPOSE, confirmed_utc__gte=since_utc)
    for found in late.order_by("confirmed_utc", "pk") if {MARKETING, PURPOSE} & {*questions} else ():
        if gate.decide(found.person_id, PURPOSE, ["email"], topic=found.topic)["email"].allowed:
            _welcome(found)


def forget_unconfirmed(*, at_utc: datetime) -> int:
    """How many sign-ups nobody confirmed in time: they are gone, with what was entered for them."""
    stale = SignUp.objects.filter(confirmed_utc=None, asked_utc__lte=_latest(at_utc)).order_by("asked_utc")[:500]
    for found in list(stale):
        with transaction.atomic():
            proofs.Proof.objects.filter(pk=found.pk).delete()
            gate.remove_unconfirmed(found.person_id, found.pk)
            found.delete()
    return len(stale)


def receipt(cause: UUID) -> RequestReceipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    found = _SIGN_UP.first(id=cause)
    if found is None:
        return installations.receipt(cause)
    heading, lead = describe(found)
    return RequestReceipt(
        cause=found.id,
        number=found.number,
        received_utc=found.asked_utc,
        heading=heading,
        lead=lead,
        purpose=found.purpose,
        alike=found.confirmed_utc is None,
    )


def describe(found: SignUp) -> tuple[str, str]:
    """Heading and lead. Before the confirmation they are the same for every address."""
    title = title_of(found.topic, found.purpose)
    if found.confirmed_utc is not None:
        return _("You get “%(topic)s”") % {"topic": title}, _(
            "You confirmed it by email. Each email has a link to unsubscribe."
        )
    return _("Check your email"), _(
        "“%(topic)s” starts once you open the link in our email and confirm. If you don’t confirm by "
        "%(until)s, we delete what you entered."
    ) % {"topic": title, "until": _say_day(find_end(found.asked_utc))}


def find_end(asked_utc: datetime) -> datetime:
    """When an unconfirmed sign-up is deleted, as the policy promises."""
    return (promises.find_promise(UNCONFIRMED) or _WITHOUT_PROMISE).after(asked_utc)


def find_pause(found: SignUp) -> RunningPause | None:
    """What keeps the sign-up from beginning at once."""
    return index.find_pause(found.person_id, (MARKETING, *questions_of(found.purpose, found.topic)))


def has_opted_out(person: UUID, purpose: str) -> bool:
    """Whether they said no to all marketing, which a newsletter is: confirming takes that back."""
    return gate.decide(person, purpose, ["email"])["email"].code == "opted out"


def starts_with_welcome(found: SignUp) -> bool:
    """Whether the address gets a topic of the newsletter for the first time."""
    same = SignUp.objects.filter(address_key=bytes(found.address_key), purpose=PURPOSE, topic=found.topic)
    until = found.confirmed_utc or datetime.max.replace(tzinfo=UTC)
    return found.purpose == PURPOSE and not same.filter(confirmed_utc__lte=until).exclude(pk=found.pk).exists()


def _count(key: bytes, at_utc: datetime) -> AskedByEmail:
    """Whether one more confirmation may go there, and that it did."""
    row, new = ConfirmationCount.objects.select_for_update().get_or_create(key=key, defaults={"last_utc": at_utc})
    if row.times >= MOST:
        return AskedByEmail.SPENT
    if not new and at_utc < row.last_utc + PAUSE:
        return AskedByEmail.WAITS
    ConfirmationCount.objects.filter(key=key).update(times=row.times + 1, last_utc=at_utc)
    return AskedByEmail.MAILED


def _count_key(address_key: bytes, purpose: str, topic: str) -> bytes:
    return vault().blind_index(f"{purpose} confirmation", f"{address_key.hex()} {topic}")


def _say_yes(found: SignUp, paused: RunningPause | None) -> None:
    """Each answer, and the proof: which words were agreed to, under which version, when and how."""
    version = in_force.policy().version
    over_all = (MARKETING,) if has_opted_out(found.person_id, found.purpose) else ()
    answered = (*over_all, *questions_of(found.purpose, found.topic))
    later = [question for question in answered if paused and question in paused.questions]
    if later:
        index.answer_after_pause(found.person_id, later)
    for question in (each for each in answered if each not in later):
        gate.choose(person=found.person_id, question=question, version=version, yes=True, way=WAY)
    payload = ConfirmedTopic(topic=found.topic, sha256=hash_consent(found.purpose, found.topic), way=WAY)
    gate.note(
        person=found.person_id,
        kind="newsletter/confirmed",
        purpose=found.purpose,
        who="person",
        cause=found.id,
        payload=payload,
    )


def _welcome(found: SignUp) -> None:
    """One for each address and topic of the newsletter, however often they come back."""
    if not starts_with_welcome(found):
        return
    facts = WelcomeFacts(topic=title_of(found.topic), id=found.topic)
    outbox.post(
        person=found.person_id,
        purpose=PURPOSE,
        topic=found.topic,
        email="newsletter/welcome",
        kinds=["name"],
        facts=facts,
        cause=found.id,
    )


def _latest(at_utc: datetime) -> datetime:
    """The latest time of asking whose promise is over by now."""
    return (promises.find_promise(UNCONFIRMED) or _WITHOUT_PROMISE).before(at_utc)


def _say_day(at_utc: datetime) -> str:
    return formats.date_format(timezone.localtime(at_utc.astimezone(UTC), site().brand.zone), "D, M j, Y")
