"""From a `collect` rule to a form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404

from troth.collection.forms.form import PolicyForm
from troth.collection.forms.places import HOME
from troth.collection.forms.types import Choices
from troth.policy.parting import find_part
from troth.policy.terms import Collect, Policy, Purpose


class NotStated(Http404):
    """The policy does not state this place, so the site does not have it: its page is not found."""


def build(
    policy: Policy,
    place: str,
    *,
    lists: Mapping[str, Choices] | None = None,
    data: Any = None,
    files: Any = None,
    initial: Mapping[str, str] | None = None,
    session: str = "",
    account: int | None = None,
    purpose: str = "",
    country: str = HOME,
) -> PolicyForm:
    """The form of `place`, e.g. "form.quote": empty, or bound to `data` and ready for `is_valid`.

    Takes   files: what was uploaded with `data`;
            lists: kind → the closed list of what the site offers, such as products;
            purpose: of a place that serves several, the one for which it asks now;
            session, account: of someone who is signed in; what they send is joined with their account;
            country: how numbers and places are read where the form itself asks for no country.
    Raises  NotStated if the policy has no such place."""
    collect = find_part(policy, place, purpose)
    if collect is None:
        raise NotStated(f"The policy states no {place}.")
    if purpose:
        collect = _narrow(collect, policy.purposes[purpose])
    return PolicyForm(
        policy=policy,
        collect=collect,
        lists=lists or {},
        data=data,
        files=files,
        initial=initial,
        session=session,
        account=account,
        country=country,
    )


def _narrow(collect: Collect, purpose: Purpose) -> Collect:
    """The place as far as this purpose may use what it asks."""
    asks = tuple(ask for ask in collect.asks if ask.kind in {*purpose.needs, *purpose.may_use})
    return replace(collect, asks=asks, purposes=(purpose.id,))
