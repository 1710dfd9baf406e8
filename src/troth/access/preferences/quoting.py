"""The policy's sentences about a purpose: every sentence that its rule keeps, whole and exact."""

from functools import lru_cache

from troth.policy import Policy, Prose, Purpose
from troth.policy.sentences import split_sentences, strip_markdown
from troth.policy.terms import Rule, Rules


def sentences_of(policy: Policy, purpose: Purpose) -> str:
    """The sentences of the purpose's own paragraph that its rule is bound to, such as why no opt-out covers it."""
    return _find_quotation(policy, purpose.section, ("purpose", purpose.id)) or purpose.quotation


def promise_of(policy: Policy, promise: str) -> str:
    """The same for a promise; empty if the policy doesn't make it."""
    made = policy.promises.get(promise)
    return _find_quotation(policy, made.section, ("promise", made.id)) or made.quotation if made else ""


@lru_cache(maxsize=1_024)
def _find_quotation(policy: Policy, anchor: str, wanted: tuple[str, str]) -> str:
    section = policy.section(anchor)
    text, keeps = "", tuple[str, ...]()
    for part in section.parts if section else ():
        if isinstance(part, Prose):
            text = strip_markdown(part.text)
        elif rule := next((each for each in _blocks(part) if (each.type, each.id) == wanted), None):
            keeps = rule.keeps
            break
    bound = [each for each in split_sentences(text) if any(keep in each or each in keep for keep in keeps)]
    return " ".join(bound)


def _blocks(part: object) -> tuple[Rule, ...]:
    return part.blocks if isinstance(part, Rules) else ()
