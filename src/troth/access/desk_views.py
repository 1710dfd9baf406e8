"""Staff look up a person by the exact address, for a purpose of the policy and with a reason that the person reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.access import persons
from troth.collection.forms.normalize import CannotRead, email
from troth.desk import reading
from troth.desk.staff import WORK, list_allowing, may, readable, staff_only, user_of
from troth.security import limits
from troth.security.models import User
from troth.text import code
from troth.text.times import lasting

_LOOKING = limits.Limit("person looked up", 60, limits.SENT.within)


@dataclass(frozen=True)
class Shown:
    """One submission with the values that were read; if none were, the purposes that `would` allow it."""

    known: persons.KnownPerson
    contact: reading.Contact
    would: Sequence[str] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def people(request: HttpRequest) -> HttpResponse:
    """Asks for address, purpose and reason, then shows what the purpose may use. The URL never holds the address."""
    user = user_of(request)
    context: dict[str, Any] = {"purposes": readable(user), "typed": request.POST, "errors": {}}
    if request.method != "POST" or not context["purposes"]:
        return render(request, "access/people.html", context, status=403 if request.method == "POST" else 200)
    address, context["errors"] = _check(request, user, dict(context["purposes"]))
    if context["errors"]:
        return render(request, "access/people.html", context, status=400)
    purpose, reason = code(request.POST["purpose"]), reading.reason_in(request.POST)
    found = [_show(request, person, purpose, reason) for person in persons.at(address)]
    context |= {
        "looked": True,
        "purpose": in_force.policy().purposes[purpose],
        "found": found,
        "refusal": _find_common_refusal(found),
        "most": persons.MOST,
    }
    return render(request, "access/people.html", context)


def _find_common_refusal(found: Sequence[Shown]) -> Shown | None:
    """The first, if several were refused for the same reason and would open for the same purposes: it is said once."""
    same = {(each.contact.refused, tuple(each.would), bool(each.contact.values)) for each in found}
    return found[0] if len(found) > 1 and len(same) == 1 and not found[0].contact.values else None


def _check(request: HttpRequest, user: User, purposes: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The address, and what is wrong, field by field."""
    errors, address = {}, ""
    try:
        address = email(request.POST.get("address", ""), mailed=False)
    except CannotRead as problem:
        errors["address"] = str(problem)
    if request.POST.get("purpose") not in purposes:
        errors["purpose"] = _("Choose a purpose.")
    try:
        reading.reason_in(request.POST)
    except reading.NoReason as problem:
        errors["reason"] = str(problem)
    # Only a look-up that would happen counts: a typing mistake is no try.
    if not errors:
        try:
            limits.within_name(_LOOKING, name=f"people {user.pk}", at_utc=timezone.now())
        except limits.TooMany:
            errors["address"] = _(
                "You looked up %(times)d people within %(time)s. Wait a while, or ask an administrator."
            ) % {"times": _LOOKING.times, "time": lasting(_LOOKING.within)}
    return address, errors


def _show(request: HttpRequest, person: Any, purpose: str, reason: str) -> Shown:
    contact = reading.read_contact(request, person=person, purpose=purpose, cause=None, reason=reason)
    known = persons.find_known(person, with_cases=may(user_of(request), WORK))
    return Shown(known, contact, () if contact.values else _list_purposes(user_of(request), person, but=purpose))


def _list_purposes(user: User, person: UUID, *, but: str) -> list[str]:
    """Titles of the purposes for which the user may read something of this person's data."""
    stated = in_force.policy().purposes
    others = [each for each in readable(user) if each[0] != but]
    return list_allowing([person], others, lambda id: stated[id].may_use)
