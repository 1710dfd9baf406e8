"""Correct, add, remove: the change and its ledger entry in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from troth import in_force
from troth.access.entries import COMPLETED, CORRECTED
from troth.access.profile.holding import PLACE
from troth.access.viewers import Viewer
from troth.collection import forms
from troth.collection.forms.form import NONCE, TRAP, PolicyForm
from troth.collection.forms.places import HOME, postal_code
from troth.collection.forms.types import TYPES, kinds_of
from troth.collection.forms.types.installed import OF_A_PRODUCT
from troth.collection.forms.types.lists import PRODUCT
from troth.collection.forms.types.places import COUNTRY, PLACE_TYPES, STATE, ZIP
from troth.desk import index
from troth.policy import Ask
from troth.records import Provenance, keep
from troth.records.profile import HeldDatum, remove_datum
from troth.site import site
from troth.text import CannotRead
from troth.words.held import HeldValue

_TOGETHER = ((COUNTRY, PLACE_TYPES), (PRODUCT, (PRODUCT, *OF_A_PRODUCT)))
"""Types that say one thing where the place asks the first: who corrects one of them sees and may correct the others."""


def form_for(
    viewer: Viewer,
    kind: str,
    *,
    place: str = PLACE,
    data: Any,
    files: Any,
    held: Mapping[str, str] | None = None,
    country: str,
    but: Collection[str] = (),
) -> PolicyForm:
    """The field of a kind as a place of the policy asks it, with the same checks as there, and what belongs with it.

    Takes   held: kind → what is there now; country: that of the same fact, where the form does not ask for it;
            but: kinds that are there already and are not asked again."""
    policy, now = in_force.policy(), held or {}
    collect = policy.collects[place]
    kinds = [name for name in _list_kinds_beside(kind, [ask.kind for ask in collect.asks]) if name not in but]
    asks = tuple(_require(ask, kind, alone=len(kinds) == 1) for ask in collect.asks if ask.kind in kinds)
    whole = replace(policy, collects={**policy.collects, place: replace(collect, asks=asks)})
    # A file is chosen again each time: what is held of it is in no form.
    initial = {name: _enter(name, now[name]) for name in kinds if name in now and not policy.kinds[name].files}
    sent = {key: data[key] for key in (*kinds, NONCE, TRAP) if key in data} if data is not None else None
    return forms.build(
        whole,
        place,
        lists=site().offer_lists(),
        data=None if sent is None else _leave_behind({**initial, **sent}, now),
        files=files,
        initial=initial,
        session=viewer.bound,
        country=country or HOME,
    )


def _enter(kind: str, value: str) -> str:
    return TYPES[in_force.policy().kinds[kind].type].entered(value)


def _leave_behind(typed: Mapping[str, Any], held: Mapping[str, str]) -> Mapping[str, Any]:
    """Without state and postal code of the country that the person left, where these came back as they were.

    A postal code without a state stays where the new country has such codes: only its country may have been wrong."""
    policy = in_force.policy()
    country = next((kind for kind in kinds_of(policy, COUNTRY) if kind in held), "")
    if not country or typed.get(country, held[country]) == held[country]:
        return typed
    (states, codes) = (_list_unchanged(kinds_of(policy, each), typed, held) for each in (STATE, ZIP))
    left = [*states, *(kind for kind in codes if states or not _is_code_of(str(typed[kind]), str(typed[country])))]
    return {**typed, **dict.fromkeys(left, "")}


def _list_unchanged(kinds: Sequence[str], typed: Mapping[str, Any], held: Mapping[str, str]) -> list[str]:
    return [kind for kind in kinds if held.get(kind) and typed.get(kind) == held[kind]]


def _is_code_of(code: str, country: str) -> bool:
    try:
        return bool(postal_code(code, country))
    except CannotRead:
        return False


def _list_kinds_beside(kind: str, asked: Sequence[str]) -> list[str]:
    """The kinds of one form, in the place's order: the kind, and what says one thing with it there."""
    policy = in_force.policy()
    groups = (kinds_of(policy, *types) for first, types in _TOGETHER if set(kinds_of(policy, first)) & set(asked))
    together = next((group for group in groups if kind in group), (kind,))
    return [name for name in asked if name in together]


def _require(ask: Ask, kind: str, *, alone: bool) -> Ask:
    """A value that is corrected by itself can't be left empty: removing it has its own button."""
    if alone:
        return replace(ask, required=True, only_in=())
    return replace(ask, required=ask.required or (ask.kind == kind and not ask.only_in))


def correct_all(
    viewer: Viewer, held: Mapping[str, HeldValue], values: Mapping[str, str], *, at_utc: datetime
) -> list[str]:
    """Saves the corrected values, removes those that no longer apply, and returns the kinds that changed.

    Takes   held: kind → what is there now; values: kind → what was typed, of those that the form asked."""
    # A kind that was never given takes source and version of what it was corrected with.
    about = next(iter(held.values())).datum
    changed = [kind for kind, value in values.items() if kind not in held or held[kind].raw != value]
    # Someone who moves to a country without states has none any more, nor a release of another product than before.
    gone = [kind for kind in held if kind not in values]
    with transaction.atomic():
        for kind in changed:
            if kind in held:
                correct(viewer, held[kind].datum, values[kind], at_utc=at_utc)
            else:
                correct(viewer, replace(about, kind=kind), values[kind], at_utc=at_utc, former=False, way=COMPLETED)
        for kind in gone:
            remove(viewer, held[kind].datum)
    return [*changed, *gone]


def correct(
    viewer: Viewer, datum: HeldDatum, value: str, *, at_utc: datetime, former: bool = True, way: str = CORRECTED
) -> None:
    """Replaces a value by a new one of the same place and version, and deletes the old one.

    It stays what it was given for: the corrected phone of a quote request is that request's phone."""
    provenance = Provenance(
        channel=datum.channel,
        version=datum.version,
        at_utc=at_utc,
        way=way,
        evidence=f"{'in place of' if former else 'beside'} {datum.id}",
    )
    with transaction.atomic():
        keep(values={datum.kind: value}, provenance=provenance, person=viewer.person, cause=datum.cause)
        if former:
            remove_datum(viewer.person, datum.id, because="corrected", way=viewer.way)
        if datum.cause:
            index.correct(datum.cause, datum.kind, value)


def add(viewer: Viewer, values: Mapping[str, str], *, at_utc: datetime) -> None:
    """Adds a value under the current version; for a place, everything that belongs to it."""
    version = in_force.policy().version
    provenance = Provenance(channel=PLACE, version=version, at_utc=at_utc, way="typed into the form")
    with transaction.atomic():
        keep(values=values, provenance=provenance, person=viewer.person)


def remove(viewer: Viewer, datum: HeldDatum) -> None:
    """Deletes the value; its history stays."""
    with transaction.atomic():
        remove_datum(viewer.person, datum.id, because="removed", way=viewer.way)
        if datum.cause:
            index.correct(datum.cause, datum.kind, "")
