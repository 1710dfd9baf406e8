"""Topics of purposes: those that the policy lists, or what the site lists where the policy names that.

A further source is a name in TOPIC_SOURCES of the policy's language and a line here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from troth.policy.meaning import MARKETING, parts_of
from troth.policy.terms import Policy, Purpose, Topic
from troth.site import site


def _products() -> Sequence[Topic]:
    return [Topic(product.slug, product.name) for product in site().products.values()]


SOURCES: Mapping[str, Callable[[], Sequence[Topic]]] = {"products": _products}


@dataclass(frozen=True)
class TopicNote:
    """What a room says of one topic to someone who chooses: its last issue, or that a confirmation waits for them."""

    words: str
    waiting: bool = False


def topics_of(purpose: Purpose) -> Sequence[Topic]:
    """What people can turn on or off beneath the purpose now."""
    return SOURCES[purpose.topics_of]() if purpose.topics_of else purpose.topics


def topic_title(purpose: Purpose, topic: str) -> str:
    """Its title; its id where neither the policy nor the site lists it any longer."""
    return next((each.title for each in topics_of(purpose) if each.id == topic), topic)


def question_title(policy: Policy, question: str) -> str:
    """What a question is about, as people read it: “Newsletters: Releases” of newsletter/releases."""
    if question == MARKETING:
        return _("Offers and other marketing")
    purpose, topic = parts_of(question)
    stated = policy.purposes.get(purpose)
    if stated is None:
        return question
    if topic:
        return _("%(purpose)s: %(topic)s") % {"purpose": stated.title, "topic": topic_title(stated, topic)}
    version = question.partition("@")[2]
    return (
        _("%(purpose)s: what version %(version)s added") % {"purpose": stated.title, "version": version}
        if version
        else stated.title
    )
