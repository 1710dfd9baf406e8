"""Authenticator codes, each accepted once, and recovery codes.

Source  RFC 6238 (TOTP): SHA-1, 6 digits, 30 seconds, one step of tolerance to either side.
"""

import base64
import secrets
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from troth.seal import token_hash, vault
from troth.security.factors.models import Authenticator, Passkey, RecoveryCode
from troth.security.models import User

STEP_SECONDS = 30
RECOVERY_CODES = 10
_SECRET_BYTES = 20
_RECOVERY_BYTES = 5
_OFFERED = "offered app"


def has_second(user: User) -> bool:
    """Whether this account has two-step verification. Always runs two queries, so that timing reveals nothing."""
    app, passkey = has_authenticator(user), Passkey.objects.filter(user=user).exists()
    return app or passkey


def has_authenticator(user: User) -> bool:
    return Authenticator.objects.filter(user=user, proven_utc__isnull=False).exists()


def find_authenticator(user: User) -> Authenticator | None:
    """The app whose codes are asked for."""
    return Authenticator.objects.filter(user=user, proven_utc__isnull=False).first()


def offer(user: User, session: MutableMapping[str, Any]) -> bytes:
    """The secret of an app that is being set up: the same until its first correct code, and of this session alone.

    Who was signed in before, by a password that is another one since, would have the secret of the owner's app."""
    offered = Authenticator.objects.filter(user=user, proven_utc__isnull=True)
    found = offered.first()
    if found is None or session.get(_OFFERED) != _mark(found):
        offered.delete()
        secret = secrets.token_bytes(_SECRET_BYTES)
        found = Authenticator.objects.create(user=user, hidden=vault().hide(_use(user), secret))
        session[_OFFERED] = _mark(found)
    return _secret(found)


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """The URL in the QR code: `otpauth://totp/…`."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def format_secret(secret: bytes) -> str:
    """The secret for typing: eight groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def prove(user: User, code: str, *, at_utc: datetime) -> bool:
    """Whether the first code of a new app is correct; from then on the app is active."""
    if not _take(user, code, at_utc=at_utc, proven=False):
        return False
    Authenticator.objects.filter(user=user).update(proven_utc=at_utc)
    return True


def accept(user: User, code: str, *, at_utc: datetime) -> bool:
    """Whether it is an unused code of the user's app, or an unused recovery code."""
    plain = "".join(code.split())
    if len(plain) == 6 and plain.isdecimal():
        return _take(user, plain, at_utc=at_utc, proven=True)
    digests = [
        _digest(user, _bare(plain)),
        token_hash(_bare(plain)),
    ]  # older codes have a plain hash
    return bool(RecoveryCode.objects.filter(user=user, digest__in=digests, spent_utc=None).update(spent_utc=at_utc))


def new_recovery_codes(user: User) -> list[str]:
    """Ten recovery codes of 40 random bits, shown only now; older ones become invalid.

    Short enough to be typed: tries are limited, and who has only the database cannot guess against a keyed hash."""
    made = [base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode() for _number in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in made)
    return [f"{code[:4]}-{code[4:]}" for code in made]


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, spent_utc=None).count()


def remove(user: User) -> None:
    """Removes the app; if no other factor is left, recovery codes become invalid too."""
    Authenticator.objects.filter(user=user).delete()
    end_with_last(user)


def end_with_last(user: User) -> None:
    """Recovery codes become invalid if no factor is left in whose place they open: a later one has codes of its own."""
    if not has_second(user):
        RecoveryCode.objects.filter(user=user).delete()


def _take(user: User, code: str, *, at_utc: datetime, proven: bool) -> bool:
    """Takes the code and updates the step in one statement: of two at the same time, one is refused."""
    found = Authenticator.objects.filter(user=user, proven_utc__isnull=not proven).first()
    step = _step_of(_secret(found), code, at_utc) if found else 0
    return bool(step and Authenticator.objects.filter(user=user, last_step__lt=step).update(last_step=step))


def _step_of(secret: bytes, code: str, at_utc: datetime) -> int:
    now, totp, typed = int(at_utc.timestamp()) // STEP_SECONDS, _totp(secret), "".join(code.split()).encode()
    steps = [step for step in (now - 1, now, now + 1) if secrets.compare_digest(totp.generate(step * 30), typed)]
    return max(steps, default=0)


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, 6, SHA1(), STEP_SECONDS)  # noqa: S303 (the standard's; HMAC does not need collision resistance)


def _secret(authenticator: Authenticator) -> bytes:
    return vault().show(f"authenticator {authenticator.user_id}", bytes(authenticator.hidden))


def _mark(authenticator: Authenticator) -> str:
    return token_hash(bytes(authenticator.hidden).hex()).hex()


def _use(user: User) -> str:
    return f"authenticator {user.pk}"


def _digest(user: User, code: str) -> bytes:
    return vault().blind_index("recovery code", f"{user.pk} {code}")


def _bare(code: str) -> str:
    return code.replace("-", "").upper()
