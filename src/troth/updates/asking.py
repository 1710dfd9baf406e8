"""What an email about a version still asks when it leaves, which may be weeks after it was planned.

A question that was answered since is asked no more. Of a purpose that sells or advertises nobody is asked who opted out
of it since, nor anyone at their address; of another purpose nobody once all of them opted out. They read the fact then,
without a button. A reminder that has nothing else to ask doesn't leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from troth import in_force
from troth.gate import facts
from troth.policy import Answer
from troth.policy.meaning import latest
from troth.policy.selling import find_refusal, find_selling
from troth.records.profile import list_people_of
from troth.updates import mailing, reminding
from troth.updates.models import PolicyUpdate, UpdateReader

if TYPE_CHECKING:
    from troth.outbox.models import QueuedEmail

Revised = Mapping[UUID, Mapping[str, Any] | None]


@dataclass(frozen=True)
class _Known:
    """What the people of some emails said by now. `early`: yes and no to questions of an announced version."""

    selling: frozenset[str]
    answers: Mapping[UUID, Sequence[Answer]]
    early: Mapping[UUID, Mapping[str, bool]]
    signaled: frozenset[UUID]

    def find_answer(self, name: str, people: Sequence[UUID]) -> bool | None:
        """What one of them answered last; None where nobody did."""
        said = [it for each in people for it in self.answers[each] if it.question == name]
        early = (self.early[each][name] for each in people if name in self.early.get(each, {}))
        return max(said, key=lambda it: it.at_utc).yes if said else next(early, None)

    def is_refused(self, name: str, people: Sequence[UUID]) -> bool:
        """Whether nobody may ask them, for they opted out."""
        purpose = _name_purpose(name)
        if purpose in self.selling:
            return any(each in self.signaled or find_refusal(self.answers[each], purpose) for each in people)
        last = (latest(self.answers[each], purpose) for each in people)
        return all(said is not None and not said.yes for said in last)


def revise(emails: "Sequence[QueuedEmail]") -> Revised:
    """Of those that say something else by now the facts; None where a reminder has nothing to ask.

    Cost  none where no email asks; 3 queries, and 1 more where a version is announced or a purpose sells"""
    asking = [each for each in emails if each.facts.get("asks")]
    if not asking:
        return {}
    people = list_people_of([each.person_id for each in asking])
    known = _learn(asking, list({one for each in people.values() for one in each}))
    found: dict[UUID, Mapping[str, Any] | None] = {}
    for each in asking:
        now = _revise(each, people[each.person_id], known)
        if now != each.facts:
            found[each.pk] = now if now.get("asks") or each.template != mailing.REMINDER else None
    return found


def _learn(asking: "Sequence[QueuedEmail]", everyone: Sequence[UUID]) -> _Known:
    selling = find_selling(in_force.coming().policy)
    sells = any(_name_purpose(name) in selling for each in asking for name in _split(each, "asks"))
    return _Known(
        selling,
        facts.answers_of(everyone),
        _read_early(everyone) if in_force.find_announced() else {},
        facts.list_signaled(everyone) if sells else frozenset(),
    )


def _read_early(people: Sequence[UUID]) -> Mapping[UUID, Mapping[str, bool]]:
    of_it = UpdateReader.objects.filter(update__awaits__isnull=False, person__in=people)
    said = of_it.exclude(early_yes=[], early_no=[]).values_list("person", "early_yes", "early_no")
    return {person: dict.fromkeys(yes, True) | dict.fromkeys(no, False) for person, yes, no in said}


def _revise(email: "QueuedEmail", people: Sequence[UUID], known: _Known) -> Mapping[str, Any]:
    asks = _split(email, "asks")
    answered = {name: said for name in asks if (said := known.find_answer(name, people)) is not None}
    refused = {name for name in asks if name not in answered and known.is_refused(name, people)}
    if refused:
        _note_refused(email, people, refused)
    told = {_name_purpose(name) for name in asks if name in refused or answered.get(name) is False}
    left = [name for name in asks if name not in answered and name not in refused]
    now = {**email.facts, "asks": ",".join(left), "told": ",".join(sorted({*_split(email, "told"), *told}))}
    return {name: it for name, it in now.items() if it or (name in email.facts and name not in ("asks", "told"))}


def _note_refused(email: "QueuedEmail", people: Sequence[UUID], refused: set[str]) -> None:
    """They count as told, as who had opted out before the emails were planned."""
    updates = [each for each in PolicyUpdate.objects.all() if email.batch in (each.pk, reminding.find_batch(each.pk))]
    for reader in UpdateReader.objects.filter(update__in=updates, person__in=people, asks__overlap=list(refused)):
        gone = {_name_purpose(name) for name in reader.asks if name in refused}
        UpdateReader.objects.filter(update=reader.update_id, person=reader.person_id).update(
            asks=[name for name in reader.asks if name not in refused],
            bundle=[name for name in reader.bundle if name not in refused],
            facts=sorted({*reader.facts, *gone}),
        )


def _split(email: "QueuedEmail", fact: str) -> list[str]:
    return [name for name in str(email.facts.get(fact, "")).split(",") if name]


def _name_purpose(question: str) -> str:
    return question.partition("@")[0]
