"""The fields of one YAML mapping, read by name and type; an error becomes a finding and a harmless value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from .findings import Report, SourcePlace
from .lengths import Duration
from .source import Node

YES_NO = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Reference:
    """A field's reference to something declared elsewhere."""

    type: str
    id: str
    node: Node
    by: str


@dataclass(slots=True)
class Gathered:
    """What checks need besides the terms: every reference, and the position of each field."""

    references: list[Reference] = field(default_factory=list)
    places: dict[tuple[str, str, str], SourcePlace] = field(default_factory=dict)


class Fields:
    """The fields of one mapping. `name` is what findings call it, such as `purpose quotes`."""

    def __init__(self, node: Node, name: str, report: Report, gathered: Gathered | None = None) -> None:
        self.node = node
        self.name = name
        self.report = report
        self.gathered = gathered or Gathered()
        self._pairs = {key.text or "": (key, value) for key, value in node.pairs or ()}

    def only(self, allowed: Iterable[str]) -> None:
        """Reports each key that is not allowed."""
        allowed = list(allowed)
        for name, (key, _) in self._pairs.items():
            if name not in allowed:
                self.report.add(
                    "unknown-key",
                    key,
                    did_you_mean(name, allowed),
                    key=name,
                    owner=self.name,
                )

    def has_only(self, allowed: Iterable[str]) -> bool:
        """Whether no other key is there, which would be a finding of its own."""
        return self._pairs.keys() <= {*allowed}

    def place(self, name: str) -> SourcePlace:
        return self._pairs[name][0] if name in self._pairs else self.node

    def has(self, name: str) -> bool:
        return name in self._pairs

    def value(self, name: str) -> Node | None:
        return self._pairs[name][1] if name in self._pairs else None

    def text(self, name: str, *, default: str | None = None) -> str:
        """The text of a field; without a default a missing or blank one is a finding."""
        node = self.value(name)
        if node is None:
            if default is None:
                self.report.add("missing-key", self.node, key=name, owner=self.name)
            return default or ""
        if node.text is None:
            self.wrong_shape(name, node, "text")
            return default or ""
        if not node.text.strip() and default is None:
            self.report.add("missing-key", node, key=name, owner=self.name)
        return " ".join(node.text.split())

    def one_of(self, name: str, allowed: Sequence[str], *, default: str | None = None) -> str:
        text = self.text(name, default=default)
        if text in allowed:
            return text
        if text or self.has(name):
            self.report.add(
                "unknown-value",
                self.value(name) or self.node,
                did_you_mean(text, allowed),
                key=name,
                value=text,
                allowed=", ".join(allowed),
            )
        return default if default is not None else allowed[0]

    def yes_no(self, name: str, *, default: bool | None = None) -> bool:
        fallback = None if default is None else ("yes" if default else "no")
        return YES_NO[self.one_of(name, tuple(YES_NO), default=fallback)]

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        return tuple(" ".join((node.text or "").split()) for node in self.nodes(name, required=required))

    def nodes(self, name: str, *, required: bool = False) -> list[Node]:
        node = self.value(name)
        if node is None:
            if required:
                self.report.add("missing-key", self.node, key=name, owner=self.name)
            return []
        if node.text:
            return [node]
        if node.items is None:
            self.wrong_shape(name, node, "a list")
            return []
        for item in node.items:
            if item.text is None:
                self.wrong_shape(name, item, "text in the list")
        return [item for item in node.items if item.text]

    def names(self, name: str, type: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of ids declared elsewhere, without duplicates, each recorded as a reference."""
        ids: dict[str, None] = {}
        for node in self.nodes(name, required=required):
            text = (node.text or "").strip()
            if text in ids:
                self.report.add("named-twice", node, id=text, owner=self.name)
            ids[text] = None
            self.refer(type, text, node)
        return tuple(ids)

    def refer(self, type: str, id: str, node: Node) -> None:
        self.gathered.references.append(Reference(type, id, node, self.name))

    def duration(self, name: str) -> Duration | None:
        node = self.value(name)
        return read_duration(node, self.name, self.report) if node is not None else None

    def mapping(self, name: str) -> "Fields":
        """The fields of a nested mapping; empty after a finding if it is none."""
        node = self.value(name)
        if node is not None and node.pairs is None:
            self.wrong_shape(name, node, "a mapping")
        if node is None or node.pairs is None:
            place = node or self.node
            node = Node(place.line, place.column, pairs=[])
        return Fields(node, f"{name} of {self.name}", self.report, self.gathered)

    def items(self) -> Iterable[tuple[Node, Node]]:
        return self._pairs.values()

    def wrong_shape(self, name: str, node: Node, wanted: str) -> None:
        self.report.add("wrong-shape", node, field=f"`{name}` of {self.name}", wanted=wanted)


def read_duration(node: Node, owner: str, report: Report) -> Duration | None:
    duration = Duration.read(node.text or "")
    if duration is None:
        report.add("unreadable-time", node, time=node.text or node.shape, owner=owner)
    return duration


def did_you_mean(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean `{close[0]}`?" if close else ""
