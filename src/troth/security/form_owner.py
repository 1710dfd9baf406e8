"""Whose page a form was on: the secret against forged forms names the account that it was made for.

    16 random letters | 16 letters of HMAC(secret key, random letters and account)

Django compares the secret with the session's, as always. After the session ended, the second half still tells whether
the person who signs in next is the one who opened the form.
"""

import base64
import hashlib
import hmac
from string import ascii_letters, digits

from django.conf import settings
from django.http import HttpRequest
from django.middleware import csrf
from django.utils.crypto import get_random_string

from troth.security.models import User

_HALF = csrf.CSRF_SECRET_LENGTH // 2
_LETTERS = frozenset(ascii_letters + digits)


def name_owner(request: HttpRequest, user: User) -> None:
    """Ties the forms of this session to the user. Call it after `login`, whose own secret names nobody."""
    random = get_random_string(_HALF)
    request.META["CSRF_COOKIE"] = random + _mark(random, user)
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True


def read_secret(request: HttpRequest) -> str:
    """The secret of the form that was sent; empty where it has none."""
    token = request.POST.get("csrfmiddlewaretoken", "")
    if len(token) != csrf.CSRF_TOKEN_LENGTH or not _LETTERS.issuperset(token):
        return ""
    return str(csrf._unmask_cipher_token(token))  # type: ignore[attr-defined]


def is_owner(user: object, secret: str) -> bool:
    """Whether the form with this secret was on a page of this user."""
    if not isinstance(user, User) or len(secret) != csrf.CSRF_SECRET_LENGTH:
        return False
    return hmac.compare_digest(secret[_HALF:], _mark(secret[:_HALF], user))


def _mark(random: str, user: User) -> str:
    said = hmac.digest(settings.SECRET_KEY.encode(), f"form of {user.pk} {random}".encode(), hashlib.sha256)
    return base64.b64encode(said, altchars=b"00").decode()[:_HALF]
