"""Privacy requests and what came of them, as sentences of her history."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases.kinds import KINDS
from troth.desk.room import EntryKind, Names
from troth.policy.terms import Policy
from troth.records.ledger import Entry
from troth.words.people import reader
from troth.words.values import kinds_in_words


def _requested(entry: Entry, policy: Policy, names: Names) -> SafeString:
    """What was asked, by the case's own title; a request of an earlier time by its reason."""
    kind = KINDS.get(str(entry.payload.get("case", "")))
    if kind is None:
        return format_html("{}. {}", _("Asked for"), entry.reason)
    if entry.who == "person":
        return format_html(_("You made a privacy request: <strong>{}</strong>."), kind.title)
    made = _("{} made a privacy request for you: <strong>{}</strong>.")
    return format_html(made, reader(entry.who, names), kind.title)


def _approved(entry: Entry, policy: Policy, names: Names) -> SafeString:
    steps = {"erasure": _("that your data are deleted"), "export": _("that your data are exported")}
    step = steps.get(str(entry.payload.get("what", "")), _("that your data are given out"))
    return format_html(_("{} agreed {}. Two members of staff must."), reader(entry.who, names), step)


def _erased_in_part(entry: Entry, policy: Policy, names: Names) -> SafeString:
    gone = kinds_in_words(policy, entry.kinds)
    kept = kinds_in_words(policy, [str(kind) for kind in entry.payload.get("kept", [])])
    return format_html(_("Deleted at your request: {}. A law makes us keep: {}."), gone, kept)


def _ended(entry: Entry, policy: Policy, names: Names) -> SafeString:
    return format_html("{}", _("What you asked for ended, because your data was deleted."))


def _erased(entry: Entry, policy: Policy, names: Names) -> SafeString:
    return format_html("{}. {}", _("Erased"), entry.reason)


ENTRIES = (
    EntryKind("requested", gettext_lazy("asked for"), _requested),
    EntryKind("approved", gettext_lazy("approved"), _approved),
    EntryKind("erased in part", gettext_lazy("erased in part"), _erased_in_part),
    EntryKind("ended", gettext_lazy("ended"), _ended, "kept"),
    EntryKind("erased", gettext_lazy("erased"), _erased),
)
