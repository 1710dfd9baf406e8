"""What a deletion would do, before staff approve it: how many values go, which a law or a hold keeps, what else ends.

Ids and kinds alone: nobody's data is read for it.
"""

from collections import Counter
from dataclasses import dataclass

from troth import in_force
from troth.access.requests import erasing
from troth.cases.models import Case
from troth.records import holds, profile, rights
from troth.words.values import kinds_in_words


@dataclass(frozen=True)
class ErasureAhead:
    """`deleted` and `stays`: how many values; `kinds`: of those deleted, in words.

    kept  kinds that a law makes us keep: title, how many values, and the law
    held  whether a legal hold covers some of it; `ends`: numbers of open requests that end with it"""

    deleted: int
    stays: int
    kinds: str
    kept: list[tuple[str, int, str]]
    held: bool
    ends: list[str]

    @property
    def total(self) -> int:
        return self.deleted + self.stays


def look_ahead(case: Case) -> ErasureAhead:
    """The effect of a deletion that was asked for.   Cost  4 queries, and 1 for each person of the case"""
    policy, laws, people = in_force.policy(), erasing.find_laws(), rights.people_of_case(case.pk)
    held = [pair for person in people for pair in profile.list_kinds(person).items()]
    counts = Counter(kind for kind, ids in held for _id in ids)
    goes = {kind: count for kind, count in counts.items() if kind not in laws}
    stays = [(policy.kinds[kind].title, count, laws[kind]) for kind, count in counts.items() if kind in laws]
    others = Case.objects.filter(person_id__in=people, state__in=Case.LIVING).exclude(pk=case.pk)
    return ErasureAhead(
        deleted=sum(goes.values()),
        stays=sum(count for _title, count, _law in stays),
        kinds=kinds_in_words(policy, sorted(goes)),
        kept=sorted(stays),
        held=bool(holds.list_holds(people)),
        ends=list(others.order_by("number").values_list("number", flat=True)),
    )
