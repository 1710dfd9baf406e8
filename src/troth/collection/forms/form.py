"""A form that asks what one place of the policy states, and refuses everything else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from troth.catalog import territory
from troth.collection.forms import nonce as nonces
from troth.collection.forms.fields import field_for
from troth.collection.forms.places import HOME, country_name, refuse_elsewhere, state_name, states
from troth.collection.forms.reasons import reason_of
from troth.collection.forms.types import TYPES, About, Asked, Choices, KindType, Typed
from troth.collection.forms.types.installed import OF_A_PRODUCT, join
from troth.collection.forms.types.lists import PRODUCT
from troth.collection.forms.types.places import COUNTRY, STATE, ZIP
from troth.policy.terms import Ask, Collect, Policy
from troth.text import CannotRead, secret
from troth.text.reading import refuse_card_numbers
from troth.text.signs import refuse_controls, shows

NONCE = "nonce"
ENTER = "enter"
"""The button of a form whose session ended: sign in first, with what was entered."""
TRAP = "website_of_your_company"
"""Hidden from people; programs that fill in every field give themselves away."""

_OURS = frozenset({NONCE, TRAP, ENTER, "csrfmiddlewaretoken"})
"""Fields that no policy states: they hold nothing that a person entered."""

FORM = "form"
"""The channel of what staff enter for another person: nothing there says “you”."""


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
        self.session_ended = False
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
        given = {kind: self.cleaned_data.get(kind) for kind in self.asks if not self._type(kind).is_secret}
        return {kind: _store_form(value) for kind, value in given.items() if value not in (None, "", False)}

    @property
    def password(self) -> str:
        """The password in the form in which it is hashed, never to be kept. Only after `is_valid`."""
        asked = next(kind for kind in self.asks if self._type(kind).is_secret)
        return secret(str(self.cleaned_data.get(asked) or ""))

    @property
    def groups(self) -> list[FieldGroup]:
        """In the order of the policy, each title once."""
        groups: dict[str, list[BoundField]] = {}
        for kind in self.asks:
            groups.setdefault(self._group_of(kind), []).append(self[kind])
        return [FieldGroup(title, tuple(members)) for title, members in groups.items()]

    def require(self, missing: Mapping[str, str]) -> None:
        """Makes these kinds required, where they are asked.   Takes   missing: kind → what to do without it"""
        for kind in missing.keys() & self.asks.keys():
            self.fields[kind].required = True
            self.fields[kind].error_messages["required"] = missing[kind]

    def leave_out(self, unasked: Collection[str]) -> None:
        """Takes these optional kinds off the form, which then refuses them as it refuses what isn't stated."""
        for kind in unasked:
            if kind in self.asks and not self.asks[kind].required:
                del self.asks[kind], self.fields[kind]

    def ask_first(self, kind: str) -> None:
        """Puts this field, and with it the group it is in, before all others, where it is asked."""
        if kind in self.asks:
            self.asks = {kind: self.asks[kind], **self.asks}
            self.order_fields([kind])

    def ask_again_for_files(self) -> None:
        """Adds an error beside each file field of a form that comes back, because browsers don't keep chosen files."""
        for kind in self.files:
            if kind in self.asks and kind not in self.errors:
                self.add_error(kind, _("Choose the file again. Your browser doesn’t keep it when a form comes back."))

    def clean(self) -> dict[str, Any]:
        self._refuse_undeclared()
        self._check_nonce()
        for kind in self.asks:
            self._read(kind)
        self._place()
        self._join_products()
        return self.cleaned_data

    def _read(self, kind: str) -> None:
        """Checks what was typed, then normalizes it."""
        kind_type = self._type(kind)
        try:
            for text in self._list_typed(kind):
                refuse_controls(text, many_lines=kind_type.is_long)
                if not kind_type.digits or not self.cleaned_data.get(kind):
                    refuse_card_numbers(text)
            if not kind_type.is_secret and isinstance(value := self.cleaned_data.get(kind), str) and value:
                self.cleaned_data[kind] = self._normalize(kind, value)
                self._require(kind)
        except CannotRead as error:
            self._refuse(kind, str(error))

    def _require(self, kind: str) -> None:
        """Refuses a required value that is empty after normalizing; Django checked it before."""
        field = self.fields[kind]
        if field.required and not self.cleaned_data[kind]:
            raise CannotRead(str(field.error_messages["required"]))

    def _normalize(self, kind: str, value: str) -> str:
        if not shows(value):
            return ""
        most = getattr(self.fields[kind], "max_length", None) or len(value)
        return self._type(kind).normalize(Typed(value, most, self._country(), str(self.fields[kind].label)))

    def _country(self) -> str:
        """The country that was chosen; where the place does not ask for one, the one held with the same fact."""
        return self._find_chosen(COUNTRY)[1] or self.home

    def _find_chosen(self, kind_type: KindType) -> tuple[str, str]:
        """The kind of this type that the place asks, and its value; two empty texts where it asks none."""
        kind = next((kind for kind in self.asks if self._type(kind) is kind_type), "")
        return kind, str(self.cleaned_data.get(kind) or "")

    def _place(self) -> None:
        """Checks country, state and postal code together, and drops what isn't asked for this country."""
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

    def _join_products(self) -> None:
        """A release is kept with the product that was chosen beside it: 12.4 alone says nothing."""
        product = self._find_chosen(PRODUCT)[1]
        for kind in self.asks:
            if self._type(kind) in OF_A_PRODUCT and self.cleaned_data.get(kind):
                self.cleaned_data[kind] = join(product, self.cleaned_data[kind])

    def _state_of(self, country: str) -> bool:
        """Whether the state, if one was chosen, lies in the country."""
        kind, state = self._find_chosen(STATE)
        if not state or state in dict(states(country)) or state == country in territory.TERRITORIES:
            return True
        words = {"state": state_name(state, self.asks[kind].only_in or (HOME,)), "country": country_name(country)}
        self._refuse(kind, _("%(state)s isn’t in %(country)s. Change one of them.") % words)
        return False

    def _postal_code_of(self, country: str) -> None:
        kind, code = self._find_chosen(ZIP)
        _kind, state = self._find_chosen(STATE)
        if code and state:
            try:
                refuse_elsewhere(code, state, country)
            except CannotRead as error:
                self._refuse(kind, str(error))

    def _refuse_undeclared(self) -> None:
        uploaded = {kind for kind in self.asks if self.fields[kind].widget.needs_multipart_form}
        # Browsers send a field of files that nobody chose as an empty text.
        unchosen = {kind for kind in uploaded if self.data.get(kind) == ""}
        texts = set(self.data) - (set(self.asks) - uploaded) - unchosen - _OURS
        files = set(self.files) - uploaded
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
        kind_type = self._type(kind)
        if group := kind_type.group():
            return group
        about = kind_type.subject_of(self.policy.kinds[kind])
        if self.collect.channel != FORM:  # staff type it, or sales, and it is about someone else
            return _("What the person asks for") if about is About.REQUEST else _("About the person")
        if about is About.PERSON or (about is not About.REQUEST and not self._asks_company):
            return _("About you")
        return _("Your request") if about is About.REQUEST else _("Your company")

    @cached_property
    def _asks_company(self) -> bool:
        return any(self._type(kind).about is About.COMPANY for kind in self.asks)

    def _type(self, kind: str) -> KindType:
        return TYPES[self.policy.kinds[kind].type]

    @property
    def _secret(self) -> str:
        return str(self.data.get(NONCE, ""))

    def _check_nonce(self) -> None:
        try:
            nonces.check(self._secret, form=self.collect.id, session=self.session)
        except nonces.NonceError as error:
            self.session_ended = isinstance(error, nonces.SessionEnded)
            self.add_error(None, str(error))

    def _list_typed(self, kind: str) -> list[str]:
        listed = self.data.getlist(kind) if hasattr(self.data, "getlist") else [self.data.get(kind, "")]
        return [str(text) for text in listed]

    def _refuse(self, kind: str, sentence: str) -> None:
        self.errors.pop(kind, None)
        self.add_error(kind, sentence)


def _store_form(value: Any) -> str:
    return "yes" if value is True else str(value)
