"""What happened with a newsletter, as sentences of their history."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.room import EntryKind, Names
from troth.desk.topics import topic_title
from troth.gate import LedgerEntry
from troth.policy.terms import Policy
from troth.uses.newsletter.topics import PURPOSE


def _say_confirmed(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    purpose, topic = policy.purposes.get(PURPOSE), str(entry.payload.get("topic", ""))
    title = topic_title(purpose, topic) if purpose and topic else _("our newsletters")
    said = _("You confirmed by email that you want “{}”. Its receipt proves which words you agreed to (SHA-256: {}).")
    return format_html(said, title, str(entry.payload.get("sha256", ""))[:16])


ENTRIES = (EntryKind("newsletter/confirmed", gettext_lazy("confirmed"), _say_confirmed, "in"),)
