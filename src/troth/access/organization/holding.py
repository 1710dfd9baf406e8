"""Their place in an organization, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from troth.access.organization.entries import role_in_words
from troth.desk.holding import HeldRow, RoomHolding
from troth.records import organizations


def list_held(person: UUID) -> Iterable[HeldRow]:
    """The organization that they joined and their role in it."""
    membership = organizations.of(person)
    if membership is not None:
        yield HeldRow(membership.name, [(_("Role"), role_in_words(membership.role))])


HELD = RoomHolding(list_held, (organizations.MembershipOf,))
