"""A customer's requests as lines: what each is about, who has it, its state and when it is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.access.persons import own_people
from troth.access.portal.finding import MINE, OPEN, WAITING, OwnRequests, RequestFilter
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.desk import index
from troth.desk.portal import RequestState, find_due, stand
from troth.security.crew import names_of
from troth.security.models import User

MOST_OPEN = 4
"""Lines of the start page."""


@dataclass(frozen=True)
class ListedRequest:
    """One request as the list shows it. `sharer`: the colleague's submission; None for their own."""

    case: Case
    subject: str
    kind: str
    holder: str
    team: str
    standing: RequestState
    due_utc: datetime | None
    sharer: UUID | None
    shared_by: str = ""
    closed_by: str = ""

    @property
    def address(self) -> str:
        return f"/account/requests/{self.case.number}/"


@dataclass(frozen=True)
class OpenRequests:
    """The customer's open requests: the first lines, and the total."""

    first: Sequence[ListedRequest]
    count: int


def list_open(request: HttpRequest) -> Mapping[str, OpenRequests] | None:
    """The open requests of the signed-in customer; nothing for visitors."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.person_id is None:
        return None
    found = find_open(user, timezone.now(), most=MOST_OPEN)
    return {"open": found} if found.count else None


def find_open(user: User, at_utc: datetime, *, most: int) -> OpenRequests:
    """The customer's own open requests: those that wait for them first, then by due date."""
    mine = OwnRequests(user, RequestFilter(whose=MINE))
    numbers = mine.count().sections
    waiting = mine.read(WAITING, slice(0, most)) if numbers[WAITING] else []
    others = mine.read(OPEN, slice(0, most - len(waiting))) if numbers[OPEN] else []
    return OpenRequests(tell([*waiting, *others], user, at_utc), numbers[WAITING] + numbers[OPEN])


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
    standing = stand(case, view, at_utc)
    return ListedRequest(
        case=case,
        subject=view.subject(case),
        kind=str(view.called or kind_of(case).title),
        holder=holder,
        team=team,
        standing=_tell_colleague(standing) if foreign else standing,
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


def _tell_colleague(standing: RequestState) -> RequestState:
    """The state for someone else than who made the request: its sentences speak to that person."""
    text = _("waiting for your colleague") if standing.mark == "warn" else standing.text
    return RequestState(text, "" if standing.mark == "warn" else standing.mark)
