"""Signing in and out: password and code, or passkey. Looking at these pages sets no cookie."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from troth.access.account import actions, guards, guessing
from troth.collection.forms import read_referrer
from troth.collection.forms.normalize import CannotRead, email
from troth.headers import make_private
from troth.records import accounts
from troth.security import cookies, devices, entry, limits
from troth.security.entrances import SIGNED_OUT, Entrance, address_of
from troth.security.factors import codes, passkeys
from troth.security.hashing import hashes
from troth.security.models import User
from troth.text import read_json

NOBODYS = "nobody@nobody.invalid"
"""Costs what every other address costs, and no account can have it."""


# Exempt from Django's check, which needs a session: the browser's Origin is looked at instead.
@hashes
@csrf_exempt
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; then the page that was wanted, or the question for a code."""
    if not cookies.may_sign_in():
        return _page(request, str(guards.COOKIELESS), 503)
    if request.method != "POST":
        return _page(request, _explain_cookies(request))
    address = _address(request.POST.get("address", ""))
    if refused := guards.elsewhere(request):
        return _page(request, refused, status=403)
    claimed = User.objects.at(address)
    given = {"address": address, "password": request.POST.get("password", "")}
    try:
        user = guessing.check_password(request, claimed, name=address, given=given)
    except limits.TooMany as wait:
        return _page(request, str(wait), status=429)
    if user is None:
        return _page(request, _("This email and password don’t match. Check both and try again."), 400)
    return after_password(request, user, next_page=guards.find_next_page(request, home=""))


def after_password(request: HttpRequest, user: User, *, next_page: str) -> HttpResponse:
    """Signs in, or asks for a second factor first."""
    if not codes.has_second(user):
        return begin_session(request, user, way=entry.PASSWORD, next_page=next_page)
    entry.wait(request, user, at_utc=timezone.now())
    request.session["next"] = next_page
    request.session.set_expiry(entry.HALF_LASTS)
    return guards.to("/sign-in/code/")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Asks for the second factor after the right password was entered in this browser."""
    now = timezone.now()
    user = entry.waiting(request, at_utc=now)
    if user is None:
        return guards.to("/sign-in/")
    ways = {"has_app": codes.has_authenticator(user), "has_codes": codes.recovery_codes_left(user) > 0}
    if request.method != "POST":
        return guards.page(request, "code", **ways)
    name = guards.by_device(request, user, f"code {user.pk}")
    error = guards.elsewhere(request) or guards.count_try(request, guards.CODES, name=name)
    if not error and codes.accept(user, request.POST.get("code", ""), at_utc=now):
        guards.right(request, guards.CODES, name=name)
        return begin_session(request, user, way=entry.PASSWORD_CODE, next_page=request.session.get("next", ""))
    wrong = "" if error else "code"
    return guards.page(request, "code", status=400, error=error or _say_wrong(**ways), wrong=wrong, **ways)


def _say_wrong(*, has_app: bool, has_codes: bool) -> str:
    if not has_app:
        return _("This code is wrong or has already been used. Each recovery code works once.")
    if not has_codes:
        return _("This code is wrong or has already been used. Wait for the next one.")
    return _("This code is wrong or has already been used. Wait for the next one, or use a recovery code.")


@csrf_exempt
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """The options that the browser needs to use a passkey. Starts the session that holds the challenge."""
    if guards.elsewhere(request) or guards.count_try(request, limits.SIGN_IN, name=_network(request)):
        return JsonResponse({}, status=403)
    request.session.set_expiry(entry.HALF_LASTS)
    return make_private(JsonResponse(passkeys.begin_showing(request.session)))


@csrf_exempt
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Signs in with a passkey, or accepts it as the second factor that is being asked for."""
    now = timezone.now()
    try:
        if guards.elsewhere(request):
            raise passkeys.PasskeyRefused("Sent from another page.")
        user = passkeys.show(request.session, _answer(request), at_utc=now)
    except (passkeys.PasskeyRefused, ValueError):
        sentence = _("This passkey doesn’t belong to an account here. Try another, or sign in with your password.")
        return make_private(JsonResponse({"error": sentence}, status=400))
    next_page = guards.find_next_page(request, home="/console/" if user.is_staff else "")
    return JsonResponse(
        {"next": begin_session(request, user, way=entry.PASSKEY, next_page=next_page).headers["Location"]}
    )


