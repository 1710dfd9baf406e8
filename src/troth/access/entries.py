"""The house's kinds of entries as sentences of a history: collected, used, disclosed, emailed, answered, deleted."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import outbox
from troth.access import looks
from troth.cases.entries import AnswerNoted
from troth.cases.thread.receiving import ADDED_WAY
from troth.cases.thread.writing import ANSWER
from troth.desk.room import EntryKind, Names
from troth.desk.topics import question_title
from troth.markup import format_html
from troth.outbox import emails
from troth.outbox.facts import EmailPayload
from troth.policy.meaning import topic_question
from troth.policy.terms import Policy
from troth.records.ledger import Collected, Disclosed, EntryPayload, Expired, LedgerEntry, Used
from troth.security.actors import find_username
from troth.words.people import colleague, is_colleague, reader
from troth.words.values import MOST_NAMED, kinds_in_words

CORRECTED = "corrected by the person"
"""The way of a value that took the place of another one. Its place is that of the former one."""
COMPLETED = "added with a correction by the person"
"""The way of a value that was never given and came with the correction of another one, such as a state's."""
RESTORED = "restored by the person"
"""The way of a value that came back when its owner undid a change."""


def _what(entry: LedgerEntry, policy: Policy, names: Names) -> str:
    """“your name and email”; for many kinds, how many."""
    if len(entry.kinds) > MOST_NAMED and all(f"given {kind}" in names for kind in entry.kinds):
        return _("the %(number)s details you gave us") % {"number": len(entry.kinds)}
    return _yours(entry, policy)


def _yours(entry: LedgerEntry, policy: Policy) -> str:
    """As `_what`, also of data that someone else gave us."""
    if len(entry.kinds) <= MOST_NAMED:
        return _("your %(kinds)s") % {"kinds": kinds_in_words(policy, entry.kinds)}
    return _("%(number)s details about you") % {"number": len(entry.kinds)}


def _say_collected(entry: LedgerEntry, said: Collected, policy: Policy, names: Names) -> SafeString:
    place = policy.collects.get(said.channel)
    where = place.title if place else said.channel
    kinds = kinds_in_words(policy, entry.kinds)
    if said.channel == ANSWER:
        return format_html(_("{} wrote you a message."), reader(entry.who, names))
    if said.way == ADDED_WAY:
        return format_html(_("{} added an email of someone else to your request."), reader(entry.who, names))
    if said.way == CORRECTED:
        return format_html(_("You gave us your new {}. It replaces what you gave in “{}”."), kinds, where)
    if said.way == COMPLETED:
        return format_html(_("You added your {} to what you gave in “{}”."), kinds, where)
    if said.way == RESTORED:
        return format_html(_("You undid a change, so we hold your {} from “{}” again."), kinds, where)
    if entry.who == "person" and len(entry.kinds) > MOST_NAMED:
        return format_html(_("You gave us {} details in “{}”."), len(entry.kinds), where)
    if entry.who == "person":
        return format_html(_("You gave us your {} in “{}”."), kinds, where)
    if is_colleague(entry.who):
        by = colleague(entry, names)
        return format_html(_("{} gave us {} in “{}”."), by, _yours(entry, policy), where)
    if entry.who.startswith("agent:"):
        return format_html(_("{} gave us {} in “{}”."), reader(entry.who, names), _yours(entry, policy), where)
    return format_html(_("{} recorded {} in “{}”."), reader(entry.who, names), _yours(entry, policy), where)


def _say_used(entry: LedgerEntry, said: Used, policy: Policy, names: Names) -> SafeString:
    kinds = _what(entry, policy, names)
    if entry.who == "person":
        return format_html(looks.sentence_of(entry.reason), kinds)
    if entry.who == "program:outbox":
        return format_html(_("We used {} to send an email."), kinds)
    if said.people and entry.who != "program:account":  # all of these are theirs: what they sent at several times
        return format_html(
            _("{} used {}, along with data of other people ({} in total). Reason: {}"),
            reader(entry.who, names),
            kinds,
            intcomma(said.people),
            entry.reason,
        )
    if find_username(entry.who):  # what someone typed is no half of our sentence
        return format_html(_("{} read {}. Reason: {}"), reader(entry.who, names), kinds, entry.reason)
    return format_html(_("{} used {} {}."), reader(entry.who, names), kinds, entry.reason)


