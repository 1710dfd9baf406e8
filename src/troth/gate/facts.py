"""What the law needs to know of a person: provenance and answers, never a value."""

from collections.abc import Sequence
from uuid import UUID

from troth.policy.meaning import Answer, Held
from troth.records.calls import rows


def held(person: UUID) -> Sequence[Held]:
    found = rows("select kind, channel, version, kept_until_utc from held(%s)", [person])
    return [Held(*row) for row in found]


def answers(person: UUID) -> tuple[Answer, ...]:
    """Oldest first."""
    found = rows("select question, version, yes, chosen_utc from answers(%s)", [person])
    return tuple(Answer(*row) for row in found)
