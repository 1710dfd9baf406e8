"""The law: whether a value may be used for a purpose, and why. Faster implementations are tested against `decide`.

A use is purpose × kind × channel. Each value has the version under which it was given. A use that this version did
not state needs an answer to the question of the version that introduced it: `<purpose>@<version>`.

    law = Law(versions={1: first, 2: second}, current=2)
    decide(Facts(law=law, purpose="quotes", kind="email", held=held, answers=(), now_utc=now))
    # Decision(allowed=True, code="stated", sentence="we pass your contact data …", section="U6", version=2)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

from .terms import Choice, Policy, Purpose, Retention

MARKETING = "marketing"

CODES = (
    "stated",
    "answered",
    "unknown purpose",
    "kind not stated",
    "not held",
    "channel not stated",
    "expired",
    "opted out",
    "not signed up",
    "said no",
    "topic not stated",
    "topic not signed up",
    "topic refused",
    "declined",
    "unanswered",
)
ALLOWED = frozenset(("stated", "answered"))
REACH = (
    "unknown purpose",
    "kind not stated",
    "topic not stated",
    "not held",
    "channel not stated",
    "expired",
    "opted out",
    "not signed up",
    "said no",
    "topic not signed up",
    "topic refused",
    "declined",
    "unanswered",
    "answered",
    "stated",
)
"""How far each code got on the way to yes. Of several data of a kind, the one that got furthest speaks for it."""


@dataclass(frozen=True, slots=True)
class Law:
    """The adopted versions and the one in force. Later versions are ignored."""

    versions: Mapping[int, Policy]
    current: int
    _introduced: dict[tuple[str, str, str], int | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _retentions: dict[str, Retention | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    _backward: dict[str, list[tuple[int, Purpose]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def policy(self) -> Policy:
        """The version in force."""
        return self.versions[self.current]

    def find_retention(self, kind: str) -> Retention | None:
        """How long a kind is kept: as the latest version that states it says, even if the kind was dropped since."""
        if kind not in self._retentions:
            stating = [
                number for number, policy in self.versions.items() if number <= self.current and kind in policy.kinds
            ]
            self._retentions[kind] = self.versions[max(stating)].kinds[kind].kept if stating else None
        return self._retentions[kind]

    def states(self, version: int, purpose: str, kind: str, channel: str) -> bool:
        """Whether a version states the use. An unknown version states nothing."""
        policy = self.versions.get(version)
        rule = policy.purposes.get(purpose) if policy else None
        return rule is not None and rule.states(kind, channel)

    def find_introduction(self, purpose: str, kind: str, channel: str) -> int | None:
        """The first version since which all versions state the use; None if the current one does not."""
        use = (purpose, kind, channel)
        if use not in self._introduced:
            stating = takewhile(lambda each: each[1].states(kind, channel), self._list_backward(purpose))
            self._introduced[use] = min((version for version, _ in stating), default=None)
        return self._introduced[use]

    def _list_backward(self, purpose: str) -> Sequence[tuple[int, Purpose]]:
        """What the versions say of a purpose, from the current one back, as long as each has it."""
        if purpose not in self._backward:
            found: list[tuple[int, Purpose]] = []
            for version in sorted((number for number in self.versions if number <= self.current), reverse=True):
                rule = self.versions[version].purposes.get(purpose)
                if rule is None:
                    break
                found.append((version, rule))
            self._backward[purpose] = found
        return self._backward[purpose]


@dataclass(frozen=True, slots=True)
class UseEnd:
    """When a purpose may no longer use a value that is kept for others."""

    purpose: str
    until_utc: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """One value as the law sees it. Version 0: given under an unknown version.

    `use_ends`: of purposes that any version since it was given lets use it for a shorter time than it is kept."""

    kind: str
    channel: str
    version: int
    kept_until_utc: datetime | None
    use_ends: tuple[UseEnd, ...] = ()

    def is_over(self, purpose: str, now_utc: datetime) -> bool:
        """Whether its time for the purpose is over."""
        ends = [self.kept_until_utc, *(end.until_utc for end in self.use_ends if end.purpose == purpose)]
        return any(end is not None and end <= now_utc for end in ends)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a person: to which question, under which version, when. The latest of a question counts."""

    question: str
    version: int
    yes: bool
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the law needs. Of answers given at the same time, the later one in the sequence counts."""

    law: Law
    purpose: str
    kind: str
    held: Held | None
    answers: Sequence[Answer]
    now_utc: datetime
    topic: str = ""
    region: str = ""
    """Where the person lives, as `regions` names it; unknown takes the strictest choice."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the use is allowed, why (a code of `CODES`), and the sentence of the policy that decides."""

    allowed: bool
    code: str
    sentence: str
    section: str
    version: int


