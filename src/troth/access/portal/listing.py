"""A customer's requests as lines: what each is about, who has it, its state and when it is due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.access.persons import own_people
from troth.access.portal.conversations import SHOW, has_messages
from troth.access.portal.finding import MINE, OPEN, WAITING, OwnRequests, RequestFilter
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread.reading import WORD_KINDS
from troth.cases.thread.titles import make_title
from troth.desk import index
from troth.desk.portal import RequestState, find_due, find_state
from troth.security.crew import names_of
from troth.security.models import User

MOST_OPEN = 4
"""Lines of the start page."""
_READ = "words read"
"""Where the session keeps what it read for lists."""


@dataclass(frozen=True)
class ListedRequest:
    """One request as the list shows it. `sharer`: the colleague's submission; None for their own.

    title  the beginning of what the customer wrote, where it was read"""

    case: Case
    subject: str
    kind: str
    holder: str
    team: str
    state: RequestState
    due_utc: datetime | None
    sharer: UUID | None
    shared_by: str = ""
    closed_by: str = ""
    title: str = ""

    @property
    def called(self) -> str:
        return self.title or self.subject

    @property
    def address(self) -> str:
        return f"/account/requests/{self.case.number}/"


@dataclass(frozen=True)
class OpenRequests:
    """The customer's open requests: the first lines, and the total."""

    first: Sequence[ListedRequest]
    count: int


def list_open(request: HttpRequest) -> Mapping[str, OpenRequests] | None:
    """The open requests of the signed-in customer, by their own words; nothing for visitors."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.person_id is None:
        return None
    found = find_open(user, timezone.now(), most=MOST_OPEN)
    return {"open": replace(found, first=name_own(request, found.first))} if found.count else None


def find_open(user: User, at_utc: datetime, *, most: int) -> OpenRequests:
    """The customer's own open requests: those that wait for them first, then by due date."""
    mine = OwnRequests(user, RequestFilter(whose=MINE))
    numbers = mine.count().sections
    waiting = mine.read(WAITING, slice(0, most)) if numbers[WAITING] else []
    others = mine.read(OPEN, slice(0, most - len(waiting))) if numbers[OPEN] else []
    return OpenRequests(tell([*waiting, *others], user, at_utc), numbers[WAITING] + numbers[OPEN])


def name_own(request: HttpRequest, shown: Sequence[ListedRequest]) -> list[ListedRequest]:
    """The same, the customer's own named by what they wrote where the policy lets it be read for them.

    Cost    1 query while the looks of this session cover all of them, else 3 more; none where nobody wrote anything"""
    own = [each.case for each in shown if each.sharer is None and has_messages(each.case)]
    wrote = {datum: case for case in own if (datum := getattr(case, "first_words", None))}
    kinds = _find_kinds()
    if not wrote or not kinds:
        return list(shown)

    def read(grants: Sequence[gate.BulkGrant]) -> Iterator[tuple[UUID, tuple[UUID, str]]]:
        for grant, datum, words in gate.read_selection_data(*grants, data=wrote):
            yield grant.id, (wrote[datum].pk, make_title(words))

    people = frozenset(case.asker for case in wrote.values())
    asked = gate.ListedPeople("requests", SHOW, kinds, people, _("to name your requests by what you wrote"))
    read_now = gate.look_at_lists(request.session, [asked], place=_READ, who="program:account", read=read)
    titles = dict(title for _list, title in read_now)
    return [replace(each, title=titles.get(each.case.pk, "")) for each in shown]


def _find_kinds() -> tuple[str, ...]:
    """What words are kept as that the purpose may use: asking for others is refused, and recorded each time."""
    stated = in_force.policy().purposes.get(SHOW)
    return tuple(kind for kind in WORD_KINDS if stated and kind in stated.may_use)


def tell(cases: Sequence[Case], user: User | None, at_utc: datetime) -> list[ListedRequest]:
    """The requests as lines, in this order.

    Takes   cases: each as a row of its kind's own table
            user: None for someone who proved by a link that the requests are theirs"""
    mine = {case.person_id for case in cases} if user is None else set(own_people(user))
    staff = names_of({case.answered_by for case in cases})
    return [_tell(case, case.person_id not in mine, staff, at_utc) for case in cases]


def _tell(case: Case, foreign: bool, staff: Mapping[str, str], at_utc: datetime) -> ListedRequest:
    view = index.request_view(case.kind)
    holder, team = view.holder(case)
    state = find_state(case, view, at_utc)
    return ListedRequest(
        case=case,
        subject=view.subject(case),
        kind=str(view.called or kind_of(case).title),
        holder=holder,
        team=team,
        state=_tell_colleague(state) if foreign else state,
        due_utc=find_due(case, view),
        sharer=case.person_id if foreign else None,
        closed_by=_name_closer(case, foreign, staff),
    )


def _name_closer(case: Case, foreign: bool, staff: Mapping[str, str]) -> str:
    """Who ended it; nothing where its row doesn't say, or no person did."""
    if case.answered_by == "person":
        return _("By your colleague") if foreign else _("By you")
    name = staff.get(case.answered_by, "")
    return _("By %(name)s") % {"name": name} if name else ""


def _tell_colleague(state: RequestState) -> RequestState:
    """The state for someone else than who made the request: its sentences speak to that person."""
    text = _("waiting for your colleague") if state.mark == "warn" else state.text
    return RequestState(text, "" if state.mark == "warn" else state.mark)
