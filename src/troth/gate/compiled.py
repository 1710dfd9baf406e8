"""The law, compiled for look-ups: it decides from a standing alone, without data, versions or answers.

For each cohort, purpose and kind there is one cached plan: masks with a bit for each question.

    plan = law.plan(cohort, "newsletter", "email")
    plan.decide(yes=0b0100, no=0, opted_out=False)      # Decision(allowed=True, code="stated", …)

It decides the same as `troth.policy.meaning.decide_kind`; tests/gate/test_equality.py compares them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from troth.policy import ALLOWED, CODES, Decision, Law, Purpose
from troth.policy.meaning import REACH
from troth.policy.meaning import question as question_of

WORD_BITS = 63
_MOST_PLANS = 50_000
_PAST_CHOICE = frozenset(("declined", "unanswered", "answered", "stated"))
"""Codes of uses that the choice of their purpose lets through; the topic is asked then."""


@dataclass(frozen=True, slots=True)
class CompiledOrigin:
    """Where data of a kind came from, and whether its retention period is over, or the time of which purposes."""

    kind: str
    channel: str
    version: int
    expired: bool
    ended: tuple[str, ...] = ()

    def is_over(self, purpose: str) -> bool:
        return self.expired or purpose in self.ended


@dataclass(frozen=True, slots=True)
class CompiledCohort:
    """What people of a cohort have alike: their data's origins and the region where they live."""

    origins: Sequence[CompiledOrigin]
    region: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a cohort's data of one kind may be used for one purpose. Masks: a bit for each question.

    `fixed`: a code that no answer changes. `closing`: questions where a no refuses. `signing`: where a yes is needed
    first. `always`: stated when given. `stated`, `answered`: where a yes allows. `own`: questions still unanswered."""

    said: Mapping[str, Decision]
    fixed: str = ""
    marketing: bool = False
    closing: int = 0
    signing: int = 0
    always: bool = False
    stated: int = 0
    answered: int = 0
    own: int = 0

    def decide(self, *, yes: int, no: int, opted_out: bool) -> Decision:
        return self.said[self.fixed or self._code(yes, no, opted_out)]

    def _code(self, yes: int, no: int, opted_out: bool) -> str:
        if opted_out and self.marketing:
            return "opted out"
        if no & self.closing:
            return "said no"
        if self.signing and not yes & self.signing:
            return "not signed up"
        if self.always or yes & self.stated:
            return "stated"
        if yes & self.answered:
            return "answered"
        return "unanswered" if self.own & ~no else "declined"


@dataclass(frozen=True)
class CompiledLaw:
    """The law with its questions' bits. `read_cohort` is called once for each cohort, purpose and kind."""

    law: Law
    bits: Mapping[tuple[str, int], int]
    read_cohort: Callable[[int], CompiledCohort]
    plans: dict[tuple[int, str, str], Plan] = field(default_factory=dict, repr=False, compare=False)
    _said: dict[str, Mapping[str, Decision]] = field(default_factory=dict, repr=False, compare=False)

    def decide(self, cohort: int, purpose: str, kind: str, *, yes: int, no: int, opted_out: bool) -> Decision:
        return self.plan(cohort, purpose, kind).decide(yes=yes, no=no, opted_out=opted_out)

    def plan(self, cohort: int, purpose: str, kind: str) -> Plan:
        key = (cohort, purpose, kind)
        try:
            return self.plans[key]
        except KeyError:
            if len(self.plans) >= _MOST_PLANS:
                self.plans.clear()
            made = self.plans[key] = self._plan(cohort, purpose, kind)
            return made

    def explain(self, purpose: str, code: str) -> Decision:
        """The decision for a code, quoting the purpose's section."""
        return self._decisions(purpose)[code]

    def about_topic(self, purpose: str, decision: Decision, code: str) -> Decision:
        """The decision about a use of a topic, from that without one and the code that closes the topic, or ""."""
        closes = code == "topic not stated" or decision.code in _PAST_CHOICE
        if not code or not closes or REACH.index(decision.code) < REACH.index(code):
            return decision
        return self.explain(purpose, code)

    def _decisions(self, purpose: str) -> Mapping[str, Decision]:
        if purpose not in self._said:
            rule = self.law.policy.purposes.get(purpose)
            words, section = (rule.quotation, rule.section) if rule else ("", "")
            self._said[purpose] = {
                code: Decision(code in ALLOWED, code, words, section, self.law.current)
                for code in (*CODES, "clock backward")
            }
        return self._said[purpose]

    def _plan(self, cohort: int, purpose: str, kind: str) -> Plan:
        said = self._decisions(purpose)
        rule = self.law.policy.purposes.get(purpose)
        if rule is None:
            return Plan(said, fixed="unknown purpose")
        if kind not in rule.may_use:
            return Plan(said, fixed="kind not stated")
        known = self.read_cohort(cohort)
        held = [origin for origin in known.origins if origin.kind == kind]
        live = [origin for origin in held if origin.channel in rule.collected_by and not origin.is_over(rule.id)]
        if not live:
            return Plan(said, fixed=_without_live(held, rule))
        return self._open(rule, known.region, kind, live)

    def _open(self, rule: Purpose, region: str, kind: str, live: Sequence[CompiledOrigin]) -> Plan:
        asked = self._mask((rule.id, version) for version in self.law.versions)
        agreed = {origin: self._find_agreeing(rule.id, origin) for origin in live}
        own = {origin: self._own(rule.id, origin) for origin in live}
        known = [origin for origin in live if self.law.states(origin.version, rule.id, kind, origin.channel)]
        choice = rule.choice_in(region)
        signs_up = choice == "sign up"
        return Plan(
            self._decisions(rule.id),
            marketing=rule.marketing,
            closing=asked if choice != "none" else 0,
            signing=asked if signs_up else 0,
            always=bool(known) and not signs_up,
            stated=_union(agreed[origin] for origin in known) if signs_up else 0,
            answered=_union(agreed.values()) | _union(own.values()),
            own=_union(own.values()),
        )

    def _find_agreeing(self, purpose: str, origin: CompiledOrigin) -> int:
        """The questions of the purpose that agree to this use if answered with yes: those of versions that state it."""
        use = (purpose, origin.kind, origin.channel)
        return self._mask((purpose, version) for version in self.law.versions if self.law.states(version, *use))

    def _own(self, purpose: str, origin: CompiledOrigin) -> int:
        introduced = self.law.find_introduction(purpose, origin.kind, origin.channel)
        return self._mask([(question_of(purpose, introduced), introduced)] if introduced is not None else [])

    def _mask(self, questions: Iterable[tuple[str, int]]) -> int:
        return _union(1 << self.bits[each] for each in questions if each in self.bits)


def _without_live(held: Sequence[CompiledOrigin], rule: Purpose) -> str:
    found = ["expired" if origin.channel in rule.collected_by else "channel not stated" for origin in held]
    return max(found, key=REACH.index, default="not held")


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
