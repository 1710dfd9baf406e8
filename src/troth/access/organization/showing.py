"""The data of an organization's pages. Names are read through the gate, so their owners see who looked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.access.organization.actions import PROGRAM, PURPOSE, acting
from troth.access.organization.requests import SeenRequest, list_seen
from troth.access.persons import SHOWN
from troth.policy import Kind
from troth.records import organizations as records
from troth.records.membership import Invitation, JoinRequest, Organization, SharedFact
from troth.records.models import AccountPerson
from troth.security.models import User
from troth.words.values import in_words


@dataclass(frozen=True)
class Colleague:
    """A member as colleagues see them; without a name if the gate refuses it."""

    person: UUID
    name: str
    address: str
    role: str
    since_utc: datetime
    self: bool

    @property
    def called(self) -> str:
        return self.name or self.address or _("Someone")


@dataclass(frozen=True)
class Asking:
    """An open request to join, or an open invitation."""

    id: UUID
    name: str
    address: str
    role: str
    at_utc: datetime
    until_utc: datetime | None


@dataclass(frozen=True)
class InvitationOffer:
    """An invitation to the signed-in account."""

    id: UUID
    invites: UUID
    organization: str
    role: str
    until_utc: datetime


@dataclass(frozen=True)
class ShownFact:
    fact: UUID
    by: str
    mine: bool
    since_utc: datetime
    values: Sequence[tuple[Kind, str]]
    requests: Sequence[SeenRequest]


def colleagues(request: HttpRequest, user: User, members: Iterable[records.Member]) -> list[Colleague]:
    """Cost  1 statement a member while the grant of the last look is open, 2 else."""
    return [
        Colleague(
            member.person,
            *_read_name(request, member.person, *_member_reason(user, member.person)),
            member.role,
            member.since_utc,
            member.person == user.person_id,
        )
        for member in members
    ]


def asking(request: HttpRequest, mine: records.OwnMembership, at_utc: datetime) -> tuple[list[Asking], list[Asking]]:
    """Requests to join and open invitations, oldest first."""
    waiting = JoinRequest.objects.filter(organization=mine.organization, state="asked").order_by("asked_utc")
    sent = Invitation.objects.filter(organization=mine.organization, state="open", expires_utc__gt=at_utc)
    why = _("to show your colleagues who is asking to join")
    invited = _("to show your colleagues who they invited")
    return (
        [Asking(it.id, *_read_name(request, it.person_id, why), "", it.asked_utc, None) for it in waiting],
        [
            Asking(it.id, *_read_name(request, it.person_id, invited), it.role, it.sent_utc, it.expires_utc)
            for it in sent.order_by("sent_utc")
        ],
    )


def offers(user: User, at_utc: datetime) -> list[InvitationOffer]:
    """Invitations to an address that the account has confirmed."""
    found = Invitation.objects.filter(
        person__in=AccountPerson.objects.filter(user=user).values("person_id"), state="open", expires_utc__gt=at_utc
    ).select_related("organization")
    return [
        InvitationOffer(it.id, it.organization_id, it.organization.name, it.role, it.expires_utc)
        for it in found.order_by("sent_utc")
    ]


def waits(user: User) -> tuple[JoinRequest, str] | None:
    """The user's own open request to join, with the organization's name."""
    found = JoinRequest.objects.filter(person=user.person_id, state="asked").first()
    return (found, Organization.objects.get(pk=found.organization_id).name) if found else None


def list_shared(
    request: HttpRequest, user: User, facts: Sequence[records.Shared], organization: UUID
) -> list[ShownFact]:
    """Submissions that members share: the values the policy lets colleagues see, and the requests made with them."""
    names: dict[UUID, str] = {}
    requests = list_seen(organization, [each.fact for each in facts])
    found = []
    for each in facts:
        own = each.by_person == user.person_id
        if each.by_person not in names:
            name, address = (
                ("", "")
                if own
                else _read_name(request, each.by_person, _("to see who shares requests in the organization"))
            )
            names[each.by_person] = name or address
        who, why = (PROGRAM, _("to show you what we hold")) if own else (acting(user), _("to see what you share"))
        values = _values(request, each.fact, SHOWN, why, who=who)
        asked = requests.get(each.fact, [])
        found.append(ShownFact(each.fact, names[each.by_person], own, each.since_utc, _in_order(values), asked))
    return found


def name_sharers(request: HttpRequest, user: User, facts: Iterable[UUID]) -> dict[UUID, str]:
    """Fact → the name of the colleague who shares it."""
    found, names = SharedFact.objects.filter(person__in=list(facts), shared=True), dict[UUID, str]()
    for each in found:
        name, address = _read_name(request, each.by_person, _("to see who shares requests in the organization"))
        names[each.person_id] = name or address or _("Someone")
    return names


def name_colleague(request: HttpRequest, person: UUID) -> str:
    """What the page calls one of them, or someone whom they invited: name, else address."""
    user = request.user
    assert isinstance(user, User)
    name, address = _read_name(request, person, *_member_reason(user, person))
    return name or address or _("Someone")


def _in_order(values: Mapping[str, str]) -> list[tuple[Kind, str]]:
    kinds = in_force.policy().kinds
    return [(kinds[kind], in_words(kinds[kind], values[kind])) for kind in SHOWN if kind in values]


def _member_reason(user: User, person: UUID) -> tuple[str, str]:
    """The reason and actor of a look; looking at oneself isn't a colleague's look."""
    if person == user.person_id:
        return _("to show you what we hold"), PROGRAM
    return _("to show the members of the organization"), acting(user)


def _read_name(request: HttpRequest, person: UUID, reason: str, who: str = "") -> tuple[str, str]:
    user = request.user
    assert isinstance(user, User)
    values = _values(request, person, ("email", "name"), reason, who=who or acting(user))
    return values.get("name", ""), values.get("email", "")


def _values(request: HttpRequest, person: UUID, kinds: Sequence[str], reason: str, *, who: str) -> Mapping[str, str]:
    place = gate.SessionLook(request.session, f"colleague {kinds[0]} {person}")
    given = gate.look(place=place, person=person, purpose=PURPOSE, kinds=kinds, who=who, reason=reason)
    return {} if isinstance(given, gate.Refused) else given.values
