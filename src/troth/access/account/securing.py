"""The owner's second factors: authenticator app, recovery codes, passkeys."""

from typing import Any
from urllib.parse import quote

import segno
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from troth import in_force
from troth.access.account import actions, done, guards
from troth.collection.forms import known
from troth.desk import notices
from troth.security import entry
from troth.security.factors import codes, passkeys
from troth.security.factors.models import Passkey
from troth.security.models import User
from troth.text import read_json


@require_http_methods(["GET", "HEAD", "POST"])
@guards.fresh_only
def app(request: HttpRequest) -> HttpResponse:
    """Sets up an authenticator app with a QR code, its key and a first code; or offers to remove it."""
    user = guards.user_of(request)
    if codes.has_authenticator(user):
        return guards.page(request, "app_done")
    secret = codes.offer(user, request.session)
    name = str(in_force.policy().short_name)
    address = codes.address(secret, account=_label_account(request, user), issuer=name)
    picture = segno.make_qr(address).svg_data_uri(scale=5, border=4, light="#fff", dark="#000")
    context: dict[str, Any] = {"picture": picture, "secret": codes.format_secret(secret)}
    if request.method != "POST":
        return guards.page(request, "app", **context)
    if error := guards.count_try(request, guards.CODES, name=f"app {user.pk}"):
        return guards.page(request, "app", status=429, error=error, **context)
    if not codes.prove(user, request.POST.get("code", ""), at_utc=timezone.now()):
        error = _("This code is wrong. Check that your phone’s clock is right, then enter the next code.")
        return guards.page(request, "app", status=400, error=error, wrong="code", **context)
    guards.right(request, guards.CODES, name=f"app {user.pk}")
    request.session["way"] = entry.PASSWORD_CODE
    entry.confirm_again(request, way=entry.PASSWORD_CODE, at_utc=timezone.now())
    actions.tell(user, "factor added")
    return _show_codes(request, user, added=True)


@require_POST
@guards.fresh_only
def remove_app(request: HttpRequest) -> HttpResponse:
    """Removes the app and notifies the owner."""
    user = guards.user_of(request)
    codes.remove(user)
    actions.tell(user, "factor removed")
    return done.to_account(request, done.APP_REMOVED)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.fresh_only
def recovery(request: HttpRequest) -> HttpResponse:
    """Creates new recovery codes and shows them once. A visit without a press leads to the button.

    Without an app there is no button, and the page says so."""
    user = guards.user_of(request)
    if not codes.has_second(user):
        return done.to_account(request, done.NO_APP)
    if request.method != "POST":
        return guards.to("/account/#factors")
    return _show_codes(request, user)


@require_http_methods(["GET", "HEAD"])
@guards.fresh_only
def passkey(request: HttpRequest) -> HttpResponse:
    """The page on which the browser creates a passkey; the only page here that needs JavaScript."""
    return guards.page(request, "passkey", script=True)


@require_POST
@guards.fresh_only
def passkey_options(request: HttpRequest) -> HttpResponse:
    user = guards.user_of(request)
    brand = str(in_force.policy().short_name)
    shown = _label_account(request, user)
    return JsonResponse(passkeys.begin_making(user, request.session, shown=shown, brand=brand))


@require_POST
@guards.fresh_only
def make_passkey(request: HttpRequest) -> HttpResponse:
    """Stores the new passkey and notifies the owner."""
    user = guards.user_of(request)
    try:
        answer = read_json(request.POST.get("answer", ""))
        passkeys.make(user, request.session, answer, at_utc=timezone.now())
    except (passkeys.PasskeyRefused, ValueError):
        return JsonResponse({"error": _("We couldn’t add the passkey. Try again, or use another device.")}, status=400)
    request.session["way"] = entry.PASSKEY
    entry.confirm_again(request, way=entry.PASSKEY, at_utc=timezone.now())
    actions.tell(user, "factor added")
    return JsonResponse({"next": notices.find_address(request, done.perform(done.PASSKEY_ADDED))})


@require_POST
@guards.fresh_only
def remove_passkey(request: HttpRequest, id: int) -> HttpResponse:
    """Removes one of the owner's passkeys; 404 for someone else's."""
    user = guards.user_of(request)
    if not Passkey.objects.filter(pk=id, user=user).delete()[0]:
        raise Http404("No such passkey belongs to this account.")
    codes.end_with_last(user)
    actions.tell(user, "factor removed")
    return done.to_account(request, done.PASSKEY_REMOVED)


def _show_codes(request: HttpRequest, user: User, *, added: bool = False) -> HttpResponse:
    """Shows new recovery codes to copy, print or save as a file that the page itself holds.

    Takes  added: whether the app was added just now, which the page then says first"""
    older = codes.recovery_codes_left(user) > 0
    made, account = codes.new_recovery_codes(user), _label_account(request, user)
    file = quote("\r\n".join(made))
    return guards.page(
        request,
        "recovery",
        codes=made,
        account=account,
        file=file,
        added=added,
        emailed=actions.can_tell(user),
        older=older,
    )


def _label_account(request: HttpRequest, user: User) -> str:
    """The name under which the owner's phone lists the account; only the phone knows it."""
    return known.self_shown(request).get("email", "") or user.address or user.username
