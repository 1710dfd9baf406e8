"""Two requests of one customer made one, and one made two.

Each message stays what it was: who wrote it, when, and to which request it came.

    merge    its messages continue in another request, and so does each answer to it
    unmerge  both are as they were, and what came to the merged one since goes back with it
    split    some messages become a request of their own; merging it again undoes that

Nobody comes to see more of someone than before: only requests of the same address or account are merged.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from troth.cases import actions, events
from troth.cases.actions import CaseProblem
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread import drafts, writing
from troth.cases.thread.models import CaseMessage
from troth.queries import PreparedQuery, Slot
from troth.records import profile
from troth.records.ids import new_id

MERGED, TOOK_IN, UNMERGED, LET_GO, SPLIT, BEGUN = "merged", "took in", "unmerged", "let go", "split off", "split from"
"""Events: of the merged request and of the one it continues as, the same undone, and of the two sides of a split."""
_MOST_HOPS = 20
_COUNT: "PreparedQuery[tuple[int]]" = PreparedQuery(
    lambda: (
        CaseMessage.objects.filter(case=Slot("case"))
        .order_by()
        .values("case")
        .annotate(number=Count("*"))
        .values_list("number")
    )
)


def follow(case: Case) -> Case:
    """The request as which a merged one continues; any other request itself."""
    for _hop in range(_MOST_HOPS):
        after = Case.objects.filter(number=case.joined).first() if case.nature == Case.JOINED else None
        if after is None:
            return case
        case = after
    return case


def has_our_clock(case: Case) -> bool:
    """Whether it is talked about, and no law has a clock for it."""
    return kind_of(case).talks and case.law_utc is None


def can_merge(case: Case) -> bool:
    """Whether it is one that may continue as another: no law has a clock for it, and it isn't over for good."""
    return has_our_clock(case) and (case.state == Case.OPEN or case.may_go_on)


def is_same_customer(case: Case, target: Case) -> bool:
    """Whether both have the account, or the address, of one person."""
    if case.person_id is None or target.person_id is None:
        return False
    if case.account is not None or target.account is not None:
        return case.account == target.account or case.person_id == target.person_id
    return target.person_id in profile.people_of(case.person_id)


def merge(case: UUID, into: str, *, at_utc: datetime, who: str) -> Case:
    """Makes it part of the request of this number, and returns that.

    Raises  CaseProblem: there is no such request of the same customer, or one of them is over."""
    with transaction.atomic():
        merged, target = _lock_both(case, into)
        _refuse(merged, target)
        events.add(
            merged,
            MERGED,
            who=who,
            at_utc=at_utc,
            words=target.number,
            change={"nature": Case.JOINED, "joined": target.number},
        )
        moved = CaseMessage.objects.filter(case=merged.pk)
        moved.update(case=target.pk, first=Coalesce(F("first"), merged.pk))
        drafts.drop(merged.pk, who)
        owed = writing.owe_answer(target, at_utc) if _is_owed(merged) else {}
        events.add(target, TOOK_IN, who=who, at_utc=at_utc, words=merged.number, change=owed)
    return target


def unmerge(case: UUID, *, at_utc: datetime, who: str) -> Case:
    """Undoes a merge.   Raises  CaseProblem: it was not merged."""
    with transaction.atomic():
        merged = Case.objects.select_for_update().get(pk=case)
        if not was_merged(merged):
            raise CaseProblem(_("This request wasn’t merged."))
        target = follow(merged)
        due = kind_of(merged).clock(at_utc).due_utc
        came = _list_merged_into(merged)
        events.add(merged, UNMERGED, who=who, at_utc=at_utc, change={"nature": "", "joined": "", "due_utc": due})
        back = CaseMessage.objects.filter(case=target.pk, first__in=came)
        back.filter(first=merged.pk).update(case=merged.pk, first=None)
        back.exclude(first=merged.pk).update(case=merged.pk)
        events.add(target, LET_GO, who=who, at_utc=at_utc, words=merged.number)
    return merged


