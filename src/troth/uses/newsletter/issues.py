"""Issues: written, scheduled, sent by the outbox as one sending to many, and settled into a report."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.text import slugify

from troth import due, gate, outbox, queue
from troth.composing import Composed, compose, to_html, to_text
from troth.outbox import batches, claims, many, pictures, turns
from troth.uses.newsletter import report, segments
from troth.uses.newsletter.mailings import MAILINGS
from troth.uses.newsletter.models import Issue, IssueEdition, IssueRecipient
from troth.uses.newsletter.topics import title_of

PROGRAM = "program:newsletter"
BEGIN, SETTLE, DROP = "newsletter.begin", "newsletter.settle", "newsletter.drop"
TOO_LATE = timedelta(hours=6)
SETTLED_AFTER = timedelta(days=14)
LATE, REFUSALS, COMPLAINTS, BY_STAFF, GIVEN_BACK = "late", "refusals", "complaints", "staff", "given back"
ASKED, APPROVED, RETURNED = "issue approval asked", "issue approved", "issue returned"
UNAPPROVED, UNRETURNED = "issue approval undone", "issue return undone"
DELETED, RESTORED = "issue deleted", "issue restored"
SCHEDULED, UNSCHEDULED, STOPPED, RESUMED = "issue scheduled", "issue unscheduled", "issue stopped", "issue resumed"
"""What staff do with an issue, as the activity log has it."""
State = Issue.Stage


class NotNow(Exception):
    """The issue is in another state by now."""


class EditedMeanwhile(Exception):
    """Another version was saved since the page was loaded."""


class SamePerson(Exception):
    """The author of a notice doesn't publish it."""


class NeedsTwo(Exception):
    """A notice is not scheduled by one person alone."""


@dataclass(frozen=True, kw_only=True)
class IssueFacts(outbox.EmailFacts):
    """Which edition of which issue, and the topic's title, as it is the reason for the email."""

    issue: str
    edition: str
    topic: str


@dataclass(frozen=True, kw_only=True)
class WrittenIssue:
    """What was written, and for whom. `covered`: a notice about an upgrade; `pace`: emails an hour, 0 for no limit."""

    purpose: str
    topic: str
    subject: str
    text: str
    segment: Any
    language: str
    covered: bool = False
    pace: int = 0


def save(
    id: UUID | None,
    written: WrittenIssue,
    *,
    who: str,
    at_utc: datetime,
    since: int | None = None,
    new: UUID | None = None,
) -> Issue:
    """The draft with its new edition; the one before where nothing was changed.

    Takes   since: the edition that was changed, as the page had it; new: the id of one that isn't saved yet
    Raises  NotNow: it is scheduled or sent; EditedMeanwhile"""
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=id) if id else Issue(id=new or gate.new_id(), edition=0)
        if issue.state != State.DRAFT:
            raise NotNow
        if issue.edition and all(getattr(issue, name) == value for name, value in vars(written).items()):
            return issue
        if since is not None and since != issue.edition:
            raise EditedMeanwhile
        for name, value in vars(written).items():
            setattr(issue, name, value)
        issue.saved_by, issue.saved_utc, issue.edition, issue.why = who, at_utc, issue.edition + 1, ""
        issue.save(force_insert=id is None)
        issue.editions.create(
            edition=issue.edition, subject=issue.subject, text=issue.text, saved_by=who, saved_utc=at_utc
        )
    return issue


def delete(id: UUID, *, since: int | None, until_utc: datetime) -> None:
    """The draft is out of sight, and gone for good at that time.   Raises  NotNow; EditedMeanwhile"""
    with transaction.atomic():
        issue = _in_state(id, State.DRAFT)
        if issue.edition != since:
            raise EditedMeanwhile
        issue.state = State.DELETED
        issue.save(update_fields=["state"])
        due.plan(DROP, about=id, steps={"": until_utc})


def restore(id: UUID) -> None:
    """The deleted draft as it was.   Raises  NotNow: it is gone."""
    with transaction.atomic():
        issue = Issue.every.select_for_update().filter(pk=id, state=State.DELETED).first()
        if issue is None:
            raise NotNow
        due.cancel(DROP, about=id)
        issue.state = State.DRAFT
        issue.save(update_fields=["state"])


def drop(id: UUID) -> None:
    """The deleted draft gone, with all its versions."""
    Issue.every.filter(pk=id, state=State.DELETED).delete()


def ask_second(id: UUID, *, who: str, for_utc: datetime) -> Issue:
    """The notice as it is waits for someone else, who publishes it or returns it.   Raises  NotNow."""
    with transaction.atomic():
        issue = _in_state(id, State.DRAFT)
        issue.state, issue.asked_by, issue.approved_by, issue.scheduled_utc = State.REVIEW, who, "", for_utc
        issue.why = ""
        issue.save(update_fields=["state", "asked_by", "approved_by", "scheduled_utc", "why"])
    return issue


