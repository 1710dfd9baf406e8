"""Members' actions. The database decides each one, an email tells of it, and names are read through the gate."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from troth import due, gate, in_force, outbox
from troth.access.organization.domains import domain_of
from troth.access.organization.entries import role_in_words
from troth.policy.lengths import Duration
from troth.records import Provenance, keep
from troth.records import organizations as records
from troth.records.accounts import join
from troth.records.membership import Invitation, JoinRequest, Organization
from troth.security.models import User
from troth.words import promises

PURPOSE = "organization"
RECIPIENT = "colleague"
PLACE = "form.invitation"
PROGRAM = "program:organization"
NAMED = ("email", "name")
END = "organization.end_invitation"
PROMISE = "colleagues.invitation"
INVITATION = Duration(14, "day")
"""How long an invitation stays open where the policy does not say."""


class StillOpen(Exception):
    """An invitation could not be ended yet; the job tries again."""


@dataclass(frozen=True, kw_only=True)
class OrganizationFacts(outbox.EmailFacts):
    """`role`: the new one, in words; `time`: within which an invitation is to be answered, in words."""

    organization: str
    role: str = ""
    time: str = ""


def create_organization(user: User, name: str, *, by_domain: bool) -> UUID:
    """Creates an organization led by the user; known by their confirmed domain if they want that."""
    person = person_of(user)
    return records.create(person, name=name, domain=domain_of(user) if by_domain else "")


def ask(user: User, organization: UUID) -> UUID:
    """Asks the administrators of the domain's organization, who get the person's name and address and an email."""
    person, name = person_of(user), _name_of(organization)
    earlier = JoinRequest.objects.filter(person=person, organization=organization, state="asked").first()
    if earlier is not None:
        return earlier.id
    given = _look(person, _("to show your colleagues who is asking to join"))
    with transaction.atomic():
        request = records.ask(person, organization, domain=domain_of(user))
        _disclose(given, organization, name, request)
        for administrator in records.administrators(organization):
            tell(administrator, "asked", organization=name)
    return request


def decide(user: User, cause: UUID, *, yes: bool, role: str) -> UUID:
    """An administrator's answer to the person who asked to join, who is notified by email; that person."""
    mine = mine_of(user)
    with transaction.atomic():
        person = records.decide(person_of(user), cause, yes=yes, role=role)
        tell(person, "agreed" if yes else "refused", organization=mine.name if mine else "", role=role)
    return person


def invite(user: User, address: str, role: str, *, at_utc: datetime) -> UUID:
    """Emails an invitation to an address that a member gave. An account with that address shows it too."""
    mine, invitation = mine_of(user), gate.new_id()
    with transaction.atomic():
        provenance = Provenance(
            channel=PLACE, version=in_force.policy().version, at_utc=at_utc, way="given by a colleague"
        )
        kept = keep(values={"email": address}, provenance=provenance, who=acting(user), cause=invitation)
        organization = mine.organization if mine else gate.new_id()
        time = promises.find_promise(PROMISE) or INVITATION
        lasting = time.after(at_utc) - at_utc
        records.invite(
            person_of(user), organization, invitation=invitation, person=kept.person, role=role, lasting=lasting
        )
        due.plan(END, about=invitation, steps={"": Invitation.objects.get(pk=invitation).expires_utc})
        known = User.objects.at(address)
        if known is not None and known.person_id is not None:
            join(user=known.pk, person=kept.person, way="same address")
        words = promises.in_words(time) if promises.find_promise(PROMISE) else ""
        tell(kept.person, "invited", organization=mine.name if mine else "", role=role, time=words)
    return invitation


def answer(user: User, invitation: UUID, *, yes: bool) -> str:
    """Accepts or declines, and gives the organization's name.

    Members get name and address of the person who accepts, and it is in their history."""
    person = person_of(user)
    given = _look(person, _("to show your colleagues who is joining")) if yes else None
    with transaction.atomic():
        organization = records.answer(person, invitation, yes=yes)
        due.cancel(END, about=invitation)
        if given is not None:
            _disclose(given, organization, _name_of(organization), invitation)
    return _name_of(organization)


def uninvite(user: User, invitation: UUID) -> None:
    with transaction.atomic():
        records.uninvite(person_of(user), invitation)
        due.cancel(END, about=invitation)


def end_invitation(invitation: UUID, *, at_utc: datetime) -> None:
    """Ends an invitation that nobody answered in time and deletes its address.   Raises  StillOpen."""
    while records.expire(at_utc=at_utc):
        pass
    if Invitation.objects.filter(pk=invitation, state="open").exists():
        raise StillOpen("The database's clock says that the invitation has time left.")


def set_role(user: User, person: UUID, role: str) -> str:
    """The role that they had before."""
    mine, by = mine_of(user), person_of(user)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a second click waits, and finds the role
        former = next((each.role for each in records.members(by) if each.person == person), role)
        records.set_role(by, person, role)
        if person != user.person_id and role != former:
            tell(person, "role", organization=mine.name if mine else "", role=role)
    return former


def leave(user: User, person: UUID) -> str:
    """Out of the organization, whose name is given: oneself, or as an administrator someone else, who is notified."""
    mine = mine_of(user)
    with transaction.atomic():
        records.leave(person_of(user), person)
        if person != user.person_id:
            tell(person, "removed", organization=mine.name if mine else "")
    return mine.name if mine else ""


def mine_of(user: User) -> records.OwnMembership | None:
    return records.of(user.person_id) if user.person_id else None


def person_of(user: User) -> UUID:
    """The account's own person. Staff have none, and belong to no customer's organization."""
    assert user.person_id is not None
    return user.person_id


def acting(user: User) -> str:
    """The member as colleagues' histories name them."""
    return f"colleague:{person_of(user)}"


def tell(
    person: UUID, what: str, *, organization: str, role: str = "", time: str = "", cause: UUID | None = None
) -> None:
    """Queues an email about an organization, in the caller's transaction."""
    outbox.post(
        person=person,
        purpose=PURPOSE,
        email=f"organization/{what}",
        kinds=["name"],
        facts=OrganizationFacts(organization=organization, role=role_in_words(role) if role else "", time=time),
        cause=cause or gate.new_id(),
    )


def can_tell(person: UUID) -> bool:
    """Whether such an email leaves now: there is an address, and its use is allowed."""
    return outbox.can_email(person, PURPOSE)


def _look(person: UUID, reason: str) -> gate.Given | None:
    given = gate.look(person=person, purpose=PURPOSE, kinds=NAMED, who=PROGRAM, reason=reason)
    return None if isinstance(given, gate.Refused) else given


def _disclose(given: gate.Given | None, organization: UUID, name: str, cause: UUID) -> None:
    """Discloses the person's name and address to the members, once for each request."""
    if given is None:
        return
    gate.disclose(
        given,
        recipient_class=RECIPIENT,
        recipient=str(organization),
        recipient_name=name,
        kinds=list(given.values),
        who="person",
        reason=_("because you want to join them"),
    )


def _name_of(organization: UUID) -> str:
    return Organization.objects.values_list("name", flat=True).filter(pk=organization).first() or ""
