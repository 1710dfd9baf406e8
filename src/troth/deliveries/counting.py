"""The board: how many emails wait, are held or failed in each lane, by whose fault, by reason and by domain."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from troth.deliveries import words
from troth.deliveries.listing import DAYS, VIEWS
from troth.desk.charts import Bar
from troth.gate import AFTER_RESTORE
from troth.outbox import naming, pauses
from troth.outbox.models import LanePause, MailHold, QueuedEmail
from troth.wording import Words

State = QueuedEmail.State
SHOWN = 8
_VIEW_OF = {
    State.PLANNED: "waiting",
    State.HELD: "held",
    State.FAILED: "failed",
    State.UNKNOWN: "unknown",
    State.REFUSED: "refused",
}


@dataclass(frozen=True)
class LaneCount:
    """One lane. `pause`: it waits for our mail server."""

    lane: str
    title: Words
    about: Words
    waiting: int
    held: int
    failed: int
    pause: LanePause | None

    @property
    def why(self) -> str:
        return naming.explain(self.pause.why) if self.pause else ""


@dataclass(frozen=True)
class CountedLine:
    """One line of a table: words, number, what follows, and the filters that list its emails."""

    words: str
    number: int
    query: str
    follows: str = ""


@dataclass(frozen=True)
class Board:
    lanes: Sequence[LaneCount]
    views: Mapping[str, int]
    faults: Sequence[CountedLine]
    bars: Sequence[Bar]
    reasons: Sequence[CountedLine]
    domains: Sequence[CountedLine]
    more_domains: int

    @property
    def failed(self) -> int:
        return sum(lane.failed for lane in self.lanes)

    @property
    def waiting(self) -> int:
        return sum(lane.waiting for lane in self.lanes)

    @property
    def held(self) -> int:
        return sum(lane.held for lane in self.lanes)


@dataclass(frozen=True)
class _Group:
    lane: str
    state: str
    fault: str
    why: str
    domain: str
    number: int


def count_board(*, now: datetime, all_domains: bool) -> Board:
    """What did not leave in the last days, and all that waits.   Cost  3 queries"""
    groups = _read_groups(now)
    failed = [group for group in groups if group.state == State.FAILED]
    domains = _count((group for group in failed if group.domain), lambda group: group.domain)
    shown = list(domains.items()) if all_domains else list(domains.items())[:SHOWN]
    faults = _count(failed, lambda group: group.fault)
    return Board(
        lanes=_count_lanes(groups),
        views=_count_views(groups),
        faults=[
            CountedLine(str(title), faults.get(code, 0), f"state=failed&fault={code}", words.tell_follows(code))
            for code, title in words.FAULTS.items()
        ],
        bars=[Bar(str(words.SHORT[code]), faults.get(code, 0)) for code in words.FAULTS],
        reasons=_list_reasons(groups),
        domains=[CountedLine(name, number, _write(state="failed", domain=name)) for name, number in shown],
        more_domains=max(0, len(domains) - len(shown)),
    )


def count_held(hold: MailHold) -> Mapping[str, int]:
    """Of the emails that wait for its end, how many were queued since, and how many before and so may have left."""
    held = QueuedEmail.objects.filter(state=State.HELD, why=AFTER_RESTORE)
    waiting = QueuedEmail.objects.filter(state__in=QueuedEmail.ON_ITS_WAY).count()
    before = held.filter(queued_utc__lt=hold.since_utc).count()
    return {"leaves": held.count() - before + waiting, "stays": before}


def _read_groups(now: datetime) -> list[_Group]:
    """Each combination with its number: what waits since ever, all else of the last days."""
    names = ("lane", "state", "fault", "why", "domain")
    waits = QueuedEmail.objects.filter(state=State.PLANNED)
    rest = QueuedEmail.objects.filter(
        state__in=[each for each in _VIEW_OF if each != State.PLANNED], queued_utc__gte=now - timedelta(days=DAYS)
    )
    return [
        _Group(*row)
        for found in (waits, rest)
        for row in found.order_by().values(*names).annotate(number=Count("pk")).values_list(*names, "number")
    ]


def _count_lanes(groups: Sequence[_Group]) -> list[LaneCount]:
    paused = {pause.lane: pause for pause in pauses.list_everywhere()}
    found = Counter[tuple[str, str]]()
    for group in groups:
        found[group.lane, group.state] += group.number
    return [
        LaneCount(
            lane,
            title,
            about,
            waiting=found[lane, State.PLANNED],
            held=found[lane, State.HELD],
            failed=found[lane, State.FAILED],
            pause=paused.get(lane),
        )
        for lane, (title, about) in naming.LANES.items()
    ]


def _count_views(groups: Sequence[_Group]) -> dict[str, int]:
    found = Counter[str]()
    for group in groups:
        found[_VIEW_OF[State(group.state)]] += group.number
    return {view: found[view] if view else found["held"] + found["failed"] + found["unknown"] for view in VIEWS}


def _list_reasons(groups: Sequence[_Group]) -> list[CountedLine]:
    """The most frequent first; what just waits for its turn has none."""
    found = Counter[tuple[str, str]]()
    for group in groups:
        if group.why:
            found[group.state, group.why] += group.number
    return [
        CountedLine(
            f"{_title(state, why)}: {naming.explain(why)}", number, _write(state=_VIEW_OF[State(state)], why=why)
        )
        for (state, why), number in found.most_common(2 * SHOWN)
    ]


def _title(state: str, why: str) -> str:
    """A bounce has the words of a refusal and is another line: the server took the email first."""
    return _("bounced") if why.startswith("bounce ") else str(naming.STATES[State(state)][0])


def _count(groups: Iterable[_Group], key: Callable[[_Group], str]) -> dict[str, int]:
    found = Counter[str]()
    for group in groups:
        found[key(group)] += group.number
    return dict(found.most_common())


def _write(**filters: str) -> str:
    query = QueryDict(mutable=True)
    query.update(filters)
    return query.urlencode()
