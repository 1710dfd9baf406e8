"""Staff accounts: creating and closing them, and resetting lost two-step verification.

What staff did stays in the ledger under their user name, so an account is closed and never deleted.
"""

import re
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from troth import gate
from troth.gate import owner, staff
from troth.queries import PreparedQuery, Slot
from troth.security import form_owner, sessions
from troth.security.actors import find_username, identify_staff
from troth.security.factors.models import Authenticator, Passkey, RecoveryCode
from troth.security.models import OWNER, Role, User

_NAMES: "PreparedQuery[tuple[str, str]]" = PreparedQuery(
    lambda: User.objects.filter(username__any=Slot("names")).exclude(role="").values_list("username", "display_name")
)
_CREW = PreparedQuery(lambda: User.objects.exclude(role="").order_by("username"))
_NAME = re.compile(r"[a-z][a-z0-9.-]{1,31}")


class CrewProblem(Exception):
    """The request can't be carried out; the sentence says what to do instead."""


def add(username: str, *, name: str, role: str, password: str) -> User:
    """The new member of staff. Raises CrewProblem: a name that is taken or invalid, no such role, a weak password."""
    if not _NAME.fullmatch(username):
        raise CrewProblem(
            "A user name has 2 to 32 lowercase letters, digits, dots or dashes, and starts with a letter."
        )
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


def names_of(who: Iterable[str]) -> dict[str, str]:
    """Names by ids such as "staff:ines", including closed accounts, because history names who did it.

    Cost  1 query, or none."""
    usernames = set(filter(None, map(find_username, who)))
    found = _NAMES.list(names=[*usernames]) if usernames else ()
    return {identify_staff(name): shown or name for name, shown in found}


def crew() -> list[User]:
    """All members of staff by name, closed ones too."""
    return _CREW.list()


def has_opened(request: HttpRequest) -> bool:
    """Whether the form that was sent was on a page of a member of staff, whose session may have ended since.

    Cost  1 query, for a form that names whose it is"""
    secret = form_owner.read_secret(request)
    return bool(secret) and any(form_owner.is_owner(each, secret) for each in crew())


def close(username: str) -> int:
    """As the owner: closes the account and returns how many sessions ended. Its role and name stay.

    Raises  CrewProblem: nobody of this name, the last administrator."""
    try:
        return owner.close_staff(username)
    except gate.Refusal as refusal:
        raise CrewProblem(refusal.sentence) from refusal


def close_as(username: str, *, who: str) -> int:
    """The same by a colleague who is signed in, which the database checks."""
    try:
        return staff.close(username, who=who)
    except gate.Refusal as refusal:
        raise CrewProblem(refusal.sentence) from refusal


def reset_factors(username: str) -> int:
    """As the owner: removes app, passkeys and codes, and returns how many sessions ended. Set up again at sign-in."""
    with transaction.atomic(using=OWNER):
        user = _member(username)
        for factor in (Authenticator, Passkey, RecoveryCode):
            factor.objects.using(OWNER).filter(user=user).delete()
        return sessions.end(user, using=OWNER)


def _member(username: str) -> User:
    found = User.objects.using(OWNER).select_for_update().exclude(role="").filter(username=username).first()
    if found is None:
        raise CrewProblem(f"There is no staff account named {username}. See: troth staff list")
    return found
