"""Shared by all account pages: who may open them, how often one may try, and no caching."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.collection.forms import from_our_page
from troth.headers import make_private, see_other
from troth.security import crew, devices, entry, hops, limits, proofs
from troth.security.entrances import Entrance, address_of
from troth.security.entry import user_of as user_of
from troth.security.factors import codes
from troth.security.models import User
from troth.text.times import lasting

View = Callable[..., HttpResponseBase]
HOME = "/account/"
COOKIELESS = gettext_lazy(
    "Signing in isn’t available. It needs a cookie, and this site’s privacy policy doesn’t declare one. If you run "
    "this site, run: troth policy check."
)
CODES = limits.Limit("sign-in code", 5, timedelta(minutes=15))
SECRETS = limits.Limit("mailed secret", 10, timedelta(minutes=15))
EMAILS = limits.Limit("email asked for", 5, timedelta(hours=1))


def signed_in_only(view: View) -> View:
    """A page for people who are signed in; everyone else is asked to sign in first."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        entry.settle_user(request)
        if not request.user.is_authenticated:
            entrance = Entrance.STAFF if crew.has_opened(request) else Entrance.SIGN_IN
            return to(f"{address_of(entrance)}?{urlencode({'next': _back(request)})}")
        return make_private(view(request, *args, **kwargs))

    return checked


def fresh_only(view: View) -> View:
    """A page for an owner who recently used all factors; others are asked for them again."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not entry.is_fresh(request, at_utc=timezone.now()):
            return to(f"/account/again/?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return signed_in_only(checked)


def all_factors_only(view: View) -> View:
    """As `fresh_only` for an account with a second factor; without one, the page's own form asks for the password."""
    guarded = fresh_only(view)

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        second = isinstance(request.user, User) and codes.has_second(request.user)
        return (guarded if second else signed_in_only(view))(request, *args, **kwargs)

    return checked


def _back(request: HttpRequest) -> str:
    """The address to return to after signing in, without any emailed secret."""
    here = hops.address(request)
    return request.get_full_path() if here == request.path else here


def page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the account; `error` says why nothing was done, and `wrong` is the field that it is about."""
    context["errors"] = {context.get("wrong", ""): context.get("error", "")}
    return make_private(render(request, f"account/{name}.html", context, status=status))


def say_mailed(request: HttpRequest, what: str) -> HttpResponse:
    """Says that we emailed a secret of this kind, and how long it works."""
    return page(request, "mailed", what=what, lasting=lasting(proofs.LASTING[what]))


def to(address: str) -> HttpResponse:
    return make_private(see_other(address))


def elsewhere(request: HttpRequest) -> str:
    """Why a visitor's form is refused; empty if it came from our own page."""
    return "" if from_our_page(request) else _("This form didn’t come from our page. Send it again from here.")


def count_try(request: HttpRequest, limit: limits.Limit, *, name: str) -> str:
    """Counts one try. Returns a sentence if this network or name has to wait, else nothing."""
    now = timezone.now()
    try:
        limits.within(limits.SIGN_IN, address=limits.address_of(request), at_utc=now)
        limits.within_name(limit, name=name, at_utc=now)
    except limits.TooMany:
        minutes = int(limit.within.total_seconds() // 60)
        return _("Too many tries. Wait %(minutes)s minutes, then try again.") % {"minutes": minutes}
    return ""


def right(request: HttpRequest, limit: limits.Limit, *, name: str) -> None:
    """Forgets the tries that led to the right password."""
    now = timezone.now()
    limits.give_back(limits.SIGN_IN, address=limits.address_of(request), at_utc=now)
    limits.clear(limit, name=name, at_utc=now)


def by_device(request: HttpRequest, user: User | None, name: str) -> str:
    """The name under which guesses count.

    A browser that its owner has used counts by itself, so that a stranger who guesses does not keep the owner out. An
    unknown name costs the same."""
    known = devices.is_known(user, request, at_utc=timezone.now())
    return f"{name} {request.COOKIES.get(devices.name(), '')}" if known else name


def find_next_page(request: HttpRequest, *, home: str = HOME) -> str:
    """The page that was asked for, if it is one of our own."""
    found = request.POST.get("next") or request.GET.get("next") or home
    ours = url_has_allowed_host_and_scheme(found, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return found if ours and found.startswith("/") else home
