"""The emails about a version: their names and facts, and people who get the same one as a part of a sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from troth import in_force
from troth.outbox import EmailFacts, many
from troth.updates.effects import NOTICES, PURPOSE
from troth.updates.models import PolicyUpdate, UpdateReader

VERSION, NOTICE, REMINDER = "updates/version", "updates/notice", "updates/reminder"
EMAILS = {UpdateReader.EMAIL: (VERSION, PURPOSE), UpdateReader.NOTICE: (NOTICE, NOTICES)}
"""Way → the email that goes this way, and its purpose."""


@dataclass(frozen=True, kw_only=True)
class UpdateFacts(EmailFacts):
    """Which version, compared with which; the questions, and the purposes told without one, as words with commas.

    `withdrawn`: the day on which it would have taken effect; empty where it does, or did."""

    version: str
    since: str
    asks: str = ""
    told: str = ""
    withdrawn: str = ""


def make_part(people: bytes, email: str, purpose: str, facts: UpdateFacts, at_utc: datetime) -> many.SendingPart:
    named = [kind for kind in in_force.policy().purposes[purpose].may_use if kind == "name"]
    return many.SendingPart(people, purpose=purpose, email=email, facts=facts, kinds=named, at_utc=at_utc)


def make_facts(update: PolicyUpdate, asks: Sequence[str], told: Sequence[str]) -> UpdateFacts:
    return UpdateFacts(version=str(update.version), since=str(update.since), asks=",".join(asks), told=",".join(told))
