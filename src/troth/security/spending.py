"""What ends an emailed secret early, each function in the transaction of the action that causes it.

                    reset, address   confirm   full, case   choices   unsubscribe
    a use           itself           itself
    a newer one     of its kind
    a canceling     itself
    a new password  all              all       all
    a new address   all              all       all          all
    a closing       all
    an erasure      all              all       all          all       all           by `spend_links` in the database

For staff, whose rows the application can't write, `staff_password` and `staff_closed` in the database do it.

A link to choices stays valid after a new password: it shows no value, and must work from the oldest email. One to
unsubscribe stays valid after a new address too: it can only opt out.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from troth.security.links import Link
from troth.security.mailed import ADDRESS, CANCELED, NEWER, PASSWORD, USE
from troth.security.models import User
from troth.security.proofs import Proof

_SHOWING = frozenset({Link.FULL, Link.CASE})


def use(proof: Proof, *, at_utc: datetime) -> bool:
    """True for the first use. The password chosen with it is deleted."""
    in_turn(proof.user)
    return bool(_spend_proofs(Proof.objects.filter(pk=proof.pk), USE, at_utc))


def cancel(proof: Proof, *, at_utc: datetime) -> bool:
    """Whether it was valid until now: what it was for is canceled by the person who asked for it."""
    in_turn(proof.user)
    return bool(_spend_proofs(Proof.objects.filter(pk=proof.pk), CANCELED, at_utc))


def after_newer(proof: Proof, *, at_utc: datetime) -> None:
    """Ends the secrets of earlier emails of the same kind to this user."""
    older = Proof.objects.filter(user=proof.user, what=proof.what).exclude(pk=proof.pk)
    _spend_proofs(older, NEWER, at_utc)


def after_joining(people: Collection[UUID], *, at_utc: datetime) -> None:
    """Ends the other sign-up emails to an address once its account exists."""
    _spend_proofs(Proof.objects.filter(person__in=people, user=None), USE, at_utc)


def after_password(user: User, *, people: Collection[UUID], at_utc: datetime) -> None:
    """After a new password, nobody gets in with earlier emails.

    Takes   people: all of the account, and all who gave its address."""
    _spend_all(user, people, _SHOWING, PASSWORD, at_utc)


def after_address(user: User, *, people: Collection[UUID], at_utc: datetime) -> None:
    """After a new address, nobody gets in with emails to the previous one.

    Takes   people: all of the account, and all who gave its former address."""
    _spend_all(user, people, _SHOWING | {Link.CHOICES}, ADDRESS, at_utc)


def in_turn(user: User | None) -> None:
    """Serializes changes to the secrets of one account, so that none is missed and no deadlock occurs."""
    if user is not None:
        User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _spend_all(user: User, people: Collection[UUID], powers: Collection[str], by: str, at_utc: datetime) -> None:
    in_turn(user)
    _spend_proofs(Proof.objects.filter(Q(user=user) | Q(person__in=people)), by, at_utc)
    living = Link.objects.filter(person__in=people, power__in=powers, spent_utc=None)
    living.update(spent_utc=at_utc, spent_by=by)


def _spend_proofs(proofs: "QuerySet[Proof]", by: str, at_utc: datetime) -> int:
    return proofs.filter(spent_utc=None).update(spent_utc=at_utc, spent_by=by, password="")
