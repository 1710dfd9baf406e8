"""Topics of the newsletter, as the policy in force lists them, and what people agree to when they confirm one."""

from hashlib import sha256

from django.utils.translation import gettext as _

from troth import in_force
from troth.desk.topics import topic_title
from troth.policy import Policy
from troth.policy.meaning import topic_question

PURPOSE = "newsletter"
CONFIRMATIONS = "confirmations"
UPDATES = "product-updates"
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


def questions_of(topic: str) -> tuple[str, ...]:
    """What a confirmation answers with yes."""
    return (PURPOSE, topic_question(PURPOSE, topic)) if topic else (PURPOSE,)


def word_consent(topic: str, policy: Policy | None = None) -> str:
    """The sentence beside the button, and the policy's words that allow it: the text of the proof's hash."""
    purpose = (policy or in_force.policy()).purposes[PURPOSE]
    title = topic_title(purpose, topic) if topic else purpose.title
    asked = _("Yes, send me “%(topic)s” at the address where I got this link.") % {"topic": title}
    return f"{asked}\n{purpose.quotation}"


def hash_consent(topic: str) -> str:
    return _hash(word_consent(topic))


def find_wording(digest: str) -> tuple[int, str] | None:
    """The version and the words of which this is the SHA-256, so that a proof can be read by anyone."""
    for number, policy in in_force.law().versions.items():
        purpose = policy.purposes.get(PURPOSE)
        for topic in ("", *(each.id for each in purpose.topics)) if purpose else ():
            words = word_consent(topic, policy)
            if _hash(words) == digest:
                return number, words
    return None


def _hash(words: str) -> str:
    return sha256(words.encode()).hexdigest()
