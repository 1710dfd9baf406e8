"""The document: a privacy policy read as a program. Pure Python; usable without the rest of Troth.

compiled = policy.compile(text)          # Compiled(policy, findings, draft)
policy.decide(facts)                     # the law
policy.diff(old, new)                    # what a new version means for people
policy.publish(compiled.policy)          # the page
"""

from .binding import Confirmation, confirm, confirmations
from .compiler import Compiled, compile
from .findings import Finding, FindingKind, registry
from .terms import (
    Ask,
    Collect,
    Cookie,
    Duration,
    Kept,
    Kind,
    Letter,
    Policy,
    Promise,
    Prose,
    Purpose,
    Recipient,
    Rule,
    Rules,
    Section,
)  # fmt: skip

__all__ = [
    "Ask", "Collect", "Compiled", "Confirmation", "Cookie", "Duration", "Finding", "FindingKind", "Kept", "Kind",
    "Letter", "Policy", "Promise", "Prose", "Purpose", "Recipient", "Rule", "Rules", "Section", "compile", "confirm",
    "confirmations", "registry",
]  # fmt: skip
