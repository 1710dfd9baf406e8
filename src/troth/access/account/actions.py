"""Creating and changing accounts. Jobs write the emails, so response times don't reveal who has an account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from troth import gate, in_force, outbox, queue
from troth.access.account.entries import AccountPayload
from troth.addresses import comparable
from troth.collection.forms import PolicyForm
from troth.collection.forms.nonce import spend
from troth.desk import index
from troth.outbox import suppression
from troth.records import Provenance, keep, profile
from troth.records.accounts import addresses_of, join, leave_address, remove_unconfirmed
from troth.records.models import AccountPerson
from troth.records.profile import remove_datum
from troth.seal import vault
from troth.security import devices, entry, proofs, sessions, spending
from troth.security.models import User, seal_address
from troth.security.passwords import hash_password, matches
from troth.text.bodies import read_json

PURPOSE = "account"
SECURITY_PURPOSE = "security"
PROGRAM = "program:account"
PROFILE = "form.profile"
OFFERS = "offers"
"""In a session: there is something of another spelling of the address, to be added or left out."""
MOVED = "the account's address changed"
_MOST_TYPED = 200_000
"""More characters than the body of a form can have."""


class AddressTaken(Exception):
    """Another account now uses this address."""


@dataclass(frozen=True, kw_only=True)
class AccountFacts(outbox.EmailFacts):
    """`what`: what happened to the account."""

    what: str = ""


def queue_sign_up(form: PolicyForm) -> None:
    """Hashes the password and queues the job that stores the rest. Raises AlreadySent for the same form again.

    The request does the same for every address: a new person takes over what was declined under an address, and that
    takes longer the more people gave it. What was typed is encrypted in the queue."""
    proof = gate.new_id()
    asked = {"version": form.policy.version, "values": form.values, "password": hash_password(form.password)}
    hidden = vault().hide(_name_use(proof), json.dumps(asked).encode())
    with transaction.atomic():
        spend(form.nonce, form=form.collect.id, receipt=proof)
        queue.defer("account.sign up", form=form.collect.id, proof=str(proof), hidden=hidden.hex())


def sign_up(form: str, proof: UUID, hidden: bytes, *, at_utc: datetime) -> None:
    """Stores what the form asked and queues the email with the secret; does nothing if it did before."""
    asked = read_json(vault().show(_name_use(proof), hidden), most=_MOST_TYPED)
    with transaction.atomic():
        if proofs.Proof.objects.filter(pk=proof).exists():
            return
        provenance = Provenance(channel=form, version=asked["version"], at_utc=at_utc, way="typed into the form")
        kept = keep(values=asked["values"], provenance=provenance, cause=proof)
        proofs.make(proof=proof, person=kept.person, what=proofs.CONFIRM, password=asked["password"], at_utc=at_utc)
        greet(kept.person, proof, proofs.CONFIRM)


def greet(person: UUID, proof: UUID, what: str) -> None:
    """Queues the email with the secret. An address that has an account gets one that says so instead."""
    facts = AccountFacts(proof=proof)
    outbox.post(person=person, purpose=PURPOSE, email=f"account/{what}", kinds=["name"], facts=facts, cause=proof)


def confirm(proof: proofs.Proof, password: str, *, at_utc: datetime) -> User | None:
    """Creates the account. None if the password isn't the chosen one, or the address has an account by now."""
    if not matches(password, proof.password):
        return None
    given = read_contact(proof.person_id, PURPOSE, _("to create your account"), cause=proof.id)
    if given is None:
        return None
    address = given.values["email"]
    try:
        with transaction.atomic():
            if not spending.use(proof, at_utc=at_utc):
                return None
            user = User.objects.create_customer(
                address=address, password=proof.password, person=proof.person_id, cause=proof.id, at_utc=at_utc
            )
            joined = join(user=user.pk, person=proof.person_id, address=address, way="same address")
            spending.after_joining(joined, at_utc=at_utc)
            suppression.lift(address)
    except IntegrityError:
        return None
    return user


def note_sign_in(user: User, *, way: str, news: bool) -> None:
    """Records the sign-in, adds data that came in under the address since, and emails the owner about a new device."""
    if user.person_id is None:
        return
    with transaction.atomic():
        gate.note(
            person=user.person_id,
            kind="signed in",
            purpose=SECURITY_PURPOSE,
            who="person",
            payload=AccountPayload(way=way),
        )
        join(user=user.pk, address=user.address, way="same address")
        if news:
            tell(user, "signed in")


def queue_forgotten(address: str) -> None:
    """Queues the job that emails the address's owner, if it has one. The address is encrypted in the queue."""
    queue.defer("account.forgotten", proof=str(gate.new_id()), sealed=seal_address(address).hex())


