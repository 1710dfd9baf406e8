"""Messages written: by the person who asked, and by staff. Each runs in one transaction with its step."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import in_force, queue
from troth.cases import events
from troth.cases.actions import CaseArrival, CaseProblem, note_answer, open_case
from troth.cases.kinds import CaseKind, Nothing, kind_of
from troth.cases.models import Case
from troth.cases.thread import alike, copies, drafts, marks
from troth.cases.thread.models import CaseMessage
from troth.collection.forms import PolicyForm
from troth.collection.intake import Intake
from troth.policy.parting import find_part
from troth.policy.terms import Kind
from troth.queries import store
from troth.records import Provenance, keep, profile
from troth.records.ids import new_id
from troth.security.actors import find_username
from troth.site import site

REPLY, ANSWER = "form.reply", "staff.answer"
"""Where the policy lets a person write about a request that is open, and lets us keep what staff answer."""
BY_EMAIL = "email.reply"
"""Where it lets what they reply by email come in."""
PLACES = frozenset({REPLY, ANSWER, BY_EMAIL})
WORDS, FILES, NOTE = "message", "attachment", "note"
UNDO = timedelta(seconds=10)
"""How long an answer can be undone before it leaves."""
WAIT, KEEP, CLOSE = "", "keep", "close"
"""What becomes of a request that is answered: it's the person's turn, still ours, or it is closed once that left."""


def can_reply(case: Case) -> bool:
    """Whether the person may write about it on its page, by its kind and by the policy."""
    return takes(case, REPLY) and (case.state in Case.LIVING or reopens(case))


def can_answer(case: Case) -> bool:
    """Whether staff may answer it here."""
    return takes(case, ANSWER) and case.state in (Case.OPEN, Case.UNVERIFIED)


def can_close(case: Case) -> bool:
    """Whether an answer may close it: staff end it by marking it as answered, and nothing else is missing."""
    return kind_of(case).finish is note_answer


def find_file_kind(case: Case) -> Kind | None:
    """What staff may attach to an answer; None where the policy doesn't state that our answers have files."""
    policy = in_force.policy()
    stated, purpose = policy.collects.get(ANSWER), policy.purposes.get(case.purpose)
    asked = stated is not None and FILES in {ask.kind for ask in stated.asks}
    used = purpose is not None and FILES in {*purpose.needs, *purpose.may_use}
    return policy.kinds[FILES] if asked and used else None


def takes(case: Case, place: str) -> bool:
    """Whether the policy and its kind let messages about it come in there."""
    stated = in_force.policy().collects.get(place)
    return case.person_id is not None and kind_of(case).talks and stated is not None and case.purpose in stated.purposes


def name_place(case: Case, place: str) -> str:
    """As what comes in there is kept: where the policy keeps its purposes apart, for the request's own alone."""
    found = find_part(in_force.policy(), place, case.purpose)
    return found.id if found else place


def reopens(case: Case) -> bool:
    """Whether it has ended in a way that a message may undo."""
    return kind_of(case).reopens and case.may_go_on


def reopen(
    case: UUID, *, ended: str, due_utc: datetime, waits_for: str, waits_until_utc: datetime | None, at_utc: datetime
) -> bool:
    """Opens it again as it was before its customer ended it; False where they left it otherwise.

    Takes   ended: the state in which they left it"""
    with transaction.atomic():
        found = Case.objects.select_for_update().get(pk=case)
        if found.state != ended or not reopens(found) or (ended == Case.ANSWERED and found.answered_by != "person"):
            return False
        change = {"nature": "", "due_utc": due_utc, "waits_for": waits_for, "waits_until_utc": waits_until_utc}
        events.add(found, "reopened", who="person", at_utc=at_utc, change=change)
    return True


def open_with(kind: CaseKind[Nothing], intake: Intake, *, queue: str = "") -> Case:
    """The request of a submission, with what it says as the first message, in the caller's transaction.

    Takes  queue: whose it is, where that isn't the kind's own"""
    case = open_case(
        kind,
        CaseArrival.of(intake),
        queue=queue,
    ).case
    if text := intake.values.get(NOTE) or intake.values.get(WORDS):
        who, way, proven = intake.who, intake.manner, intake.proven
        at_utc = case.received_utc
        row: dict[str, Any] = {"id": new_id(), "at_utc": at_utc, "who": who, "way": way, "proven": proven}
        add_message(case, case.pk, text=text, kept=intake.data, **row)
    return case