def _say_selected(entry: LedgerEntry, said: Used, policy: Policy, names: Names) -> SafeString:
    return format_html(
        _("{} looked up who we may contact for “{}”: {} people, including you."),
        reader(entry.who, names),
        question_title(policy, topic_question(entry.purpose, said.topic) if said.topic else entry.purpose),
        intcomma(said.people),
    )


def _say_disclosed(entry: LedgerEntry, said: Disclosed, policy: Policy, names: Names) -> SafeString:
    kinds = _what(entry, policy, names)
    if undelivered := names.get(f"mail {entry.id}"):
        return format_html(
            _("We haven’t delivered {} to <strong>{}</strong> yet. {}"), kinds, entry.recipient_name, undelivered
        )
    return format_html(_("<strong>{}</strong> received {}."), entry.recipient_name, kinds)


def _say_notified(entry: LedgerEntry, said: EmailPayload, policy: Policy, names: Names) -> SafeString:
    if said.to in ("", "person"):
        return format_html(_("We sent you an email: {}."), _about(said))
    return format_html(_("We sent an email to <strong>{}</strong>: {}."), said.name or said.to, _about(said))


def _say_held_back(entry: LedgerEntry, said: EmailPayload, policy: Policy, names: Names) -> SafeString:
    if said.name:
        return format_html(_("We did <strong>not</strong> send this email to {}: {}."), said.name, _about(said))
    return format_html(_("We did <strong>not</strong> send you this email: {}."), _about(said))


def _not_delivered(entry: LedgerEntry, said: EmailPayload, policy: Policy, names: Names) -> SafeString:
    to, why = said.name or _("you"), outbox.why_in_words(said.code)
    return format_html(_("We couldn’t deliver an email to {}: {}. The email: {}."), to, why, _about(said))


def _say_answered(entry: LedgerEntry, said: AnswerNoted, policy: Policy, names: Names) -> SafeString:
    """Names who marked it as answered; someone else may have written the answer."""
    return format_html(_("{} marked your request {} as answered."), reader(entry.who, names), said.number)


def _say_refused(entry: LedgerEntry, said: EntryPayload, policy: Policy, names: Names) -> SafeString:
    """Names who asked for what, and that the policy refused. A typed reason stays apart from our sentence."""
    kinds = _yours(entry, policy)
    if entry.who == "person":
        return format_html(_("We could <strong>not</strong> show you {}: our privacy policy does not allow it."), kinds)
    if entry.who == "program:outbox":
        return format_html(_("We did <strong>not</strong> use {} to send an email."), kinds)
    if find_username(entry.who):
        told = _("{} asked to see {} and was <strong>not</strong> allowed to. Reason given: {}")
        return format_html(told, reader(entry.who, names), kinds, entry.reason)
    return format_html(_("We did <strong>not</strong> use {} {}."), kinds, entry.reason)


def _say_expired(entry: LedgerEntry, said: Expired, policy: Policy, names: Names) -> SafeString:
    kinds = _yours(entry, policy)
    if said.why == "unconfirmed":
        return format_html(_("We deleted {} because the account wasn’t confirmed in time."), kinds)
    if entry.purpose == "organization":
        return format_html(_("We deleted {} because the invitation a colleague sent you has ended."), kinds)
    return format_html(_("We deleted {} because the retention period ended."), kinds)


def _about(said: EmailPayload) -> str:
    return emails.title_of(said.template)


ENTRIES = (
    EntryKind("collected", gettext_lazy("collected"), _say_collected, "in", payload=Collected),
    EntryKind("used", gettext_lazy("used"), _say_used, payload=Used),
    EntryKind("selected", gettext_lazy("used"), _say_selected, payload=Used),
    EntryKind("disclosed", gettext_lazy("given to others"), _say_disclosed, "out", payload=Disclosed),
    EntryKind("notified", gettext_lazy("email sent"), _say_notified, payload=EmailPayload),
    EntryKind("held back", gettext_lazy("held back"), _say_held_back, "kept", payload=EmailPayload),
    EntryKind("not delivered", gettext_lazy("not delivered"), _not_delivered, "stop", payload=EmailPayload),
    EntryKind("answered", gettext_lazy("answered"), _say_answered, payload=AnswerNoted),
    EntryKind("refused", gettext_lazy("held back"), _say_refused, "kept"),
    EntryKind("expired", gettext_lazy("deleted"), _say_expired, "kept", payload=Expired),
)
