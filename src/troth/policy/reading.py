"""Reads rule blocks into terms, one function for each type."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from .clocks import read_ahead
from .fields import Fields, Gathered, read_duration
from .findings import Report
from .front import read_countries
from .grammar import Block, Document
from .options import (
    FILE_FIELDS,
    read_choice,
    read_choices,
    read_files,
    read_kept,
    read_named,
    read_source,
    read_topics,
    read_use_times,
)
from .source import Node
from .terms import (
    BASES,
    CHANNELS,
    LAW_PARTS,
    POSITIONS,
    STRENGTH,
    Ask,
    Choice,
    Collect,
    Cookie,
    EmailRule,
    Kind,
    Promise,
    Purpose,
    Recipient,
)
from .types import FORMERLY_TEXT, KIND_TYPES

_DPV = re.compile(r"[A-Z][A-Za-z0-9]+")
_IN_EVERY_BLOCK = ("words", "keeps")
_IN_NAMED_BLOCK = ("was", *_IN_EVERY_BLOCK)  # not in cookies: a browser knows them by their id
_UNDER_GDPR = ("country", "safeguard", "role", "when")


@dataclass(slots=True)
class Terms:
    """All terms by id (the first, if an id is used twice), and what checks need to know about their source."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    collects: dict[str, Collect] = field(default_factory=dict)
    purposes: dict[str, Purpose] = field(default_factory=dict)
    recipients: dict[str, Recipient] = field(default_factory=dict)
    cookies: dict[str, Cookie] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    gathered: Gathered = field(default_factory=Gathered)

    def list_given(self, choices: Collection[Choice] = ("none", "opt out", "sign up")) -> set[str]:
        """Who receives data by a purpose, or sets a cookie for one, for which someone has one of these choices."""
        purposes = [each for each in self.purposes.values() if each.weakest in choices]
        ids = {each.id for each in purposes}
        set_by = {each.set_by for each in self.cookies.values() if each.purpose in ids}
        return {id for each in purposes for id in each.recipients} | set_by


def read_terms(document: Document, report: Report) -> Terms:
    """Every block of the document as a term."""
    terms = Terms()
    for heading, group in document.groups:
        for block in group.blocks:
            fields = Fields(block.node, f"{block.type} {block.id}", report, terms.gathered)
            _READERS[block.type](terms, block, fields, heading.anchor)
            for key, _ in block.node.pairs or ():
                terms.gathered.places.setdefault((block.type, block.id, key.text or ""), key)
    return terms


def _read_kind(terms: Terms, block: Block, fields: Fields, section: str) -> None:
    fields.only(("kind", "title", "type", "values", "class", "dpv", "kept", *FILE_FIELDS, *_IN_NAMED_BLOCK))
    type_ = _read_type(block, fields)
    rule = KIND_TYPES[type_]
    kind = Kind(
        id=block.id,
        title=fields.text("title"),
        type=type_,
        values=fields.texts("values"),
        sensitivity=fields.one_of("class", ("identifying", "describing", "sensitive")),  # type: ignore[arg-type]
        dpv=_dpv(fields, required=False),
        kept=read_kept(fields),
        section=section,
        files=read_files(fields) if rule.files else None,
    )
    if kind.files and kind.sensitivity == "describing":
        fields.report.add("file-in-the-clear", fields.place("class"), id=kind.id)
    for name in FILE_FIELDS if not kind.files else ():
        if fields.has(name):
            fields.report.add("file-rule-without-file", fields.place(name), key=name, id=kind.id, type=kind.type)
    if rule.listed and not kind.values:
        fields.report.add("choice-without-values", fields.place("type"), id=kind.id)
    if not rule.listed and fields.has("values"):
        fields.report.add("values-without-choice", fields.place("values"), id=kind.id, type=kind.type)
    terms.kinds.setdefault(kind.id, kind)


def _read_type(block: Block, fields: Fields) -> str:
    said = fields.one_of("type", tuple(KIND_TYPES))
    first = fields.text("was", default=block.id)
    return first if said == "text" and first in FORMERLY_TEXT else said


def _dpv(fields: Fields, *, required: bool) -> str:
    term = fields.text("dpv", default=None if required else "")
    if term and not _DPV.fullmatch(term):
        fields.report.add("bad-dpv", fields.place("dpv"), term=term)
    return term


