"""Privacy requests as sentences of a history."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases.entries import RequestMade
from troth.cases.kinds import ERASE, EXPORT, find
from troth.desk.room import EntryKind, Names
from troth.markup import format_html
from troth.policy.terms import Policy
from troth.records.ledger import EntryPayload, LedgerEntry
from troth.words.people import reader
from troth.words.values import kinds_in_words


@dataclass(frozen=True, kw_only=True)
class Approved(EntryPayload):
    """To which step someone agreed."""

    what: str = ""


@dataclass(frozen=True, kw_only=True)
class ErasedInPart(EntryPayload):
    """The kinds that a law makes us keep."""

    kept: Sequence[str] = ()


def _say_requested(entry: LedgerEntry, said: RequestMade, policy: Policy, names: Names) -> SafeString:
    """The request by its kind's title; an older one by its reason."""
    kind = find(said.case)
    if kind is None:
        return format_html("{}. {}", _("Requested"), entry.reason)
    if entry.who == "person":
        return format_html(_("You made a privacy request: <strong>{}</strong>."), kind.title)
    made = _("{} made a privacy request for you: <strong>{}</strong>.")
    return format_html(made, reader(entry.who, names), kind.title)


def _say_approved(entry: LedgerEntry, said: Approved, policy: Policy, names: Names) -> SafeString:
    deletes = _("to delete your data")
    steps = {ERASE: deletes, "erasure": deletes, EXPORT: _("to export your data")}  # "erasure": in older entries
    step = steps.get(said.what, _("to disclose your data"))
    return format_html(_("{} agreed {}. Two staff members must agree."), reader(entry.who, names), step)


def _say_erased_in_part(entry: LedgerEntry, said: ErasedInPart, policy: Policy, names: Names) -> SafeString:
    gone = kinds_in_words(policy, entry.kinds)
    kept = kinds_in_words(policy, said.kept)
    return format_html(_("We deleted at your request: {}. The law requires us to keep: {}."), gone, kept)


def _say_ended(entry: LedgerEntry, said: EntryPayload, policy: Policy, names: Names) -> SafeString:
    return format_html("{}", _("Your request ended because your data was deleted."))


def _say_erased(entry: LedgerEntry, said: EntryPayload, policy: Policy, names: Names) -> SafeString:
    return format_html("{}. {}", _("Deleted"), entry.reason)


ENTRIES = (
    EntryKind("requested", gettext_lazy("requested"), _say_requested, payload=RequestMade),
    EntryKind("approved", gettext_lazy("approved"), _say_approved, payload=Approved),
    EntryKind("erased in part", gettext_lazy("partly deleted"), _say_erased_in_part, payload=ErasedInPart),
    EntryKind("ended", gettext_lazy("ended"), _say_ended, "kept"),
    EntryKind("erased", gettext_lazy("deleted"), _say_erased),
)