def offer_reset(proof: UUID, sealed: bytes, *, at_utc: datetime) -> None:
    """Emails the secret that sets a new password; does nothing for an address without an account."""
    user = User.objects.filter(sealed_address=sealed, is_active=True, person__isnull=False).first()
    if user is None or user.person_id is None:
        return
    with transaction.atomic():
        spending.in_turn(user)
        made = proofs.make(proof=proof, person=user.person_id, what=proofs.RESET, user=user, at_utc=at_utc)
        if made.find_end(at_utc=at_utc):
            return  # this job ran before, and what it made was used or replaced since
        spending.after_newer(made, at_utc=at_utc)
        greet(user.person_id, proof, proofs.RESET)


def reset(proof: proofs.Proof, password: str, *, at_utc: datetime) -> bool:
    """Sets a new password. All sessions end and no device is known any more; two-step verification stays."""
    user = proof.user
    with transaction.atomic():
        if user is None or not spending.use(proof, at_utc=at_utc):
            return False
        _set_password(user, password, at_utc=at_utc)
        sessions.end(user)
        devices.forget(user)
    return True


def change_password(user: User, password: str, *, present: str, session: str, at_utc: datetime) -> bool:
    """Whether the new password was set. If so, all other sessions end.

    The database asks staff for the current one, which another browser may have changed a moment ago."""
    with transaction.atomic():
        if not user.is_staff:
            _set_password(user, password, at_utc=at_utc)
        elif not entry.change_password(user, present, password):
            return False
        sessions.end(user, but=session)
    return True


def ask_address(user: User, address: str, *, at_utc: datetime) -> None:
    """Stores a new address apart until it is confirmed, and notifies the old one."""
    cause = gate.new_id()
    with transaction.atomic():
        kept = keep(values={"email": address}, provenance=_provenance("typed into the form", at_utc), cause=cause)
        spending.in_turn(user)
        made = proofs.make(proof=cause, person=kept.person, what=proofs.ADDRESS, user=user, at_utc=at_utc)
        spending.after_newer(made, at_utc=at_utc)
        for older in proofs.Proof.objects.filter(user=user, what=proofs.ADDRESS).exclude(pk=made.pk):
            remove_unconfirmed(older.person_id, older.id)
        greet(kept.person, cause, proofs.ADDRESS)
        tell(user, "address asked", cause=_name_notice(cause))


@dataclass(frozen=True)
class AskedEmails:
    """What was emailed about a change of address that waits: to the current address, and the link to the new one."""

    notice: outbox.Mailed | None
    link: outbox.Mailed | None


def find_asked_emails(asked: proofs.Proof, *, present: str, new: str) -> AskedEmails:
    """Takes   present, new: the addresses, as the page names them.   Cost  2 queries"""
    notices = outbox.of_request(_name_notice(asked.id), you=present or _("your current address"))
    links = outbox.of_request(asked.id, you=new or _("the new address"))
    return AskedEmails(next(iter(notices), None), next(iter(links), None))


def _name_notice(proof: UUID) -> UUID:
    """The cause of the email that tells the current address, by which the account's page finds it."""
    return uuid5(proof, "address asked")


def find_asked_address(user: User, *, at_utc: datetime) -> proofs.Proof | None:
    """The change of address that waits for its confirmation."""
    asked = proofs.Proof.objects.filter(user=user, what=proofs.ADDRESS, spent_utc=None, expires_utc__gt=at_utc)
    return asked.order_by("-expires_utc").first()


def ask_address_again(user: User, asked: proofs.Proof, *, at_utc: datetime) -> bool:
    """Emails a new link to the address that waits; False if it no longer does."""
    given = read_contact(asked.person_id, PURPOSE, _("to change your address"), cause=asked.id)
    if given is None or "email" not in given.values:
        return False
    ask_address(user, given.values["email"], at_utc=at_utc)
    return True


def cancel_address(asked: proofs.Proof, *, at_utc: datetime) -> bool:
    """Ends the change that waits, and deletes the new address; False if it was confirmed or ended meanwhile."""
    with transaction.atomic():
        canceled = spending.cancel(asked, at_utc=at_utc)
        if canceled:
            remove_unconfirmed(asked.person_id, asked.id)
    return canceled


def change_address(proof: proofs.Proof, user: User, *, at_utc: datetime) -> bool:
    """Replaces the address everywhere in the account; the old one is notified, then forgotten.

    From then on the person who reads mail at the old address proves nothing by it.   Raises  AddressTaken."""
    given = read_contact(proof.person_id, PURPOSE, _("to change your address"), cause=proof.id)
    if given is None or proof.user_id != user.pk or user.person_id is None:
        return False
    former = read_contact(
        user.person_id, SECURITY_PURPOSE, _("to notify your previous address"), cause=user.address_request
    )
    try:
        with transaction.atomic():
            if not spending.use(proof, at_utc=at_utc):
                return False
            spending.after_address(user, people=_people(user), at_utc=at_utc)
            _move(user, proof, given.values["email"], at_utc=at_utc)
            if former is not None and "email" in former.values:
                facts = AccountFacts(what="address changed")
                outbox.post_finished(permit=former, email="account/notice", facts=facts, kinds=["name"], cause=proof.id)
    except IntegrityError as error:
        raise AddressTaken from error
    return True


