"""One request as a work list shows it: subject, company, assignee and urgency, never the person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from math import ceil
from typing import Any, Self

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from troth.cases.kinds import kind_of, name_end
from troth.cases.models import Case
from troth.catalog.calendar import Calendar
from troth.desk.staff import name_asking, name_assignee
from troth.security.models import User
from troth.site import site
from troth.words.codes import in_words
from troth.words.values import last_moment


@dataclass(frozen=True)
class WorkLine:
    """A row of a work list. `mark` is the look's state: "" open, warn due, stop late or failed, kept done.

    pressing  why it comes first among those that are due at the same time
    asked  who of the staff asks to be handed it, in a sentence
    when   how long it has, in a sentence
    day    when it is due, and `left` how long that is, as short as can be; nothing where no time runs
    note   what its time depends on, or how much of it is used
    owner  who has it: of the staff, else whom a rule chose; `chosen` is the latter, beside someone of the staff"""

    number: str
    address: str
    about: str
    alarm: str
    mark: str
    when: str
    received_utc: datetime
    age: str
    due_utc: datetime
    owner: str
    rule: str
    living: bool
    chosen: str = ""
    company: str = ""
    pressing: str = ""
    asked: str = ""
    day: str = ""
    left: str = ""
    note: str = ""
    free: bool = False

    @property
    def pick(self) -> str:
        """What its checkbox is called."""
        return _("Select %(number)s") % {"number": self.number}


@dataclass(frozen=True)
class ListMoment:
    """When a list is shown: the vendor's day then, and the reader's language, found once for all of its rows."""

    at_utc: datetime
    today: date
    language: str | None
    zone: tzinfo
    calendar: Calendar

    @classmethod
    def of(cls, at_utc: datetime) -> Self:
        brand = site().brand
        return cls(at_utc, at_utc.astimezone(brand.zone).date(), get_language(), brand.zone, brand.calendar)

    def find_day(self, at_utc: datetime) -> date:
        """By the vendor's calendar."""
        return at_utc.astimezone(self.zone).date()


def with_names(found: "QuerySet[Any]") -> "QuerySet[Any]":
    """Adds each assignee's name, with one query for the whole list."""
    named = User.objects.filter(username=OuterRef("assigned_to")).exclude(role="").values("display_name")
    annotated: QuerySet[Any] = found.annotate(assigned_name=Subquery(named[:1]))
    return annotated


def line_of(
    case: Case,
    shown: ListMoment,
    *,
    work: str,
    about: str,
    owner: str = "",
    rule: str = "",
    alarm: str = "",
    pressing: str = "",
) -> WorkLine:
    """One case as the list of this name shows it.

    Takes   owner: who has it by a rule"""
    due_utc = last_moment(case.due_utc)
    left = _find_left(case, shown, shown.find_day(due_utc))
    mark, when, note = _standing(case, shown, left)
    assigned = name_assignee(case)
    return WorkLine(
        number=case.number,
        address=f"/console/{work}/{case.number}/",
        about=about,
        alarm=alarm,
        mark=mark,
        when=when,
        received_utc=case.received_utc,
        age=_tell_age(shown.find_day(case.received_utc), shown),
        due_utc=due_utc,
        owner=assigned or owner or _("No one yet"),
        chosen=owner if assigned and owner != assigned else "",
        rule=rule,
        living=case.state in Case.LIVING,
        company=getattr(case, "company_shown", ""),
        pressing=pressing,
        asked=_("%(name)s asks to take it over") % {"name": asking} if (asking := name_asking(case)) else "",
        day=_write_day(shown.find_day(due_utc), shown),
        left=left.short if left and not case.waits_for and not case.waits_until_utc else "",
        note=note,
        free=not case.assigned_to,
    )


def _find_left(case: Case, shown: ListMoment, due: date) -> "_Left | None":
    """How long until it is due; nothing of a request that nobody has to answer.   Takes  due: its last day"""
    if case.state not in (Case.UNVERIFIED, Case.OPEN):
        return None
    if kind_of(case).hourly:
        left = count_left(case.due_utc, shown.at_utc)
        return _Left("stop" if shown.at_utc > case.due_utc else "warn", left, left)
    today = shown.today
    if shown.at_utc > case.due_utc:
        ends = shown.find_day(case.due_utc)
        return _name_late(shown.calendar.count(ends, today), shown.language)
    days, nights = shown.calendar.count(today, due), (due - today).days
    return _name_left(days, nights, shown.language, workday=shown.calendar.is_business_day(due))


