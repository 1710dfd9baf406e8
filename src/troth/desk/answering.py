"""Answering a request in the console: the messages beside it, the reply, its draft, and ten seconds to undo it.

An answer is sent to someone who wrote last: when anything was added since the page was opened, it is shown first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import events
from troth.cases.actions import CaseProblem
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread import CaseMessage, copies, drafts, merging, writing
from troth.cases.thread.reading import ShownMessage
from troth.collection.forms.types.attachments import FilesField, file_field
from troth.desk import joined, reversing, snippets, undone, weaving
from troth.desk.acts import DATE, ActForm, DeskAct, Doing, Field, read_id
from troth.desk.models import Snippet
from troth.desk.reading import Step
from troth.desk.staff import user_of
from troth.desk.times import find_times
from troth.queries import PreparedQuery, Slot
from troth.site import site
from troth.text import code
from troth.wording import Words

MOST = 10_000
"""Characters of one answer."""
_LEAVING = PreparedQuery(
    lambda: CaseMessage.objects.filter(case=Slot("case"), who=Slot("who"), leaves_utc__gt=Slot("now")).order_by(
        "-at_utc", "-id"
    )
)
_LAST, _NEXT, _COPY = "last", "next", "copy"
_LONGEST_WAIT = timedelta(days=366)


def describe(
    request: HttpRequest, case: Case, contact: object, steps: Sequence[Step], forms: Sequence[ActForm]
) -> Mapping[str, object]:
    """What the panel shows beside the messages: the answer as far as it is written, and who else writes one.

    Once its contact was read, notes and events are among them, and in Activity before; the form for a note is under
    them then, and among the acts before."""
    if case.person_id is None or not kind_of(case).talks:
        return {}
    who, now = user_of(request).who, timezone.now()
    leaving = _LEAVING.first(case=case.pk, who=who, now=now)
    draft = drafts.find(case.pk, who) if leaving is None else None
    words = draft.words if draft else ""
    shown: tuple[ShownMessage, ...] = getattr(contact, "messages", ())
    is_read = bool(shown or getattr(contact, "values", ()))  # who asked by a form may have left no message
    return {
        "talks": True,
        **(_weave(shown, steps, forms) if is_read else {}),
        "messages": merging.count_messages(case),
        "in_copy": copies.list_of(case) if shown and copies.may_answer(case) else (),
        "copied": _read_copies(request, case),
        "answers": writing.can_answer(case) and is_read,
        "typed": request.POST.get("words", words),
        # What another form sent has the same name, such as a note, and is for nobody outside.
        **({"typed": words} if any(form.open for form in forms) else {}),
        "draft": draft,
        "leaving": leaving,
        "snippets": snippets.list_snippets(),
        "then": _list_then(case),
        "then_chosen": request.POST.get("then", draft.then if draft else ""),
        "remind": request.POST.get("remind", draft.remind if draft else ""),
        "splits": merging.can_split(case),
        "attaching": _file_field(case),
        "times": find_times(case),
        "tomorrow": timezone.localdate(now, site().brand.zone) + timedelta(days=1),
    }


def _weave(shown: Sequence[ShownMessage], steps: Sequence[Step], forms: Sequence[ActForm]) -> Mapping[str, object]:
    notes = [step for step in steps if step.note]
    said = [*((each.at_utc, each.id) for each in shown), *((each.at_utc, each.id) for each in notes if each.id)]
    return {
        "conversation": weaving.weave(shown, steps),
        "last": max(said)[1] if said else "",
        "note_count": len(notes),
        "steps": (),
        "beside": (beside := [form for form in forms if form.act.talk]),
        "noting": any(form.open for form in beside),
        "forms": [form for form in forms if not form.act.talk],
    }


def _file_field(case: Case) -> FilesField | None:
    kind = writing.find_file_kind(case)
    return file_field(kind, required=False) if kind else None


def _read_files(doing: Doing) -> str:
    """What was attached, packed; "" for nothing."""
    chosen, field = doing.request.FILES.getlist(writing.FILES), _file_field(doing.case)
    if not chosen or field is None:
        return ""
    try:
        return field.clean(chosen)
    except ValidationError as problem:
        raise CaseProblem(" ".join(problem.messages), writing.FILES) from problem


def _reply(doing: Doing) -> HttpResponse:
    return undone.send_on(doing, _answer(doing).pk, undone.find_page(doing.request))


def _answer(doing: Doing) -> CaseMessage:
    _refuse_unfilled(doing.values["words"])
    last = read_id(doing.request.POST.get(_LAST, ""))
    try:
        return writing.answer(
            doing.case.pk,
            words=doing.values["words"],
            at_utc=doing.at_utc,
            who=doing.who,
            last=last,
            files=_read_files(doing),
            copy_to=_read_copies(doing.request, doing.case),
            then=doing.values["then"],
            remind_utc=_read_reminder(doing),
        )
    except CaseProblem:
        _save_draft(doing)
        raise


def _read_reminder(doing: Doing) -> datetime | None:
    """When it is our turn again, of an answer after which we wait for the person."""
    day = doing.values["remind"]
    if day and doing.values["then"] != writing.WAIT:
        raise CaseProblem(_("A reminder is for waiting: choose “Wait for a reply”, or clear the date."), "remind")
    return _read_day(day, doing.at_utc, field="remind") if day else None


def _reply_and_next(doing: Doing) -> HttpResponse:
    """To the next of the list, or the same again where it was the last one."""
    message, following = _answer(doing), doing.request.POST.get(_NEXT, "")
    if not following.startswith("/console/") or "//" in following or "\\" in following:
        return undone.send_on(doing, message.pk, undone.find_page(doing.request), last=True)
    return undone.send_on(doing, message.pk, following)


def _refuse_unfilled(words: str) -> None:
    if field := snippets.find_unfilled(words):
        raise CaseProblem(_("Fill in %(field)s, or delete it, before you send.") % {"field": field}, "words")


def _insert(doing: Doing) -> None:
    """A snippet under what is written so far, with its fields filled: together they are the draft."""
    chosen = Snippet.objects.get(pk=int(doing.values["snippet"]))
    filled = snippets.fill(chosen.words, snippets.find_values(doing.request, doing.case))
    words = "\n\n".join(filter(None, (doing.values["words"].rstrip(), filled)))
    if len(words) > MOST:
        raise CaseProblem(_("With this snippet, your answer is too long. Shorten it first."), "words")
    _keep(doing, words)


def _choices(case: Case) -> Sequence[tuple[str, Words]]:
    return [(str(each.pk), each.name) for each in snippets.list_snippets()]


def _save_draft(doing: Doing) -> None:
    _keep(doing, doing.values["words"])


def _keep(doing: Doing, words: str) -> None:
    """The words, and the choices for the time after sending."""
    then, remind = doing.values["then"], doing.values["remind"]
    drafts.save(doing.case.pk, doing.who, words, at_utc=doing.at_utc, then=then, remind=remind)


def _undo(doing: Doing) -> None:
    message = read_id(doing.request.POST.get("message", ""))
    if message is None:
        raise CaseProblem(_("This answer has been sent and can’t be undone. Write again to correct it."))
    writing.undo(message, at_utc=doing.at_utc, who=doing.who)


def _wait(doing: Doing) -> HttpResponse:
    """No answer is due until the morning of a day."""
    return undone.wait(doing, _read_day(doing.values["until"], doing.at_utc), doing.values["until"])


def _resume(doing: Doing) -> HttpResponse:
    return undone.resume(doing, kind_of(doing.case).clock(doing.at_utc).due_utc)


def _find_wait(case: Case) -> Mapping[str, str]:
    until = case.waits_until_utc if case.waits_for == Case.LATER else None
    return {"until": timezone.localdate(until, site().brand.zone).isoformat() if until else ""}


def _reopen(doing: Doing) -> None:
    due = kind_of(doing.case).clock(doing.at_utc).due_utc
    events.add(doing.case, "reopened", who=doing.who, at_utc=doing.at_utc, change={"nature": "", "due_utc": due})


def _read_day(text: str, at_utc: datetime, *, field: str = "until") -> datetime:
    """The morning of a day.   Raises  CaseProblem, with the field."""
    try:
        day = parse_date(code(text, most=10)) if text else None
    except ValueError:  # such as the 31st of February
        day = None
    if day is None:
        raise CaseProblem(_("Enter a date as year, month and day, such as 2026-11-30."), field)
    until = datetime(day.year, day.month, day.day, 8, tzinfo=site().brand.zone)
    if not at_utc < until < at_utc + _LONGEST_WAIT:
        raise CaseProblem(_("Choose a later date, not too far ahead."), field)
    return until


def _read_copies(request: HttpRequest, case: Case) -> list[UUID]:
    """People in copy of the request who were chosen for this answer."""
    chosen = request.POST.getlist(_COPY)
    known = {str(one.id): one.id for one in copies.list_of(case)} if chosen else {}
    return [known[each] for each in chosen if each in known]


def _list_then(case: Case) -> Sequence[tuple[str, Words]]:
    """What may become of it once it is answered; nothing to choose where a law has its clock."""
    if case.law_utc:
        return []
    closes = [(writing.CLOSE, _("Close the request"))] if writing.can_close(case) else []
    return [(writing.WAIT, _("Wait for a reply")), (writing.KEEP, _("Keep it open")), *closes]


_WORDS = Field(
    "words", gettext_lazy("Message"), least=1, most=MOST, breaks=True, wrong=gettext_lazy("Write your answer first.")
)
_UNTIL = Field(
    "until",
    gettext_lazy("Wait until"),
    least=8,
    most=10,
    wrong=gettext_lazy("Enter a date as year, month and day, such as 2026-11-30."),
    look=DATE,
)
_THEN = Field(
    "then",
    gettext_lazy("After sending"),
    choices=_list_then,
    wrong=gettext_lazy("Choose from the list what happens after sending."),
    needed=False,
)
_REMIND = Field(
    "remind",
    gettext_lazy("Remind us on"),
    least=0,
    most=10,
    wrong=gettext_lazy("Enter a date as year, month and day, such as 2026-11-30."),
    needed=False,
    look=DATE,
)
_SO_FAR = Field("words", gettext_lazy("Message"), least=0, most=MOST, breaks=True, needed=False)
_SNIPPET = Field(
    "snippet", gettext_lazy("Snippet"), choices=_choices, wrong=gettext_lazy("Choose a snippet from the list.")
)
_RESUME = DeskAct(
    do="resume",
    button=gettext_lazy("Stop waiting"),
    run=_resume,
    fits=merging.has_our_clock,
    shown=lambda case: case.state == Case.OPEN and bool(case.waits_for),
)
ANSWERING = (
    DeskAct(do="reply", button=gettext_lazy("Send"), run=_reply, fields=(_WORDS, _THEN, _REMIND), own=True, takes=True),
    DeskAct(
        do="reply-next",
        button=gettext_lazy("Send and next"),
        run=_reply_and_next,
        fields=(_WORDS, _THEN, _REMIND),
        own=True,
        takes=True,
    ),
    DeskAct(do="draft", button=gettext_lazy("Save draft"), run=_save_draft, fields=(_WORDS, _THEN, _REMIND), own=True),
    DeskAct(
        do="insert",
        button=gettext_lazy("Insert"),
        run=_insert,
        fields=(_SNIPPET, _SO_FAR, _THEN, _REMIND),
        own=True,
    ),
    DeskAct(do="undo", button=gettext_lazy("Undo"), run=_undo, own=True, shown=lambda case: True),
    DeskAct(
        do="wait",
        button=gettext_lazy("Wait until a date"),
        run=_wait,
        fields=(_UNTIL,),
        fits=merging.has_our_clock,
        shown=lambda case: case.state == Case.OPEN,
        effect=lambda case, typed: _("No answer is due until that morning. A message from the person ends the wait."),
        many=True,
        suits=lambda kind: kind.talks and kind.finish is not None,  # all others have a law’s clock
        now=_find_wait,
        clear=_RESUME,
        reverse=reversing.make(
            "wait-back",
            gettext_lazy("Undo waiting until a date"),
            undone.wait_as_before,
            now=undone.list_wait,
            fields=undone.WAIT,
            events=("waits", "resumed", "wrote", "replied", "reopened"),
            shown=lambda case: case.state == Case.OPEN,
        ),
    ),
    _RESUME,
    *joined.JOINING,
    DeskAct(
        do="reopen",
        told=gettext_lazy("You opened %(number)s again."),
        button=gettext_lazy("Open again"),
        run=_reopen,
        fits=lambda case: kind_of(case).reopens and case.nature not in (Case.ERASED, Case.JOINED),
        shown=lambda case: case.state in (Case.ANSWERED, Case.WITHDRAWN),
    ),
)
