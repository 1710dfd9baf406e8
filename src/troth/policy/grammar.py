"""The structure of the document: front matter, sections, prose, and the rule blocks that belong to it.

Only the block structure of the Markdown is read here; inline markup is read when the page is published. Blocks are
YAML nodes with their positions, which `reading` turns into terms.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin

from .findings import At, Report
from .lettered import read_lettered
from .markup import blank_comments, read_links
from .source import Node, read_yaml

RULE_TYPES = ("kind", "collect", "purpose", "recipient", "cookie", "promise")
_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_LOOSE_MARK = re.compile(r"^[ \t]*(?:\{[^}\n]*\}|\{[#.][^\n]*)[ \t]*$", re.MULTILINE)
_COOKIE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
ID = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")


@dataclass(slots=True)
class Written:
    """A paragraph, list, quotation or table as written.

    `rules` are those beneath it, or None. Not their group, which has this: such circles stay until Python looks for
    garbage, and then took a tenth of a check."""

    text: str
    line: int
    information: bool
    rules: "list[Block] | None" = None

    @property
    def column(self) -> int:
        return 1


@dataclass(slots=True)
class Block:
    """A rule block whose first key names a type and an id. `keeps` are its quotations."""

    type: str
    id: str
    node: Node
    line: int
    source: str
    keeps: tuple[str, ...]

    @property
    def column(self) -> int:
        return 1


@dataclass(slots=True)
class Group:
    """Consecutive rule blocks, the prose they belong to, and the position of the first block."""

    line: int
    prose: list[Written]
    blocks: list[Block] = field(default_factory=list)

    @property
    def column(self) -> int:
        return 1

    @property
    def text(self) -> str:
        return "\n\n".join(written.text for written in self.prose)

    @property
    def binding_hash(self) -> str:
        """The first 8 hex digits of the SHA-256 of the bound prose, white space collapsed."""
        return hashlib.sha256(" ".join(self.text.split()).encode()).hexdigest()[:8]


@dataclass(slots=True)
class Heading:
    """A heading and everything down to the next one. `anchor` is its first one, `written` the one in this text."""

    anchor: str
    title: str
    level: int
    line: int
    written: str = ""
    parts: list[Written | Group] = field(default_factory=list)

    @property
    def column(self) -> int:
        return 1


@dataclass(slots=True)
class Document:
    """The written policy: where its front matter ends, its sections, its groups in order."""

    front: Node | None
    headings: list[Heading]
    links: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def groups(self) -> list[tuple[Heading, Group]]:
        return [(heading, part) for heading in self.headings for part in heading.parts if isinstance(part, Group)]


@cache
def _blocks_only() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").use(attrs_block_plugin)
    reader.block.ruler.before("table", "lettered", read_lettered)
    return reader.disable(["html_block", "inline", "text_join"])


def parse(text: str, report: Report, *, translation: bool = False) -> Document:
    """The document in a text with normalized line ends; errors in its structure go to the report.

    In a translation no paragraph needs a rule: the rules are in the policy.
    """
    lines = text.split("\n")
    front, body = _front_matter(lines, report)
    lines[body:] = blank_comments("\n".join(lines[body:])).split("\n")
    walk = _Walk(lines, body, report, translation)
    return Document(front=front, headings=walk.headings(), links=walk.links)


def _front_matter(lines: list[str], report: Report) -> tuple[Node | None, int]:
    if lines[0].rstrip() != "---":
        report.add("no-front-matter", At(1))
        return None, 0
    end = next(
        (number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"),
        None,
    )
    if end is None:
        report.add("front-matter-open", At(1))
        return None, len(lines)
    if not "".join(lines[1:end]).strip():
        report.add("no-front-matter", At(1))
        return None, end + 1
    node = read_yaml("\n".join(lines[1:end]), 2, report)
    if node is not None and node.pairs is None:
        report.add(
            "wrong-shape",
            node,
            field="front matter",
            wanted="lines of the form `key: value`",
        )
        node = None
    return node, end + 1


class _Walk:
    """One pass over the blocks of the body, collecting prose under headings and groups under prose."""

    def __init__(self, lines: list[str], body: int, report: Report, translation: bool) -> None:
        self._translation = translation
        self._lines = lines
        self._body = body
        self._report = report
        self._headings: list[Heading] = []
        self._waiting: list[Written] = []
        self._group: Group | None = None
        self.links: dict[str, dict[str, str]] = {}

    def headings(self) -> list[Heading]:
        env: dict[str, Any] = {}
        tokens = _blocks_only().parse("\n".join(self._lines[self._body :]), env)
        self.links = read_links(env)
        for index, token in enumerate(tokens):
            if token.type == "fence":
                self._fence(token)
            # Only what opens at the top: what is inside a list or a quotation belongs to it.
            elif token.level == 0 and token.nesting >= 0 and token.map is not None:
                if token.type == "heading_open":
                    self._heading(token, tokens[index + 1].content)
                elif token.type not in ("inline", "hr"):
                    self._prose(token)
        self._close()
        self._find_twins()
        return self._headings

    def _line(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self._body + 1

    def _heading(self, token: Token, title: str) -> None:
        self._close()
        anchor, was = (str(token.attrs.get(name, "")) for name in ("id", "was"))
        line = self._line(token)
        self._marks(token, line)
        for name in (anchor, was):
            if (name or was) and not _ANCHOR.fullmatch(name):
                self._report.add("bad-anchor", At(max(1, line - 1)), anchor=name)
        self._headings.append(Heading(was or anchor, title, int(token.tag[1:]), line, written=anchor))

    def _prose(self, token: Token) -> None:
        assert token.map is not None
        line = self._line(token)
        text = "\n".join(self._lines[line - 1 : self._body + token.map[1]]).strip("\n")
        if "id" in token.attrs:
            self._report.add("anchor-misplaced", At(max(1, line - 1)), anchor=token.attrs["id"])
        for loose in _LOOSE_MARK.finditer(text) if "{" in text else ():
            self._report.add(
                "loose-mark",
                At(line + text.count("\n", 0, loose.start())),
                mark=loose[0].strip(),
            )
        self._marks(token, line)
        classes = str(token.attrs.get("class", "")).split()
        written = Written(text, line, "information" in classes)
        if not self._headings:
            self._report.add("prose-before-heading", At(line))
            return
        self._group = None
        self._headings[-1].parts.append(written)
        if not written.information:
            self._waiting.append(written)

    def _marks(self, token: Token, line: int) -> None:
        above = self._lines[line - 2].strip() if line > 1 else ""
        if not (above.startswith("{") and above.endswith("}")):
            return
        for mark in above[1:-1].split():
            known = ("#", "was=") if token.type == "heading_open" else ("#", ".information")
            if not mark.startswith(known):
                self._report.add("unknown-mark", At(line - 1), mark=mark)

    def _close(self) -> None:
        for written in () if self._translation else self._waiting:
            self._report.add("promise-without-rule", At(written.line))
        self._waiting, self._group = [], None

    def _fence(self, token: Token) -> None:
        assert token.map is not None
        line = self._line(token)
        language = token.info.strip()
        if language != "rule":
            self._report.add("foreign-fence", At(line), language=language or "nothing")
            return
        if token.level:
            self._report.add("rule-nested", At(line))
            return
        if "id" in token.attrs:
            self._report.add("anchor-misplaced", At(max(1, line - 1)), anchor=token.attrs["id"])
        if not self._is_closed(token):
            self._report.add("fence-open", At(line))
        if not self._headings:
            self._report.add("rule-without-section", At(line))
            return
        group = self._group_at(line)
        node = self._rule_node(token, line)
        if node is not None:
            self._keep_block(node, group, token)

    def _is_closed(self, token: Token) -> bool:
        assert token.map is not None
        first, end = token.map
        last = self._lines[self._body + end - 1].strip() if end - first > 1 else ""
        return last.startswith(token.markup) and not last.strip(token.markup[0])

    def _group_at(self, line: int) -> Group:
        if self._group is None:
            heading = self._headings[-1]
            self._group = Group(line, self._waiting)
            for written in self._waiting:
                written.rules = self._group.blocks
            if not self._waiting and not self._translation:
                self._report.add("rule-without-prose", At(line))
            if not heading.anchor:
                self._report.add("rule-without-section", At(line))
            heading.parts.append(self._group)
            self._waiting = []
        return self._group

    def _rule_node(self, token: Token, line: int) -> Node | None:
        if not any(row.strip() and not row.strip().startswith("#") for row in token.content.split("\n")):
            self._report.add("empty-rule", At(line))
            return None
        node = read_yaml(token.content, line + 1, self._report)
        if node is not None and (not node.pairs or token.content.lstrip().startswith("{")):
            self._report.add("rule-not-mapping", node)
            return None
        return node

    def _keep_block(self, node: Node, group: Group, token: Token) -> None:
        assert node.pairs
        key, value = node.pairs[0]
        if key.text not in RULE_TYPES:
            self._report.add("unknown-rule", key, type=key.text)
            return
        if value.text is None or not (_COOKIE_NAME if key.text == "cookie" else ID).fullmatch(value.text):
            self._report.add("bad-id", value, type=key.text, id=value.text or value.shape)
            return
        for other, _ in node.pairs[1:]:
            # A cookie says which purpose sets it, by a key that is also a type of rules.
            if other.text in RULE_TYPES and (key.text, other.text) != (
                "cookie",
                "purpose",
            ):
                self._report.add("two-rules", other, type=key.text, other=other.text)
        group.blocks.append(Block(key.text, value.text, node, key.line, token.content, _list_quotations(node)))

    def _find_twins(self) -> None:
        seen: dict[str, Heading] = {}
        for heading in self._headings:
            for anchor in filter(None, dict.fromkeys((heading.written, heading.anchor))):
                other = seen.setdefault(anchor, heading)
                if other is not heading:
                    self._report.add("duplicate-anchor", heading, anchor=anchor, line=other.line)
        blocks: dict[tuple[str, str], Block] = {}
        for heading in self._headings:
            for part in heading.parts:
                for block in part.blocks if isinstance(part, Group) else ():
                    first = blocks.setdefault((block.type, block.id), block)
                    if first is not block:
                        self._report.add(
                            "duplicate-id",
                            block,
                            type=block.type,
                            id=block.id,
                            line=first.line,
                        )


def _list_quotations(node: Node) -> tuple[str, ...]:
    for key, value in node.pairs or ():
        if key.text == "keeps":
            nodes = value.items if value.items is not None else [value]
            return tuple(" ".join(each.text.split()) for each in nodes if each.text)
    return ()