def count_left(due_utc: datetime, now: datetime) -> str:
    """Hours, begun ones counted where it is late and not where time is left."""
    if now > due_utc:
        hours = ceil((now - due_utc) / timedelta(hours=1))
        return ngettext("%d hour late", "%d hours late", hours) % hours
    hours = (due_utc - now) // timedelta(hours=1)
    return ngettext("%d hour left", "%d hours left", hours) % hours if hours else _("less than an hour left")


def _standing(case: Case, shown: ListMoment, left: "_Left | None") -> tuple[str, str, str]:
    """Mark and words of a request by its due date, and a note, such as the reminder that staff got."""
    if left is None:
        return *describe_settled(name_end(case, case.stage)), ""
    until = _write_day(shown.find_day(case.waits_until_utc), shown) if case.waits_until_utc else ""
    if case.waits_for == Case.PERSON:
        waits = _("waiting for the customer, until %(day)s") % {"day": until}
        return "", waits if until else _("waiting for the customer"), ""
    if until:
        return "", _("put off until %(day)s") % {"day": until}, ""
    if case.state == Case.UNVERIFIED:
        # Of an account the person is known; what they asked for waits until they confirm it.
        return left.mark or "warn", left.when, _("not confirmed yet") if case.account else _("not verified yet")
    if case.reminded and not left.mark:
        return "warn", left.when, _("%(share)d%% of the time used") % {"share": case.reminded}
    return left.mark, left.when, ""


def _write_day(day: date, shown: ListMoment) -> str:
    """For example Mon, Nov 30; with its year where that is another one than now."""
    return _name_day(day, "D, M j" if day.year == shown.today.year else "D, M j, Y", shown.language)


# The requests of a list are due on a few days, and Django takes a tenth of a millisecond to write one.
@lru_cache(maxsize=512)
def _name_day(day: date, pattern: str, language: str | None) -> str:
    return formats.date_format(day, pattern)


def _tell_age(day: date, shown: ListMoment) -> str:
    """In business days; until there is one, the day itself, for on Sunday what came on Friday did not come today."""
    if day == shown.today:
        return _("received today")
    days = shown.calendar.count(day, shown.today)
    return _name_age(days, shown.language) if days else _("received %(day)s") % {"day": _write_day(day, shown)}


@lru_cache(maxsize=512)
def _name_age(days: int, _language: str | None) -> str:
    return ngettext("%d business day old", "%d business days old", days) % days


@dataclass(frozen=True)
class _Left:
    """The mark of a request that someone has to answer; when it is due in words, and `short` beside its day."""

    mark: str
    when: str
    short: str


# The requests of a list are due in a few days, and putting that into words takes longer than counting it.
@lru_cache(maxsize=512)
def _name_late(days: int, _language: str | None) -> _Left:
    when = ngettext("%d business day late", "%d business days late", days) % days if days else _("late")
    return _Left("stop", when, when)


@lru_cache(maxsize=512)
def _name_left(days: int, nights: int, _language: str | None, *, workday: bool) -> _Left:
    """`days` are the vendor's business days, `nights` those of the calendar: on Friday, Sunday is not today.

    Takes   workday: whether it is due on a business day; else business days would not say when"""
    mark = "" if days else "warn"
    if not nights:
        return _Left(mark, _("due today"), _("today"))
    if days and workday:
        short = ngettext("in %d business day", "in %d business days", days) % days
        return _Left(mark, ngettext("due in %d business day", "due in %d business days", days) % days, short)
    short = ngettext("in %d day", "in %d days", nights) % nights
    return _Left(mark, ngettext("due in %d day", "due in %d days", nights) % nights, short)


def describe_settled(state: str) -> tuple[str, str]:
    """Mark and words of a request that nobody has to answer."""
    return _SETTLED.get(state, "kept"), in_words(state)


# What nobody carried out was no promise kept.
_SETTLED = {Case.RECEIVED: "warn", Case.DENIED: "stop", Case.REFUSED: "stop"} | dict.fromkeys(
    (Case.WITHDRAWN, Case.JOINED, Case.ERASED), "own"
)