def begin_session(request: HttpRequest, user: User, *, way: str, next_page: str) -> HttpResponse:
    """Starts a session, records the sign-in, and emails the owner if the device is new.

    Takes   next_page: where to continue; nothing: their requests, or their account where it asks them something."""
    now = timezone.now()
    news = devices.is_news(user, request, at_utc=now)
    entry.begin(request, user, way=way, at_utc=now)
    actions.note_sign_in(user, way=way, news=news)
    offers = bool(accounts.offers_of(user.pk))
    if offers:
        request.session[actions.OFFERS] = True  # so that the account's page asks no more than it needs
    response = guards.to(next_page or (guards.HOME if offers else address_of(Entrance.REQUESTS)))
    devices.remember(user, request, response, at_utc=now)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out; the sign-in page says so."""
    logout(request)
    return guards.to(f"{address_of(Entrance.SIGN_IN)}?{SIGNED_OUT}")


@hashes
@sensitive_post_parameters("password")
@guards.signed_in_only
def again(request: HttpRequest) -> HttpResponse:
    """Asks for the password again, and the second factor if there is one, before a sensitive change."""
    user, next_page = guards.user_of(request), guards.find_next_page(request)
    context: dict[str, Any] = {
        "next": next_page,
        "second": codes.has_second(user),
        "has_app": codes.has_authenticator(user),
    }
    if request.method != "POST":
        return guards.page(request, "again", **context)
    limit = guards.CODES if context["second"] else limits.SIGN_IN_AS
    name = guards.by_device(request, user, f"again {user.pk}")
    error = guards.count_try(request, limit, name=name)
    way = "" if error else _name_factors_shown(request, user)
    if way:
        guards.right(request, limit, name=name)
        entry.confirm_again(request, way=way, at_utc=timezone.now())
        return guards.to(next_page)
    wrong = "" if error or context["second"] else "password"
    either = _("The password or the code is wrong. Try again.") if context["second"] else ""
    error = error or either or _("This password is wrong. Try again.")
    return guards.page(request, "again", status=400, error=error, wrong=wrong, **context)


def _name_factors_shown(request: HttpRequest, user: User) -> str:
    """The factors that the owner used; empty if some factor of the account is still missing."""
    typed = request.POST.get("password", "")
    if not (entry.sit(request, user, typed) if user.is_staff else user.check_password(typed)):
        return ""
    if not codes.has_second(user):
        return entry.PASSWORD
    return entry.PASSWORD_CODE if codes.accept(user, request.POST.get("code", ""), at_utc=timezone.now()) else ""


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    typed = request.POST.get("address", "")
    return guards.page(
        request,
        "sign_in",
        status=status,
        error=error,
        address=typed,
        next=guards.find_next_page(request, home=""),
        signed_out=SIGNED_OUT in request.GET and not request.user.is_authenticated,
        script=True,
    )


def _explain_cookies(request: HttpRequest) -> str:
    """A sentence for someone who has just signed in here, and whose browser brings no cookie: it seems to keep none."""
    came = read_referrer(request)
    led_here = "next" in request.GET and (came.netloc, came.path) == (request.get_host(), request.path)
    if request.COOKIES or not led_here:
        return ""
    return _(
        "If you just signed in: your browser didn’t keep our cookie. Allow cookies for this site, then sign in again."
    )


def _address(typed: str) -> str:
    """The address in comparable form; one that nobody has if it isn't an address."""
    try:
        return email(typed, mailed=False)
    except CannotRead:
        return NOBODYS


def _network(request: HttpRequest) -> str:
    return f"passkey {limits.network(limits.address_of(request))}"


def _answer(request: HttpRequest) -> dict[str, Any]:
    found = read_json(request.POST.get("answer", ""))
    if not isinstance(found, dict):
        raise ValueError("The answer is no object.")
    return found
