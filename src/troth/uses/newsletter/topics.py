"""What people sign up for: topics of the newsletter as the policy in force lists them, and notices about the policy.

Both begin once they are confirmed by email; here is also what people agree to when they confirm.
"""

from hashlib import sha256

from django.utils.translation import gettext as _

from troth import in_force
from troth.desk.topics import topic_title
from troth.policy import Policy
from troth.policy.meaning import topic_question

PURPOSE = "newsletter"
NOTICES = "notices"
SIGNED_UP = {"form.news": PURPOSE, "form.notices": NOTICES}
"""Form → the purpose that people sign up for with it."""
CONFIRMED = "notices.confirmed"
"""The promise that notices about the policy begin once an address is confirmed; older versions confirm none."""
CONFIRMATIONS = "confirmations"
UPDATES = "product-updates"
FIXES = "fixes"
"""The purpose of notices about patches and fixes, which no opt-out covers."""
COVERED = "updates.covered"
"""The promise that a notice about an upgrade goes only to those whose maintenance covers it."""
UNCONFIRMED = "newsletter.unconfirmed"
"""The promise that says when an unconfirmed sign-up is deleted."""


def find_topic(value: str) -> str:
    """The id of the topic with the title that the form offers; empty where the policy lists no such topic."""
    topics = in_force.policy().purposes[PURPOSE].topics
    return next((topic.id for topic in topics if topic.title == value), "")


def title_of(topic: str, purpose_id: str = PURPOSE) -> str:
    """The topic as people read it; the purpose's title for the newsletter as a whole."""
    purpose = in_force.policy().purposes[purpose_id]
    return topic_title(purpose, topic) if topic else purpose.title


def questions_of(purpose: str, topic: str) -> tuple[str, ...]:
    """What a confirmation answers with yes."""
    return (purpose, topic_question(purpose, topic)) if topic else (purpose,)


def word_consent(purpose_id: str, topic: str, policy: Policy | None = None) -> str:
    """The sentence beside the button, and the policy's words that allow it: the text of the proof's hash."""
    purpose = (policy or in_force.policy()).purposes[purpose_id]
    title = topic_title(purpose, topic) if topic else purpose.title
    asked = _("Yes, send me “%(topic)s” at the address where I got this link.") % {"topic": title}
    return f"{asked}\n{purpose.quotation}"


def hash_consent(purpose: str, topic: str) -> str:
    return _hash(word_consent(purpose, topic))


def find_wording(digest: str) -> tuple[int, str] | None:
    """The version and the words of which this is the SHA-256, so that a proof can be read by anyone."""
    for number, policy in in_force.law().versions.items():
        for purpose in filter(None, map(policy.purposes.get, SIGNED_UP.values())):
            for topic in ("", *(each.id for each in purpose.topics)):
                words = word_consent(purpose.id, topic, policy)
                if _hash(words) == digest:
                    return number, words
    return None


def _hash(words: str) -> str:
    return sha256(words.encode()).hexdigest()
