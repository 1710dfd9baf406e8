"""The demonstration's update: the newest version is being told, its questions are open, and people answered by day."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from troth import gate, in_force, queue
from troth.collection.demo import at_time, keep_invented, make_address
from troth.outbox import QueuedEmail, delivery, returned, suppression
from troth.outbox.faults import sort_bounce
from troth.policy.terms import Policy
from troth.site import site
from troth.updates import answering, sending
from troth.updates.models import PolicyUpdate, UpdateReader

_STILL_ASKED = 4
"""The two newest versions ask nobody by themselves; the two before them do."""
_PLACE, _WHO = "import.list", "program:demo"
_FIRST = ("Anna", "Bilal", "Carla", "Dmitri", "Esther", "Farid", "Greta", "Hugo")
_LAST = ("Abbott", "Brandt", "Cheung", "Duarte", "Eriksen", "Fontaine")
_DOMAINS = ("corvane-machine.example", "boise-precision.example", "mar-vista-foods.example")
_DAYS_AGO, _IMPORTED_DAYS_AGO = 5, 40
_BY_DAY = (12, 8, 5, 3, 2)
"""How many answer on each day; each third says no, and everyone else is silent."""
_NO_MAILBOX = "550 5.1.1 The email account that you tried to reach does not exist"
_GONE = 3


def send(now_utc: datetime) -> None:
    """Customers of an earlier system are asked, and some answered; all other emails are left to the worker.

    Once, and nothing for a site of one version."""
    if PolicyUpdate.objects.filter(begun_utc__isnull=False).exists():
        return
    law, begun_utc = in_force.law(), now_utc - timedelta(days=_DAYS_AGO)
    before = law.versions.get(max(1, law.current - _STILL_ASKED))
    imported = _import(before, now_utc) if before and _PLACE in before.collects else {}
    with _at(begun_utc):
        update = sending.begin(at_utc=begun_utc)
        if update is None:
            return
        # As where a version superseded others that were still being asked: each person is asked about the sum of them.
        start = max(1, update.version - _STILL_ASKED)
        PolicyUpdate.objects.filter(pk=update.pk).update(since=start, asks_since=start)
        PolicyUpdate.objects.filter(version__lte=start).update(state=PolicyUpdate.Phase.FORMER)
        sending.send(update.pk, at_utc=begun_utc)
    mailed = QueuedEmail.objects.filter(batch=update.pk)
    mailed.exclude(person_id__in=list(imported)).update(queued_utc=now_utc)
    asked = UpdateReader.objects.filter(update=update, person_id__in=list(imported)).exclude(asks=[])
    _answer(list(asked.order_by("person_id")), imported, begun_utc)


def _import(stated: Policy, now_utc: datetime) -> dict[UUID, str]:
    """Person → address."""
    kinds = {ask.kind for ask in stated.collects[_PLACE].asks}
    products, found = list(site().products), {}
    for number, (first, last) in enumerate((first, last) for last in _LAST for first in _FIRST):
        address = make_address(f"{first} {last}", _DOMAINS[number % len(_DOMAINS)])
        given = {"name": f"{first} {last}", "email": address, "product": products[number % len(products)]}
        values = {kind: value for kind, value in given.items() if kind in kinds}
        at_utc = now_utc - timedelta(days=_IMPORTED_DAYS_AGO, minutes=number)
        with at_time(at_utc):
            person = keep_invented(_PLACE, values, at_utc=at_utc, cause=gate.new_id(), who=_WHO, version=stated.version)
        found[person] = address
    return found


def _answer(asked: Sequence[UpdateReader], addresses: dict[UUID, str], begun_utc: datetime) -> None:
    """Their emails left; the first few came back, and the next ones answered."""
    people, updates = [reader.person_id for reader in asked], {reader.update_id for reader in asked}
    with _at(begun_utc + timedelta(minutes=1)):
        mailed = QueuedEmail.objects.filter(batch__in=updates, person_id__in=people)
        delivery.deliver(*mailed.values_list("pk", flat=True))
    for reader in asked[:_GONE]:
        with _at(begun_utc + timedelta(minutes=9)):
            _bounce(reader, addresses[reader.person_id])
    answers = [(day, place) for day, number in enumerate(_BY_DAY) for place in range(number)]
    for number, (reader, (day, place)) in enumerate(zip(asked[_GONE:], answers, strict=False)):
        with _at(begun_utc + timedelta(days=day, hours=1, minutes=37 * place)):
            answering.answer((reader.person_id,), reader.asks, yes=number % 3 != 1)


def _bounce(reader: UpdateReader, address: str) -> None:
    status = "5.1.1"
    for email in QueuedEmail.objects.filter(batch=reader.update_id, person_id=reader.person_id):
        fault, domain = sort_bounce(status, _NO_MAILBOX), address.rpartition("@")[2]
        if returned.note_bounce(email.pk, status=status, fault=fault, domain=domain):
            suppression.suppress(address, why="bounce", evidence=email.pk)


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """What happens and what is queued in it is of that time."""
    with queue.run_at(moment), at_time(moment):
        yield
