"""Signing in by address and password. An unknown address costs the same work as a wrong password.

Policy  #S1, #A1
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from troth.gate import staff
from troth.queries import PreparedQuery, Slot
from troth.security import knowing, sessions
from troth.security.factors import codes
from troth.security.form_owner import name_owner
from troth.security.models import User
from troth.security.passwords import forms_of
from troth.security.sessions import mark

BACKEND = "troth.security.entry.ByAddress"
HALF_LASTS = timedelta(minutes=10)
FRESH = timedelta(minutes=15)
_HALF = "half"
_BY_ID = PreparedQuery(lambda: User.objects.filter(pk=Slot("id")))


def settle_user(request: HttpRequest) -> None:
    """Looks up who is signed in now, where Django does so at the first question and then passes on each further one.

    A page of the console asks some two hundred times."""
    if isinstance(request.user, SimpleLazyObject):
        request.user = get_user(request)


def user_of(request: HttpRequest) -> User:
    """Who is signed in, behind a page whose guard lets nobody else through."""
    assert isinstance(request.user, User)
    return request.user


class _BySession(ModelBackend):
    """Finds who is signed in, at each request."""

    def get_user(self, user_id: int) -> User | None:
        user = sessions.find_user(user_id) or _BY_ID.first(id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class ByAddress(_BySession):
    """Signs customers in by their confirmed address, which is stored encrypted."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, address: str = "", password: str = "", **_others: Any
    ) -> User | None:
        if not address:
            return None
        user = User.objects.at(address)
        if user is None:
            for form in forms_of(password):
                make_password(form)  # the work that checking would have been
            return None
        return user if user.check_password(password) else None


class ByName(_BySession):
    """Signs staff in by password, which the database verifies: see troth.security.knowing."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, username: str = "", password: str = "", **_others: Any
    ) -> User | None:
        user = User.objects.exclude(role="").filter(username=username, is_active=True).first() if username else None
        proof = proven(user, password) if username else None
        if user is None or proof is None:
            return None
        user.proof = _renew(user, proof, password) if knowing.is_dated(user.password) else proof
        return user


def _renew(user: User, proof: bytes, password: str) -> bytes:
    """Renews the proof with the current cost, which is only possible while the password is being entered."""
    stored, verifier = knowing.secret(password)
    if not staff.set_password(user.username, proof, stored=stored, verifier=verifier):
        return proof
    user.password = stored
    return next(knowing.proofs(stored, password))


def proven(user: User | None, password: str) -> bytes | None:
    """The proof of a member of staff with this password. An unknown name costs the same work."""
    stored, name = (user.password, user.username) if user else ("", "")
    return next((it for it in knowing.proofs(stored, password) if staff.knows(name, it)), None)


def knows(user: User, password: str) -> bool:
    """Whether this is the current password of the signed-in user."""
    return proven(user, password) is not None if user.is_staff else user.check_password(password)


def change_password(user: User, present: str, password: str) -> bool:
    """Sets a new password for a member of staff who also entered the current one; returns whether it worked."""
    proof = proven(user, present)
    if proof is None:
        return False
    stored, verifier = knowing.secret(password)
    user.password = stored
    return staff.set_password(user.username, proof, stored=stored, verifier=verifier)


def sit(request: HttpRequest, user: User, password: str) -> bool:
    """Whether a member of staff knows the password; then this session gets a seat, which the console needs."""
    proof = proven(user, password)
    return proof is not None and staff.knows(user.username, proof, session=str(request.session.session_key))


def sits(request: HttpRequest, user: User) -> bool:
    """Whether the database knows this session as one that the member of staff opened with the password."""
    return staff.sits(request.session.session_key, user.username)


def _take_seat(request: HttpRequest, user: User, *, former: str | None) -> None:
    """Puts the seat under the session's new token: with the password just entered, or after two-step verification."""
    token = str(request.session.session_key)
    if user.proof is not None:
        staff.knows(user.username, user.proof, session=token)
        user.proof = None
    elif former:
        staff.move(former, token)


def begin(request: HttpRequest, user: User, *, way: str, at_utc: datetime) -> None:
    """A new session of this user, under a new key. `way` says how: "password", "password, code", "passkey"."""
    former = request.session.session_key
    request.session.flush()  # what was in it belonged to nobody, or to another sign-in
    login(request, user, backend=BACKEND)
    name_owner(request, user)
    mark(request.session, way=way, staff=user.is_staff, at_utc=at_utc)
    if user.is_staff:
        _take_seat(request, user, former=former)


def stay(request: HttpRequest, user: User) -> None:
    """Continues this session under a new token after a password change; its seat moves along."""
    former = request.session.session_key
    update_session_auth_hash(request, user)
    if user.is_staff:
        _take_seat(request, user, former=former)


def wait(request: HttpRequest, user: User, *, at_utc: datetime) -> None:
    """The password was right; now two-step verification is needed."""
    request.session.cycle_key()
    request.session[_HALF] = [user.pk, at_utc.timestamp(), user.get_session_auth_hash()]
    if user.is_staff:
        _take_seat(request, user, former=None)


def waiting(request: HttpRequest, *, at_utc: datetime) -> User | None:
    """The user who still has to complete two-step verification in this browser; None once the password is another."""
    found = request.session.get(_HALF)
    if not found or at_utc.timestamp() - found[1] > HALF_LASTS.total_seconds():
        return None
    user = User.objects.filter(pk=found[0], is_active=True).first()
    same = user is not None and constant_time_compare(user.get_session_auth_hash(), "".join(found[2:]))
    return user if same else None


def confirm_again(request: HttpRequest, *, way: str, at_utc: datetime) -> None:
    """Records that the owner confirmed their identity, and how; the session gets a new key."""
    former = str(request.session.session_key)
    request.session.cycle_key()
    request.session["fresh"], request.session["fresh way"] = at_utc.timestamp(), way
    if isinstance(request.user, User) and request.user.is_staff:
        _take_seat(request, request.user, former=former)


def is_fresh(request: HttpRequest, *, at_utc: datetime) -> bool:
    """Whether the owner has used all factors of this account within the last quarter of an hour.

    Not true for a session opened with only a password before the account got two-step verification."""
    recent = at_utc.timestamp() - float(request.session.get("fresh", 0)) <= FRESH.total_seconds()
    shown = str(request.session.get("fresh way", request.session.get("way", "")))
    user = request.user
    return recent and (shown in STRONG or not (isinstance(user, User) and codes.has_second(user)))


def is_strong(request: HttpRequest) -> bool:
    """Whether two factors opened this session: a password and a code, or a passkey that verified its owner."""
    return str(request.session.get("way", "")) in STRONG


PASSWORD, PASSWORD_CODE, PASSKEY = "password", "password, code", "passkey"
STRONG = frozenset({PASSWORD_CODE, PASSKEY})
