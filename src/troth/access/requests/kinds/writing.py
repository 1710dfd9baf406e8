"""Requests that a person reads and answers."""

from django.utils.translation import gettext_lazy as _

from troth.cases import timing
from troth.cases.rights import RightsKind

CORRECTION = RightsKind(
    id="correction",
    title=_("Correct my data"),
    lead=_("You tell us what’s wrong, and we correct it."),
    clock=timing.statutory,
    profile=True,
    written=True,
    asks_words=_("Tell us what’s wrong, and what it should be."),
)
QUESTION = RightsKind(
    id="question",
    title=_("Ask about privacy"),
    lead=_("A question or a complaint about how we handle data."),
    clock=timing.question,
    written=True,
    asks_words=_("Write your question or complaint."),
)
