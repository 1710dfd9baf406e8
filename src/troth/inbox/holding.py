"""What the mailbox holds about someone besides their values, and until when."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from troth import in_force
from troth.collection.mailbox import actions
from troth.collection.mailbox.keeping import MESSAGE
from troth.collection.mailbox.models import KeptMail
from troth.desk.holding import HeldRow, RoomHolding
from troth.inbox import strangers
from troth.queries import PreparedQuery, Slot
from troth.records import profile
from troth.words.values import moment

_SOME = 200
_MAILS = PreparedQuery(lambda: KeptMail.objects.filter(person=Slot("person")).order_by("received_utc"))


def list_held(person: UUID) -> Iterable[HeldRow]:
    """The emails that they sent, oldest first: each is kept as it came, beside the message that was read in it."""
    for mail in _MAILS.list(person=person):
        facts = [(_("Received"), moment(mail.received_utc)), (_("Size"), filesizeformat(mail.size))]
        yield HeldRow(_("Email that you sent us, as it arrived"), facts)


HELD = RoomHolding(list_held, (_MAILS,))


def expire() -> int:
    """How many mails were deleted: nobody's after their time, and someone's once their messages are gone."""
    now = datetime.now(UTC)
    return actions.expire(at_utc=now) or _expire_with_messages(now) or strangers.forget(at_utc=now)


def _expire_with_messages(now: datetime) -> int:
    """A mail goes with the message that was read in it, so only those are looked at whose time can be over."""
    kind = in_force.policy().kinds.get(MESSAGE)
    old = KeptMail.objects.exclude(person=None).order_by("received_utc")
    if kind is not None:
        old = old.filter(received_utc__lt=kind.kept.time.before(now))
    gone = [mail.pk for mail in old[:_SOME] if mail.person_id and not _has_message(mail.person_id)]
    return KeptMail.objects.filter(pk__in=gone).delete()[0] if gone else 0


def _has_message(person: UUID) -> bool:
    return MESSAGE in profile.list_kinds(person)
