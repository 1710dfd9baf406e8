"""Their choices, as sentences of their history."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.room import EntryKind, Names
from troth.desk.topics import question_title
from troth.markup import format_html
from troth.policy.terms import Policy
from troth.records.ledger import Chosen, EntryPayload, LedgerEntry
from troth.words.people import reader


@dataclass(frozen=True, kw_only=True)
class Signal(EntryPayload):
    """How a browser's or a request's signal came."""

    way: str = ""


def _chose(entry: LedgerEntry, said: Chosen, policy: Policy, names: Names) -> SafeString:
    about = _about(entry, said, policy)
    if said.way == "same address":
        return format_html(
            _("You opted out of {} earlier. That applies here too because the email address is the same."), about
        )
    if entry.who != "person":
        told = _("{} recorded that you opted in to {}.") if said.yes else _("{} recorded that you opted out of {}.")
        return format_html(told, reader(entry.who, names), about)
    return format_html(_("You opted in to {}.") if said.yes else _("You opted out of {}."), about)


def _about(entry: LedgerEntry, said: Chosen, policy: Policy) -> str:
    """The question in the words of the choices page. The entry of an erased person no longer says which."""
    if entry.purpose not in policy.purposes:
        return _("marketing")
    return question_title(policy, said.question or entry.purpose)


def _signal(entry: LedgerEntry, said: Signal, policy: Policy, names: Names) -> SafeString:
    if said.way == "request":
        return format_html(
            "{}", _("A privacy request told us not to sell or share your data. It took effect right away.")
        )
    return format_html(
        "{}", _("Your browser sent Global Privacy Control, which tells us not to sell or share your data.")
    )


ENTRIES = (
    EntryKind("chose", gettext_lazy("your choice"), _chose, "kept", payload=Chosen),
    EntryKind("signal", gettext_lazy("your browser’s signal"), _signal, "kept", payload=Signal),
)
