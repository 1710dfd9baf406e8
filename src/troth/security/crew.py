"""Accounts of the staff: made, closed, and opened again for somebody who lost the second factor.

What staff did stays in the ledger under their user name, so an account is closed and never deleted.
"""

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from troth.security import sessions, spending
from troth.security.factors.models import Authenticator, Passkey, RecoveryCode
from troth.security.models import Role, User

_NAME = re.compile(r"[a-z][a-z0-9.-]{1,31}")


class CrewProblem(Exception):
    """What was asked cannot be done; the sentence says what to do instead."""


def add(username: str, *, name: str, role: str, password: str) -> User:
    """The new member of staff. Raises CrewProblem: a name that is taken or unfit, no such role, a weak password."""
    if not _NAME.fullmatch(username):
        raise CrewProblem("A user name has 2 to 32 small letters, digits, dots or dashes, and begins with a letter.")
    if role not in Role.values:
        raise CrewProblem(f"There is no role {role}. Choose one of: {', '.join(Role.values)}.")
    if User.objects.filter(username=username).exists():
        raise CrewProblem(f"The user name {username} is taken, perhaps by a closed account. Choose another.")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CrewProblem(" ".join(error.messages)) from error
    return User.objects.create_staff(
        username=username, display_name=name.strip() or username, role=role, password=password
    )


def crew() -> list[User]:
    """All members of staff by name, closed ones too."""
    return list(User.objects.exclude(role="").order_by("username"))


def close(username: str) -> int:
    """How many sessions ended. Nobody signs in by this name any more; its role and name stay for the histories."""
    with transaction.atomic():
        user = _member(username)
        others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk)
        if user.role == Role.ADMIN and not others.exists():
            raise CrewProblem(f"{username} is the last administrator. Add another one first.")
        user.is_active = False
        user.save(update_fields=["is_active"])
        spending.after_closing(user, at_utc=timezone.now())
        return sessions.end(user)


def reset_factors(username: str) -> int:
    """How many sessions ended: app, passkeys and codes are gone, and the next sign-in sets up new ones."""
    with transaction.atomic():
        user = _member(username)
        for factor in (Authenticator, Passkey, RecoveryCode):
            factor.objects.filter(user=user).delete()
        return sessions.end(user)


def _member(username: str) -> User:
    found = User.objects.select_for_update().exclude(role="").filter(username=username).first()
    if found is None:
        raise CrewProblem(f"Nobody of the staff is called {username}. See: troth staff list")
    return found
