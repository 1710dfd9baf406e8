"""Answering a request in the console: the messages beside it, the reply, its draft, and ten seconds to undo it.

An answer is sent to someone who wrote last: when anything was added since the page was opened, it is shown first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases.actions import CaseProblem
from troth.cases.emails import can_reach, can_write
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread import CaseMessage, copies, drafts, merging, writing
from troth.collection.forms.types.attachments import FilesField, file_field
from troth.desk import notices, reading
from troth.desk.acts import snippets, undoing, waiting, weaving
from troth.desk.acts.act import DATE, DeskAct, Doing, Field
from troth.desk.acts.form import ActForm
from troth.desk.acts.times import find_times
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.models import Snippet
from troth.desk.reading import Contact
from troth.desk.staff import ANSWER, user_of
from troth.desk.steps import Step
from troth.site import site
from troth.text import read_id
from troth.wording import Words

MOST = 10_000
"""Characters of one answer."""
_LAST, _NEXT, _COPY = "last", "next", "copy"
SENT_ON, UNSENT = "requests/sent on", "requests/unsent"


def describe(
    request: HttpRequest,
    case: Case,
    found: Sequence[CaseMessage],
    contact: Contact | None,
    steps: Sequence[Step],
    forms: Sequence[ActForm],
) -> Mapping[str, object]:
    """What the panel shows beside the messages: the answer as far as it is written, and who else writes one.

    Once its contact was read, notes and events are among them, and in Activity before; the form for a note is under
    them then, and among the acts before.

    Takes   found: its messages, oldest first"""
    if case.person_id is None or not kind_of(case).talks:
        return {}
    who, now = user_of(request).who, timezone.now()
    leaving = next((each for each in reversed(found) if each.who == who and (each.leaves_utc or now) > now), None)
    draft = drafts.find(case.pk, who) if leaving is None else None
    words = draft.words if draft else ""
    shown = contact.messages if contact else ()
    emails = shown and any(each.way == "email" for each in found)  # only they name people in copy
    is_read = bool(contact and (shown or contact.values))  # who asked by a form may have left no message
    answers = writing.can_answer(case) and is_read
    mailed = answers and (bool(contact and contact.address) or can_write(case))
    reached = mailed or (answers and can_reach(case))
    return {
        "talks": True,
        **(_weave(contact, steps, forms) if contact and is_read else {}),
        "messages": len(found),
        "all_messages": _find_all(request),
        "in_copy": copies.list_of(case) if emails and copies.may_answer(case) else (),
        "copied": _read_copies(request, case),
        "answers": reached,
        "mailed": mailed,
        "unreached": answers and not reached,
        "typed": request.POST.get("words", words),
        # What another form sent has the same name, such as a note, and is for nobody outside.
        **({"typed": words} if any(form.open for form in forms) else {}),
        "draft": draft,
        "leaving": leaving,
        "snippets": snippets.list_snippets(),
        "then": _list_then(case),
        "then_chosen": request.POST.get("then", draft.then if draft else ""),
        "remind": request.POST.get("remind", draft.remind if draft else ""),
        "splits": merging.can_part(case, len(found)),
        "attaching": _file_field(case),
        "times": find_times(case, found),
        "tomorrow": timezone.localdate(now, site().brand.zone) + timedelta(days=1),
    }


def _find_all(request: HttpRequest) -> str:
    """The address of the same page with all messages of a long conversation."""
    query = request.GET.copy()
    query[reading.MESSAGES] = reading.ALL
    return f"{request.path}?{query.urlencode()}#messages-h"


def _weave(contact: Contact, steps: Sequence[Step], forms: Sequence[ActForm]) -> Mapping[str, object]:
    notes, shown = [step for step in steps if step.note], contact.messages
    said = [*((each.at_utc, each.id) for each in shown), *((each.at_utc, each.id) for each in notes if each.id)]
    return {
        "conversation": weaving.weave(shown, steps, contact.left_out),
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
    return _send_on(doing, _answer(doing).pk, undoing.find_page(doing.request))


def _answer(doing: Doing) -> CaseMessage:
    _refuse_unfilled(doing.values["words"])
    last = read_id(doing.request.POST.get(_LAST, ""))
    try:
        if not can_reach(doing.case):
            raise CaseProblem(_("We can’t email this person, and they have no account. Answer by phone or mail."))
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
    return waiting.read_day(day, doing.at_utc, field="remind") if day else None


def _reply_and_next(doing: Doing) -> HttpResponse:
    """To the next of the list, or the same again where it was the last one."""
    message, following = _answer(doing), doing.request.POST.get(_NEXT, "")
    if not following.startswith("/console/") or "//" in following or "\\" in following:
        return _send_on(doing, message.pk, undoing.find_page(doing.request), last=True)
    return _send_on(doing, message.pk, following)


def _send_on(doing: Doing, message: UUID, page: str, *, last: bool = False) -> HttpResponse:
    """To the page of a request, the next or the same, that says that the answer to this one leaves, and can undo it.

    Takes   last: whether the next one was asked for, and the list had none"""
    facts = (str(doing.case.pk), str(message), doing.request.path, last)
    return notices.lead_on(doing.request, PerformedAct(SENT_ON, facts, doing.at_utc, page))


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


def _tell_sent_on(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    _case, message, path, last = act.facts
    left = act.at_utc + writing.UNDO
    leaves = timezone.now() < left and CaseMessage.objects.filter(pk=message).exists()
    if leaves and case.events.filter(what="closing", at_utc=act.at_utc).exists():
        sentence = _("Your answer to %(number)s leaves in a few seconds and closes it.")
    elif leaves:
        sentence = _("Your answer to %(number)s leaves in a few seconds.")
    elif case.state == Case.ANSWERED:
        sentence = _("You answered %(number)s and closed it.")
    else:
        sentence = _("You answered %(number)s.")
    assigned = [_("It’s assigned to you.")] if case.assigned_to == user_of(request).username else []
    return DoneNotice(
        sentences=(sentence % {"number": case.number}, *assigned),
        then=_("It was the last one of this list to answer.") if last else "",
        address="" if _is_at(act, path) else path,
        button=_("Open it"),
        undoable=leaves,
        until_utc=left,
    )


def _undo_sent_on(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct:
    writing.undo(UUID(act.facts[1]), at_utc=timezone.now(), who=user_of(request).who)
    return PerformedAct(UNSENT, act.facts, timezone.now(), act.page)


def _tell_unsent(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    here, path = _is_at(act, act.facts[2]), act.facts[2]
    sentence = _("Your answer to %(number)s wasn’t sent. It’s a draft.") % {"number": case.number}
    return DoneNotice(sentences=(sentence,), address="" if here else path, button=_("Open it"), undoable=False)


def _is_at(act: PerformedAct, path: str) -> bool:
    """Whether the page that tells of the act is that of the request itself."""
    return act.page.partition("?")[0] == path


_WORDS = Field(
    "words", gettext_lazy("Message"), least=1, most=MOST, breaks=True, wrong=gettext_lazy("Write your answer first.")
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
)
DONE: Mapping[str, DoneKind] = {
    SENT_ON: undoing.make_done(ANSWER, _tell_sent_on, _undo_sent_on),
    UNSENT: undoing.make_done(ANSWER, _tell_unsent),
}
