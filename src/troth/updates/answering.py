"""Answers to the questions of a version, for everyone who shares the address: each lands in choices and ledger.

A question of a version that is only announced may be answered already. The answer waits beside the question until the
version is in force, and goes with the version if that is withdrawn.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from troth import gate, in_force
from troth.desk.choices import AheadQuestion
from troth.gate.questions import learn, list_open
from troth.records.calls import retry_if_hindered
from troth.records.profile import people_of
from troth.security import links
from troth.updates import wording
from troth.updates.models import PolicyUpdate, UpdateReader

LINK = "mailed link"
_A_CHUNK = 500


def list_people(link: links.Link) -> tuple[UUID, ...]:
    """The link's person, and everyone else at that address."""
    return people_of(link.person_id)


def answer(people: Sequence[UUID], names: Sequence[str], *, yes: bool, way: str = LINK) -> list[str]:
    """The questions that were answered: those of these that are still open. Each of their people answers for theirs."""
    asked = [each for each in gate.find_open(people, at_utc=timezone.now()) if each.question in names]
    version = in_force.policy().version

    def save() -> None:
        made = [gate.MadeChoice(person, each.question, version, yes) for each in asked for person in each.of]
        gate.choose_all(sorted(made, key=lambda choice: choice.person), way=way)  # the order in which all lock people

    if asked:
        retry_if_hindered(save)
    return [each.question for each in asked]


def answer_early(people: Sequence[UUID], names: Sequence[str], yes: bool | None) -> list[str]:
    """The questions of the announced version that were answered; until it is in force, another answer replaces it.

    Takes   yes: None takes the answer back."""
    answered: dict[str, None] = {}
    for reader in _list_readers(people):
        said = {name for name in _list_new(reader) if name in names}
        early_yes, early_no = {*reader.early_yes} - said, {*reader.early_no} - said
        if yes is not None:
            (early_yes if yes else early_no).update(said)
        rows = UpdateReader.objects.filter(update=reader.update_id, person=reader.person_id)
        rows.update(early_yes=sorted(early_yes), early_no=sorted(early_no))
        answered |= dict.fromkeys(said)
    return list(answered)


def list_early(people: Sequence[UUID]) -> list[AheadQuestion]:
    """What the announced version will ask these people.   Cost  1 query where one is announced, 3 more if it asks"""
    law, answers = in_force.coming(), {}
    for reader in _list_readers(people):
        for name in _list_new(reader):
            answers[name] = True if name in reader.early_yes else False if name in reader.early_no else None
    held = list_open(law, learn(people), timezone.now()) if answers else ()
    kinds = {each.question: each.kinds for each in held}
    return [
        AheadQuestion(
            question=name,
            title=asked.title,
            kinds=kinds.get(name, asked.kinds),
            quotation=asked.now,
            section=asked.section,
            version=law.current,
            effective=law.policy.effective,
            answer=said,
        )
        for name, said in answers.items()
        if (asked := wording.describe_question(law, name))
    ]


def count_early(update: PolicyUpdate) -> None:
    """The answers that waited for the version count, unless the person answered otherwise since it is in force."""
    last = UUID(int=0)
    while found := list(_list_waiting(update).filter(person__gt=last).order_by("person_id")[:_A_CHUNK]):
        for reader in found:
            answer((reader.person_id,), reader.early_yes, yes=True)
            answer((reader.person_id,), reader.early_no, yes=False)
            UpdateReader.objects.filter(update=update, person=reader.person_id).update(early_yes=[], early_no=[])
        last = found[-1].person_id


def _list_waiting(update: PolicyUpdate) -> QuerySet[UpdateReader]:
    return UpdateReader.objects.filter(update=update).exclude(early_yes=[], early_no=[])


def _list_readers(people: Sequence[UUID]) -> list[UpdateReader]:
    announced = in_force.find_announced()
    if announced is None:
        return []
    of_it = UpdateReader.objects.filter(update__awaits=announced.id, person__in=people)
    return list(of_it.exclude(update__state=PolicyUpdate.Phase.WITHDRAWN).exclude(asks=[]))


def _list_new(reader: UpdateReader) -> Iterator[str]:
    """Its questions that the version itself brings; others are of versions in force, and open already."""
    version = in_force.coming().current
    return (name for name in reader.asks if name.endswith(f"@{version}"))