def approve(id: UUID, *, who: str, at_utc: datetime) -> Issue:
    """Published by a second person: it is sent at its time, or now.   Raises  NotNow, SamePerson."""
    with transaction.atomic():
        issue = _in_state(id, State.REVIEW)
        if who in (issue.asked_by, issue.saved_by) or issue.scheduled_utc is None:
            raise SamePerson
        issue.state, issue.approved_by = State.SCHEDULED, who
        issue.scheduled_utc = max(issue.scheduled_utc, at_utc)
        issue.save(update_fields=["state", "approved_by", "scheduled_utc"])
        due.plan(BEGIN, about=id, steps={"": issue.scheduled_utc})
    return issue


def unapprove(id: UUID) -> None:
    """It waits for a second person again.   Raises  NotNow."""
    with transaction.atomic():
        issue = _in_state(id, State.SCHEDULED)
        due.cancel(BEGIN, about=id)
        issue.state, issue.approved_by = State.REVIEW, ""
        issue.save(update_fields=["state", "approved_by"])


def give_back(id: UUID, *, who: str = "") -> None:
    """A draft again, to be changed by who wrote it, who may have returned it alone.   Raises  NotNow."""
    with transaction.atomic():
        issue = _in_state(id, State.REVIEW)
        issue.state, issue.scheduled_utc = State.DRAFT, None
        issue.why = "" if who and who == issue.asked_by else GIVEN_BACK
        issue.save(update_fields=["state", "why", "scheduled_utc"])


def schedule(id: UUID, *, for_utc: datetime) -> Issue:
    """The issue planned for that time; a time that has passed means now.   Raises  NotNow, NeedsTwo."""
    with transaction.atomic():
        issue = _in_state(id, State.DRAFT)
        if MAILINGS[issue.purpose].two_people:
            raise NeedsTwo
        issue.state, issue.scheduled_utc = State.SCHEDULED, for_utc
        issue.save(update_fields=["state", "scheduled_utc"])
        due.plan(BEGIN, about=id, steps={"": for_utc})
    return issue


def unschedule(id: UUID) -> None:
    """A draft again.   Raises  NotNow."""
    with transaction.atomic():
        issue = _in_state(id, State.SCHEDULED)
        due.cancel(BEGIN, about=id)
        issue.state, issue.scheduled_utc, issue.approved_by = State.DRAFT, None, ""
        issue.save(update_fields=["state", "scheduled_utc", "approved_by"])


def begin(id: UUID, *, at_utc: datetime) -> None:
    """What was scheduled starts; what is more than six hours late waits for a member of staff instead."""
    issue = Issue.objects.select_for_update().filter(pk=id, state=State.SCHEDULED).first()
    if issue is None or issue.scheduled_utc is None:
        return
    if at_utc > issue.scheduled_utc + TOO_LATE:
        issue.state, issue.why = State.STOPPED, LATE
    else:
        issue.state, issue.begun_utc = State.SENDING, at_utc
        issue.slug = issue.slug or make_slug(issue.subject, at_utc)
        queue.defer("newsletter.send", issue=str(id))
    issue.save(update_fields=["state", "why", "begun_utc", "slug"])


def stop(id: UUID, *, why: str = BY_STAFF) -> None:
    """No further email of it leaves.   Raises  NotNow."""
    with transaction.atomic():
        issue = _in_state(id, State.SENDING)
        issue.state, issue.why = State.STOPPED, why
        issue.save(update_fields=["state", "why"])
        batches.stop(id)


def resume(id: UUID, *, at_utc: datetime) -> None:
    """It goes on with those who have not been sent it.   Raises  NotNow."""
    with transaction.atomic():
        issue = _in_state(id, State.STOPPED)
        issue.state, issue.why, issue.begun_utc = State.SENDING, "", issue.begun_utc or at_utc
        issue.slug = issue.slug or make_slug(issue.subject, at_utc)
        issue.save(update_fields=["state", "why", "begun_utc", "slug"])
        if lane := batches.resume(id, at_utc=at_utc):
            turns.wake(lane)
        queue.defer("newsletter.send", issue=str(id))


def send(id: UUID, *, at_utc: datetime) -> None:
    """The issue's people planned, chunk by chunk; killed anywhere, it goes on and doubles nothing."""
    issue = Issue.objects.get(pk=id)
    if issue.state == State.SENDING and not issue.audience:
        with suppress(batches.BatchStopped):
            _plan(issue, at_utc)


def note_stopped(id: UUID, why: str) -> None:
    """The outbox stopped it, for too many refused it or complained."""
    stopped = REFUSALS if why == claims.TOO_MANY else COMPLAINTS if why == claims.COMPLAINTS else BY_STAFF
    Issue.objects.filter(pk=id, state=State.SENDING).update(state=State.STOPPED, why=stopped)


def note_ended(id: UUID, at_utc: datetime) -> None:
    """All of its emails left; in two weeks its report is final."""
    if Issue.objects.filter(pk=id, state=State.SENDING).update(state=State.SENT, ended_utc=at_utc):
        due.plan(SETTLE, about=id, steps={"": at_utc + SETTLED_AFTER})


def name_about(id: UUID) -> str:
    """The issue in the activity log."""
    return f"issue {id}"