def write(case: UUID, form: PolicyForm, *, at_utc: datetime, message: UUID) -> CaseMessage:
    """What the person wrote on the request's page, kept and told to the staff who answer. An ended request opens again.

    In the caller's transaction.   Raises  CaseProblem: it takes no more messages."""
    found = Case.objects.select_for_update().get(pk=case)
    if not can_reply(found):
        raise CaseProblem(_("This request is closed and takes no more messages. Send a new one."))
    provenance = Provenance(form.collect.id, version=form.policy.version, at_utc=at_utc, way="typed into the form")
    keep(values=form.values, provenance=provenance, person=found.person_id, cause=message)
    step = "wrote" if found.state in Case.LIVING else "reopened"
    events.add(found, step, who="person", at_utc=at_utc, change=owe_answer(found, at_utc))
    return add_message(found, message, id=message, at_utc=at_utc, who="person", way="page", text=form.values[WORDS])


def add_comment(case: Case, words: str, *, at_utc: datetime) -> None:
    """What the person adds without asking for anything: a request that has ended stays as it is.

    In the caller's transaction.   Raises  CaseProblem: the policy lets nothing be written there."""
    if not takes(case, REPLY):
        raise CaseProblem(_("This request takes no messages."))
    message, place = new_id(), name_place(case, REPLY)
    provenance = Provenance(place, version=in_force.policy().version, at_utc=at_utc, way="typed into the form")
    keep(values={WORDS: words}, provenance=provenance, person=case.person_id, cause=message)
    add_message(case, message, id=message, at_utc=at_utc, who="person", way="page", text=words)


def answer(
    case: UUID,
    *,
    words: str,
    at_utc: datetime,
    who: str,
    last: UUID | None,
    files: str = "",
    copy_to: Iterable[UUID] = (),
    then: str = WAIT,
    remind_utc: datetime | None = None,
) -> CaseMessage:
    """What staff answer: kept now, and emailed once it can't be undone any more.

    Takes   last: the newest message or internal note that they saw; copy_to: people in copy whom they chose;
            files: what is attached, packed, of `find_file_kind`; then: WAIT, KEEP or CLOSE;
            remind_utc: when it's our turn again, if the person hasn't written by then.
    Raises  CaseProblem: something was added since; not open; the same text to too many today."""
    with transaction.atomic():
        found = Case.objects.select_for_update().get(pk=case)
        if not can_answer(found):
            raise CaseProblem(
                _("This request was closed, so nothing was sent. Your answer is a draft: open the request to send it.")
            )
        if _is_newer(newest := find_last(found), last):
            raise CaseProblem(_say_added(newest), "words")
        alike.refuse_many(words, who=who, at_utc=at_utc)
        message, leaves = new_id(), at_utc + UNDO
        _keep_answer(found, message, {WORDS: words, FILES: files}, at_utc=at_utc, who=who)
        turn = {} if then == KEEP else wait_for_person(found, until_utc=remind_utc)
        events.add(found, "replied", who=who, at_utc=at_utc, change=turn)
        if closes := then == CLOSE and can_close(found):
            events.add(found, "closing", who=who, at_utc=at_utc)
        remind = timezone.localdate(remind_utc, site().brand.zone).isoformat() if remind_utc else ""
        drafts.save(found.pk, who, words, at_utc=at_utc, then=then, remind=remind)  # undone, it is a draft again
        queue.defer("cases.answer", at=leaves, message=str(message), closes=closes)
        added = add_message(
            found, message, id=message, at_utc=at_utc, who=who, way="console", text=words, leaves_utc=leaves
        )
        if copies.may_answer(found):
            copies.choose(added, copy_to)
        return added


def answer_by_program(case: Case, words: str, *, at_utc: datetime, who: str) -> None:
    """What the program has to say to the person itself: kept as answers are, and emailed at once."""
    message = new_id()
    _keep_answer(case, message, {WORDS: words}, at_utc=at_utc, who=who)
    add_message(case, message, id=message, at_utc=at_utc, who=who, way="email", text=words)
    queue.defer("cases.answer", message=str(message))