def _move(user: User, proof: proofs.Proof, address: str, *, at_utc: datetime) -> None:
    """Replaces the former address by the new one in the account and in each of its submissions that used it.

    What is open by the former address alone stays there: invitations, requests that only mail proved."""
    assert user.person_id is not None
    while join(user=user.pk, address=user.address, way="same address"):
        pass  # what came in under the former address since they signed in is theirs, too
    left = comparable(user.address).rpartition("@")[2] != comparable(address).rpartition("@")[2]
    leave_address(user.pk, user.address, domain=left)
    moved = addresses_of(user.pk, user.address)
    keep(
        values={"email": address},
        provenance=_provenance("proven by a mailed link", at_utc),
        person=user.person_id,
        cause=proof.id,
    )
    suppression.lift(address)
    user.sealed_address, user.address_request = seal_address(address), proof.id
    user.save(update_fields=["sealed_address", "address_request"])
    asked = [datum.cause for datum in moved if datum.cause]
    for readdress in index.readdressing():
        readdress(asked, address)
    for datum in moved:
        if datum.person != user.person_id:
            provenance = Provenance(datum.channel, datum.version, at_utc, way=MOVED, evidence=f"in place of {datum.id}")
            keep(values={"email": address}, provenance=provenance, person=datum.person, cause=datum.cause)
        remove_datum(datum.person, datum.id, because="corrected", way=MOVED)
    joined = join(user=user.pk, person=proof.person_id, address=address, way="same address")
    spending.after_joining(joined, at_utc=at_utc)


def tell(user: User, what: str, *, cause: UUID | None = None) -> None:
    """Queues the email that tells the owner what happened to the account, in the caller's transaction.

    Takes   cause: the request with which the address was given that it goes to; else it goes to the current one."""
    if user.person_id is not None:
        outbox.post(
            person=user.person_id,
            purpose=SECURITY_PURPOSE,
            email="account/notice",
            kinds=["name"],
            facts=AccountFacts(what=what),
            cause=cause or gate.new_id(),
        )


def can_tell(user: User) -> bool:
    """Whether such an email leaves now: staff have no address here, and the policy or the owner may forbid its use."""
    return user.person_id is not None and outbox.can_email(user.person_id, SECURITY_PURPOSE)


def tidy(*, at_utc: datetime) -> None:
    """Deletes expired sessions, emailed secrets and known devices."""
    sessions.SessionStore.clear_expired()
    for proof in proofs.Proof.objects.filter(expires_utc__lt=at_utc):
        _expire(proof)
    devices.Device.objects.filter(seen_utc__lt=at_utc - devices.LASTING).delete()


def _expire(proof: proofs.Proof) -> None:
    """Deletes the used or expired secret, and the data of a sign-up that nobody confirmed."""
    with transaction.atomic():
        if proof.what in (proofs.CONFIRM, proofs.ADDRESS):
            remove_unconfirmed(proof.person_id, proof.id)
        proof.delete()


def read_contact(person: UUID | None, purpose: str, reason: str, *, cause: UUID | None) -> gate.Given | None:
    """Name and address, through a committed grant. Empty for staff, or where the policy doesn't allow it."""
    if person is None:
        return None
    kinds: Sequence[str] = ("email", "name")
    answer = gate.grant(person=person, purpose=purpose, kinds=kinds, who=PROGRAM, reason=reason, cause=cause)
    return None if isinstance(answer, gate.Refused) else gate.read(answer)


def _set_password(user: User, password: str, *, at_utc: datetime) -> None:
    spending.after_password(user, people=_people(user), at_utc=at_utc)
    user.set_password(password)
    user.password_utc = at_utc
    user.save(update_fields=["password", "password_utc"])
    tell(user, "password changed")


def _people(user: User) -> set[UUID]:
    """Everyone in the account, and everyone who gave its address: their emailed links belong to it."""
    own = set(AccountPerson.objects.filter(user=user).values_list("person_id", flat=True))
    return own | set(profile.people_of(user.person_id)) if user.person_id else own


def _name_use(proof: UUID) -> str:
    return f"sign-up {proof}"


def _provenance(way: str, at_utc: datetime) -> Provenance:
    return Provenance(channel=PROFILE, version=in_force.policy().version, at_utc=at_utc, way=way)
