"""The rooms of this site. `troth.rooms` names them once, when the program starts; the frames read them here."""

from collections.abc import Iterable

from troth.desk.room import EntryKind, Letter, Room
from troth.desk.worklist import WorkList

_ROOMS: list[Room] = []


class TwoOfAKind(Exception):
    """Two rooms have the same name, or two of them tell the same thing."""


def open_rooms(rooms: Iterable[Room]) -> None:
    """Makes these the rooms of the site.   Raises  TwoOfAKind."""
    found = list(rooms)
    for what, names in (
        ("room", [room.name for room in found]),
        ("kind of entry", [kind.id for room in found for kind in room.entries]),
        ("email", [f"{room.name}/{letter.name}" for room in found for letter in room.letters]),
        ("form", [place for room in found for place in room.takes]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise TwoOfAKind(f"There are two of this {what}: {', '.join(twice)}.")
    _ROOMS[:] = found


def rooms() -> tuple[Room, ...]:
    return tuple(_ROOMS)


def entry_kinds() -> dict[str, EntryKind]:
    return {kind.id: kind for room in _ROOMS for kind in room.entries}


def letters() -> dict[str, Letter]:
    """Name of the template, as "quotes/receipt" → the email."""
    return {f"{room.name}/{letter.name}": letter for room in _ROOMS for letter in room.letters}


def work_lists() -> tuple[WorkList, ...]:
    return tuple(work for room in _ROOMS for work in room.work)


def title_of(template: str) -> str:
    """What an email is about; the name of its template where no room has it any longer."""
    found = letters().get(template)
    return str(found.title) if found else template
