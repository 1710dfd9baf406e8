"""Why a person's datum may or may not be used, step by step, quoting the prose."""

from dataclasses import dataclass

from .meaning import ALLOWED, CODES, MARKETING, Answer, Decision, Facts, decide, latest, question, topic_question
from .phrases import REASONS, Say
from .terms import Policy


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One check of the law and its result."""

    asked: str
    found: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision with its reason in words, the steps that led to it, and the sentence that decides."""

    decision: Decision
    reason: str
    steps: tuple[ExplainedStep, ...]
    quote: str
    section: str
    title: str

    def __str__(self) -> str:
        lines = ["Yes." if self.decision.allowed else "No.", self.reason]
        lines += [f"  {step.asked}: {step.found}" for step in self.steps]
        if self.quote:
            lines.append(f"§ {self.title} ({self.section}), version {self.decision.version}: “{self.quote}”")
        return "\n".join(lines)


def explain(facts: Facts, *, say: Say = str) -> Explanation:
    """The same decision as `decide`, with the steps that led to it."""
    decision = decide(facts)
    section = facts.law.policy.section(decision.section)
    return Explanation(
        decision=decision,
        reason=say(REASONS[decision.code]),
        steps=tuple(ExplainedStep(asked, found) for asked, found in _steps(facts, decision.code)),
        quote=decision.sentence,
        section=decision.section,
        title=section.title if section else "",
    )


_LATER = frozenset(
    (
        "opted out",
        "not signed up",
        "said no",
        "topic not signed up",
        "topic refused",
        "declined",
        "unanswered",
        *ALLOWED,
    )
)


def _steps(facts: Facts, code: str) -> list[tuple[str, str]]:
    policy = facts.law.policy
    purpose = policy.purposes.get(facts.purpose)
    steps = [("purpose", f"{purpose.title} ({purpose.id})" if purpose else f"{facts.purpose}, not stated")]
    if purpose is None:
        return steps
    steps.append(
        ("kind", f"{_title(policy, facts.kind)}, {'stated' if facts.kind in purpose.may_use else 'not stated'}")
    )
    held = facts.held
    if code == "topic not stated":
        return [*steps, ("topic", f"{facts.topic}, not stated")]
    if held is None or code == "kind not stated":
        return [*steps, ("held", "nothing")] if code == "not held" else steps
    version = f"version {held.version}" if held.version else "an unknown version"
    steps.append(("given", f"by {held.channel} under {version}"))
    if held.kept_until_utc:
        steps.append(("kept until", held.kept_until_utc.isoformat()))
    ends = [end.until_utc for end in held.use_ends if end.purpose == purpose.id]
    steps += [("used for this until", min(ends).isoformat())] if ends else []
    # The law stopped before it asked for choices, so they decided nothing and are not shown.
    if code not in _LATER:
        return steps
    if purpose.marketing:
        steps.append(("general opt-out", _say(latest(facts.answers, MARKETING))))
    choice = purpose.choice_in(facts.region)
    if choice != "none":
        steps.append((f"choice ({choice})", _say(latest(facts.answers, purpose.id))))
    if facts.topic:
        said = _say(latest(facts.answers, topic_question(purpose.id, facts.topic)))
        steps.append((f"topic {facts.topic}", said))
    use = (purpose.id, facts.kind, held.channel)
    stated = "stated this use" if facts.law.states(held.version, *use) else "did not state this use"
    steps.append(("when it was given", f"{version} {stated}"))
    own = question(purpose.id, facts.law.find_introduction(*use))
    if code in ("answered", "declined", "unanswered"):
        steps.append((f"question {own}", _say(latest(facts.answers, own))))
    return steps


def _title(policy: Policy, kind: str) -> str:
    return f"{policy.kinds[kind].title} ({kind})" if kind in policy.kinds else kind


def _say(answer: Answer | None) -> str:
    if answer is None:
        return "not answered"
    return f"{'yes' if answer.yes else 'no'}, under version {answer.version}, {answer.at_utc.isoformat()}"


assert set(REASONS) == set(CODES)
