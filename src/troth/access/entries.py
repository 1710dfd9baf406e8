"""What every room does with data, as sentences of their history: collected, used, given to others, written about."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import outbox
from troth.access import looks
from troth.desk.room import EntryKind, Names
from troth.desk.topics import question_title
from troth.outbox import emails
from troth.policy.meaning import topic_question
from troth.policy.terms import Policy
from troth.records.ledger import LedgerEntry
from troth.words.people import colleague, is_colleague, reader
from troth.words.values import MOST_NAMED, kinds_in_words

CORRECTED = "corrected by the person"
"""The way of a value that took the place of another one. Its place is that of the former one."""
RESTORED = "restored by the person"
"""The way of a value that came back when its owner undid a change."""


def _what(entry: LedgerEntry, policy: Policy, names: Names) -> str:
    """Your name and email; of many, how many, and that they gave them where their history says so."""
    number = len(entry.kinds)
    if number <= MOST_NAMED:
        return _("your %(kinds)s") % {"kinds": kinds_in_words(policy, entry.kinds)}
    if all(f"given {kind}" in names for kind in entry.kinds):
        return _("the %(number)s things you gave us") % {"number": number}
    return _("%(number)s things about you") % {"number": number}


def _say_collected(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    place = policy.collects.get(str(entry.payload.get("channel", "")))
    where = place.title if place else str(entry.payload.get("channel", ""))
    kinds = kinds_in_words(policy, entry.kinds)
    if entry.payload.get("way") == CORRECTED:
        return format_html(_("You gave us your new {}. It replaces what you gave in “{}”."), kinds, where)
    if entry.payload.get("way") == RESTORED:
        return format_html(_("You undid a change, so we hold your {} from “{}” again."), kinds, where)
    if entry.who == "person" and len(entry.kinds) > MOST_NAMED:
        return format_html(_("You gave us {} things in “{}”."), len(entry.kinds), where)
    if entry.who == "person":
        return format_html(_("You gave us your {} in “{}”."), kinds, where)
    if is_colleague(entry.who):
        by = colleague(entry, names)
        return format_html(_("{} gave us your {} in “{}”."), by, kinds, where)
    if entry.who.partition(":")[0] in ("staff", "agent"):
        return format_html(_("{} gave us your {} in “{}”."), reader(entry.who, names), kinds, where)
    return format_html(_("We recorded your {} in “{}”."), kinds, where)


def _say_used(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    kinds = _what(entry, policy, names)
    if entry.who == "person":
        return format_html(looks.sentence_of(entry.reason), kinds)
    if entry.who == "program:outbox":
        return format_html(_("We used {} to send an email."), kinds)
    if people := entry.payload.get("people"):
        return format_html(
            _("{} used {} together with that of others (people in all: {}). Reason: {}"),
            reader(entry.who, names),
            kinds,
            intcomma(people),
            entry.reason,
        )
    if entry.who.startswith("staff:"):  # what someone typed is no half of our sentence
        return format_html(_("{} read {}. Reason: {}"), reader(entry.who, names), kinds, entry.reason)
    return format_html(_("{} used {} {}."), reader(entry.who, names), kinds, entry.reason)


def _say_selected(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    topic = str(entry.payload.get("topic", ""))
    return format_html(
        _("{} looked up who we may contact for “{}”: {} people, including you."),
        reader(entry.who, names),
        question_title(policy, topic_question(entry.purpose, topic) if topic else entry.purpose),
        intcomma(entry.payload.get("people", 0)),
    )


def _say_disclosed(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    kinds = _what(entry, policy, names)
    if undelivered := names.get(f"mail {entry.id}"):
        return format_html(
            _("We haven’t delivered {} to <strong>{}</strong> yet. {}"), kinds, entry.recipient_name, undelivered
        )
    return format_html(_("<strong>{}</strong> received {}."), entry.recipient_name, kinds)


def _say_notified(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    to = str(entry.payload.get("to", "person"))
    if to == "person":
        return format_html(_("We sent you an email: {}."), _about(entry))
    return format_html(_("We sent an email to <strong>{}</strong>: {}."), entry.payload.get("name", to), _about(entry))


def _say_held_back(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    if to := entry.payload.get("name"):
        return format_html(_("We did <strong>not</strong> send this email to {}: {}."), to, _about(entry))
    return format_html(_("We did <strong>not</strong> send you this email: {}."), _about(entry))


def _not_delivered(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    to, why = str(entry.payload.get("name", _("you"))), outbox.why_in_words(str(entry.payload.get("code", "")))
    return format_html(_("We couldn’t deliver an email to {}: {}. The email: {}."), to, why, _about(entry))


def _say_answered(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    """Who noted it; the person who wrote the answer may be someone else."""
    number = entry.payload.get("number", "")
    return format_html(_("{} marked your request {} as answered."), reader(entry.who, names), number)


def _say_refused(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    """Who wanted what, and that the policy said no. What someone typed is separate, in their own words."""
    kinds = kinds_in_words(policy, entry.kinds)
    if entry.who == "person":
        return format_html(
            _("We could <strong>not</strong> show you your {}: our privacy policy does not allow it."), kinds
        )
    if entry.who == "program:outbox":
        return format_html(_("We did <strong>not</strong> use your {} to send an email."), kinds)
    if entry.who.startswith("staff:"):
        told = _("{} asked to see your {} and was <strong>not</strong> allowed to. Reason given: {}")
        return format_html(told, reader(entry.who, names), kinds, entry.reason)
    return format_html(_("We did <strong>not</strong> use your {} {}."), kinds, entry.reason)


def _say_expired(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    kinds = kinds_in_words(policy, entry.kinds)
    if entry.payload.get("why") == "unconfirmed":
        return format_html(_("We deleted your {} because the account wasn’t confirmed in time."), kinds)
    if entry.purpose == "organization":
        return format_html(_("We deleted your {} because the invitation a colleague sent you has ended."), kinds)
    return format_html(_("We deleted your {} because its retention period ended."), kinds)


def _about(entry: LedgerEntry) -> str:
    return emails.title_of(str(entry.payload.get("template", "")))


ENTRIES = (
    EntryKind("collected", gettext_lazy("collected"), _say_collected, "in"),
    EntryKind("used", gettext_lazy("used"), _say_used),
    EntryKind("selected", gettext_lazy("used"), _say_selected),
    EntryKind("disclosed", gettext_lazy("given to others"), _say_disclosed, "out"),
    EntryKind("notified", gettext_lazy("email sent"), _say_notified),
    EntryKind("held back", gettext_lazy("held back"), _say_held_back, "kept"),
    EntryKind("not delivered", gettext_lazy("not delivered"), _not_delivered, "stop"),
    EntryKind("answered", gettext_lazy("answered"), _say_answered),
    EntryKind("refused", gettext_lazy("held back"), _say_refused, "kept"),
    EntryKind("expired", gettext_lazy("deleted"), _say_expired, "kept"),
)
