"""Events of a request in words, for the staff who work on it."""

from collections.abc import Callable, Mapping

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from troth.cases import emails
from troth.cases.kinds import CLOSED, name_end
from troth.cases.models import Case, CaseEvent
from troth.desk.staff import staff_name
from troth.outbox.emails import title_in
from troth.security.actors import is_program
from troth.security.crew import names_of
from troth.words.codes import in_words as code_in_words

Details = Mapping[str, Callable[[str], str]]
"""Event → what its words say to people, of a room's own events."""
NO_DETAILS: Details = {}


def tell_event(event: CaseEvent, case: Case, details: Details) -> str:
    """The event in words; one that has none says itself."""
    words = {
        "asked again": _("same request made again"),
        "notice": _("status email due"),
        "erasing": _("deletion started"),
        "announced": _("account owners notified"),
        "extended": _("deadline extended"),
        "exported": _("copy provided"),
        "erased": _("data deleted"),
        "joined": _("merged with an earlier request"),
        emails.NO_EMAIL: _("no email could be sent"),
        "wrote": _("message received"),
        "replied": _("answered by message"),
        "closing": _("to be closed once that answer has left"),
        "not closed": _("not closed, as something was added before"),
        "undone": _("answer undone before it was sent"),
        "waits": _("put off until") if event.words else _("put off"),
        "resumed": _("no longer put off"),
        "reopened": _("opened again"),
        "rated": _("rated"),
        "not attached": _("attachments not taken"),
        "merged": _("merged into"),
        "took in": _("merged with this one"),
        "unmerged": _("no longer merged"),
        "let go": _("no longer merged with this one"),
        "split off": _("messages moved to"),
        "split from": _("begun with messages of"),
        "changed": _("changed"),
        "asked for": _("asked to hand it over"),
        "kept": _("kept by who has it"),
        CLOSED: _("closed"),
        "hold asked": _("hold requested"),
        "hold began": _("hold put into force"),
        "hold reviewed": _("hold kept"),
    }
    if event.what == "assigned" and not event.words:
        return _("Assigned to no one")
    code = name_end(case, event.what)
    what = capfirst(words.get(code) or code_in_words(code))
    tell = details.get(event.what)
    said = tell(event.words) if tell else _detail(event, case)
    return f"{what}: {said}" if said else what


def _detail(event: CaseEvent, case: Case) -> str:
    """The detail of an event: a code in words, or the text that was entered."""
    match event.what:
        case "assigned" | "account kept" | "account closed":
            return staff_name(event.words)
        case "reminder":
            return _("%(share)s%% of the time used") % {"share": event.words}
        case "verified" | "approved":
            return code_in_words(event.words)
        case "waits":
            day = parse_date(event.words) if event.words else None
            return date_format(day, "D, M j, Y") if day else ""
        case emails.NO_EMAIL:
            return title_in(case.purpose, event.words)
        case "announced" | emails.NOT_CLOSED:
            return ""  # whose account it is, or which answer, as an id
    return event.words


def name_actor(event: CaseEvent) -> str:
    """Names who did it, where that is not staff."""
    if event.who == "person":
        return _("the person")
    if is_program(event.who):
        # A message is written by someone: the program only added it, and doesn't know by whom it is.
        return _("by email, sender not verified") if event.what == "wrote" else _("automatic")
    return event.who.partition(":")[2] or event.who


def tell_answered(who: str) -> str:
    """Who ended a request, as in the ledger, in a sentence."""
    if who == "person":
        return _("Closed by the person")
    if is_program(who):
        return _("Closed automatically")
    return _("Marked as answered by %(name)s") % {"name": names_of([who]).get(who, who)}
