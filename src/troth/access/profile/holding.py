"""Everything we hold about a person, value by value: its source and its uses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator

from troth import gate, in_force
from troth.access.viewers import ACCESS, Viewer
from troth.collection.forms.types import TYPES
from troth.collection.forms.types.places import COUNTRY
from troth.policy import Ask, Collect, Policy
from troth.records import profile
from troth.records.profile import DatumUse, HeldDatum
from troth.words.held import HeldUse, HeldValue
from troth.words.keeping import prepare_times
from troth.words.values import in_words, refusal_in_words

PLACE = "form.profile"
VALUES_A_PAGE = 25
PROVEN_FIRST = frozenset({"email", "password"})
"""Kinds that open the account: a new one is proven first, on the account's own pages."""


@dataclass(frozen=True)
class Holding:
    """What we hold, or one page of it. `addable`: kinds the person may add; `page`: which page this is."""

    held: tuple[HeldValue, ...]
    addable: tuple[Ask, ...]
    page: "Page[tuple[str, str]]"

    def find_shown(self, datum: str) -> HeldValue | None:
        """A value that they see, whether or not they may change it."""
        return next((each for each in self.held if str(each.datum.id) == datum and each.raw), None)

    def find(self, datum: str) -> HeldValue | None:
        return next((each for each in self.held if str(each.datum.id) == datum and each.changeable), None)

    def beside(self, held: HeldValue) -> dict[str, HeldValue]:
        """Kind → what they gave in the same place at the same time, the value itself among it.

        What belongs together is read together: a phone by the country of its own request."""
        same = (held.datum.cause, held.datum.channel)
        fact = [each for each in self.held if (each.datum.cause, each.datum.channel) == same and each.raw]
        return {each.kind.id: each for each in fact} | {held.kind.id: held}

    def country_of(self, held: HeldValue | None) -> str:
        """The country of the same fact; without one, the country that they gave last; "" if they gave none."""
        beside = self.beside(held).values() if held else ()
        own = next((each for each in beside if TYPES[each.kind.type] is COUNTRY), None)
        countries = (each for each in self.held if TYPES[each.kind.type] is COUNTRY)
        given = sorted(countries, key=lambda it: it.datum.collected_utc)
        return own.raw if own else given[-1].raw if given else ""


def holding(viewer: Viewer, *, page: int | str | None = None) -> Holding:
    """What we hold about the viewer's person, in the policy's order of kinds; with a number, one page of it.

    Cost  4 queries, a new look 1 more."""
    policy, kinds = in_force.policy(), profile.list_kinds(viewer.person)
    decisions = gate.decide(viewer.person, ACCESS, sorted(kinds))
    listed = [(id, kind) for kind in policy.kinds if kind in kinds for id in kinds[kind]]
    turned = Paginator(listed, max(len(listed), 1) if page is None else VALUES_A_PAGE).get_page(page)
    shown = [(UUID(id), kind) for id, kind in turned.object_list]
    values = _values(viewer, {kind for kind, decision in decisions.items() if decision.allowed}, shown)
    data = profile.find_used(viewer.person, [id for id, _ in shown], apart_from=ACCESS)
    kept = prepare_times(in_force.law())
    held = (
        _make_held(policy, *data[id], raw=values.get(id, ""), code=decisions[kind].code, kept=kept(data[id][0]))
        for id, kind in shown
        if id in data  # nobody removed it since its id was read
    )
    return Holding(tuple(held), tuple(_addable(policy, kinds.keys())), turned)


def _values(viewer: Viewer, allowed: Collection[str], kinds: Iterable[tuple[UUID, str]]) -> Mapping[UUID, str]:
    """Datum → value."""
    if not allowed:
        return {}
    return gate.look_at_data(
        place=viewer.last_look,
        person=viewer.person,
        purpose=ACCESS,
        kinds=sorted(allowed),
        data=[id for id, kind in kinds if kind in allowed],
        who="person",
        reason=viewer.look,
    )


def _make_held(
    policy: Policy, datum: HeldDatum, uses: Iterable[DatumUse], *, raw: str, code: str, kept: str
) -> HeldValue:
    kind, place = policy.kinds[datum.kind], policy.collects.get(datum.channel)
    return HeldValue(
        datum=datum,
        kind=kind,
        raw=raw,
        value=in_words(kind, raw) if raw else "",
        hidden="" if raw else refusal_in_words(code),
        place=place.title if place else datum.channel,
        kept=kept,
        uses=tuple(_describe_use(policy, use) for use in uses),
        changeable=bool(raw) and _changeable(datum, place),
    )


def _changeable(datum: HeldDatum, place: Collect | None) -> bool:
    """Whether the person may correct it: values they typed are theirs, records of orders or visits are not."""
    asked = place is not None and place.channel == "form" and place.ask(datum.kind) is not None
    return asked and datum.kind not in PROVEN_FIRST


def _describe_use(policy: Policy, use: DatumUse) -> HeldUse:
    rule = policy.purposes.get(use.purpose)
    title, section = (rule.title, rule.section) if rule else (use.purpose, "")
    return HeldUse(title, section, use.times, use.last_utc)


def _addable(policy: Policy, held: Collection[str]) -> Iterable[Ask]:
    collect = policy.collects.get(PLACE)
    for ask in collect.asks if collect else ():
        if ask.kind not in {*held, *PROVEN_FIRST}:
            yield ask