def decide(facts: Facts) -> Decision:
    """May this datum be used for this purpose now?

    Gives   Decision with the words of the section that states the purpose; an unknown purpose has no section.
    Policy  every heading that states a purpose, and Policy updates.
    """
    purpose = facts.law.policy.purposes.get(facts.purpose)
    if purpose is None:
        return Decision(False, "unknown purpose", "", "", facts.law.current)
    code = _find_refusal(facts, purpose) or _decide_newness(facts, purpose)
    return Decision(code in ALLOWED, code, purpose.quotation, purpose.section, facts.law.current)


def decide_kind(
    law: Law,
    purpose: str,
    kind: str,
    *,
    data: Sequence[Held],
    answers: Sequence[Answer],
    now_utc: datetime,
    topic: str = "",
    region: str = "",
) -> Decision:
    """May any of a person's data of this kind be used? The decision about the value that came closest to a yes."""
    of_kind: list[Held | None] = [held for held in data if held.kind == kind]
    decisions = [decide(Facts(law, purpose, kind, held, answers, now_utc, topic, region)) for held in of_kind or [None]]
    return max(decisions, key=lambda decision: REACH.index(decision.code))


def _find_refusal(facts: Facts, purpose: Purpose) -> str | None:
    held = facts.held
    if facts.kind not in purpose.may_use:
        return "kind not stated"
    if facts.topic and not purpose.has_topic(facts.topic):
        return "topic not stated"
    if held is None:
        return "not held"
    if held.channel not in purpose.collected_by:
        return "channel not stated"
    if held.is_over(purpose.id, facts.now_utc):
        return "expired"
    # Before the purpose's own choice: no opt-in weighs against the general opt-out.
    if purpose.marketing and _is_no(latest(facts.answers, MARKETING)):
        return "opted out"
    choice = purpose.choice_in(facts.region)
    refused = _find_refusal_by_choice(choice, latest(facts.answers, purpose.id))
    return refused or _find_refusal_by_topic(
        choice, facts.topic, latest(facts.answers, topic_question(purpose.id, facts.topic))
    )


def _find_refusal_by_topic(choice: Choice, topic: str, answer: Answer | None) -> str:
    """Why the answer to a topic closes it; "" where it doesn't, or no topic is asked."""
    if not topic:
        return ""
    if _is_no(answer):
        return "topic refused"
    return "topic not signed up" if choice == "sign up" and answer is None else ""


def _find_refusal_by_choice(choice: Choice, answer: Answer | None) -> str | None:
    if choice == "sign up" and answer is None:
        return "not signed up"
    if choice != "none" and _is_no(answer):
        return "said no"
    return None


def _decide_newness(facts: Facts, purpose: Purpose) -> str:
    """Whether the use was stated when the value was given, or the person has agreed since: as a code."""
    held = facts.held
    assert held is not None
    use = (purpose.id, facts.kind, held.channel)
    answer = latest(facts.answers, purpose.id)
    agreed = answer is not None and answer.yes and facts.law.states(answer.version, *use)
    if facts.law.states(held.version, *use) and (agreed or purpose.choice_in(facts.region) != "sign up"):
        return "stated"
    if agreed:
        return "answered"
    own = latest(facts.answers, question(purpose.id, facts.law.find_introduction(*use)))
    return "unanswered" if own is None else "answered" if own.yes else "declined"


def question(purpose: str, version: int | None) -> str:
    """The name of the question that a version asked when it introduced uses for a purpose."""
    return f"{purpose}@{version}"


def topic_question(purpose: str, topic: str) -> str:
    """The name of the question whether a topic of a purpose may be used."""
    return f"{purpose}/{topic}"


def parts_of(question: str) -> tuple[str, str]:
    """Purpose and topic of a question; the topic is "" where it asks of the purpose as a whole or of a new use."""
    purpose, _, topic = question.partition("@")[0].partition("/")
    return purpose, topic


def latest(answers: Sequence[Answer], name: str) -> Answer | None:
    """The latest answer to a question, or None."""
    found = None
    for answer in answers:
        if answer.question == name and (found is None or answer.at_utc >= found.at_utc):
            found = answer
    return found


def _is_no(answer: Answer | None) -> bool:
    return answer is not None and not answer.yes