def _keep_answer(case: Case, message: UUID, said: Mapping[str, str], *, at_utc: datetime, who: str) -> None:
    version = in_force.policy().version
    way = "written by staff" if find_username(who) else "written automatically"
    provenance = Provenance(name_place(case, ANSWER), version=version, at_utc=at_utc, way=way)
    values = {kind: value for kind, value in said.items() if value}
    keep(values=values, provenance=provenance, person=case.person_id, cause=message, who=who)


def undo(message: UUID, *, at_utc: datetime, who: str) -> None:
    """An answer that has not left is a draft again, as it was kept until it leaves; what was attached is deleted.

    Raises  CaseProblem: it has left, or is someone else's."""
    with transaction.atomic():
        found = CaseMessage.objects.select_for_update(of=("self",)).filter(pk=message, who=who).first()
        if found is None or found.leaves_utc is None or found.leaves_utc <= at_utc:
            raise CaseProblem(_("This answer has been sent and can’t be undone. Write again to correct it."))
        case = Case.objects.select_for_update().get(pk=found.case_id)
        for datum in filter(None, (found.words, found.files)):
            profile.remove_datum(case.asker, datum, because="removed", way="undone before it was sent", who=who)
        found.delete()
        events.add(case, "undone", who=who, at_utc=at_utc, change=_owe_as_before(case))


def find_last(case: Case) -> UUID | None:
    """The newest message or internal note, which someone who answers must have seen."""
    messages = case.messages.order_by("-at_utc", "-id").values_list("at_utc", "pk")[:1]
    notes = case.events.filter(what="note").order_by("-at_utc", "-id").values_list("at_utc", "pk")[:1]
    return max([*messages, *notes])[1] if messages or notes else None


def _is_newer(newest: UUID | None, last: UUID | None) -> bool:
    """Whether it was added after the last one that was seen, which may be gone: ids sort by time."""
    return newest is not None and newest != last and (last is None or newest > last)


def _say_added(newest: UUID | None) -> str:
    message = CaseMessage.objects.filter(pk=newest).first() if newest else None
    if message is None:
        return _("A note was added since you opened this page. Read it first, then send yours or delete it.")
    if find_username(message.who):
        return _("A colleague answered since you opened this page. Read it first, then send yours or delete it.")
    return _("The person wrote again since you opened this page. Read it first, then send your answer.")


def owe_answer(case: Case, at_utc: datetime) -> Mapping[str, Any]:
    """What the case's step changes: it is our turn again. What a law has a clock for keeps that clock."""
    change: dict[str, Any] = {"waits_for": "", "waits_until_utc": None}
    if case.state not in Case.LIVING:
        change["nature"] = ""
    return change if case.law_utc else change | {"due_utc": kind_of(case).clock(at_utc).due_utc}


def wait_for_person(case: Case, *, until_utc: datetime | None = None) -> Mapping[str, Any]:
    """What the case's step changes: it is the person's turn. What a law has a clock for keeps that clock."""
    return {} if case.law_utc else {"waits_for": Case.PERSON, "waits_until_utc": until_utc}


def _owe_as_before(case: Case) -> Mapping[str, Any]:
    return {} if case.law_utc else {"waits_for": "", "waits_until_utc": None}


def add_message(
    case: Case,
    cause: UUID,
    *,
    text: str,
    first: Case | None = None,
    kept: Mapping[str, UUID] | None = None,
    **row: Any,
) -> CaseMessage:
    """The message of the words that were just kept for this cause.

    Takes   first: the merged request that it came to; kept: kind → datum, where the caller knows."""
    held = kept if kept is not None else _find_kept(first or case, cause)
    words, files = held.get(WORDS) or held.get(NOTE), held.get(FILES)
    message = CaseMessage(case_id=case.pk, first=first, words=words, files=files, **row)
    return store(message, marks.make_row(message, text))


def _find_kept(case: Case, cause: UUID) -> dict[str, UUID]:
    return {kind: datum.id for kind, datum in profile.find_newest(case.asker, cause=cause, only=cause).items()}
