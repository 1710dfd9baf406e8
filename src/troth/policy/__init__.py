"""The privacy policy as a program: compiler, decisions, comparison, page. Pure Python, usable on its own.

compiled = policy.compile(text)             # Compiled(policy, findings, draft)
policy.read_policy(text)                    # its draft alone, without looking for findings
policy.decide(facts)                        # the law
policy.explain(facts)                       # the same, step by step
policy.diff(old, new)                       # what a new version means for people
policy.publish(compiled.policy, previous)   # the page as data for templates
"""

from .agreement import SectionPair, confirm_translation, list_unconfirmed
from .binding import Confirmation, confirm, confirmations
from .changes import diff
from .classed import Change
from .compiler import Compiled, compile, read_policy
from .explaining import ExplainedStep, Explanation, explain
from .findings import Finding, FindingKind, registry
from .lasting import KnownEvent, find_end
from .lengths import Duration
from .linked import jsonld
from .meaning import (
    ALLOWED,
    CODES,
    MARKETING,
    Answer,
    Decision,
    Facts,
    Held,
    Law,
    UseEnd,
    decide,
    decide_kind,
    question,
)
from .page import ContentsEntry, Page, PageProse, PageRules, PageSection, Row, Source, publish
from .phrasebook import find_say
from .phrases import REASONS
from .starting import StartedDraft, StartedParagraph, start
from .succession import succession
from .terms import (
    Ask,
    Collect,
    Cookie,
    Kind,
    Policy,
    Promise,
    Prose,
    Purpose,
    Recipient,
    Retention,
    Rule,
    Rules,
    Section,
    UseTime,
)
from .translation import Translated, Translation, compile_translation, translate

__all__ = [
    "ALLOWED",
    "CODES",
    "MARKETING",
    "REASONS",
    "Answer",
    "Ask",
    "Change",
    "Collect",
    "Compiled",
    "Confirmation",
    "ContentsEntry",
    "Cookie",
    "Decision",
    "Duration",
    "ExplainedStep",
    "Explanation",
    "Facts",
    "Finding",
    "FindingKind",
    "Held",
    "Kind",
    "KnownEvent",
    "Law",
    "Page",
    "PageProse",
    "PageRules",
    "PageSection",
    "Policy",
    "Promise",
    "Prose",
    "Purpose",
    "Recipient",
    "Retention",
    "Row",
    "Rule",
    "Rules",
    "Section",
    "SectionPair",
    "Source",
    "StartedDraft",
    "StartedParagraph",
    "Translated",
    "Translation",
    "UseEnd",
    "UseTime",
    "compile",
    "compile_translation",
    "confirm",
    "confirm_translation",
    "confirmations",
    "decide",
    "decide_kind",
    "diff",
    "explain",
    "find_end",
    "find_say",
    "jsonld",
    "list_unconfirmed",
    "publish",
    "question",
    "read_policy",
    "registry",
    "start",
    "succession",
    "translate",
]
