"""What is written to many: newsletters by topic, and notices about a product. Each is a `Mailing`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import in_force
from troth.desk.staff import READ, may
from troth.desk.topics import topics_of
from troth.outbox.emails import EmailKind
from troth.policy.terms import Topic
from troth.security.models import User
from troth.site import site
from troth.uses.newsletter.models import Installation, SignUp
from troth.uses.newsletter.topics import PURPOSE, UPDATES
from troth.wording import Words

Readers = Mapping[bytes, Sequence[UUID]]
"""Keyed hash of an address → who gave it, the latest first: each address gets an issue once."""


@dataclass(frozen=True)
class Mailing:
    """One way of writing to many.

    kind        what its text may contain
    two_people  whether a second person publishes it
    topics      what an issue can be about
    readers     all whom a topic concerns, before the law is asked"""

    purpose: str
    email: str
    kind: EmailKind
    two_people: bool
    topics: Callable[[], Sequence[Topic]]
    readers: Callable[[str], Readers]
    new: Words


def _list_topics() -> Sequence[Topic]:
    return topics_of(in_force.policy().purposes[PURPOSE])


def _list_products() -> Sequence[Topic]:
    """Software alone: a printer has no releases."""
    return [Topic(each.slug, each.name) for each in site().products.values() if each.releases]


def _find_readers(topic: str) -> Readers:
    rows = SignUp.objects.filter(topic=topic, confirmed_utc__isnull=False).order_by("-confirmed_utc")
    return _gather(rows.values_list("address_key", "person_id"))


def _find_users(product: str) -> Readers:
    rows = Installation.objects.filter(product=product, removed_utc=None).order_by("-registered_utc")
    return _gather(rows.values_list("address_key", "person_id"))


def _gather(rows: Iterable[tuple[bytes | memoryview, UUID]]) -> Readers:
    found: dict[bytes, list[UUID]] = {}
    for key, person in rows:
        found.setdefault(bytes(key), []).append(person)
    return found


NEWS = Mailing(
    PURPOSE, "newsletter/issue", EmailKind.MARKETING, False, _list_topics, _find_readers, _("Write an issue")
)
NOTICES = Mailing(
    UPDATES, "newsletter/update", EmailKind.SERVICE, True, _list_products, _find_users, _("Write a notice")
)
MAILINGS: Mapping[str, Mailing] = {each.purpose: each for each in (NEWS, NOTICES)}


def list_mailings(user: User) -> list[Mailing]:
    """Those whose data the policy gives to this member of staff."""
    stated = in_force.policy().purposes
    return [each for each in MAILINGS.values() if each.purpose in stated and may(user, READ, each.purpose)]
