"""All that a room says about itself. Each makes one `Room` in its `room.py`; `troth/rooms.py` lists them.

Everything but the name may be left out. A frame (menu, receipt, history, console, copy, erasure) reads what it needs
from every room and names none of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic
from uuid import UUID

from django.db.models import Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString

from troth.cases.kinds import CaseKind
from troth.collection.intake import Record
from troth.collection.mailbox.received import TakesMail
from troth.desk.acts.panels import Panel
from troth.desk.choices import AheadQuestions, AskConfirmation, Pauses, Resumes
from troth.desk.done import DoneKind, PerformedAct
from troth.desk.holding import RoomHolding
from troth.desk.lists.worklist import WorkList
from troth.desk.portal import PortalTab, ProductLine, RequestView
from troth.desk.receipts import RequestReceipt
from troth.desk.topics import TopicNote
from troth.outbox.emails import Email
from troth.policy.terms import Policy
from troth.records.ledger import EntryPayload, LedgerEntry
from troth.records.ledger.payloads import P
from troth.security.entrances import Entrance
from troth.security.models import User
from troth.wording import Words
from troth.words.choices import PresentUse
from troth.words.story import LineAbout

Names = Mapping[str, str]
"""Who and what entries name by id or key, in words."""


@dataclass(frozen=True)
class EntryKind(Generic[P]):
    """One kind of ledger entry: how the history marks it, calls it and tells it.

    id       of the house, or a room's own with its name before it: "support/helped"
    mark     in, out, kept, stop or empty: the states that the page's look knows
    payload  the type of what it says beside its columns"""

    id: str
    word: Words
    sentence: Callable[[LedgerEntry, P, Policy, Names], SafeString]
    mark: str = ""
    payload: type[P] = EntryPayload  # type: ignore[assignment]

    def tell(self, entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
        """The entry as its sentence."""
        return self.sentence(entry, entry.read(self.payload), policy, names)


@dataclass(frozen=True)
class MenuEntry:
    """A page of a room.

    place      the form or promise of the policy without which the page is not offered
    form       the form that someone begins with there, where `place` is a promise
    main       is in the main menu
    footer     is in the footer
    otherwise  where the footer's entry leads while the page is not offered; without it, the entry is left out"""

    name: str
    address: str
    title: Words
    place: str = ""
    form: str = ""
    main: bool = False
    footer: bool = False
    otherwise: str = ""

    def is_offered(self, policy: Policy | None) -> bool:
        return policy is not None and (not self.place or self.place in policy.collects or self.place in policy.promises)


@dataclass(frozen=True)
class Part:
    """What a room shows on a page of the house: a template with the page's context, and what `context` adds.

    slot     the place that the page leaves: {% parts "product" %}
    context  None from it: this time the room has nothing to show"""

    slot: str
    template: str
    context: Callable[[HttpRequest], Mapping[str, object] | None] | None = None


@dataclass(frozen=True)
class SeenPromise:
    """A section of the policy, and where a visitor can see that it is kept."""

    anchor: str
    seen: Words
    address: str


