"""Slows down password guessing without locking out the owner.

    a browser in which its owner has signed in    counts by itself
    the right password                            clears the count
    past the limit, the right password            opens an account with a second factor, which is asked for next, and
                                                  any account from a network that has hardly tried the name: those who
                                                  guess elsewhere keep nobody out. The answer to a wrong one stays the
                                                  same. Of both, a hundred tries a day

A name that nobody has costs the same questions and gets the same answers.
"""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

from troth.access.account import guards
from troth.security import limits
from troth.security.factors import codes
from troth.security.models import User


def check_password(request: HttpRequest, claimed: User | None, *, name: str, given: Mapping[str, str]) -> User | None:
    """The user with this password; None if it is wrong.

    Takes   claimed: who has the name that was typed, if anyone; given: what `authenticate` takes.
    Raises  TooMany, with a sentence for the person who has to wait."""
    now, counted = timezone.now(), guards.by_device(request, claimed, name)
    second = codes.has_second(claimed or User(pk=0))
    limits.within(limits.SIGN_IN, address=limits.address_of(request), at_utc=now)
    wait, guessed_here = _count(request, counted, at_utc=now)
    found = authenticate(request, **given)
    user = found if isinstance(found, User) else None
    if wait and not (user and (second or not guessed_here)):
        raise limits.waiting(wait)
    if user:
        guards.right(request, limits.SIGN_IN_AS, name=counted)
        limits.clear(limits.SIGN_IN_AS_HERE, name=_here(request, counted), at_utc=now)
    return user


def _count(request: HttpRequest, name: str, *, at_utc: datetime) -> tuple[int, bool]:
    """The minutes to wait after one more try, or 0; and whether this network is guessing.

    Networks that guess and those that do not have a hundred tries each: the first take nothing from the others.
    Raises  TooMany, when those are spent."""
    guessed_here = bool(limits.count_try(limits.SIGN_IN_AS_HERE, name=_here(request, name), at_utc=at_utc))
    wait = limits.count_try(limits.SIGN_IN_AS, name=name, at_utc=at_utc)
    kept = f"{name} where it is guessed" if guessed_here else name
    if wait and limits.count_try(limits.PAST_THE_LIMIT, name=kept, at_utc=at_utc):
        raise limits.waiting(wait)
    return wait, guessed_here


def _here(request: HttpRequest, name: str) -> str:
    """The names under which this network's tries are counted."""
    return f"{name} {limits.network(limits.address_of(request))}"
