"""What happened with a newsletter, as sentences of their history."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.room import EntryKind, Names
from troth.desk.topics import topic_title
from troth.gate import EntryPayload, LedgerEntry
from troth.markup import format_html
from troth.policy.terms import Policy
from troth.site import site
from troth.uses.newsletter.topics import PURPOSE
from troth.words.people import reader


@dataclass(frozen=True, kw_only=True)
class ConfirmedTopic(EntryPayload):
    """The proof of a confirmation: the topic, how it was confirmed, and the SHA-256 of the words agreed to."""

    topic: str = ""
    way: str = ""
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class RemovedInstallation(EntryPayload):
    """An installation that they or staff removed, or registered again after that."""

    number: str = ""
    product: str = ""
    removed: bool = True


def _say_confirmed(entry: LedgerEntry, said: ConfirmedTopic, policy: Policy, names: Names) -> SafeString:
    purpose = policy.purposes.get(entry.purpose or PURPOSE)
    title = topic_title(purpose, said.topic) if purpose and said.topic else purpose.title if purpose else entry.purpose
    told = _("You confirmed by email that you want “{}”. Its receipt proves that you agreed to {}.")
    words = format_html('<a href="/newsletters/wording/{}/">{}</a>', said.sha256, _("these words"))
    return format_html(told, title, words)


def _say_removed(entry: LedgerEntry, said: RemovedInstallation, policy: Policy, names: Names) -> SafeString:
    title = site().name_product(said.product) or said.product
    if entry.who == "person":
        told = _("You removed your installation {} of {}.") if said.removed else _("You registered {} of {} again.")
        return format_html(told, said.number, title)
    told = _("{} removed your installation {} of {}.") if said.removed else _("{} registered {} of {} again.")
    return format_html(told, reader(entry.who, names), said.number, title)


ENTRIES = (
    EntryKind("newsletter/confirmed", gettext_lazy("confirmed"), _say_confirmed, "in", payload=ConfirmedTopic),
    EntryKind("newsletter/installation", gettext_lazy("changed"), _say_removed, "kept", payload=RemovedInstallation),
)
