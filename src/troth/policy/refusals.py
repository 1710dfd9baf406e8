"""Rules that may not follow their old form under the same id: people could neither be asked about it nor notified."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .findings import registry
from .regions import REGIONS
from .terms import STRENGTH, Policy, Purpose
from .types import PLACE_TYPES


@dataclass(frozen=True, slots=True)
class RuleRefusal:
    """A rule that may not follow its old form under the same id. `names` fill the message of the finding `id`."""

    id: str
    type: str
    rule: str
    section: str
    names: dict[str, object]

    @property
    def message(self) -> str:
        kind = registry()[self.id]
        return f"{kind.message.format(**self.names)} {kind.mend}"


def list_refusals(old: Policy, new: Policy) -> Iterator[RuleRefusal]:
    """Each rule whose change is none that people could be asked about, or notified of."""
    for id in _both(old.purposes, new.purposes):
        yield from _succeed_purpose(old, new, id)
    for id in _both(old.recipients, new.recipients):
        recipient = new.recipients[id]
        if recipient.own_marketing and not old.recipients[id].own_marketing:
            names: dict[str, object] = {"id": new.name("recipient", id)}
            yield RuleRefusal("recipient-turned-third-party", "recipient", id, recipient.section, names)
    for id in _both(old.kinds, new.kinds):
        was, kind, called = old.kinds[id], new.kinds[id], new.name("kind", id)
        # Stored values are encrypted or not as their kind said when they came; nobody would rewrite them.
        if was.sensitivity != kind.sensitivity:
            names = {"id": called, "old": was.sensitivity, "new": kind.sensitivity}
            yield RuleRefusal("kind-unsealed", "kind", id, kind.section, names)
        if bool(was.files) != bool(kind.files):
            names = {"id": called, "old": was.type, "new": kind.type}
            yield RuleRefusal("kind-turned-file", "kind", id, kind.section, names)
        if kind.type != was.type and not {kind.type, was.type}.isdisjoint(PLACE_TYPES):
            names = {"id": called, "old": was.type, "new": kind.type}
            yield RuleRefusal("kind-turned-place", "kind", id, kind.section, names)
    yield from _list_joined(old, new)


def _list_joined(old: Policy, new: Policy) -> Iterator[RuleRefusal]:
    """What came in by a part could be used for nothing any more, not even to show it."""
    for id, part in old.collects.items():
        whole = new.collects.get(part.part_of)
        if whole is not None and id not in new.collects:
            names: dict[str, object] = {"id": new.name("collect", whole.id), "purpose": part.purposes[0]}
            yield RuleRefusal("collect-joined", "collect", whole.id, whole.section, names)


def _both(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return [id for id in new if id in old]


def _succeed_purpose(old: Policy, new: Policy, id: str) -> Iterator[RuleRefusal]:
    was, is_ = old.purposes[id], new.purposes[id]
    names: dict[str, object] = {"id": new.name("purpose", id), "before": old.version}
    if is_.marketing and not was.marketing:
        yield RuleRefusal("purpose-turned-marketing", "purpose", id, is_.section, names)
    for weakened in _list_weakened(was, is_)[:1]:
        less = {**names, "old": weakened[0], "new": weakened[1]}
        yield RuleRefusal("purpose-choice-weakened", "purpose", id, is_.section, less)


def _list_weakened(was: Purpose, is_: Purpose) -> list[tuple[str, str]]:
    """Old and new choice wherever people would have less of it than before."""
    if not was.by_region and not is_.by_region:
        return [(was.choice, is_.choice)] if STRENGTH[is_.choice] < STRENGTH[was.choice] else []
    pairs = {region: (was.choice_in(region), is_.choice_in(region)) for region in REGIONS}
    return [
        (f"{old} ({region})", f"{new} ({region})")
        for region, (old, new) in pairs.items()
        if STRENGTH[new] < STRENGTH[old]
    ]


def list_disclosures(old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    """Purpose and recipient, where a purpose would newly give data that it uses already to another company.

    A company that decides on the data itself: no processor, and none that a law or an event names. One that worked
    for us and now decides is another company, too.
    """
    for id in _both(old.purposes, new.purposes):
        was, is_ = old.purposes[id], new.purposes[id]
        for recipient in is_.recipients:
            given = recipient in was.recipients and _decides(old, recipient)
            if not given and set(was.may_use) & set(is_.may_use) and _decides(new, recipient):
                yield id, recipient


def _decides(policy: Policy, id: str) -> bool:
    recipient = policy.recipients.get(id)
    if recipient is None or not recipient.third_party or recipient.position == "processor":
        return False
    return recipient.role != "authority" and not recipient.when
