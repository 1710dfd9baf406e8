"""A form that asks what one place of the policy states, and refuses everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from troth.collection.forms import nonce as nonces
from troth.collection.forms import normalize
from troth.collection.forms.cards import holds_card_number
from troth.collection.forms.fields import (
    HOME,
    PASSWORD,
    Asked,
    Choices,
    country_name,
    field_for,
    state_name,
    states,
)
from troth.collection.forms.reasons import reason_of
from troth.policy.terms import Ask, Collect, Policy

NONCE = "nonce"
TRAP = "website_of_your_company"
"""Hidden from people; programs that fill in every field give themselves away."""

_ABOUT_PERSON = {"name", "email", "password", "phone", "role", "job", "language"}
_ABOUT_COMPANY = {"company", "country", "state", "zip", "industry", "address", "city"}


@dataclass(frozen=True)
class Group:
    """Fields that belong together on the page."""

    title: str
    fields: tuple[BoundField, ...]


class PolicyForm(forms.Form):
    """The fields of one `collect` rule, in its order, each with its reason. `values` is what may be kept."""

    def __init__(
        self,
        *,
        policy: Policy,
        collect: Collect,
        lists: Mapping[str, Choices],
        data: Any = None,
        initial: Mapping[str, str] | None = None,
        session: str = "",
        account: int | None = None,
    ) -> None:
        super().__init__(data=data, initial=dict(initial or {}), auto_id="%s")
        self.policy, self.collect, self.session, self.account = policy, collect, session, account
        self.asks: dict[str, Ask] = {ask.kind: ask for ask in collect.asks}
        for kind, ask in self.asks.items():
            reason = reason_of(policy, collect, ask)
            self.fields[kind] = field_for(Asked(policy.kinds[kind], ask, lists.get(kind, ()), reason))

    @property
    def nonce(self) -> nonces.Nonce:
        """What `spend` takes. Only after `is_valid`."""
        return nonces.with_content(self._secret, self.values)

    @cached_property
    def fresh_nonce(self) -> str:
        """For the page that shows this form: a form that was refused must not meet its own spent secret."""
        return nonces.opened(self.collect.id, session=self.session)

    @property
    def trap(self) -> str:
        return TRAP

    @property
    def values(self) -> dict[str, str]:
        """Kind → value of everything given, in the form in which it is kept. Only after `is_valid`."""
        given = {kind: self.cleaned_data.get(kind) for kind in self.asks if kind != PASSWORD}
        return {kind: _stored(value) for kind, value in given.items() if value not in (None, "", False)}

    @property
    def password(self) -> str:
        """The password as it was typed: to be hashed, never to be kept. Only after `is_valid`."""
        return str(self.cleaned_data.get(PASSWORD) or "")

    @property
    def groups(self) -> list[Group]:
        """In the order of the policy, each title once."""
        groups: dict[str, list[BoundField]] = {}
        for kind in self.asks:
            groups.setdefault(_group_of(self.policy, kind), []).append(self[kind])
        return [Group(title, tuple(members)) for title, members in groups.items()]

    def clean(self) -> dict[str, Any]:
        self._refuse_undeclared()
        self._check_nonce()
        for kind in self.asks:
            self._read(kind)
        self._place()
        return self.cleaned_data

    def _read(self, kind: str) -> None:
        """Checks what was typed as it was typed, then keeps it normalized."""
        many_lines = self.policy.kinds[kind].type == "long text"
        try:
            for text in self._typed(kind):
                normalize.refuse_controls(text, many_lines=many_lines)
                if holds_card_number(text):
                    raise normalize.CannotRead(_card_sentence())
            if kind != PASSWORD and isinstance(value := self.cleaned_data.get(kind), str) and value:
                self.cleaned_data[kind] = self._normalized(kind, value)
                self._require(kind)
        except normalize.CannotRead as error:
            self._refuse(kind, str(error))

    def _require(self, kind: str) -> None:
        """Django asks this before the value is normalized, and an invisible sign is something to it."""
        field = self.fields[kind]
        if field.required and not self.cleaned_data[kind]:
            raise normalize.CannotRead(str(field.error_messages["required"]))

    def _normalized(self, kind: str, value: str) -> str:
        if not normalize.shows(value):
            return ""
        country = str(self.cleaned_data.get("country") or HOME)
        match self.policy.kinds[kind].type:
            case "email":
                return normalize.email(value)
            case "phone":
                return normalize.phone(value, country)
            case "zip":
                return normalize.zip_code(value, country)
            case "long text":
                return normalize.lines(value)
        return normalize.line(value)

    def _place(self) -> None:
        """Each country asks its own: what is not asked there is not kept, what is asked there must agree."""
        country = str(self.cleaned_data.get("country") or HOME)
        for kind, ask in self.asks.items():
            if ask.only_in and country not in ask.only_in:
                self.cleaned_data.pop(kind, None)
                self.errors.pop(kind, None)
            elif ask.only_in and ask.required and not self.cleaned_data.get(kind) and kind not in self.errors:
                self._refuse(kind, _("Needed for %(country)s.") % {"country": country_name(country)})
        self._state_of(country)
        if country == HOME:
            self._zip_in_state()

    def _state_of(self, country: str) -> None:
        state = self.cleaned_data.get("state")
        if state and "country" in self.asks and state not in dict(states(country)):
            self._refuse(
                "state",
                _("This state is not in %(country)s. Change the one or the other.")
                % {"country": country_name(country)},
            )

    def _zip_in_state(self) -> None:
        """A ZIP code that nobody knows may be new, so it passes; one of another state is a slip."""
        code, state = self.cleaned_data.get("zip"), self.cleaned_data.get("state")
        lies_in = normalize.state_of_zip(code) if code and state else ""
        if lies_in and lies_in != state:
            words = {"zip": code, "there": state_name(lies_in), "here": state_name(str(state))}
            self._refuse("zip", _("%(zip)s is in %(there)s, not in %(here)s. Change the one or the other.") % words)

    def _refuse_undeclared(self) -> None:
        undeclared = sorted(set(self.data) - set(self.asks) - {NONCE, TRAP})
        if undeclared:
            names = ", ".join(f"“{name[:40]}”" for name in undeclared[:5])
            self.add_error(
                None,
                _("Our policy does not ask for %(names)s here. Nothing undeclared is accepted, so nothing was kept.")
                % {"names": names},
            )
        if self.data.get(TRAP):
            self.add_error(
                None, _("A field that people cannot see was filled in. It is empty again: send the form once more.")
            )
        for kind in self.asks:
            if len(self._typed(kind)) > 1:
                self._refuse(kind, _("This was sent twice with different words. Send it once."))

    @property
    def _secret(self) -> str:
        return str(self.data.get(NONCE, ""))

    def _check_nonce(self) -> None:
        try:
            nonces.check(self._secret, form=self.collect.id, session=self.session)
        except nonces.NonceError as error:
            self.add_error(None, str(error))

    def _typed(self, kind: str) -> list[str]:
        listed = self.data.getlist(kind) if hasattr(self.data, "getlist") else [self.data.get(kind, "")]
        return [str(text) for text in listed]

    def _refuse(self, kind: str, sentence: str) -> None:
        self.errors.pop(kind, None)
        self.add_error(kind, sentence)


def _stored(value: Any) -> str:
    return "yes" if value is True else str(value)


def _group_of(policy: Policy, kind: str) -> str:
    if policy.kinds[kind].type == "yes or no":
        return _("News, if you like")
    if kind in _ABOUT_PERSON:
        return _("You")
    return _("Your company") if kind in _ABOUT_COMPANY else _("Your request")


def _card_sentence() -> str:
    return _(
        "This looks like a card number. We refuse those in every field, so none is ever stored. Please leave it out."
    )
