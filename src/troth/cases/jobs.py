"""Jobs behind the pages. Killed at any point, they can run again without losing or doubling anything."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import due, queue
from troth.cases import duties, emails, plans


@queue.task("cases.write", _("Send an email about a privacy request"), queue="emails")
def write(case: str, email: str = "", letter: str = "", time: int = 0) -> None:
    """Email the person of a case. An email already queued isn't queued again.

    `letter`: in jobs of older releases; `time`: how often the case was opened again before."""
    emails.write(UUID(case), email or letter, at_utc=queue.now(), time=time)


@queue.task("cases.answer", _("Email an answer of our staff"), queue="emails")
def write_answer(message: str, closes: bool = False) -> None:
    """An answer that was not undone, emailed to the person. `closes`: the request ends with it."""
    emails.write_answer(UUID(message), at_utc=queue.now(), closes=closes)


@due.task(plans.RESUME, _("Take up a request that was put off"))
def resume(case: UUID, step: str, at_utc: datetime) -> None:
    duties.resume(case, at_utc=at_utc)


@due.task(plans.REMIND, _("Remind staff of a privacy request"))
def remind(case: UUID, share: str, at_utc: datetime) -> None:
    duties.remind(case, int(share), at_utc=at_utc)


@due.task(plans.NOTICE, _("Email someone whose privacy request is still open"))
def notice(case: UUID, step: str, at_utc: datetime) -> None:
    duties.notice(case, at_utc=at_utc)


@due.task(plans.UNVERIFIED, _("Close a privacy request that nobody verified"))
def close(case: UUID, step: str, at_utc: datetime) -> None:
    duties.close(case, at_utc=at_utc)


queue.retire("cases.tick", "cases.tidy")
