"""A copy as JSON, as a PDF, and as an archive of the JSON and the files that people sent.

{"format": "troth copy 1", "organization": …, "policy version": 1, "made": "2026-11-23T12:00:00+00:00",
 "people": [{"person": id,
             "data": [{"kind", "title", "value", "source", "channel", "way", "collected", "policy version",
                       "kept until", "kept", "kept by section", "used for": {"Quotes": 2},
                       "not shown because"}],
             "choices": [{"question", "title", "policy version", "yes", "at"}],
             "held": [{"title", "facts": {"State": "answered"}}],
             "disclosures": [{"entry", "at", "recipient", "kinds", "purpose", "why", "section", "policy version"}],
             "history": [{"entry", "at", "kind", "words", "purpose", "section", "policy version", "recipient",
                          "kinds"}]}]}

Of files the value is names, kinds, sizes and hashes, as JSON. Times are ISO 8601 in UTC.
What cannot be said is null. Each row is one line, so that a copy of thousands of rows can be read as text too.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from troth.access.copy.making import CopiedAnswer, CopiedEntry, CopiedPerson, CopiedValue, CopiedWords, Copy
from troth.collection.forms.types.figures import format_time
from troth.desk.holding import HeldRow
from troth.files import Writing
from troth.paper import paper
from troth.paper.blocks import TextBlock, heading, paragraph, table
from troth.site import site

FORMAT = "troth copy 1"
_encode = orjson.dumps


def as_json(copy: Copy) -> bytes:
    """The copy as JSON in UTF-8, a line for each row."""
    return b"".join(_parts(copy))


def as_pdf(copy: Copy) -> bytes:
    """The copy on paper: data first, then choices, then the history."""
    lead = _("Everything %(organization)s holds about you, created %(at)s.") % {
        "organization": copy.organization,
        "at": _moment(copy.made_utc),
    }
    return paper(_("Your data"), [paragraph(lead), *_blocks(copy)])


def write_zip(copy: Copy, out: Writing) -> None:
    """The copy as data.json, with every file that people sent beside it. Holds one part of one file at a time."""
    with zipfile.ZipFile(_Forward(out), "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("data.json", as_json(copy))
        for number, file in enumerate(copy.files, start=1):
            with archive.open(f"files/{number}-{file.name}", "w", force_zip64=True) as inside:
                for part in file.parts():
                    inside.write(part)


class _Forward(io.RawIOBase):
    """A file that is only written forward, as the archive needs it."""

    def __init__(self, out: Writing) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._out.write(bytes(data))
        return len(data)


def _parts(copy: Copy) -> Iterator[bytes]:
    # Joined once at the end: a history of thousands of rows would be copied with every level around it.
    head = {
        "format": FORMAT,
        "organization": copy.organization,
        "policy version": copy.version,
        "made": copy.made_utc,
    }
    yield _encode(head)[:-1]
    yield b',\n"people": [\n'
    for number, person in enumerate(copy.people):
        yield b",\n" if number else b""
        yield from _person(person)
    yield b"]\n}"


def _person(person: CopiedPerson) -> Iterator[bytes]:
    lists = {
        "data": (_encode(_value(value)) for value in person.values),
        "choices": (_encode(_answer(answer)) for answer in person.answers),
        "held": (_encode({"title": held.title, "facts": dict(held.facts)}) for held in person.held),
        "disclosures": _entries(person.disclosures, _disclosure),
        "history": _entries(person.entries, _happening),
    }
    yield _encode({"person": person.person})[:-1]
    for name, rows in lists.items():
        yield b",\n%b: [\n" % _encode(name)
        yield b",\n".join(rows)
        yield b"]"
    yield b"}"


def _entries(entries: Sequence[CopiedEntry], of: Callable[[CopiedWords], Mapping[str, Any]]) -> Iterable[bytes]:
    """Each entry as JSON. What several of them say is encoded once."""
    encoded: dict[int, bytes] = {}
    ids, times = _encode_each([each.id for each in entries]), _encode_each([each.at_utc for each in entries])
    for each, id_, at in zip(entries, ids, times, strict=True):
        said = each.said
        rest = encoded.get(id(said)) or encoded.setdefault(id(said), _encode(of(said))[1:])
        yield b'{"entry":%b,"at":%b,%b' % (id_, at, rest)


def _encode_each(values: Sequence[UUID] | Sequence[datetime]) -> list[bytes]:
    """Each of these as JSON, in which neither has a comma; encoded by one call."""
    return _encode(values)[1:-1].split(b",") if values else []


def _disclosure(said: CopiedWords) -> dict[str, Any]:
    return {
        "recipient": said.recipient or None,
        "kinds": said.kinds,
        "purpose": said.purpose or None,
        "why": said.why or None,
        "section": said.section or None,
        "policy version": said.version,
    }


def _happening(said: CopiedWords) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "words": said.text,
        "purpose": said.purpose or None,
        "section": said.section or None,
        "policy version": said.version,
        "recipient": said.recipient or None,
        "kinds": said.kinds,
    }


def _answer(answer: CopiedAnswer) -> dict[str, Any]:
    return {
        "question": answer.said.question,
        "title": answer.title,
        "policy version": answer.said.version,
        "yes": answer.said.yes,
        "at": answer.said.at_utc,
    }


def _value(value: CopiedValue) -> dict[str, Any]:
    datum = value.datum
    return {
        "kind": datum.kind,
        "title": value.title,
        "value": value.raw or None,
        "source": value.place,
        "channel": datum.channel,
        "way": datum.way,
        "collected": datum.collected_utc,
        "policy version": datum.version,
        "kept until": datum.kept_until_utc,
        "kept": value.kept or None,
        "kept by section": value.kept_section or None,
        "used for": dict(value.uses),
        "not shown because": value.hidden or None,
    }


def _blocks(copy: Copy) -> Iterable[TextBlock]:
    if copy.empty:
        yield paragraph(_("We hold no data about you."))
    for number, person in enumerate(copy.people, start=1):
        yield heading(
            f"{number}. {person.place}" if person.place else _("Request or form %(number)d") % {"number": number}
        )
        yield table(
            [_("What"), _("Value"), _("From"), _("When"), _("Retention"), _("Used for")],
            [_row(value) for value in person.values],
        )
        yield heading(_("Choices"))
        yield table([_("When"), _("Question"), _("Answer"), _("Policy version")], _answers(person))
        if person.held:
            yield heading(_("What you asked for and set up"))
            yield table([_("What"), _("Details")], [[held.title, _facts(held)] for held in person.held])
        yield heading(_("Who received your data"))
        yield table([_("When"), _("Recipient"), _("What"), _("Why")], _disclosures(person))
        yield heading(_("History"))
        yield table(
            [_("When"), _("What happened")], [[_moment(each.at_utc), each.said.text] for each in person.entries]
        )


def _row(value: CopiedValue) -> list[str]:
    uses = ", ".join(f"{purpose} ({times})" for purpose, times in value.uses.items())
    return [
        value.title,
        value.value or value.hidden,
        value.place,
        _moment(value.datum.collected_utc),
        value.kept,
        uses,
    ]


def _facts(held: HeldRow) -> str:
    return "; ".join(f"{title}: {fact}" for title, fact in held.facts)


def _disclosures(person: CopiedPerson) -> list[list[str]]:
    return [
        [_moment(at_utc), said.recipient, said.titles, ". ".join(filter(None, (said.purpose_title, said.why)))]
        for _id, at_utc, said in person.disclosures
    ]


def _answers(person: CopiedPerson) -> list[list[str]]:
    return [
        [_moment(it.said.at_utc), it.title, _("yes") if it.said.yes else _("no"), str(it.said.version)]
        for it in person.answers
    ]


def _moment(at_utc: datetime) -> str:
    return format_time(at_utc, "M j, Y, g:i A T", site().brand.zone)