@dataclass(frozen=True)
class DeskEntry:
    """An entry of the console's menu.

    shown  to whom
    more   is under “More”, because it is needed less often than a list"""

    address: str
    title: Words
    shown: Callable[[User], bool]
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class Room:
    """Everything the house knows about one room.

    name      that of its package, its templates and the first half of its emails' names
    formerly  names that it had: stored emails and entries still have them, and old addresses of the console lead on
    takes     place of the policy → what happens with what was sent there
    places    further ways of collecting that it has a page or a job for
    files     those of all of them whose page takes files; each view of it says so with `takes_files`
    urls      the module of its addresses
    pages     its pages, with their entries of the site's menus
    confirms  purpose → what asks by email whether a yes to it is meant; the yes begins with the answer
    topics    purpose → what it says of each of the purpose's topics to people who choose: (people)
    entrances pages that the house leads to and this room has
    parts     what it shows on pages of the house
    beside_user name → what most pages ask about who is signed in, as a subquery of the session's `user_id`: it is
              read with the session, see `troth.security.sessions`
    promises  what the start page names as kept, and where that is seen
    tabs      its tabs of the portal, for those who are signed in
    shown     id of a kind → what a customer sees of such a request; without it, what all requests have
    ahead     questions whose answers count from a day to come, for Privacy choices
    pauses    the pauses of people's choices, for rooms whose confirmation a pause outlasts
    resumes   what begins with the end of a pause
    present   purpose without a choice → what of someone it is for until they end that: (people)
    products  what it knows of a customer's products, newest first, for the tab that lists them: (people)
    remove_product  what removes a line of that tab: (people, its id); None for what isn't theirs or this room's
    done      act of a customer → how the next page tells it, and how it is undone; ids begin with the room's name
    takes_mail  what it makes of an email that someone sent us, or None for one that is not its own
    takes_other_mail  likewise, of what no room took so
    receipt   what the receipt page says of a request; None for one that is not this room's
    emails    its emails
    entries   its kinds of ledger entries
    cases     its kinds of requests
    panels    id of a kind → what the console shows of it and does with it, beside what it does with all
    work      its lists of the console
    desk_urls the module of its further addresses under /console/
    desk      its further entries of the console's menu
    exports   file that staff export → what the activity log calls it
    acts      what its staff did, as it is recorded → how the activity log says it
    codes     codes of its requests in words
    choices   id of a kind → codes of its values in words, where it tells them apart by codes
    names     who and what its entries name, in words
    abouts    what it sent to many people under these ids, such as an issue, and its page: (batches)
    demo      its part of the demonstration beside its forms, made once: (now)
    demo_after  what happened once requests were routed: called before emails leave, and again after that
              after they are sent: (now)
    demo_sends  what it sends to many then, outside any transaction, before emails leave again: (now)
    held      what it holds about someone besides their values, for their copy and the page of a submission
    tables    tables with rows of people that `held` gives; other tables of people say why not in `apart`
    apart     table → why a copy does not give its rows
    readdress makes these requests findable by another address: (requests, address)
    corrects  what its rows repeat of a value changes with it: (request, kind, value; empty once it is removed)
    erase     tables whose rows its function `ends_in_<name>` in `sql/ends.sql` deletes or ends with someone's data
    stays     table → why its rows stay, or what else deletes them
    retention what it deletes because its time is over, each night: gives how many, some at a time, in the end 0

    An erasure runs in the database, where a restored backup repeats it: `end_in_rooms` calls each of its functions.
    What it deletes with a request that leaves the log is there, too: see `records/sql/cases.sql`."""

    name: str
    formerly: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    takes: Mapping[str, Record[object]] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    urls: str = ""
    pages: tuple[MenuEntry, ...] = ()
    confirms: Mapping[str, AskConfirmation] = field(default_factory=dict)
    ahead: AheadQuestions | None = None
    pauses: Pauses | None = None
    resumes: Resumes | None = None
    topics: Mapping[str, Callable[[Sequence[UUID]], Mapping[str, TopicNote]]] = field(default_factory=dict)
    entrances: Mapping[Entrance, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    beside_user: Mapping[str, Callable[[], Subquery]] = field(default_factory=dict)
    promises: tuple[SeenPromise, ...] = ()
    tabs: tuple[PortalTab, ...] = ()
    shown: Mapping[str, RequestView] = field(default_factory=dict)
    present: Mapping[str, Callable[[Sequence[UUID]], PresentUse | None]] = field(default_factory=dict)
    products: Callable[[Sequence[UUID]], Iterable[ProductLine]] | None = None
    remove_product: Callable[[Sequence[UUID], UUID], PerformedAct | None] | None = None
    done: Mapping[str, DoneKind] = field(default_factory=dict)
    takes_mail: TakesMail | None = None
    takes_other_mail: TakesMail | None = None
    receipt: Callable[[UUID], RequestReceipt | None] | None = None
    emails: tuple[Email, ...] = ()
    entries: tuple[EntryKind[Any], ...] = ()
    cases: tuple[CaseKind[object], ...] = ()
    panels: Mapping[str, Panel] = field(default_factory=dict)
    work: tuple[WorkList, ...] = ()
    desk_urls: str = ""
    desk: tuple[DeskEntry, ...] = ()
    exports: Mapping[str, Words] = field(default_factory=dict)
    acts: Mapping[str, Words] = field(default_factory=dict)
    codes: Mapping[str, Words] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)
    names: Callable[[Sequence[LedgerEntry]], Mapping[str, str]] | None = None
    abouts: Callable[[Collection[UUID]], Mapping[UUID, LineAbout]] | None = None
    demo: Callable[[datetime], None] | None = None
    demo_after: Callable[[datetime], None] | None = None
    demo_sends: Callable[[datetime], None] | None = None
    held: RoomHolding | None = None
    tables: tuple[str, ...] = ()
    apart: Mapping[str, str] = field(default_factory=dict)
    readdress: Callable[[Sequence[UUID], str], None] | None = None
    corrects: Callable[[UUID, str, str], None] | None = None
    erase: tuple[str, ...] = ()
    stays: Mapping[str, str] = field(default_factory=dict)
    retention: tuple[Callable[[], int], ...] = ()
