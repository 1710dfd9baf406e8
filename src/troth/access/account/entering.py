"""Signing in and out: password and code, or passkey. Looking at these pages sets no cookie."""

import json
from typing import Any

from django.contrib.auth import authenticate, logout
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from troth.access.account import actions, guards
from troth.collection.forms import limits
from troth.collection.forms.normalize import CannotRead, email
from troth.seal import vault
from troth.security import cookies, devices, entry
from troth.security.factors import codes, passkeys
from troth.security.models import User

_MOST_OF_ANSWER = 20_000


# Exempt from Django's check, which needs a session: the browser's Origin is looked at instead.
@csrf_exempt
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; then the page that was wanted, or the question for a code."""
    if not cookies.may_sign_in():
        return _page(request, str(guards.COOKIELESS), 503)
    if request.method != "POST":
        return _page(request)
    address = _address(request.POST.get("address", ""))
    if refused := guards.elsewhere(request):
        return _page(request, refused, status=403)
    if wait := guards.tried(request, limits.SIGN_IN_AS, name=_counted_as(request, address)):
        return _page(request, wait, status=429)
    user = authenticate(request, address=address or "nobody", password=request.POST.get("password", ""))
    if not isinstance(user, User):
        return _page(request, _("This address and password do not belong together. Check both and try again."), 400)
    return after_password(request, user, next_page=guards.wanted(request))


def after_password(request: HttpRequest, user: User, *, next_page: str) -> HttpResponse:
    """Signed in, unless a second factor has to be shown first."""
    if not codes.has_second(user):
        return entered(request, user, way=entry.PASSWORD, next_page=next_page)
    entry.wait(request, user, at_utc=timezone.now())
    request.session["next"] = next_page
    request.session.set_expiry(entry.HALF_LASTS)
    return guards.to("/sign-in/code/")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second factor of whoever has just typed the right password in this browser."""
    now = timezone.now()
    user = entry.waiting(request, at_utc=now)
    if user is None:
        return guards.to("/sign-in/")
    has_app = codes.has_authenticator(user)
    if request.method != "POST":
        return guards.page(request, "code", has_app=has_app)
    error = guards.elsewhere(request) or guards.tried(request, guards.CODES, name=f"code {user.pk}")
    if not error and codes.accept(user, request.POST.get("code", ""), at_utc=now):
        return entered(request, user, way=entry.PASSWORD_CODE, next_page=request.session.get("next", guards.HOME))
    error = error or _(
        "This code is not right, or was used already. Wait for the next one, or take one for the drawer."
    )
    return guards.page(request, "code", status=400, error=error, has_app=has_app)


@csrf_exempt
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to show a passkey. Asking sets the session in which the challenge lies."""
    if guards.elsewhere(request) or guards.tried(request, limits.SIGN_IN, name=_network(request)):
        return JsonResponse({}, status=403)
    request.session.set_expiry(entry.HALF_LASTS)
    return guards.private(JsonResponse(passkeys.begin_showing(request.session)))


@csrf_exempt
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Signed in by a passkey; or, while a second factor is waited for or asked again, that one shown."""
    now = timezone.now()
    try:
        if guards.elsewhere(request):
            raise passkeys.PasskeyRefused("Sent from another page.")
        user = passkeys.show(request.session, _answer(request), at_utc=now)
    except (passkeys.PasskeyRefused, ValueError):
        sentence = _("This passkey does not open an account here. Try another, or sign in with your password.")
        return guards.private(JsonResponse({"error": sentence}, status=400))
    next_page = guards.wanted(request, home="/console/" if user.is_staff else guards.HOME)
    return JsonResponse({"next": entered(request, user, way=entry.PASSKEY, next_page=next_page).headers["Location"]})


def entered(request: HttpRequest, user: User, *, way: str, next_page: str) -> HttpResponse:
    """Signed in: a new session, the sign-in in her history, a letter if nobody has signed in from here before."""
    now = timezone.now()
    news = devices.is_news(user, request, at_utc=now)
    entry.begin(request, user, way=way, at_utc=now)
    actions.signed_in(user, way=way, news=news)
    response = guards.to(next_page)
    devices.remember(user, request, response, at_utc=now)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signed out, and back at the start page."""
    logout(request)
    return guards.to("/")


@sensitive_post_parameters("password")
@guards.signed_in_only
def again(request: HttpRequest) -> HttpResponse:
    """The password once more, before something that only the owner may change."""
    user, next_page = guards.user_of(request), guards.wanted(request)
    if request.method != "POST":
        return guards.page(request, "again", next=next_page)
    error = guards.tried(request, limits.SIGN_IN_AS, name=f"again {user.pk}")
    if not error and check_password(request.POST.get("password", ""), user.password):
        entry.confirm_again(request, at_utc=timezone.now())
        return guards.to(next_page)
    error = error or _("This is not your password. Try again.")
    return guards.page(request, "again", status=400, error=error, next=next_page)


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    typed = request.POST.get("address", "")
    return guards.page(
        request, "sign_in", status=status, error=error, address=typed, next=guards.wanted(request), script=True
    )


def _address(typed: str) -> str:
    """The address as it was sealed; empty for what is none."""
    try:
        return actions.folded(email(typed))
    except CannotRead:
        return ""


def _counted_as(request: HttpRequest, address: str) -> str:
    """Guesses are counted under the address; a browser that its owner has used is counted by itself, so that a
    stranger who guesses does not keep the owner out."""
    known = devices.is_known(User.objects.at(address or "nobody"), request, at_utc=timezone.now())
    sealed = vault().seal_address(address).hex()
    return f"{sealed} {request.COOKIES.get(devices.name(), '')}" if known else sealed


def _network(request: HttpRequest) -> str:
    return f"passkey {limits.network(str(request.META.get('REMOTE_ADDR', '')))}"


def _answer(request: HttpRequest) -> dict[str, Any]:
    found = json.loads(request.POST.get("answer", "")[:_MOST_OF_ANSWER])
    if not isinstance(found, dict):
        raise ValueError("The answer is no object.")
    return found
