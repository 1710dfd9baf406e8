"""The demonstration's issues, from the files of the site folder: sent, scheduled or a draft, as each file says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from troth import gate, in_force
from troth.outbox import QueuedEmail, returned, suppression
from troth.outbox.faults import sort_bounce
from troth.policy.meaning import topic_question
from troth.uses.newsletter import issues
from troth.uses.newsletter.files import IssueFile
from troth.uses.newsletter.models import Issue

_SEVEN_IN_THE_MORNING_PST = 15
_BOUNCES = (
    ("5.1.1", "550 5.1.1 The email account that you tried to reach does not exist"),
    ("4.2.2", "452 4.2.2 The mailbox is full"),
)
"""What servers sent back of an issue: status and words."""


def make_issue(file: IssueFile, *, who: str, at_utc: datetime, second: str = "") -> None:
    """The issue.   Takes  second: who approves it, if two people have to"""
    if "sent_days_ago" in file.demo:
        _make_sent(file, at_utc - timedelta(days=file.demo["sent_days_ago"]), who=who, second=second)
        return
    saved = issues.save(None, file.written, who=who, at_utc=at_utc - timedelta(hours=3))
    if "scheduled_in_days" not in file.demo:
        return
    day = at_utc + timedelta(days=file.demo["scheduled_in_days"])
    for_utc = day.replace(hour=_SEVEN_IN_THE_MORNING_PST, minute=0, second=0, microsecond=0)
    if second:
        issues.ask_second(saved.pk, who=who, for_utc=for_utc)
    else:
        issues.schedule(saved.pk, for_utc=for_utc)


def is_sent_lately(file: IssueFile) -> bool:
    """Whether it is sent by the outbox, and has no final report yet."""
    return "sent_days_ago" in file.demo and "figures" not in file.demo


def find_time(file: IssueFile, at_utc: datetime) -> datetime:
    """When it was sent, at seven in the morning."""
    day = at_utc - timedelta(days=file.demo["sent_days_ago"])
    return day.replace(hour=_SEVEN_IN_THE_MORNING_PST, minute=0, second=0, microsecond=0)


def send_issue(file: IssueFile, *, who: str, at_utc: datetime) -> None:
    """The issue begun at that time, and an email for each reader by now queued."""
    saved = issues.save(None, file.written, who=who, at_utc=at_utc - timedelta(days=1))
    issues.schedule(saved.pk, for_utc=at_utc)
    with transaction.atomic():
        issues.begin(saved.pk, at_utc=at_utc)
    issues.send(saved.pk, at_utc=at_utc)


def note_answers(issue: Issue, addresses: Mapping[UUID, str]) -> None:
    """What came back, once the emails left; and a reader who wants no more.   Takes  addresses: of its readers"""
    sent = list(QueuedEmail.objects.filter(batch=issue.pk, state=QueuedEmail.State.SENT).order_by("pk"))
    for email, (status, said) in zip(sent, _BOUNCES, strict=False):
        fault = sort_bounce(status, said)
        address = addresses[email.person_id]
        bounced = returned.note_bounce(email.pk, status=status, fault=fault, domain=address.rpartition("@")[2])
        if bounced and fault.hard:
            suppression.suppress(address, why="bounce", evidence=email.pk)
    for email in sent[len(_BOUNCES) :][:1]:
        question, version = topic_question(issue.purpose, issue.topic), in_force.policy().version
        gate.choose(person=email.person_id, question=question, version=version, yes=False, way="mailed link")


def _make_sent(file: IssueFile, at_utc: datetime, *, who: str, second: str) -> None:
    """An issue of which only the final report is left, as two weeks after sending."""
    saved = issues.save(None, file.written, who=who, at_utc=at_utc - timedelta(days=1))
    if second:
        saved.asked_by, saved.approved_by = who, second
    issues.make_former(saved, file.demo["figures"], at_utc=at_utc)
