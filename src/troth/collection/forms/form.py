"""A form that asks what one place of the policy states, and refuses everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from troth.collection.forms import nonce as nonces
from troth.collection.forms.fields import PASSWORD, field_for
from troth.collection.forms.places import HOME, country_name, refuse_elsewhere, state_name, states
from troth.collection.forms.reasons import reason_of
from troth.collection.forms.types import TYPES, Asked, Choices, KindType, Typed
from troth.policy.terms import Ask, Collect, Policy
from troth.text import CannotRead, company, name, secret
from troth.text.reading import refuse_card_numbers
from troth.text.signs import refuse_controls, shows

NONCE = "nonce"
TRAP = "website_of_your_company"
"""Hidden from people; programs that fill in every field give themselves away."""

_NAMES = {"name": name, "company": company}
"""Kinds that may hold no link. A name goes into emails to addresses that nobody has proven; a company never does."""
_ABOUT_PERSON = {"name", "email", "password", "phone", "role", "job", "language"}
COMPANY = "company"
STAFF = "staff"
"""The channel of what staff enter for someone else: nothing there says “you”."""
_ABOUT_COMPANY = {COMPANY, "country", "state", "zip", "industry", "address", "city"}


@dataclass(frozen=True)
class FieldGroup:
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
        files: Any = None,
        initial: Mapping[str, str] | None = None,
        session: str = "",
        account: int | None = None,
        country: str = HOME,
    ) -> None:
        super().__init__(data=data, files=files, initial=dict(initial or {}), auto_id="%s")
        self.policy, self.collect, self.session, self.account = policy, collect, session, account
        self.home = country
        self.asks: dict[str, Ask] = {ask.kind: ask for ask in collect.asks}
        for kind, ask in self.asks.items():
            reason = reason_of(policy, collect, ask)
            self.fields[kind] = field_for(Asked(policy.kinds[kind], ask, lists.get(kind, ()), reason, country))

    @property
    def nonce(self) -> nonces.Nonce:
        """What `spend` takes. Only after `is_valid`."""
        typed = {kind: self._type(kind).said(value) for kind, value in self.values.items()}
        return nonces.with_content(self._secret, typed)

    @cached_property
    def fresh_nonce(self) -> str:
        """For the page that shows this form: a form that was refused must not meet its own spent secret."""
        return nonces.issue_nonce(self.collect.id, session=self.session)

    @property
    def trap(self) -> str:
        return TRAP

    @property
    def values(self) -> dict[str, str]:
        """Kind → value of everything given, in the form in which it is kept. Only after `is_valid`."""
        given = {kind: self.cleaned_data.get(kind) for kind in self.asks if kind != PASSWORD}
        return {kind: _store_form(value) for kind, value in given.items() if value not in (None, "", False)}

    @property
    def password(self) -> str:
        """The password in the form in which it is hashed, never to be kept. Only after `is_valid`."""
        return secret(str(self.cleaned_data.get(PASSWORD) or ""))

    @property
    def groups(self) -> list[FieldGroup]:
        """In the order of the policy, each title once."""
        groups: dict[str, list[BoundField]] = {}
        for kind in self.asks:
            groups.setdefault(self._group_of(kind), []).append(self[kind])
        return [FieldGroup(title, tuple(members)) for title, members in groups.items()]

    def ask_again_for_files(self) -> None:
        """For a form that comes back: browsers give nobody a file twice, so it says beside the field what to do."""
        for kind in self.files:
            if kind in self.asks and kind not in self.errors:
                self.add_error(kind, _("Choose the file again. Your browser doesn’t keep it when a form comes back."))

    def clean(self) -> dict[str, Any]:
        self._refuse_undeclared()
        self._check_nonce()
        for kind in self.asks:
            self._read(kind)
        self._place()
        return self.cleaned_data

    def _read(self, kind: str) -> None:
        """Checks what was typed as it was typed, then keeps it normalized."""
        kind_type = self._type(kind)
        try:
            for text in self._list_typed(kind):
                refuse_controls(text, many_lines=kind_type.is_long)
                if not kind_type.digits or not self.cleaned_data.get(kind):
                    refuse_card_numbers(text)
            if kind != PASSWORD and isinstance(value := self.cleaned_data.get(kind), str) and value:
                self.cleaned_data[kind] = self._normalize(kind, value)
                self._require(kind)
        except CannotRead as error:
            self._refuse(kind, str(error))

    def _require(self, kind: str) -> None:
        """Django asks this before the value is normalized, and an invisible sign is something to it."""
        field = self.fields[kind]
        if field.required and not self.cleaned_data[kind]:
            raise CannotRead(str(field.error_messages["required"]))

    def _normalize(self, kind: str, value: str) -> str:
        if not shows(value):
            return ""
        most = getattr(self.fields[kind], "max_length", None) or len(value)
        if read := _NAMES.get(kind):
            return read(value, most=most, field=str(self.fields[kind].label))
        return self._type(kind).normalize(Typed(value, most, self._country()))

    def _country(self) -> str:
        """The country that was chosen; where the place does not ask for one, the one held with the same fact."""
        return str(self.cleaned_data.get("country") or self.home)

    def _place(self) -> None:
        """Each country asks its own: what is not asked there is not kept, what is asked there must agree."""
        country = self._country()
        if not self._state_of(country):
            return
        for kind, ask in self.asks.items():
            if ask.only_in and country not in ask.only_in:
                self.cleaned_data.pop(kind, None)
                self.errors.pop(kind, None)
            elif ask.only_in and ask.required and not self.cleaned_data.get(kind) and kind not in self.errors:
                self._refuse(kind, _("Required for %(country)s.") % {"country": country_name(country)})
        self._postal_code_of(country)

    def _state_of(self, country: str) -> bool:
        """Whether the state, if one was chosen, lies in the country."""
        state = str(self.cleaned_data.get("state") or "")
        if not state or state in dict(states(country)):
            return True
        words = {"state": state_name(state, self.asks["state"].only_in or (HOME,)), "country": country_name(country)}
        self._refuse("state", _("%(state)s isn’t in %(country)s. Change one of them.") % words)
        return False

    def _postal_code_of(self, country: str) -> None:
        code, state = self.cleaned_data.get("zip"), self.cleaned_data.get("state")
        if code and state:
            try:
                refuse_elsewhere(str(code), str(state), country)
            except CannotRead as error:
                self._refuse("zip", str(error))

    def _refuse_undeclared(self) -> None:
        uploaded = {kind for kind in self.asks if self.fields[kind].widget.needs_multipart_form}
        texts, files = set(self.data) - (set(self.asks) - uploaded) - {NONCE, TRAP}, set(self.files) - uploaded
        undeclared = sorted(texts | files)
        if undeclared:
            names = ", ".join(f"“{name[:40]}”" for name in undeclared[:5])
            self.add_error(
                None,
                _(
                    "Our privacy policy doesn’t ask for %(names)s here. We only accept what it states, so nothing "
                    "was saved."
                )
                % {"names": names},
            )
        if self.data.get(TRAP):
            self.add_error(None, _("A hidden field was filled in. We cleared it. Send the form again."))
        for kind in self.asks:
            if len(self._list_typed(kind)) > 1:
                self._refuse(kind, _("This was sent twice with different contents. Send it once."))

    def _group_of(self, kind: str) -> str:
        """The title above the field. Where nobody is asked for a company, country and state are the person's own."""
        if group := self._type(kind).group():
            return group
        is_hers = kind in _ABOUT_PERSON or (kind in _ABOUT_COMPANY and COMPANY not in self.asks)
        if self.collect.channel == STAFF:
            is_hers = is_hers or kind in _ABOUT_COMPANY
            return _("About the person") if is_hers else _("What the person asks for")
        if is_hers:
            return _("About you")
        return _("Your company") if kind in _ABOUT_COMPANY else _("Your request")

    def _type(self, kind: str) -> KindType:
        return TYPES[self.policy.kinds[kind].type]

    @property
    def _secret(self) -> str:
        return str(self.data.get(NONCE, ""))

    def _check_nonce(self) -> None:
        try:
            nonces.check(self._secret, form=self.collect.id, session=self.session)
        except nonces.NonceError as error:
            self.add_error(None, str(error))

    def _list_typed(self, kind: str) -> list[str]:
        listed = self.data.getlist(kind) if hasattr(self.data, "getlist") else [self.data.get(kind, "")]
        return [str(text) for text in listed]

    def _refuse(self, kind: str, sentence: str) -> None:
        self.errors.pop(kind, None)
        self.add_error(kind, sentence)


def _store_form(value: Any) -> str:
    return "yes" if value is True else str(value)
