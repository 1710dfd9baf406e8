"""Emails that did not leave, as the filters of the address ask for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy, ngettext

from troth.deliveries import acts, words
from troth.desk.lists.bulk import BulkRows
from troth.desk.lists.filters import choose_filter
from troth.desk.lists.neighbors import OF_ONE_PAGE
from troth.desk.staff import may
from troth.outbox import board, naming
from troth.outbox.models import QueuedEmail
from troth.security.models import User
from troth.text import code, read_id, read_search
from troth.wording import Words

ADDRESS = "/console/outbox/"
DAYS = 30
State = QueuedEmail.State
STOPPED = (State.HELD, State.FAILED, State.UNKNOWN)
VIEWS: Mapping[str, tuple[Words, Q]] = {
    "": (gettext_lazy("Needs a decision"), Q(state__in=STOPPED)),
    "waiting": (gettext_lazy("Waiting"), Q(state=State.PLANNED)),
    "held": (gettext_lazy("Held"), Q(state=State.HELD)),
    "failed": (gettext_lazy("Failed"), Q(state=State.FAILED)),
    "unknown": (gettext_lazy("Perhaps sent"), Q(state=State.UNKNOWN)),
    "refused": (gettext_lazy("Not allowed"), Q(state=State.REFUSED)),
}
AGES = {"": gettext_lazy("Lately"), "all": gettext_lazy("Any time")}
"""Emails of the last days, or all that we keep."""


@dataclass(frozen=True)
class EmailLine:
    """One row of the list. `to`: a recipient's name, or the domain where it is known."""

    id: UUID
    about: str
    to: str
    mark: str
    state: str
    at_utc: datetime
    next_utc: datetime | None
    lane: Words

    @property
    def key(self) -> str:
        """As a form sends it."""
        return str(self.id)


def choose_rows(query: QueryDict, *, now: datetime) -> "QuerySet[QueuedEmail]":
    """The emails that the filters ask for, the latest first.   Raises  Http404: a filter that does not exist."""
    found = QueuedEmail.objects.filter(VIEWS[choose_filter(query, "state", VIEWS)][1])
    if lane := choose_filter(query, "lane", naming.LANES):
        found = found.filter(lane=lane)
    if fault := choose_filter(query, "fault", words.FAULTS):
        found = found.filter(fault=fault)
    if why := code(query.get("why", "")):
        found = found.filter(why=why)
    if domain := code(query.get("domain", "")):
        found = found.filter(domain=domain)
    if text := read_search(query.get("q", "")):
        found = found.filter(board.seek(text))
    if choose_filter(query, "age", AGES) != "all":
        found = found.filter(queued_utc__gte=now - timedelta(days=DAYS))
    return found.order_by("-queued_utc", "id")


def make_line(email: QueuedEmail) -> EmailLine:
    return EmailLine(
        id=email.pk,
        about=board.title(email),
        to=board.name_recipient(email),
        mark=naming.STATES[email.state][1],
        state=words.title_state(email),
        at_utc=email.claimed_utc or email.queued_utc,
        next_utc=email.next_try_utc if email.state == State.PLANNED else None,
        lane=naming.LANES[email.lane][0],
    )


def many_emails(*, now: datetime) -> BulkRows:
    """The list for acts on several."""

    def choose(query: QueryDict, user: User, most: int) -> Sequence[str]:
        return [str(id) for id in choose_rows(query, now=now).values_list("pk", flat=True)[:most]]

    return BulkRows(
        name="outbox",
        address=ADDRESS,
        below=ADDRESS,
        title=gettext_lazy("Outbox"),
        choose=choose,
        find=_find,
        key=lambda email: str(email.pk),
        acts=lambda email: acts.ACTS,
        offered=acts.ACTS,
        may=lambda user, act, _email: may(user, act.needs),
        mark=lambda emails: {str(email.pk): f"{email.state}/{email.attempts}" for email in emails},
        describe=lambda email: f"{board.title(email)}, {board.name_recipient(email)}: {words.title_state(email)}",
        count=lambda number: ngettext("%d email", "%d emails", number) % number,
    )


def filters_in(query: QueryDict) -> str:
    """The address's filters without the page."""
    kept = query.copy()
    for name in OF_ONE_PAGE:
        kept.pop(name, None)
    return kept.urlencode()


def _find(keys: Sequence[str]) -> Sequence[QueuedEmail]:
    ids = [id for key in keys if (id := read_id(key))]
    return list(QueuedEmail.objects.filter(pk__in=ids).order_by("queued_utc", "id"))
