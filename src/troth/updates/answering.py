"""Answers to the questions of a version, for everyone who shares the address: each lands in choices and ledger."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from troth import gate, in_force
from troth.records.calls import retry_if_hindered
from troth.records.profile import people_of
from troth.security import links

LINK = "mailed link"


def list_people(link: links.Link) -> tuple[UUID, ...]:
    """The link's person, and everyone else at that address."""
    return people_of(link.person_id)


def answer(people: Sequence[UUID], names: Sequence[str], *, yes: bool, way: str = LINK) -> list[str]:
    """The questions that were answered: those of these that are still open. Each of their people answers for theirs."""
    asked = [each for each in gate.find_open(people, at_utc=timezone.now()) if each.question in names]
    version = in_force.policy().version

    def save() -> None:
        for each in asked:
            for person in sorted(each.of):
                gate.choose(person=person, question=each.question, version=version, yes=yes, way=way)

    if asked:
        retry_if_hindered(save)
    return [each.question for each in asked]
