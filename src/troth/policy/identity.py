"""Which rule of a text is which of the versions before it: by its id, or by the one that it `was`.

Data, choices, the ledger and the program know a rule by its first id for good. A text may call it otherwise, with that
id beside the new one: `purpose: offers` and `was: quotes`, `{#offers was=U6}`. What the text means is compared under
the first id, so that a rule which became wider under its new name is the change that it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from .fields import Fields
from .findings import Report
from .grammar import ID, RULE_TYPES, Block, Document
from .terms import Collect, Part, Policy, Prose, Rules, Section

T = TypeVar("T")

SECTION = "section"
Names = Mapping[str, Mapping[str, str]]
"""Type of rule, or `section` → first id → what the text calls it; only where these differ."""

TYPES = {
    "kind": "kinds",
    "collect": "collects",
    "purpose": "purposes",
    "recipient": "recipients",
    "cookie": "cookies",
    "promise": "promises",
}
_REFERRING = {
    "kind": "kind",
    "kinds": "kind",
    "needs": "kind",
    "may_use": "kind",
    "collected_by": "collect",
    "purpose": "purpose",
    "purposes": "purpose",
    "recipients": "recipient",
    "set_by": "recipient",
    "start": "promise",
}
"""Fields of terms that name other rules → of which type."""


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A finding about the name of a rule, or a section, of this id. `names` fill its message."""

    finding: str
    type: str
    id: str
    names: dict[str, object]


def read_names(document: Document, report: Report) -> Names:
    """What the text calls otherwise than before. Two rules that claim the same first id are a finding."""
    found: dict[str, dict[str, str]] = {type: {} for type in (*RULE_TYPES, SECTION)}
    blocks = [block for _, group in document.groups for block in group.blocks]
    taken = {(block.type, block.id): block for block in blocks}
    for block in blocks:
        was = _read_was(block, report)
        if not was:
            continue
        other = taken.setdefault((block.type, was), block)
        if other is not block:
            report.add("was-taken", _place(block), id=was, type=block.type, line=other.line)
        else:
            found[block.type][was] = block.id
    for heading in document.headings:
        if heading.anchor != heading.written:
            found[SECTION][heading.anchor] = heading.written
    return MappingProxyType({type: MappingProxyType(names) for type, names in found.items() if names})


def _read_was(block: Block, report: Report) -> str:
    """The first id; none of a cookie, which a browser knows by its name."""
    if block.type == "cookie":
        return ""
    was = Fields(block.node, f"{block.type} {block.id}", report).text("was", default="")
    if was and not ID.fullmatch(was):
        report.add("bad-id", _place(block), type=block.type, id=was)
        return ""
    if was and block.type == "collect" and was.partition(".")[0] != block.id.partition(".")[0]:
        report.add("was-other-channel", _place(block), id=block.id, was=was)
        return ""
    return was


def _place(block: Block) -> Any:
    return Fields(block.node, "", Report([])).place("was")


def identify(policy: Policy, names: Names) -> Policy:
    """The policy with each rule and section under its first id, in all places that name it."""
    if not names:
        return policy
    first = {type: {name: id for id, name in of.items()} for type, of in names.items()}
    terms: dict[str, Any] = {
        plural: _identify_all(getattr(policy, plural), first.get(type, {}), first) for type, plural in TYPES.items()
    }
    anchors = first.get(SECTION, {})
    return replace(
        policy,
        sections=tuple(_identify_rules(section, first) for section in policy.sections),
        declared=MappingProxyType({anchors.get(anchor, anchor): word for anchor, word in policy.declared.items()}),
        names=names,
        **terms,
    )


def _identify_all(terms: Mapping[str, T], own: Mapping[str, str], first: Names) -> Mapping[str, T]:
    named = ((own.get(id, id), _refer(term, first)) for id, term in terms.items())
    return MappingProxyType({id: _rename(term, id) for id, term in named})


def _rename(term: T, id: str) -> T:
    place = {"place": id.partition(".")[2]} if isinstance(term, Collect) else {}
    return replace(term, id=id, **place)  # type: ignore[type-var]


def _refer(term: T, first: Names) -> T:
    """The term, and what is inside it, naming other rules by their first ids."""
    changed: dict[str, Any] = {}
    for name in (field.name for field in fields(term)):  # type: ignore[arg-type]
        value, of = getattr(term, name), first.get(_REFERRING.get(name, ""), {})
        if isinstance(value, tuple):
            changed[name] = tuple(_refer(each, first) if is_dataclass(each) else of.get(each, each) for each in value)
        elif of:
            changed[name] = of.get(value, value)
    return replace(term, **changed)  # type: ignore[type-var]


def _identify_rules(section: Section, first: Names) -> Section:
    return replace(section, parts=tuple(_identify_part(part, first) for part in section.parts))


def _identify_part(part: Part, first: Names) -> Part:
    if isinstance(part, Prose):
        return part
    return Rules(tuple(replace(rule, id=first.get(rule.type, {}).get(rule.id, rule.id)) for rule in part.blocks))


def list_misnamed(old: Policy, new: Policy) -> Iterator[Misnamed]:
    """Names by which a rule or a section would be taken for another one, or for a new one, after the version before."""
    for type in (*TYPES, SECTION):
        was, is_ = _list_ids(old, type), _list_ids(new, type)
        for id, name in new.names.get(type, {}).items():
            if id not in was:
                yield Misnamed("was-unknown", type, id, {"type": type, "id": name, "was": id, "before": old.version})
        for id, name in old.names.get(type, {}).items():
            if id not in is_ and name in is_:
                yield Misnamed("was-dropped", type, name, {"type": type, "id": name, "was": id, "before": old.version})


def _list_ids(policy: Policy, type: str) -> set[str]:
    return set(getattr(policy, TYPES[type])) if type in TYPES else {section.anchor for section in policy.sections}
