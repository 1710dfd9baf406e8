"""Topics of the newsletter, as the policy in force lists them, and what people agree to when they confirm one."""

from hashlib import sha256

from django.utils.translation import gettext as _

from troth import in_force
from troth.desk.topics import topic_title
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


def word_consent(topic: str) -> str:
    """The sentence beside the button, and the policy's words that allow it: the text of the proof's hash."""
    asked = _("Yes, send me “%(topic)s” at the address where I got this link.") % {"topic": title_of(topic)}
    return f"{asked}\n{in_force.policy().purposes[PURPOSE].quotation}"


def hash_consent(topic: str) -> str:
    return sha256(word_consent(topic).encode()).hexdigest()
