"""Purposes that sell or share data, or advertise: of whom they are not asked about, and for how long.

Source  Cal. Civ. Code 1798.135 (c) (4): after an opt-out nobody asks for 12 months
"""

from collections.abc import Iterable
from datetime import datetime

from .lengths import Duration
from .meaning import MARKETING, Answer, latest, parts_of
from .terms import Policy

REST = Duration(12, "month")


def find_selling(policy: Policy) -> frozenset[str]:
    """Purposes that advertise, or whose recipients advertise for themselves."""
    own = {each.id for each in policy.recipients.values() if each.own_marketing}
    return frozenset(each.id for each in policy.purposes.values() if each.marketing or own & set(each.recipients))


def find_refusal(answers: Iterable[Answer], purpose: str) -> datetime | None:
    """When the person last opted out of the purpose, of a new use for it, or of all marketing; None if they didn't."""
    said = tuple(answers)
    names = {each.question for each in said if each.question == MARKETING or parts_of(each.question) == (purpose, "")}
    last = (latest(said, name) for name in names)
    return max((each.at_utc for each in last if each and not each.yes), default=None)
