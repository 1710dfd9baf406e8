"""A customer's own requests: two hundred support cases, one of them with forty messages both ways."""

from datetime import UTC, datetime
from uuid import UUID

from bench.rights import Dora

REQUESTS, MESSAGES = 200, 40
_WORDS = "We need lot recall on line {number}, and the report of last week shows no lots at all."


def converse(her: Dora) -> str:
    """The number of the case with the messages, all written as the program writes them."""
    from django.db import transaction

    from troth.collection.intake import Intake
    from troth.records.ids import new_id
    from troth.records.keeping import Provenance, keep
    from troth.uses.support import actions

    now = datetime.now(UTC)
    with transaction.atomic():
        for number in range(REQUESTS):
            cause, values = new_id(), {"note": _WORDS.format(number=number)}
            keep(values=values, provenance=Provenance("form.support", 1, now, "typed"), person=her.person, cause=cause)
            case = actions.record(
                Intake(values=values, cause=cause, person=her.person, place="form.support", version=1, at_utc=now)
            )
    for number in range(MESSAGES):
        _write(her.person, case.pk, number)
    return case.number


def _write(person: UUID, case: UUID, number: int) -> None:
    """The person and staff by turns."""
    from django.db import transaction

    from troth.cases.models import Case
    from troth.cases.thread import writing
    from troth.records.ids import new_id
    from troth.records.keeping import Provenance, keep

    channel, who, way = (writing.REPLY, "person", "page") if number % 2 else (writing.ANSWER, "staff:bench", "console")
    now, message, text = datetime.now(UTC), new_id(), _WORDS.format(number=number)
    with transaction.atomic():
        provenance = Provenance(channel, 1, now, "typed")
        keep(values={writing.WORDS: text}, provenance=provenance, person=person, cause=message)
        found = Case.objects.get(pk=case)
        writing.add_message(found, message, id=message, at_utc=now, who=who, way=way, text=text)
