"""Reads the text of a policy and its YAML, so that whatever a file contains, the worst result is a finding.

Rule blocks are read as events, not as objects: every scalar stays text (so the country NO is not False), positions
are kept for each key and value, and aliases are refused, which makes bombs and cycles impossible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from .findings import At, Report

MOST_BYTES = 500_000
DEEPEST = 12
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_START = At(1)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


@dataclass(slots=True)
class Node:
    """One YAML node with its place: text, or a list of nodes, or pairs of a key and a node."""

    line: int
    column: int
    text: str | None = None
    items: list[Node] | None = None
    pairs: list[tuple[Node, Node]] | None = None
    _key: Node | None = field(default=None, repr=False)
    _names: set[str] | None = field(default=None, repr=False)

    @property
    def shape(self) -> str:
        return "text" if self.text is not None else "a list" if self.items is not None else "a mapping"


def decode(source: str | bytes) -> tuple[str | None, Report]:
    """The text with plain line ends, or None where it cannot be read; and the report that its findings go to."""
    if len(source) > MOST_BYTES:
        return _refuse("too-large", size=len(source), most=MOST_BYTES)
    if isinstance(source, str):
        return _look_at(source)
    if source[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in source[:4]:
        return _refuse("not-utf-8", encoding="UTF-16")
    try:
        return _look_at(source.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = source[: error.start]
        place = At(before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        lines = plain(source.decode("latin-1")).split("\n")
        return _refuse("not-utf-8", place, lines, encoding="another encoding, perhaps Latin-1")


def plain(source: str) -> str:
    """The same text with LF line ends and without a byte order mark; line numbers refer to this text."""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _refuse(id: str, place: At = _START, lines: Sequence[str] = (), **names: str | int) -> tuple[None, Report]:
    report = Report(list(lines))
    report.add(id, place, hint="", **names)
    return None, report


def _look_at(source: str) -> tuple[str | None, Report]:
    text = plain(source)
    report = Report(text.split("\n"))
    _look_at_marks(source, text, report)
    return (None if report.failed else text), report


def _look_at_marks(source: str, text: str, report: Report) -> None:
    if source.startswith("\ufeff"):
        report.add("byte-order-mark", At(1))
    if "\r" in source:
        report.add("line-ends", At(source[: source.index("\r")].count("\n") + 1))
    for found in _CONTROL.finditer(text):
        before = text[: found.start()]
        place = At(before.count("\n") + 1, found.start() - before.rfind("\n"))
        report.add("control-character", place, code=f"U+{ord(found[0]):04X}")
        return
    if not text.strip():
        report.add("empty-policy", At(1))


def read_yaml(text: str, first_line: int, report: Report) -> Node | None:
    """The only node of a YAML text whose first line is `first_line`; None after a finding."""
    try:
        return _build(iter(_LOADER(text).get_event, None), first_line, report)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = At(first_line + mark.line, mark.column + 1) if mark else At(first_line)
        _report_broken(text, place, first_line, str(error.problem or error.context), report)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        report.add("broken-yaml", At(first_line), problem=str(error).splitlines()[0])
    return None


def _report_broken(text: str, place: At, first_line: int, problem: str, report: Report) -> None:
    lines = text.split("\n")
    line = lines[min(place.line - first_line, len(lines) - 1)]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        report.add("tab-indent", place)
    else:
        report.add("broken-yaml", place, problem=problem)


def _build(events: Iterator[yaml.Event], first_line: int, report: Report) -> Node | None:
    root: Node | None = None
    open_nodes: list[Node] = []
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            # Ten lines of aliases can name a billion nodes.
            if event.anchor:
                report.add("yaml-alias", _place(event, first_line))
                return None
            # A second document of the same block would be a rule that no page shows.
            if root is not None and not open_nodes:
                report.add("two-documents", _place(event, first_line))
                return root
            node = _node(event, first_line)
            if open_nodes:
                _put(open_nodes[-1], node, report)
            root = root or node
            if node.text is None:
                open_nodes.append(node)
                if len(open_nodes) > DEEPEST:
                    report.add("too-deep", node, most=DEEPEST)
                    return None
        elif isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
    return root


def _place(event: yaml.Event, first_line: int) -> At:
    mark: Any = event.start_mark  # each event of a text has one
    return At(first_line + mark.line, mark.column + 1)


def _node(event: yaml.NodeEvent, first_line: int) -> Node:
    mark: Any = event.start_mark
    line, column = first_line + mark.line, mark.column + 1
    if isinstance(event, yaml.ScalarEvent):
        return Node(line, column, event.value)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(line, column, items=[])
    return Node(line, column, pairs=[], _names=set())


def _put(parent: Node, node: Node, report: Report) -> None:
    if parent.items is not None:
        parent.items.append(node)
    elif parent._key is None:
        parent._key = node
    else:
        assert parent.pairs is not None
        assert parent._names is not None
        key, parent._key = parent._key, None
        if key.text is None:
            report.add("unreadable-key", key)
        elif key.text in parent._names:
            report.add("duplicate-key", key, key=key.text)
        else:
            parent._names.add(key.text)
            parent.pairs.append((key, node))
