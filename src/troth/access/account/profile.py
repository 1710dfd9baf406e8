"""“Update my profile”: what she told us, filled in, to be changed; each change is kept beside what was. Policy: #A2"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth import gate
from troth.access.account import actions, guards
from troth.collection.forms import PolicyForm, known
from troth.collection.site import site

_ON_PAGES_OF_THEIR_OWN = {"email", "password"}


# Exempt from Django's check: the form's nonce is bound to her session, and the browser's Origin is looked at.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@guards.signed_in_only
def profile(request: HttpRequest) -> HttpResponse:
    """The policy's profile form, filled in through the gate; what differs is kept."""
    user = guards.user_of(request)
    form = _form(request, request.POST if request.method == "POST" else None)
    if user.person_id is None:
        raise Http404("Members of staff have no profile.")
    if not form.is_bound:
        return guards.page(request, "profile", form=form, action=request.path)
    if refused := guards.elsewhere(request):
        form.add_error(None, refused)
    if not form.is_valid():
        return guards.page(request, "profile", status=400, form=form, action=request.path)
    before = form.initial
    changed = {kind: value for kind, value in form.values.items() if before.get(kind) != value}
    actions.update(user, changed, at_utc=timezone.now())
    known.look_again(request)
    return guards.to("/account/data/")


def _form(request: HttpRequest, data: Any) -> PolicyForm:
    policy = gate.policy()
    collect, purpose = policy.collects.get(actions.PROFILE), policy.purposes.get(actions.PURPOSE)
    if collect is None or purpose is None:
        raise Http404(f"The policy states no {actions.PROFILE}.")
    asks = tuple(ask for ask in collect.asks if ask.kind not in _ON_PAGES_OF_THEIR_OWN)
    kinds = [ask.kind for ask in asks if ask.kind in purpose.may_use]
    return PolicyForm(
        policy=policy,
        collect=replace(collect, asks=asks),
        lists={"product": [(product.slug, product.name) for product in site().products.values()]},
        data=data,
        initial=_before(request, kinds),
        session=str(request.session.get("number", "")),
    )


def _before(request: HttpRequest, kinds: list[str]) -> Mapping[str, str]:
    return known.own(request, kinds=kinds, reason=_("to fill in your profile"))
