"""Passkeys: the browser creates and uses them, we verify. The challenge is in the session and valid once.

Source  Web Authentication Level 2; the cryptography is fido2's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from troth.security.factors.models import Passkey
from troth.security.models import User

_MAKING, _SHOWING = "making passkey", "showing passkey"
_VERIFIED = UserVerificationRequirement.REQUIRED


class PasskeyRefused(Exception):
    """The browser's response is not valid: another site's, an old challenge, an unknown key."""


def of(user: User) -> list[Passkey]:
    return list(Passkey.objects.filter(user=user).order_by("made_utc"))


def begin_making(user: User, session: SessionBase, *, shown: str, brand: str) -> dict[str, Any]:
    """What the browser needs to create a key for this user: `shown` is the name in its dialog."""
    entity = PublicKeyCredentialUserEntity(id=str(user.pk).encode(), name=shown, display_name=shown)
    options, session[_MAKING] = _server(brand).register_begin(
        entity,
        [AttestedCredentialData(bytes(key.credential)) for key in of(user)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    return dict(options.public_key)


def make(user: User, session: SessionBase, answer: Mapping[str, Any], *, at_utc: datetime) -> Passkey:
    """The new key, stored. Raises PasskeyRefused."""
    state = _state(session, _MAKING)
    with _read():
        told = _server().register_complete(state, answer)
    made = told.credential_data
    if made is None or Passkey.objects.filter(credential_id=made.credential_id).exists():
        raise PasskeyRefused("The answer holds no new key.")
    return Passkey.objects.create(
        user=user, credential=bytes(made), credential_id=made.credential_id, uses=told.counter, made_utc=at_utc
    )


def begin_showing(session: SessionBase) -> dict[str, Any]:
    """What the browser needs to use any key of this site, without a list of keys."""
    options, session[_SHOWING] = _server().authenticate_begin(user_verification=_VERIFIED)
    return dict(options.public_key)


def show(session: SessionBase, answer: Mapping[str, Any], *, at_utc: datetime) -> User:
    """The user whose key was used. Raises PasskeyRefused."""
    state = _state(session, _SHOWING)
    with _read():
        response = AuthenticationResponse.from_dict(answer)
    key = Passkey.objects.select_related("user").filter(credential_id=response.raw_id, user__is_active=True).first()
    if key is None:
        raise PasskeyRefused("Nobody's key.")
    with _read():
        _server().authenticate_complete(state, [AttestedCredentialData(bytes(key.credential))], response)
    _count(key, response.response.authenticator_data.counter, at_utc)
    return key.user


@contextmanager
def _read() -> Iterator[None]:
    """Wraps the library's errors.

    For invalid bytes it raises errors of its parsers (struct, CBOR, JSON, certificates), which all mean the same.
    Raises PasskeyRefused."""
    try:
        yield
    except Exception as error:
        raise PasskeyRefused(str(error)) from error


def _count(key: Passkey, uses: int, at_utc: datetime) -> None:
    """A counter that doesn't increase means a copied key; a key that always says 0 doesn't count.

    Of two at the same time with the same number, one is refused, because one statement checks and counts.
    Source  Web Authentication Level 2, 6.1.1"""
    higher = Q(uses__lt=uses) if uses else Q(uses=0)
    if not Passkey.objects.filter(higher, pk=key.pk).update(uses=uses, used_utc=at_utc):
        raise PasskeyRefused("The counter went backward.")


def _state(session: SessionBase, name: str) -> Any:
    state = session.pop(name, None)
    if state is None:
        raise PasskeyRefused("No challenge was asked for.")
    return state


def _server(brand: str = "") -> Fido2Server:
    site = urlsplit(settings.TROTH_BASE_URL)
    rp = PublicKeyCredentialRpEntity(id=str(site.hostname), name=brand or str(site.hostname))
    return Fido2Server(rp, verify_origin=_is_ours)


def _is_ours(origin: str) -> bool:
    """The site's own origin; on this machine any port, where browsers allow passkeys without https."""
    found, site = urlsplit(origin), urlsplit(settings.TROTH_BASE_URL)
    if site.hostname == "localhost":
        return (found.scheme, found.hostname) == ("http", "localhost")
    return (found.scheme, found.netloc) == (site.scheme, site.netloc)
