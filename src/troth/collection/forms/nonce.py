"""A form's own secret: which form was opened, when, and that it is sent only once. It needs no cookie.

"form.quote" + 16 random bytes (+ the session of someone signed in) --signed, dated--> hidden field "nonce"
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.collection.forms.models import FormNonce
from troth.text.times import lasting

LASTING = timedelta(hours=12)
_SALT = "troth.forms.nonce"


class NonceError(Exception):
    """The form cannot be trusted; the message is a sentence for the person who sent it."""


class SessionEnded(NonceError):
    """The form was opened by someone who was signed in then and isn't now."""


class AlreadySent(Exception):
    """This form was sent before. `receipt` is its link; `same` says whether it had the same content."""

    def __init__(self, receipt: UUID, *, same: bool) -> None:
        super().__init__(_("This form has already been sent."))
        self.receipt, self.same = receipt, same


@dataclass(frozen=True)
class Nonce:
    """The secret that came back, and a digest of what came with it that nobody without the secret can guess at."""

    secret: str
    content: bytes


def issue_nonce(form: str, *, session: str = "") -> str:
    """A fresh nonce for one opened form; `session` binds it to someone who is signed in."""
    return signing.dumps([form, session, secrets.token_urlsafe(16)], salt=_SALT)


def with_content(secret: str, values: Mapping[str, str]) -> Nonce:
    """The nonce together with a digest of the form's values."""
    typed = json.dumps(values, sort_keys=True).encode()
    return Nonce(secret, hmac.digest(secret.encode(), typed, "sha256"))


def check(nonce: str, *, form: str, session: str = "") -> None:
    """Raises NonceError unless the nonce is ours, not too old, and of this form and session."""
    try:
        named, bound, _random = signing.loads(nonce, salt=_SALT, max_age=LASTING)
    except signing.SignatureExpired as error:
        raise NonceError(
            _("This form was open for more than %(time)s. Nothing is lost. Send it again.") % {"time": lasting(LASTING)}
        ) from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NonceError(
            _("This form didn’t come from our page. What you entered is still here. Send it again.")
        ) from error
    if named != form:
        raise NonceError(_("This form belongs to a different page. What you entered is still here. Send it again."))
    if bound and not session:
        raise SessionEnded(
            _(
                "Your session ended after you opened this form. What you entered is still here. Sign in and "
                "continue, or send it without signing in."
            )
        )
    if bound != session:
        raise NonceError(
            _("You signed in or out after you opened this form. What you entered is still here. Send it again.")
        )


def spend(nonce: Nonce, *, form: str, receipt: UUID) -> None:
    """Marks the form as sent, inside the caller's transaction. Raises AlreadySent with the first receipt.

    Two that arrive together wait for each other here: the second sees the first one's receipt."""
    digest = hashlib.sha256(nonce.secret.encode()).digest()
    try:
        with transaction.atomic():
            FormNonce.objects.create(
                digest=digest, form=form, content=nonce.content, receipt=receipt, spent_utc=timezone.now()
            )
    except IntegrityError:
        first = FormNonce.objects.get(digest=digest)
        same = hmac.compare_digest(bytes(first.content), nonce.content)
        raise AlreadySent(first.receipt, same=same) from None


def forget_spent() -> int:
    """Deletes used nonces that are too old to be sent again."""
    return FormNonce.objects.filter(spent_utc__lt=timezone.now() - 2 * LASTING).delete()[0]