def _read_collect(terms: Terms, block: Block, fields: Fields, section: str) -> None:
    fields.only(
        (
            "collect",
            "title",
            "asks",
            "for",
            "why",
            "only in",
            "evidence",
            "apart",
            *_IN_NAMED_BLOCK,
        )
    )
    channel, _, place = block.id.partition(".")
    if channel not in CHANNELS or not place:
        fields.report.add(
            "bad-channel",
            block.node.pairs[0][1] if block.node.pairs else block,
            id=block.id,
        )
    if channel == "import" and not fields.has("evidence"):
        fields.report.add("import-without-evidence", fields.node, id=block.id)
    terms.collects.setdefault(
        block.id,
        Collect(
            id=block.id,
            channel=channel,
            place=place,
            title=fields.text("title"),
            asks=_asks(fields),
            purposes=fields.names("for", "purpose", required=True),
            evidence=fields.text("evidence", default=""),
            section=section,
            apart=fields.one_of("apart", ("no", "yes"), default="no") == "yes",
        ),
    )


def _asks(fields: Fields) -> tuple[Ask, ...]:
    required = _read_asked(fields)
    whys = {key.text or "": value.text or "" for key, value in _about_asked(fields, "why", required)}
    only = {key.text or "": value for key, value in _about_asked(fields, "only in", required)}
    asks = []
    for kind, must in required.items():
        countries = _countries(fields, only.get(kind))
        asks.append(Ask(kind, must, " ".join(whys.get(kind, "").split()), countries))
    return tuple(asks)


def _read_asked(fields: Fields) -> dict[str, bool]:
    node = fields.value("asks")
    if node is not None and node.items is not None:
        # A plain list is the short form: all of it is optional.
        return dict.fromkeys(fields.names("asks", "kind"), False)
    asked: dict[str, bool] = {}
    if node is None:
        fields.report.add("missing-key", fields.node, key="asks", owner=fields.name)
    for key, value in fields.mapping("asks").items():
        if value.text not in ("required", "optional"):
            fields.report.add(
                "unknown-value", value, key=key.text, value=value.text or value.shape, allowed="required, optional"
            )
        asked[key.text or ""] = value.text == "required"
        fields.refer("kind", key.text or "", key)
    return asked


def _about_asked(fields: Fields, name: str, asked: dict[str, bool]) -> list[tuple[Node, Node]]:
    pairs = list(fields.mapping(name).items())
    for key, _ in pairs:
        if key.text not in asked:
            fields.report.add("about-nothing-asked", key, key=name, kind=key.text, owner=fields.name)
    return pairs


