"""The demonstration's issues, from the files of the site folder: sent, scheduled or a draft, as each file says."""

from datetime import datetime, timedelta

from troth.uses.newsletter import issues
from troth.uses.newsletter.files import IssueFile

_SEVEN_IN_THE_MORNING_PST = 15


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


def _make_sent(file: IssueFile, at_utc: datetime, *, who: str, second: str) -> None:
    """An issue of which only the final report is left, as two weeks after sending."""
    saved = issues.save(None, file.written, who=who, at_utc=at_utc - timedelta(days=1))
    if second:
        saved.asked_by, saved.approved_by = who, second
    issues.make_former(saved, file.demo["figures"], at_utc=at_utc)
