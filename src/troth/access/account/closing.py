"""Closing the account: signed out everywhere. What was sent stays, and is answered by email."""

from uuid import UUID

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth import gate, outbox
from troth.access.account import actions, guards
from troth.cases.models import Case
from troth.records import accounts, organizations
from troth.security.entrances import Entrance, address_of
from troth.security.models import User

_EMAILED = "emailed"


@require_http_methods(["GET", "HEAD", "POST"])
@guards.fresh_only
def close(request: HttpRequest) -> HttpResponse:
    """Says what closing does and what stays; POST closes. Members of staff have no such page."""
    user = guards.user_of(request)
    if user.person_id is None:
        return guards.to(guards.HOME)
    if request.method != "POST":
        return _show(request, user)
    try:
        emailed = _close(user, user.person_id)
    except gate.Refusal as refusal:
        return _show(request, user, _explain(refusal))
    logout(request)
    return guards.to(f"/account/closed/?{_EMAILED}" if emailed else "/account/closed/")


@require_http_methods(["GET", "HEAD"])
def say_closed(request: HttpRequest) -> HttpResponse:
    """What a visitor sees after that."""
    if request.user.is_authenticated:
        return guards.to(guards.HOME)
    return guards.page(request, "closed", emailed=_EMAILED in request.GET)


def _show(request: HttpRequest, user: User, error: str = "") -> HttpResponse:
    """The page. An open privacy request that the sign-in proves comes instead of the button."""
    asked = Case.objects.filter(account=user.pk, state__in=Case.LIVING).order_by("received_utc").first()
    return guards.page(
        request,
        "close",
        status=409 if error else 200,
        organization=organizations.of(user.person_id) if user.person_id else None,
        emailed=actions.can_tell(user),
        open=asked and {"number": asked.number, "address": address_of(Entrance.REQUEST, number=asked.number)},
        choices=address_of(Entrance.CHOICES),
        error=error,
    )


def _close(user: User, own: UUID) -> bool:
    """Leaves the organization, ends the account, and emails its owner a last time.   Raises  Refusal

    Gives   whether that email is on its way: not without an address, or where the policy doesn't allow its use"""
    address = actions.read_contact(own, actions.SECURITY_PURPOSE, _("to notify you"), cause=user.address_request)
    with transaction.atomic():
        if organizations.of(own):
            organizations.leave(own, own)
        emailed = accounts.close(user.pk) and address is not None and "email" in address.values
        if emailed and address is not None:
            facts = actions.AccountFacts(what="account closed")
            outbox.post_finished(
                permit=address, email="account/notice", facts=facts, kinds=["name"], cause=gate.new_id()
            )
    return emailed


def _explain(refusal: gate.Refusal) -> str:
    if refusal.code != "last administrator":
        return refusal.sentence
    return _(
        "You’re the last administrator of your organization. Make someone else an administrator there, or remove the "
        "other members. Then close your account."
    )
