"""Events of a request in words, for the staff who work on it."""

from collections.abc import Callable, Mapping

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import emails
from troth.cases.kinds import CLOSED, name_end
from troth.cases.models import Case, CaseEvent
from troth.desk.staff import staff_name
from troth.outbox.emails import title_in
from troth.security.actors import is_program
from troth.security.crew import names_of
from troth.wording import Words
from troth.words.codes import in_words as code_in_words

Details = Mapping[str, Callable[[str], str]]
"""Event → what its words say to people, of a room's own events."""
NO_DETAILS: Details = {}
_WORDS: Mapping[str, Words] = {
    "asked again": gettext_lazy("same request made again"),
    "notice": gettext_lazy("status email due"),
    "erasing": gettext_lazy("deletion started"),
    "announced": gettext_lazy("account owners notified"),
    "extended": gettext_lazy("deadline extended"),
    "exported": gettext_lazy("copy provided"),
    "erased": gettext_lazy("data deleted"),
    "joined": gettext_lazy("merged with an earlier request"),
    emails.NO_EMAIL: gettext_lazy("no email could be sent"),
    "wrote": gettext_lazy("message received"),
    "replied": gettext_lazy("answered by message"),
    "closing": gettext_lazy("to be closed once that answer has left"),
    "not closed": gettext_lazy("not closed, as something was added before"),
    "undone": gettext_lazy("answer undone before it was sent"),
    "waits": gettext_lazy("put off until"),
    "resumed": gettext_lazy("no longer put off"),
    "reopened": gettext_lazy("opened again"),
    "rated": gettext_lazy("rated"),
    "not attached": gettext_lazy("attachments not taken"),
    "merged": gettext_lazy("merged into"),
    "took in": gettext_lazy("merged with this one"),
    "unmerged": gettext_lazy("no longer merged"),
    "let go": gettext_lazy("no longer merged with this one"),
    "split off": gettext_lazy("messages moved to"),
    "split from": gettext_lazy("begun with messages of"),
    "changed": gettext_lazy("changed"),
    "asked for": gettext_lazy("asked to hand it over"),
    "kept": gettext_lazy("kept by who has it"),
    CLOSED: gettext_lazy("closed"),
    "hold asked": gettext_lazy("hold requested"),
    "hold began": gettext_lazy("hold put into force"),
    "hold reviewed": gettext_lazy("hold kept"),
}
"""Event → the event in words; one that has none says itself."""


def tell_event(event: CaseEvent, case: Case, details: Details) -> str:
    """The event in words, with what it says besides."""
    if event.what == "assigned" and not event.words:
        return _("Assigned to no one")
    if event.what == "waits" and not event.words:
        return capfirst(_("put off"))
    code = name_end(case, event.what)
    what = capfirst(str(_WORDS.get(code) or code_in_words(code)))
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
            day = parse_date(event.words)
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