def was_merged(case: Case) -> bool:
    return case.nature == Case.JOINED and case.events.filter(what=MERGED).exists()


def split(case: UUID, messages: Collection[UUID], *, at_utc: datetime, who: str) -> Case:
    """The new request that these messages begin, of the same kind and person.

    Raises  CaseProblem: none or all of them, or of several people."""
    with transaction.atomic():
        found = Case.objects.select_for_update().get(pk=case)
        kind = kind_of(found)
        chosen = list(found.messages.select_related("first").filter(pk__in=messages))
        whose = _find_writer(found, chosen)
        new = actions.open_case(
            kind,
            actions.CaseArrival(
                id=new_id(), person=whose, manner=found.manner, at_utc=at_utc, who=who, account=found.account
            ),
            kind.read(found),
            queue=found.queue,
        ).case
        assert kind.parted is not None  # `can_split` asks for it
        kind.parted(found, new)
        parts = CaseMessage.objects.filter(pk__in=[each.pk for each in chosen])
        parts.update(case=new.pk, first=Coalesce(F("first"), found.pk))
        events.add(found, SPLIT, who=who, at_utc=at_utc, words=new.number)
        events.add(new, BEGUN, who=who, at_utc=at_utc, words=found.number)
    return new


def can_split(case: Case) -> bool:
    return _may_part(case) and count_messages(case) > 1


def can_part(case: Case, messages: int) -> bool:
    """The same where its messages are counted already."""
    return _may_part(case) and messages > 1


def _may_part(case: Case) -> bool:
    return kind_of(case).parted is not None and case.state == Case.OPEN


def count_messages(case: Case) -> int:
    return next((number for (number,) in _COUNT.list(case=case.pk)), 0)


def _find_writer(case: Case, chosen: Sequence[CaseMessage]) -> UUID:
    if not chosen or not any(not each.by_staff for each in chosen):
        raise CaseProblem(_("Choose at least one message of the person."), "parts")
    if len(chosen) == count_messages(case):
        raise CaseProblem(_("Leave at least one message here. Otherwise this request would be empty."), "parts")
    people = {each.person for each in chosen}
    if len(people) > 1:
        raise CaseProblem(_("These messages came to different requests. Choose those of one."), "parts")
    return people.pop()


def _lock_both(case: UUID, into: str) -> tuple[Case, Case]:
    """In one order, so that two who merge them into each other don't wait forever."""
    target = Case.objects.filter(number=into.upper()).values_list("pk", flat=True).first()
    if target is None:
        raise CaseProblem(_("There is no request with this number."), "number")
    found = {each.pk: each for each in Case.objects.select_for_update().filter(pk__in=(case, target)).order_by("pk")}
    return found[case], found[target]


def _refuse(case: Case, target: Case) -> None:
    if case.pk == target.pk:
        raise CaseProblem(_("This is the number of this very request. Enter another one."), "number")
    if not (can_merge(case) and can_merge(target)) or case.purpose != target.purpose:
        raise CaseProblem(_("These two can’t be merged. Choose a request of the same kind that isn’t over."), "number")
    if not is_same_customer(case, target):
        raise CaseProblem(_("They are of different people. Merged, each would see what the other wrote."), "number")


def _is_owed(case: Case) -> bool:
    last = CaseMessage.objects.filter(first=case.pk).order_by("-at_utc", "-id").first()
    return last is not None and not last.by_staff and case.waits_for == ""


def _list_merged_into(case: Case) -> list[UUID]:
    """It, and the requests that were merged into it before."""
    found, numbers = [case.pk], [case.number]
    for _hop in range(_MOST_HOPS):
        rows = Case.objects.filter(nature=Case.JOINED, joined__in=numbers).values_list("pk", "number")
        new = [row for row in rows if row[0] not in found]
        if not new:
            break
        found += [id for id, _number in new]
        numbers = [number for _id, number in new]
    return found