def _countries(fields: Fields, node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    nodes = [node] if node.text else node.items or []
    for item in nodes:
        if not re.fullmatch(r"[A-Z]{2}", item.text or ""):
            fields.report.add("bad-country", item, country=item.text or item.shape)
    return tuple(item.text or "" for item in nodes)


_IN_PURPOSE = (
    "purpose",
    "title",
    "dpv",
    "needs",
    "may use",
    "collected by",
    "choice",
    "marketing",
    "recipients",
    "emails",
    "letters",
    "topics",
    "basis",
    "balance",
    "kept",
    *_IN_NAMED_BLOCK,
)


def _read_purpose(terms: Terms, block: Block, fields: Fields, section: str) -> None:
    fields.only(_IN_PURPOSE)
    needs = fields.names("needs", "kind")
    uses = fields.names("may use", "kind")
    if not needs and not uses:
        fields.report.add("purpose-without-kinds", fields.node, id=block.id)
    collected_by = fields.names("collected by", "collect")
    if not collected_by:
        fields.report.add("purpose-without-channel", fields.node, id=block.id)
    by_region = read_choices(fields)
    strictest = max((each.choice for each in by_region), key=STRENGTH.__getitem__, default=None)
    choice = strictest or read_choice(fields, "choice")
    terms.purposes.setdefault(
        block.id,
        Purpose(
            id=block.id,
            title=fields.text("title"),
            dpv=_dpv(fields, required=False),
            needs=needs,
            may_use=tuple(dict.fromkeys((*needs, *uses))),
            collected_by=collected_by,
            choice=choice,
            marketing=fields.one_of("marketing", ("never", "may")) == "may",
            recipients=fields.names("recipients", "recipient"),
            emails=_emails(fields),
            section=section,
            topics=read_topics(fields),
            topics_of=read_source(fields),
            basis=fields.one_of("basis", BASES, default="") if fields.has("basis") else "",
            balance=fields.text("balance", default=""),
            by_region=by_region,
            kept=read_use_times(fields),
        ),
    )
    stated = terms.purposes[block.id]
    if (stated.topics or stated.topics_of) and stated.weakest == "none":
        fields.report.add("topics-without-choice", fields.place("topics"), id=block.id)


def _emails(purpose: Fields) -> tuple[EmailRule, ...]:
    """Under `emails`, or under `letters`, as policies of former releases call it."""
    return tuple(_email(purpose, *pair) for name in ("emails", "letters") for pair in purpose.mapping(name).items())


def _email(purpose: Fields, key: Node, value: Node) -> EmailRule:
    if value.pairs is None:
        purpose.wrong_shape(f"emails: {key.text}", value, "a mapping")
        value = Node(value.line, value.column, pairs=[])
    fields = Fields(value, f"email {key.text} of {purpose.name}", purpose.report, purpose.gathered)
    fields.only(("after", "before", "of", "at", "to"))
    before = [read_duration(node, fields.name, fields.report) for node in fields.nodes("before")]
    return EmailRule(
        name=key.text or "",
        after=fields.duration("after"),
        before=tuple(time for time in before if time),
        of=fields.texts("of"),
        at=fields.text("at", default=""),
        to=fields.text("to", default=""),
    )


def _read_recipient(terms: Terms, block: Block, fields: Fields, section: str) -> None:
    # Our staff serve everything that we sell.
    own = () if fields.has("is") and fields.text("is") == "staff" else ("products",)
    fields.only(("recipient", "title", "is", "third party", "own marketing", *own, *_UNDER_GDPR, *_IN_NAMED_BLOCK))
    role = fields.one_of("is", ("staff", "partner", "provider", "authority", "colleague"))
    recipient = Recipient(
        id=block.id,
        title=fields.text("title"),
        role=role,  # type: ignore[arg-type]
        third_party=fields.yes_no("third party", default=role in ("partner", "authority")),
        own_marketing=fields.yes_no("own marketing", default=False),
        section=section,
        countries=read_countries(fields, "country") if fields.has("country") else (),
        safeguard=fields.text("safeguard", default=""),
        position=fields.one_of("role", POSITIONS, default="") if fields.has("role") else "",
        when=fields.text("when", default=""),
        products=read_named(fields, "products") if own else (),
    )
    if recipient.own_marketing and not recipient.third_party:
        fields.report.add("own-marketing-by-us", fields.place("own marketing"), id=block.id)
    terms.recipients.setdefault(block.id, recipient)


def _read_cookie(terms: Terms, block: Block, fields: Fields, section: str) -> None:
    fields.only(
        (
            "cookie",
            "title",
            "purpose",
            "kinds",
            "lifetime",
            "essential",
            "set by",
            "longer",
            *_IN_EVERY_BLOCK,
        )
    )
    purpose = fields.value("purpose")
    if purpose is None or not purpose.text:
        fields.report.add("cookie-without-purpose", fields.node, id=block.id)
    else:
        fields.refer("purpose", purpose.text, purpose)
    essential = fields.text("essential", default="no")
    set_by = fields.text("set by", default="ours")
    if set_by != "ours":
        fields.refer("recipient", set_by, fields.value("set by") or fields.node)
    if not fields.has("lifetime"):
        fields.report.add("missing-key", fields.node, key="lifetime", owner=fields.name)
    ends_with_session = fields.has("lifetime") and fields.text("lifetime") == "session"
    terms.cookies.setdefault(
        block.id,
        Cookie(
            id=block.id,
            title=fields.text("title", default=block.id),
            purpose=(purpose.text or "") if purpose else "",
            kinds=fields.names("kinds", "kind"),
            lifetime=None if ends_with_session else fields.duration("lifetime"),
            essential="" if essential == "no" else essential,
            set_by=set_by,
            longer=fields.text("longer", default=""),
            section=section,
        ),
    )


def _read_promise(terms: Terms, block: Block, fields: Fields, section: str) -> None:
    fields.only(("promise", "title", "duty", "clock", "limit", "law", *_IN_NAMED_BLOCK))
    clock, limit = fields.mapping("clock"), fields.mapping("limit")
    clock.only(("within", "from", "at least", "before"))
    limit.only(("at most", "on"))
    promise = Promise(
        id=block.id,
        title=fields.text("title", default=""),
        duty=fields.text("duty", default=""),
        within=clock.duration("within"),
        start=clock.text("from") if clock.has("within") else "",
        at_most=limit.duration("at most"),
        on=limit.one_of("on", ("cookies",)) if limit.has("at most") else "",
        ahead=read_ahead(clock),
        law=tuple(_law_part(fields, node) for node in fields.nodes("law")),
        section=section,
    )
    if not (promise.duty or clock.node.pairs or limit.node.pairs):
        fields.report.add("promise-of-nothing", fields.node, id=block.id)
    terms.promises.setdefault(block.id, promise)


def _law_part(fields: Fields, node: Node) -> str:
    if node.text not in LAW_PARTS:
        fields.report.add(
            "unknown-value",
            node,
            key="law",
            value=node.text,
            allowed=", ".join(LAW_PARTS),
        )
    return node.text or ""


_READERS: dict[str, Callable[[Terms, Block, Fields, str], None]] = {
    "kind": _read_kind,
    "collect": _read_collect,
    "purpose": _read_purpose,
    "recipient": _read_recipient,
    "cookie": _read_cookie,
    "promise": _read_promise,
}
