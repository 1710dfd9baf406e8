"""The rooms of this site. `troth.rooms` names them once, when the program starts; the frames read them here."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from troth.cases import kinds as known_to_cases
from troth.cases.thread import writing
from troth.catalog import Offer
from troth.catalog.offers import OfferedEmail
from troth.collection.forms.types import lists
from troth.collection.mailbox import keeping
from troth.collection.mailbox import routing as known_to_mail
from troth.desk import choices, done, notices
from troth.desk.acts import panels, standard
from troth.desk.choices import AheadQuestion, RunningPause
from troth.desk.done import DoneKind
from troth.desk.holding import HeldRow
from troth.desk.lists import saved_views
from troth.desk.lists.worklist import WorkList
from troth.desk.portal import PortalTab, RequestView, order_tabs
from troth.desk.room import DeskEntry, EntryKind, MenuEntry, Part, Room, SeenPromise
from troth.outbox import emails as known_to_outbox
from troth.outbox.emails import Email
from troth.records.ledger import payloads
from troth.records.profile import find_filled
from troth.security import entrances, sessions
from troth.wording import Words
from troth.words import codes
from troth.words.choices import PresentUse

Make = TypeVar("Make", bound=Callable[..., Any])
K = TypeVar("K")
V = TypeVar("V")

_ROOMS: list[Room] = []
_FORGET: list[Callable[[], None]] = []
_AS_IT_IS = RequestView()
_OF_CONSOLE: Mapping[str, DoneKind] = {**standard.DONE_OF_ALL, **notices.DONE, **saved_views.DONE}
"""What staff do with requests of any kind, and with their lists."""


def remember_for_rooms(make: Make) -> Make:
    """The function, which makes each result once: what it says depends on its arguments and the site's rooms alone."""
    made: Any = lru_cache(maxsize=1_024)(make)
    _FORGET.append(made.cache_clear)
    return made  # type: ignore[no-any-return]


class TwoOfAKind(Exception):
    """Two rooms have the same name, or claim the same thing."""


def open_rooms(rooms: Iterable[Room]) -> None:
    """Makes these the rooms of the site.   Raises  TwoOfAKind: the site keeps the rooms that it had."""
    found = list(rooms)
    _refuse_two(found)
    _ROOMS[:] = found
    for forget in _FORGET:
        forget()
    _hand_down(found)


def rooms() -> tuple[Room, ...]:
    return tuple(_ROOMS)


@remember_for_rooms
def entry_kinds() -> Mapping[str, EntryKind[Any]]:
    return {kind.id: kind for room in _ROOMS for kind in room.entries}


@remember_for_rooms
def emails() -> Mapping[str, Email]:
    """Name of the template, as "quotes/receipt" → the email."""
    return {f"{room.name}/{email.name}": email for room in _ROOMS for email in room.emails}


@remember_for_rooms
def work_lists() -> tuple[WorkList, ...]:
    return tuple(work for room in _ROOMS for work in room.work)


@remember_for_rooms
def request_view(kind: str) -> RequestView:
    """What a customer sees of requests of this kind; the default where the room says nothing."""
    return next((room.shown[kind] for room in _ROOMS if kind in room.shown), _AS_IT_IS)


def tabs() -> list[PortalTab]:
    return order_tabs([tab for room in _ROOMS for tab in room.tabs])


def desk_urls() -> tuple[str, ...]:
    return tuple(room.desk_urls for room in _ROOMS if room.desk_urls)


@remember_for_rooms
def desk_entries() -> tuple[DeskEntry, ...]:
    """The console's menu: the work lists first, then what else rooms have there."""
    lists = (DeskEntry(work.address, work.title, work.is_for) for work in work_lists())
    return (*lists, *(entry for room in _ROOMS for entry in room.desk))


@remember_for_rooms
def pages() -> tuple[MenuEntry, ...]:
    return tuple(page for room in _ROOMS for page in room.pages)


@remember_for_rooms
def parts(slot: str) -> tuple[Part, ...]:
    """What the rooms show at a place that a page of the house leaves to them."""
    return tuple(part for room in _ROOMS for part in room.parts if part.slot == slot)


def list_ahead(people: Sequence[UUID]) -> list[AheadQuestion]:
    """What the rooms ask these people whose answer counts from a day to come."""
    return [question for room in _ROOMS if room.ahead for question in room.ahead.find(people)]


def answer_ahead(people: Sequence[UUID], question: str, yes: bool | None) -> None:
    """Answers one of these questions; None takes an answer back."""
    for room in _ROOMS:
        if room.ahead:
            room.ahead.answer(people, [question], yes)


def find_pause(person: UUID, questions: Collection[str]) -> RunningPause | None:
    """What a pause of the person's turned off, of these questions; None while none does."""
    found = (room.pauses.find(person, questions) for room in _ROOMS if room.pauses)
    return next((pause for pause in found if pause), None)


def answer_after_pause(person: UUID, questions: Sequence[str]) -> None:
    """The person's yes to what a pause turned off: it counts from the end of the pause."""
    for room in _ROOMS:
        if room.pauses:
            room.pauses.add(person, questions)


