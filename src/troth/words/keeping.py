"""Until when a value is kept, in words: the date if known, else the ongoing event and the time after it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Protocol

from django.utils.translation import gettext as _

from troth.collection.forms.types.figures import format_time
from troth.policy import Law, UseEnd
from troth.policy.phrases import describe_kept, time_words
from troth.policy.terms import Retention
from troth.site import site


class Timed(Protocol):
    """A value with its times, as the database has them."""

    @property
    def kind(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def kept_until_utc(self) -> datetime | None: ...
    @property
    def use_ends(self) -> tuple[UseEnd, ...]: ...


def describe_times(law: Law, value: Timed) -> str:
    """Kept until Nov 26, 2028, 24 months after our last contact; used for Quotes until May 26, 2027.

    What a law requires us to keep says so, and which law."""
    kept = law.find_retention(value.kind)
    required = [_("as the law requires: %(law)s") % {"law": kept.law.rstrip(".")}] if kept and kept.law else []
    return "; ".join((describe_end(kept, value.kept_until_utc), *required, *_list_uses(law, value)))


def prepare_times(law: Law) -> Callable[[Timed], str]:
    """The same for many values: of five hundred most are kept alike, and that is put into words once."""
    described: dict[object, str] = {}

    def describe(value: Timed) -> str:
        alike = value.kind, value.channel, value.kept_until_utc, value.use_ends
        if alike not in described:
            described[alike] = describe_times(law, value)
        return described[alike]

    return describe


def _list_uses(law: Law, value: Timed) -> Iterator[str]:
    """Of each purpose that may use it for a shorter time, until when."""
    ends = {end.purpose: end.until_utc for end in value.use_ends}
    for purpose in law.policy.purposes.values():
        if not (purpose.kept or purpose.id in ends):
            continue
        until_utc, own = ends.get(purpose.id), purpose.find_time(value.kind)
        if not purpose.states(value.kind, value.channel) or (until_utc is None and own is None):
            continue
        if until_utc is None:
            assert own is not None
            yield _("used for %(purpose)s: %(time)s") % {"purpose": purpose.title, "time": describe_kept(own, _)}
            continue
        over = until_utc <= datetime.now(UTC)
        sentence = _("not used for %(purpose)s since %(day)s") if over else _("used for %(purpose)s until %(day)s")
        yield sentence % {"purpose": purpose.title, "day": _day(until_utc)}


def describe_end(kept: Retention | None, until_utc: datetime | None) -> str:
    """Kept until 26 Nov 2028, 24 months after our last contact.

    Takes   kept: the rule of the law in force; until_utc: what follows from it now, None while something goes on.
            A time that has passed is that of data about to be deleted, or kept for a legal hold alone."""
    day = _day(until_utc) if until_utc else ""
    if until_utc is not None and until_utc <= datetime.now(UTC):
        return _("No longer used since %(day)s") % {"day": day}
    if kept is None:
        return _("Kept until %(day)s") % {"day": day} if day else ""
    sentence = _goes_on(kept) if until_utc is None else _ends(kept)
    return sentence % {"day": day, "time": time_words(kept.time, _)}


def _goes_on(kept: Retention) -> str:
    if kept.ends_with_account:
        return _("Kept while you have an account")
    match kept.after:
        case "account":
            return _("Kept while you have an account, then %(time)s")
        case "request":
            return _("Kept while your request is open, then %(time)s")
        case "license period":
            return _("Kept while your license runs, then %(time)s")
    return _("Kept for %(time)s")  # a collection and a contact are moments: they have an end


def _ends(kept: Retention) -> str:
    if kept.ends_with_account:
        return _("Kept until %(day)s, unless you have an account by then")
    match kept.after:
        case "collection":
            return _("Kept until %(day)s, %(time)s after you gave it")
        case "request":
            return _("Kept until %(day)s, %(time)s after your request")
        case "last contact":
            return _("Kept until %(day)s, %(time)s after our last contact")
        case "account":
            return _("Kept until %(day)s, %(time)s after your account ended")
        case "license period":
            return _("Kept until %(day)s, %(time)s after your license ended")


def _day(at_utc: datetime) -> str:
    """In the vendor's time zone, like all dates on pages."""
    return format_time(at_utc, "M j, Y", site().brand.zone)
