"""Everything that is held of a person, datum by datum: its value, its source, and what it was used for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth import gate
from troth.access.viewers import ACCESS, Viewer
from troth.collection.forms.types import TYPES
from troth.files import Attached
from troth.policy import Ask, Collect, Kind, Policy
from troth.records import ledger, profile
from troth.records.profile import HeldDatum
from troth.words.keeping import describe_end
from troth.words.values import in_words, refusal_in_words

PLACE = "form.profile"
PROVEN_FIRST = frozenset({"email", "password"})
"""Kinds that open the account: a new one is proven first, on the account's own pages."""


@dataclass(frozen=True)
class Use:
    """What a value was used for: how often, and when last."""

    title: str
    section: str
    times: int
    last_utc: datetime


@dataclass(frozen=True)
class ProfileValue:
    """One value. `value` is empty and `hidden` says why, where the policy does not let it be shown."""

    datum: HeldDatum
    kind: Kind
    raw: str
    value: str
    hidden: str
    place: str
    kept: str
    uses: tuple[Use, ...]
    changeable: bool

    @property
    def files(self) -> Sequence[Attached]:
        """What can be downloaded of it."""
        return TYPES[self.kind.type].files(self.raw) if self.raw else ()


@dataclass(frozen=True)
class Holding:
    held: tuple[ProfileValue, ...]
    addable: tuple[Ask, ...]

    def shown(self, datum: str) -> ProfileValue | None:
        """A value that she sees, whether or not she may change it."""
        return next((each for each in self.held if str(each.datum.id) == datum and each.raw), None)

    def find(self, datum: str) -> ProfileValue | None:
        return next((each for each in self.held if str(each.datum.id) == datum and each.changeable), None)

    def beside(self, held: ProfileValue) -> dict[str, ProfileValue]:
        """Kind → what she gave in the same place at the same time, the value itself among it.

        What belongs together is read together: a phone by the country of its own request."""
        same = (held.datum.cause, held.datum.channel)
        fact = [each for each in self.held if (each.datum.cause, each.datum.channel) == same and each.raw]
        return {each.kind.id: each for each in fact} | {held.kind.id: held}

    def country_of(self, held: ProfileValue | None) -> str:
        """The country of the same fact; without one, the country that she gave last; "" if she gave none."""
        own = self.beside(held).get("country") if held else None
        given = sorted((each for each in self.held if each.kind.id == "country"), key=lambda it: it.datum.collected_utc)
        return own.raw if own else given[-1].raw if given else ""


def holding(viewer: Viewer) -> Holding:
    """What is held of the viewer's person, in the order of the policy's kinds.   Cost  6 queries, a new look 1 more."""
    policy, data = gate.policy(), profile.list_data(viewer.person)
    decisions = gate.decide(viewer.person, ACCESS, sorted({datum.kind for datum in data}))
    values = _values(viewer, sorted(kind for kind, decision in decisions.items() if decision.allowed), data)
    entries = _by_kind(ledger.history(viewer.person))
    order = {kind: place for place, kind in enumerate(policy.kinds)}
    held = (
        _make_held(policy, datum, values.get(datum.id, ""), decisions[datum.kind].code, entries.get(datum.kind, ()))
        for datum in sorted(data, key=lambda datum: order.get(datum.kind, len(order)))
        if datum.kind in policy.kinds
    )
    return Holding(tuple(held), tuple(_addable(policy, data)))


def _values(viewer: Viewer, kinds: Sequence[str], data: Iterable[HeldDatum]) -> dict[UUID, str]:
    """Datum → value, by the grant of the last look while it is open and names all that is held now."""
    if not kinds:
        return {}
    values = _list_opened(viewer, kinds)
    if {datum.id for datum in data if datum.kind in kinds} <= values.keys():
        return values
    given = gate.grant(person=viewer.person, purpose=ACCESS, kinds=kinds, who="person", reason=viewer.look)
    if isinstance(given, gate.Refused):
        return {}
    viewer.keep_grant(given.id)
    return dict(gate.read_data(given))


def _list_opened(viewer: Viewer, kinds: Sequence[str]) -> dict[UUID, str]:
    """What the last look still opens; nothing once it is over."""
    if viewer.held is None:
        return {}
    try:
        return dict(gate.read_data(gate.Grant(viewer.held, viewer.person, ACCESS, tuple(kinds), None, {})))
    except gate.GrantRefused:
        return {}


def _make_held(
    policy: Policy, datum: HeldDatum, raw: str, code: str, entries: Sequence[ledger.LedgerEntry]
) -> ProfileValue:
    kind, place = policy.kinds[datum.kind], policy.collects.get(datum.channel)
    return ProfileValue(
        datum=datum,
        kind=kind,
        raw=raw,
        value=in_words(kind, raw) if raw else "",
        hidden="" if raw else refusal_in_words(code),
        place=place.title if place else datum.channel,
        kept=describe_end(kind.kept, datum.kept_until_utc),
        uses=tuple(_uses(policy, datum, entries)),
        changeable=bool(raw) and _changeable(datum, place),
    )


def _changeable(datum: HeldDatum, place: Collect | None) -> bool:
    """What she typed into a form is hers to correct; orders, licenses and visits are records of what happened."""
    asked = place is not None and place.channel == "form" and place.ask(datum.kind) is not None
    return asked and datum.kind not in PROVEN_FIRST


def _by_kind(entries: Iterable[ledger.LedgerEntry]) -> dict[str, list[ledger.LedgerEntry]]:
    """Kind → the entries that used or gave it, apart from looks of her own: each datum then asks only its own."""
    found: dict[str, list[ledger.LedgerEntry]] = {}
    for entry in entries:
        if entry.kind in ("used", "disclosed") and entry.purpose != ACCESS:
            for kind in entry.kinds:
                found.setdefault(kind, []).append(entry)
    return found


def _uses(policy: Policy, datum: HeldDatum, entries: Iterable[ledger.LedgerEntry]) -> Iterable[Use]:
    found: dict[str, list[datetime]] = {}
    for entry in entries:
        other = entry.cause and datum.cause and entry.cause != datum.cause
        if not other and entry.at_utc >= datum.collected_utc:
            found.setdefault(entry.purpose, []).append(entry.at_utc)
    for purpose, times in found.items():
        rule = policy.purposes.get(purpose)
        yield Use(rule.title if rule else purpose, rule.section if rule else "", len(times), max(times))


def _addable(policy: Policy, data: Iterable[HeldDatum]) -> Iterable[Ask]:
    collect, held = policy.collects.get(PLACE), {datum.kind for datum in data}
    for ask in collect.asks if collect else ():
        if ask.kind not in held | PROVEN_FIRST:
            yield ask