def make_slug(subject: str, at_utc: datetime) -> str:
    """The issue's address in the archive."""
    return f"{at_utc:%Y-%m-%d}-{slugify(subject)[:60]}"


def settle(id: UUID) -> None:
    """The report is final, and who was sent the issue is no longer kept."""
    issue = Issue.objects.select_for_update().get(pk=id)
    issue.figures = report.count(issue)
    issue.save(update_fields=["figures"])
    IssueRecipient.objects.filter(issue=issue).delete()


def make_former(issue: Issue, figures: Sequence[int], *, at_utc: datetime) -> None:
    """An invented issue of which only the final report is left, as two weeks after sending.

    Takes   figures: audience, sent, held, bounced, and how many left after it."""
    audience, sent, held, bounced, left = figures
    issue.state, issue.slug, issue.audience = State.SENT, make_slug(issue.subject, at_utc), audience
    issue.begun_utc, issue.ended_utc = at_utc, at_utc + timedelta(hours=3)
    issue.figures = {
        "audience": audience,
        "planned": audience,
        "sent": sent,
        "held": held,
        "failed": audience - sent - held,
        "left": left,
        "bounced": bounced,
        "for_good": bounced * 3 // 4,
        "complaints": audience // 3_000,
        "whys": [["refused", "topic refused", held], ["failed", "smtp 450 4.7.1", audience - sent - held]],
    }
    issue.save()


def content_of(facts: Mapping[str, Any]) -> Mapping[str, object]:
    """Subject, HTML and text of an issue, made once for all who are sent it."""
    return _render(str(facts["issue"]), int(facts["edition"]))


def read_page(issue: Issue) -> object:
    """The HTML of an issue for a page of the site, with its pictures inside."""
    html = content_of({"issue": issue.pk, "edition": issue.edition})["html"]
    if not pictures.are_in(str(html)):
        return html
    composed, language = _read_edition(str(issue.pk), issue.edition)
    with translation.override(language):
        return to_html(composed, base=settings.TROTH_BASE_URL, show=pictures.show_inside)


@lru_cache(maxsize=8)
def _render(issue: str, edition: int) -> Mapping[str, object]:
    composed, language = _read_edition(issue, edition)
    base = settings.TROTH_BASE_URL
    with translation.override(language):
        html, text = to_html(composed, base=base), to_text(composed, base=base)
    return {"subject": composed.subject, "language": language, "html": html, "text": text}


def _read_edition(issue: str, edition: int) -> tuple[Composed, str]:
    """What was saved, and its language."""
    saved = IssueEdition.objects.select_related("issue").get(issue=UUID(issue), edition=edition)
    composed = compose(saved.subject, saved.text, kind=MAILINGS[saved.issue.purpose].kind, saved=True)
    assert isinstance(composed, Composed), "only what can be read is scheduled"
    return composed, saved.issue.language


def _in_state(id: UUID, state: str) -> Issue:
    issue = Issue.objects.select_for_update().get(pk=id)
    if issue.state != state:
        raise NotNow
    return issue


def _plan(issue: Issue, at_utc: datetime) -> None:
    """Everyone whom the law lets it reach now, once for each address.   Raises  BatchStopped."""
    mailing = MAILINGS[issue.purpose]
    readers = mailing.readers(issue.topic)
    keys = {person: key for key, people in readers.items() for person in people}
    part = many.SendingPart(
        _select(issue, at_utc).packed,
        purpose=issue.purpose,
        topic=issue.topic,
        email=mailing.email,
        facts=IssueFacts(issue=str(issue.pk), edition=str(issue.edition), topic=title_of(issue.topic, issue.purpose)),
        kinds=["name"],
    )
    keep = partial(_keep_one_an_address, issue.pk, keys=keys)
    many.plan_many([part], cause=issue.pk, narrow=keep, pace=issue.pace)
    Issue.objects.filter(pk=issue.pk).update(audience=len(readers))


def _keep_one_an_address(id: UUID, people: Sequence[UUID], *, keys: Mapping[UUID, bytes]) -> list[UUID]:
    """Those of these people who get it, noted in the transaction that plans their emails."""
    if Issue.objects.select_for_update().get(pk=id).state != State.SENDING:
        raise batches.BatchStopped
    rows = (IssueRecipient(issue_id=id, person_id=each, address_key=keys[each]) for each in people if each in keys)
    IssueRecipient.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
    return list(IssueRecipient.objects.filter(issue=id, person__in=people).values_list("person_id", flat=True))


def _select(issue: Issue, at_utc: datetime) -> gate.Selection:
    """The people whom it is for, as the law decides now; each of them sees it in their history."""
    steps = segments.list_steps(
        MAILINGS[issue.purpose],
        issue.topic,
        segments.parts_of(issue.segment),
        covered=issue.covered,
        at_utc=at_utc,
    )
    segment = steps[-1][1] if steps else None
    reason = f"newsletter {issue.slug}"
    return gate.select(issue.purpose, "email", segment, who=PROGRAM, reason=reason, topic=issue.topic)
