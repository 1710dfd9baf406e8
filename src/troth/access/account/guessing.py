"""Guessing passwords: slow for whoever guesses, and no way to keep an owner out.

    a browser in which its owner has signed in    counts by itself
    the right password                            clears the count
    past the limit, an account with a second      is asked for it instead of being locked, up to a hundred
    factor                                        tries a day; the answer to a wrong password stays the same

A name that nobody has costs the same questions and gets the same answers.
"""

from collections.abc import Mapping

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

from troth.access.account import guards
from troth.collection.forms import limits
from troth.security.factors import codes
from troth.security.models import User


def opened(request: HttpRequest, claimed: User | None, *, name: str, given: Mapping[str, str]) -> User | None:
    """Whoever the password opens; None for a wrong one.

    Takes   claimed: who has the name that was typed, if anybody; given: what `authenticate` takes.
    Raises  TooMany, with a sentence for whoever has to wait."""
    now, counted = timezone.now(), guards.by_device(request, claimed, name)
    second = codes.has_second(claimed or User(pk=0))
    limits.within(limits.SIGN_IN, address=str(request.META.get("REMOTE_ADDR", "")), at_utc=now)
    wait = limits.counted(limits.SIGN_IN_AS, name=counted, at_utc=now)
    if wait and limits.counted(limits.PAST_THE_LIMIT, name=counted, at_utc=now):
        raise limits.waiting(wait)
    found = authenticate(request, **given)
    user = found if isinstance(found, User) else None
    if wait and not (user and second):
        raise limits.waiting(wait)
    if user:
        guards.right(request, limits.SIGN_IN_AS, name=counted)
    return user
