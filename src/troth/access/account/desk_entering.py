"""Staff sign-in by password. Looking at the page sets no cookie; signing in does."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from troth.access.account import guessing
from troth.access.account.entering import after_password
from troth.access.account.guards import COOKIELESS
from troth.addresses import fold
from troth.collection.forms import from_our_page
from troth.headers import make_private, see_other
from troth.security import cookies, limits
from troth.security.entrances import SIGNED_OUT
from troth.security.hashing import hashes
from troth.security.models import User
from troth.text import code

HOME = "/console/"


# Exempt from Django's check, which would need a session before sign-in: the browser's Origin is looked at instead.
@hashes
@csrf_exempt
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; the page that was wanted, once signed in."""
    if not cookies.may_sign_in():
        return _page(request, str(COOKIELESS), status=503)
    if request.method != "POST":
        return _page(request)
    if not from_our_page(request):
        return _page(request, _("This form didn’t come from our page. Sign in here."), status=403)
    name = fold(code(request.POST.get("username", "")))  # a phone begins it with a capital, which no name has
    claimed = User.objects.exclude(role="").filter(username=name, is_active=True).first()
    given = {"username": name, "password": request.POST.get("password", "")}
    try:
        user = guessing.check_password(request, claimed, name=name, given=given)
    except limits.TooMany as error:
        return _page(request, str(error), status=429)
    if user is None or not user.is_staff:
        return _page(request, _("This user name and password don’t match. Check both and try again."), status=400)
    return after_password(request, user, next_page=_find_next_page(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out; the sign-in page says so."""
    logout(request)
    return see_other(f"/console/sign-in?{SIGNED_OUT}")


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "error": error,
        "username": request.POST.get("username", ""),
        "next": _find_next_page(request),
        "signed_out": SIGNED_OUT in request.GET and not request.user.is_authenticated,
    }
    return make_private(render(request, "account/staff.html", context, status=status))


def _find_next_page(request: HttpRequest) -> str:
    """The page that was asked for, if it is one of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or HOME
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and wanted.startswith("/console/") else HOME
