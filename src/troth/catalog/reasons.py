"""Why a recipient gets a request, or why no rule could assign it: a code, and the names for its sentence.

A reason is stored as text, `most-room?rule=California&number=3&name=Calder+Systems`, and shown in the reader's
language. Reasons from before there were codes are stored as sentences and shown unchanged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from troth.policy.phrases import REASONS, gettext_noop

SENTENCES: Mapping[str, str] = {
    "owner": gettext_noop("%(name)s already works with this organization."),
    "only-one": gettext_noop("%(rule)s: %(name)s answers these requests."),
    "most-room": gettext_noop("%(rule)s: of the %(number)s who answer these requests, %(name)s has the most capacity."),
    "assigned": gettext_noop("%(name)s, one of our staff, chose who answers."),
    "assigned-because": gettext_noop("%(name)s chose who answers: %(words)s"),
    "all-full": gettext_noop("Everyone the rules name is at capacity or has declined."),
    "no-rule": gettext_noop("No rule matches this request."),
    "unclear-place": gettext_noop(
        "We don’t recognize the place that the country, state and ZIP or postal code describe."
    ),
    "refused": gettext_noop("Our privacy policy does not allow this. %(because)s"),
    "unknown-country": gettext_noop("We don’t recognize the country %(country)s."),
    "no-country": gettext_noop("No country was given."),
    "unknown-state": gettext_noop("We don’t recognize the state or province %(state)s."),
    "unknown-zip": gettext_noop("We don’t recognize the ZIP code %(zip)s."),
    "zip-elsewhere": gettext_noop("The ZIP code %(zip)s is in %(found)s, not in %(state)s."),
    "unknown-postal-code": gettext_noop("We don’t recognize the postal code %(zip)s."),
    "postal-code-elsewhere": gettext_noop("The postal code %(zip)s isn’t in %(state)s."),
}


@dataclass(frozen=True, slots=True)
class RoutingReason:
    """A code of `SENTENCES` with the names in its sentence; `because` is a code of the law. As text it is stored."""

    code: str
    names: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}?{urlencode(self.names)}" if self.names else self.code

    def sentence(self, say: Callable[[str], str] = str) -> str:
        names = dict(self.names)
        if "because" in names:
            names["because"] = say(REASONS.get(names["because"], names["because"]))
        return say(SENTENCES[self.code]) % names


def sentence_of(stored: str, say: Callable[[str], str] = str) -> str:
    """The sentence of a stored reason; any other text unchanged."""
    code, _, names = stored.partition("?")
    if code not in SENTENCES:
        return stored
    try:
        return RoutingReason(code, dict(parse_qsl(names, keep_blank_values=True))).sentence(say)
    except KeyError:
        return stored
