"""A running update in figures: what left, what came back, and how people answered, by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from troth.desk.charts import Bar
from troth.outbox import batches
from troth.outbox.batches import BatchCount
from troth.records.calls import rows
from troth.site import site
from troth.updates import sending
from troth.updates.models import PolicyUpdate, UpdateReader


@dataclass(frozen=True)
class AnsweredDay:
    """One day of answers: people by their first one. `silent`: who was asked and had not answered by its end."""

    day: date
    yes: int
    no: int
    silent: int


@dataclass(frozen=True)
class UpdateBoard:
    """`asked`: people with a question; `on_visit`: those of them whom no email reaches; `addresses`: all emails.

    `later_stop`: why reminders, or emails about the withdrawal, stopped by themselves; "" while they go on.
    `waiting_yes`, `waiting_no`: people whose answer waits until the version is in force, or waited when it was
    withdrawn; `withdrawing`: the emails that say so, empty otherwise."""

    asked: int
    on_visit: int
    addresses: int
    waiting_yes: int
    waiting_no: int
    emails: BatchCount
    days: Sequence[AnsweredDay]
    questions: Mapping[str, tuple[int, int]]
    withdrawing: Sequence[BatchCount]
    later_stop: str

    @property
    def waiting(self) -> int:
        """Emails that are still to leave, planned or not yet."""
        return self.emails.waiting + (0 if self.emails.all_planned else self._unplanned)

    @property
    def not_sent(self) -> int:
        """Emails that the law held back, by a choice or a suppressed address, or that staff have to look at."""
        held = self.emails.refused + self.emails.held + self.emails.unknown
        return held + (self._unplanned if self.emails.all_planned else 0)

    @property
    def _unplanned(self) -> int:
        return max(0, self.addresses - self.emails.planned)

    @property
    def told_withdrawn(self) -> int:
        """Emails that left and say that it was withdrawn."""
        return sum(each.sent for each in self.withdrawing)

    @property
    def telling_withdrawn(self) -> int:
        return sum(each.waiting for each in self.withdrawing)

    @property
    def yes(self) -> int:
        return self.waiting_yes + sum(each.yes for each in self.days)

    @property
    def no(self) -> int:
        return self.waiting_no + sum(each.no for each in self.days)

    @property
    def silent(self) -> int:
        return self.asked - self.yes - self.no

    @property
    def series(self) -> tuple[str, str]:
        return _("yes"), _("no")

    @property
    def bars(self) -> list[Bar]:
        """Answers of the latest days: yes, and no on top of it."""
        return [Bar(date_format(each.day, "M j"), each.yes, second=each.no) for each in self.days[-10:]]


def read(update: PolicyUpdate) -> UpdateBoard:
    """The figures now.   Cost  7 queries, 5 more of one that was withdrawn"""
    readers = UpdateReader.objects.filter(update=update)
    found = readers.aggregate(
        asked=Count("person", filter=~Q(asks=[])),
        on_visit=Count("person", filter=Q(way=UpdateReader.VISIT)),
        waiting_yes=Count("person", filter=~Q(early_yes=[])),
        waiting_no=Count("person", filter=Q(early_yes=[]) & ~Q(early_no=[])),
        addresses=Count("person", filter=Q(way__in=UpdateReader.MAILED)),
    )
    withdrawn = update.state == PolicyUpdate.Phase.WITHDRAWN
    return UpdateBoard(
        **found,
        emails=batches.count(update.pk),
        days=[] if withdrawn else _list_days(update),
        questions={} if withdrawn else _count_answers(update),
        withdrawing=[batches.count(each) for each in sending.list_withdrawing(update.pk)] if withdrawn else [],
        later_stop=sending.find_later_stop(update),
    )


def find_successor(update: PolicyUpdate) -> PolicyUpdate | None:
    """Of a version that another one replaced while it was asked, or before anyone was: the one that asks now."""
    if update.state != PolicyUpdate.Phase.SUPERSEDED:
        return None
    replaced = (PolicyUpdate.Phase.SUPERSEDED, PolicyUpdate.Phase.WITHDRAWN)
    later = PolicyUpdate.objects.filter(version__gt=update.version).exclude(state__in=replaced)
    return later.order_by("version").first()


def _list_days(update: PolicyUpdate) -> list[AnsweredDay]:
    found = rows("select day, yes, no, silent from update_people(%s, %s)", [update.pk, _zone()])
    silent = sum(yes + no + rest for _day, yes, no, rest in found)
    days = []
    for day, yes, no, _rest in found:
        if day is not None:
            silent -= yes + no
            days.append(AnsweredDay(day, yes, no, silent))
    return days


def _count_answers(update: PolicyUpdate) -> Mapping[str, tuple[int, int]]:
    """Question → how many said yes, and how many no."""
    found: dict[str, tuple[int, int]] = {}
    for name, _day, yes, no in rows("select question, day, yes, no from update_answers(%s, %s)", [update.pk, _zone()]):
        before = found.get(name, (0, 0))
        found[name] = (before[0] + yes, before[1] + no)
    return found


def _zone() -> str:
    return str(site().brand.zone)
