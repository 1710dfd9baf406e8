"""The right to object, apart from everything else in the emails that it concerns.

It is in each of them and not in the first alone: whether an email was the first is known only as long as emails are
recorded, and a first one may bounce.   Source  Regulation (EU) 2016/679, Art. 21 (4)
"""

from dataclasses import dataclass

from troth import in_force


@dataclass(frozen=True)
class Objection:
    """What someone may object to. `chosen`: by their privacy choices; else by email."""

    title: str
    marketing: bool
    chosen: bool


def find_objection(purpose: str) -> Objection | None:
    """None where the policy chose no law with this right, or the purpose rests on something else."""
    policy = in_force.policy()
    found = policy.purposes[purpose]
    if not policy.is_under_gdpr or not (found.marketing or found.basis == "legitimate interests"):
        return None
    return Objection(found.title, found.marketing, found.choice != "none")
