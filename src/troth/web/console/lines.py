"""One request as a work list shows it: what it is about, whose it is, how urgent. Never who asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth import gate
from troth.cases.kinds import KINDS
from troth.cases.models import Case
from troth.collection import deadlines
from troth.collection.site import site
from troth.collection.wording import why_in_words
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest
from troth.web.console.wording import in_words


@dataclass(frozen=True)
class WorkLine:
    """A row of a work list. `mark` is the look's state: "" open, warn due, stop late or failed, kept done."""

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


def quote_line(quote: QuoteRequest, *, at_utc: datetime) -> WorkLine:
    mark, when = _urgency(quote.due_utc, at_utc) if quote.state in QuoteRequest.PLACED else _settled(quote.state)
    return WorkLine(
        number=quote.number,
        address=f"/console/quotes/{quote.number}/",
        about=about(quote),
        alarm=why_in_words(quote.alarm) or (_("the same address asked before") if quote.repeats_id else ""),
        mark=mark,
        when=when,
        received_utc=quote.received_utc,
        age=age(quote.received_utc, at_utc),
        due_utc=quote.due_utc,
        owner=quote.recipient_name or _("Nobody yet"),
        rule=rule(quote),
    )


def inquiry_line(inquiry: Inquiry, *, at_utc: datetime) -> WorkLine:
    mark, when = _urgency(inquiry.due_utc, at_utc) if inquiry.state == Inquiry.ASSIGNED else _settled(inquiry.state)
    policy = gate.policy()
    place, queue = policy.collects.get(inquiry.place), policy.recipients.get(inquiry.queue)
    product = site().products.get(inquiry.product)
    return WorkLine(
        number=inquiry.number,
        address=f"/console/inquiries/{inquiry.number}/",
        about=", ".join(filter(None, (place.title if place else inquiry.place, product.name if product else ""))),
        alarm=why_in_words(inquiry.alarm),
        mark=mark,
        when=when,
        received_utc=inquiry.received_utc,
        age=age(inquiry.received_utc, at_utc),
        due_utc=inquiry.due_utc,
        owner=queue.title if queue else inquiry.queue,
        rule="",
    )


def case_line(case: Case, *, at_utc: datetime) -> WorkLine:
    mark, when = _case_urgency(case, at_utc)
    return WorkLine(
        number=case.number,
        address=f"/console/cases/{case.number}/",
        about=str(KINDS[case.kind].title),
        alarm=_("no letter could be written") if case.events.filter(what="no letter possible").exists() else "",
        mark=mark,
        when=when,
        received_utc=case.received_utc,
        age=age(case.received_utc, at_utc),
        due_utc=case.due_utc,
        owner=case.assigned_to or _("Nobody yet"),
        rule=in_words(case.regime),
    )


def about(quote: QuoteRequest) -> str:
    """Service: OptiPro Process, 40 users, US-CA"""
    product = site().products.get(quote.product)
    users = ngettext("%d user", "%d users", quote.users) % quote.users if quote.users else ""
    named = product.name if product else _("product open")
    told = ", ".join(filter(None, (named, users, quote.territory)))
    return _("Service: %(told)s") % {"told": told} if quote.need == "service" else told


def rule(quote: QuoteRequest) -> str:
    if not quote.rule:
        return ""
    if not quote.rule_number:
        return _(quote.rule_title)
    return _("rule %(number)s of %(of)s: %(title)s") % {
        "number": quote.rule_number,
        "of": quote.rules,
        "title": quote.rule_title,
    }


def age(received_utc: datetime, at_utc: datetime) -> str:
    days = _working_days(received_utc, at_utc)
    return ngettext("%d working day", "%d working days", days) % days if days else _("today")


def late(lines: Iterable[WorkLine]) -> int:
    return sum(1 for line in lines if line.mark == "stop")


def _working_days(start_utc: datetime, end_utc: datetime) -> int:
    brand = site().brand
    return deadlines.working_days(start_utc, end_utc, brand.zone, brand.calendar)


def _urgency(due_utc: datetime, at_utc: datetime) -> tuple[str, str]:
    if at_utc > due_utc:
        days = max(1, _working_days(due_utc, at_utc))
        return "stop", ngettext("late by %d working day", "late by %d working days", days) % days
    days = _working_days(at_utc, due_utc)
    if days == 0:
        return "warn", _("answer due today")
    return "", ngettext("answer due in %d working day", "answer due in %d working days", days) % days


def _case_urgency(case: Case, at_utc: datetime) -> tuple[str, str]:
    """By its clock while it lives; a reminder that staff got is said."""
    if case.state not in Case.LIVING:
        said = case.nature if case.nature in ("erased", "joined") else case.state
        return ("stop" if case.state == Case.DENIED else "kept"), in_words(said)
    mark, when = _urgency(case.due_utc, at_utc)
    if case.state == Case.UNVERIFIED:
        return mark or "warn", _("%(when)s; not proven yet") % {"when": when}
    if case.reminded and not mark:
        return "warn", _("%(when)s; %(share)d%% of the time is over") % {"when": when, "share": case.reminded}
    return mark, when


def _settled(state: str) -> tuple[str, str]:
    marks = {"received": "warn", "answered": "kept", "erased": "kept"}
    return marks.get(state, "stop"), in_words(state)