def resume(people: Sequence[UUID], questions: Collection[str], *, since_utc: datetime) -> None:
    """A pause that began then has ended, and with it these questions are on again."""
    for room in _ROOMS:
        if room.resumes:
            room.resumes(people, questions, since_utc=since_utc)


def list_held(person: UUID, *, most: int | None = None) -> Iterator[HeldRow]:
    """What all rooms hold about someone besides their values.

    Takes   most: rows of each room
    Cost    1 query, and those of the rooms that hold anything"""
    known = [room.held for room in _ROOMS if room.held]
    filled = find_filled([[query.part(person=person) for query in each.queries] for each in known])
    for at in filled:
        yield from islice(known[at].tell(person), most)


def list_present(people: Sequence[UUID]) -> list[tuple[str, PresentUse]]:
    """Purpose, and what of these people it is for now."""
    asked = ((purpose, find(people)) for room in _ROOMS for purpose, find in room.present.items())
    return [(purpose, use) for purpose, use in asked if use is not None]


def promises() -> tuple[SeenPromise, ...]:
    return tuple(promise for room in _ROOMS for promise in room.promises)


def readdressing() -> tuple[Callable[[Sequence[UUID], str], None], ...]:
    """What rooms do when an account changes its address, or an upgrade compares addresses differently."""
    return tuple(room.readdress for room in _ROOMS if room.readdress)


def correct(request: UUID, kind: str, value: str) -> None:
    """Whatever rooms repeat of a value that came with this request is the corrected one; empty once it is removed."""
    for room in _ROOMS:
        if room.corrects:
            room.corrects(request, kind, value)


def exports() -> dict[str, Words]:
    """File that staff export → what the activity log calls it."""
    return _join(room.exports for room in _ROOMS)


def acts() -> dict[str, Words]:
    """What staff did, as it is recorded → how the activity log says it."""
    return _join(room.acts for room in _ROOMS)


def offer() -> Offer:
    """What the rooms can do for a policy; messages about requests and email are taken for all, with their files."""
    places = frozenset(place for room in _ROOMS for place in (*room.takes, *room.places)) | writing.PLACES
    files = frozenset(place for room in _ROOMS for place in room.files)
    files |= {writing.REPLY, writing.ANSWER, writing.BY_EMAIL, keeping.PLACE}
    return Offer(places, files, held=_by_purpose(stated=True), owed=_by_purpose(stated=False))


def _refuse_two(found: Sequence[Room]) -> None:
    """Raises  TwoOfAKind."""
    for what, names in (
        ("room", [name for room in found for name in (room.name, *room.formerly)]),
        ("kind of entry", [kind.id for room in found for kind in room.entries]),
        # The policy names an email by its purpose and name alone, so two of them could not be told apart there.
        ("email", [f"{email.purpose}: {email.name}" for room in found for email in room.emails]),
        ("kind of request", [kind.id for room in found for kind in room.cases]),
        ("form", [place for room in found for place in room.takes]),
        ("confirmation", [purpose for room in found for purpose in room.confirms]),
        ("read beside a user", [name for room in found for name in room.beside_user]),
        ("entrance", [str(entrance) for room in found for entrance in room.entrances]),
        ("act", [*_OF_CONSOLE, *(act for room in found for act in room.done)]),
        ("list of values", [kind for room in found for kind in room.choices]),
        ("code", [*codes.WORDS, *(code for room in found for code in room.codes)]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise TwoOfAKind(f"There are two of this {what}: {', '.join(twice)}.")


def _hand_down(found: Sequence[Room]) -> None:
    """Gives the layers below the rooms, which may not import them, what each needs of them."""
    known_to_outbox.know(emails(), {former: room.name for room in found for former in room.formerly})
    panels.know(_join(room.panels for room in found))
    done.know(_join([_OF_CONSOLE, *(room.done for room in found)]))
    codes.know(_join(room.codes for room in found))
    lists.know(_join(room.choices for room in found))
    choices.know_confirmations(_join(room.confirms for room in found))
    sessions.know(_join(room.beside_user for room in found))
    entrances.know(_join(room.entrances for room in found))
    known_to_mail.know(
        [(room.name, room.takes_mail) for room in found if room.takes_mail]
        + [(room.name, room.takes_other_mail) for room in found if room.takes_other_mail]
    )
    payloads.know({kind.id: kind.payload for room in found for kind in room.entries})
    known_to_cases.know(kind for room in found for kind in room.cases)


def _join(parts: Iterable[Mapping[K, V]]) -> dict[K, V]:
    return {key: value for part in parts for key, value in part.items()}


def _by_purpose(*, stated: bool) -> dict[str, tuple[OfferedEmail, ...]]:
    """Purpose → the emails that must be stated for it, or need not be."""
    instead = {email.if_known for email in emails().values()}  # chosen when it leaves, in place of a stated one
    found: dict[str, tuple[OfferedEmail, ...]] = {}
    for email in emails().values():
        if email.must_be_stated == stated and not email.by_law and email.name not in instead:
            found[email.purpose] = (*found.get(email.purpose, ()), OfferedEmail(email.name, email.to))
    return found
