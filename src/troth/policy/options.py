"""What a kind of files takes, and the choices and topics of a purpose, as rules say them."""

import re
from collections.abc import Mapping

from .fields import Fields
from .lengths import Duration, Size
from .regions import ELSE, REGIONS
from .terms import (
    EVENTS,
    FILE_ENDINGS,
    MOST_FILES,
    MOST_OF_A_FILE_BYTES,
    NOT_KNOWN,
    SAID_OTHERWISE,
    STRENGTH,
    TOPIC_SOURCES,
    Choice,
    Event,
    FileRule,
    RegionChoice,
    Retention,
    Topic,
    UseTime,
)

_TOPIC = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
FILE_FIELDS = ("accept", "limit", "at most")
UNREAD = Retention(Duration(1, "day"), "collection")
"""In place of a time that a rule doesn't state."""


def read_files(fields: Fields) -> FileRule:
    accept = fields.texts("accept", required=True)
    for ending in accept:
        if ending not in FILE_ENDINGS:
            known = ", ".join(FILE_ENDINGS)
            fields.report.add("unknown-value", fields.place("accept"), key="accept", value=ending, allowed=known)
    limit, most = Size.read(fields.text("limit")), fields.text("at most", default="1")
    if fields.has("limit") and (limit is None or not 0 < limit.size_bytes <= MOST_OF_A_FILE_BYTES):
        fields.report.add("bad-file-limit", fields.place("limit"), limit=fields.text("limit"), owner=fields.name)
    if not most.isdecimal() or not 0 < int(most) <= MOST_FILES:
        fields.report.add("bad-file-number", fields.place("at most"), number=most, most=MOST_FILES, owner=fields.name)
    return FileRule(accept, limit or Size(1, "MB"), int(most) if most.isdecimal() else 1)


def read_choices(fields: Fields) -> tuple[RegionChoice, ...]:
    """What people of each region may choose, where that differs: `{EEA: sign up, else: opt out}`."""
    node = fields.value("choice")
    if node is None or node.pairs is None:
        return ()
    named = fields.mapping("choice")
    named.only(REGIONS)
    if not named.has(ELSE):
        fields.report.add("choice-without-else", fields.place("choice"), owner=fields.name)
    found = [RegionChoice(region, read_choice(named, region)) for region in REGIONS if named.has(region)]
    return tuple(found) if named.has(ELSE) else (*found, RegionChoice(ELSE, "sign up"))


def read_choice(fields: Fields, name: str) -> Choice:
    return fields.one_of(name, tuple(STRENGTH))  # type: ignore[return-value]  # one of STRENGTH is a Choice


def read_source(fields: Fields) -> str:
    """What the site lists, where the policy names that instead of each topic."""
    node = fields.value("topics")
    return fields.one_of("topics", TOPIC_SOURCES, default="") if node is not None and node.text else ""


def read_topics(fields: Fields) -> tuple[Topic, ...]:
    node = fields.value("topics")
    return () if node is not None and node.text else read_named(fields, "topics")


def read_named(fields: Fields, name: str) -> tuple[Topic, ...]:
    """Ids with their titles: `{prices: Prices}`."""
    found: list[Topic] = []
    for key, value in fields.mapping(name).items():
        title = " ".join((value.text or "").split())
        if not _TOPIC.fullmatch(key.text or "") or not title:
            fields.report.add("bad-topic", key, id=key.text or key.shape, owner=fields.name)
        found.append(Topic(key.text or "", title))
    return tuple(found)


def read_kept(fields: Fields) -> Retention:
    """How long a kind is kept."""
    if not fields.has("kept"):
        fields.report.add("retention-missing", fields.node, owner=fields.name)
        return UNREAD
    kept = fields.mapping("kept")
    return _read_retention(kept, ("for", "after", "law"), owner=fields.name) if kept.node.pairs else UNREAD


def read_use_times(fields: Fields) -> tuple[UseTime, ...]:
    """How long a purpose may use some of its kinds: `{email: {for: 6 months, after: request}}`."""
    found = []
    for key, _ in fields.mapping("kept").items():
        fields.refer("kind", key.text or "", key)
        time = fields.mapping("kept").mapping(key.text or "")
        found.append(UseTime(key.text or "", _read_retention(time, ("for", "after"), owner=fields.name)))
    return tuple(found)


def _read_retention(kept: Fields, allowed: tuple[str, ...], *, owner: str) -> Retention:
    kept.only(allowed)
    time = kept.duration("for")
    if not kept.has("for") and kept.has_only(allowed):
        kept.report.add("retention-missing", kept.node, owner=owner)
    return Retention(time, _read_event(kept), kept.text("law", default="")) if time else UNREAD


def _read_event(kept: Fields) -> Event:
    said = kept.text("after", default="collection")
    if said in NOT_KNOWN:
        kept.report.add("event-not-known", kept.place("after"), event=said)
        return "collection"
    named: Mapping[str, Event] = {**{event: event for event in EVENTS}, **SAID_OTHERWISE}
    return named[kept.one_of("after", tuple(named), default="collection")]
