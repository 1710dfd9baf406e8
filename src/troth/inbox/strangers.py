"""Who wrote by email alone and has no account: what they sent goes soon after their request is closed.

Policy  #C3
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from troth import in_force
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.cases.thread.writing import ANSWER, BY_EMAIL
from troth.collection.mailbox.keeping import PLACE
from troth.collection.mailbox.models import KeptMail
from troth.policy.parting import find_whole
from troth.records import profile
from troth.records.models import AccountPerson

PROMISE = "email.strangers"
PROGRAM = "program:mailbox"
_SOME = 100
_CHANNELS = frozenset({PLACE, BY_EMAIL, ANSWER})
"""Where data of someone comes from who only ever wrote email."""


def forget(*, at_utc: datetime) -> int:
    """Of how many everything was deleted; nobody where the policy in force has no such rule."""
    stated = in_force.policy().promises.get(PROMISE)
    if stated is None or stated.within is None:
        return 0
    closed = Case.objects.filter(manner="email", answered_utc__lt=stated.within.before(at_utc))
    closed = closed.exclude(state__in=Case.LIVING).exclude(purpose=cases.PURPOSE)
    mails = KeptMail.objects.filter(request__in=closed.values("pk")).exclude(person=None)
    mails = mails.exclude(person__in=AccountPerson.objects.values("person"))
    people = mails.order_by("received_utc").values_list("person", flat=True)[:_SOME]
    return sum(_forget(person) for person in dict.fromkeys(people) if person)


def _forget(person: UUID) -> bool:
    """Whether they are a stranger: nothing of theirs is open, and no other way led them here."""
    held = profile.list_data(person)
    if len(profile.people_of(person)) > 1 or not held or not {find_whole(datum.channel) for datum in held} <= _CHANNELS:
        return False
    if Case.objects.filter(person=person, state__in=Case.LIVING).exists():
        return False
    with transaction.atomic():
        for datum in held:
            profile.remove_datum(person, datum.id, because="removed", way="time over", who=PROGRAM)
        KeptMail.objects.filter(person=person).delete()
    return True
