"""A pause opts out of everything that is on, or of one purpose, and restores the choices when it ends.

What they answer in between stays: the end of a pause withdraws only what the pause itself said.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from troth import due, gate, in_force
from troth.access.preferences import actions, telling
from troth.access.preferences.models import END, Pause
from troth.access.preferences.sheet import sheet
from troth.access.preferences.telling import Former, Saved
from troth.desk import index
from troth.desk.choices import Pauses, RunningPause
from troth.gate import facts
from troth.policy.meaning import latest
from troth.queries import PreparedQuery, Slot
from troth.records.calls import retry_if_hindered
from troth.records.profile import people_of

DAYS = (30, 60, 90)
_RUNNING = PreparedQuery(lambda: Pause.objects.filter(person__any=Slot("people")).order_by("until_utc"))


def begin(
    people: Sequence[UUID], *, until_utc: datetime, way: str, at_utc: datetime, purpose: str = ""
) -> Pause | None:
    """Starts a pause, with its answers in one transaction; None if nothing is on or a pause of it is running.

    Takes   purpose: what alone is paused, such as newsletters; everything that is on without one"""

    def write() -> Pause | None:
        if until_utc <= at_utc or of(people) is not None or of(people, purpose) is not None:
            return None
        # What is off as a whole is off for each of its topics, so those keep what was said of them.
        choices = [each.question for each in sheet(people, at_utc=at_utc).choices if each.on]
        wanted = {each: False for each in choices if "/" not in each and purpose in ("", each)}
        saved = actions.write_answers(people, wanted, way=way, at_utc=at_utc)
        if not saved.changes:
            return None
        pause = Pause.objects.create(
            id=gate.new_id(),
            person_id=people[0],
            since_utc=at_utc,
            until_utc=until_utc,
            purpose=purpose,
            saved=telling.pack(saved),
        )
        due.plan(END, about=pause.id, steps={"": pause.until_utc})
        return pause

    return retry_if_hindered(write)


def end(pause: UUID, *, people: Sequence[UUID], way: str, at_utc: datetime) -> Saved:
    """Ends the pause and restores the choices. Ending it twice changes nothing, nor does it while all is paused."""

    def write() -> Saved:
        found = Pause.objects.select_for_update().filter(pk=pause).first()
        if found is None or _find_wider(found, people, at_utc):
            return Saved(at_utc, ())
        saved = found.as_saved()
        found.delete()
        due.cancel(END, about=pause)
        restored = actions.take_back_for(people, saved, way=way, at_utc=at_utc)
        on = {change.question for change in restored.changes if change.yes}
        index.resume(people, on, since_utc=found.since_utc)
        return restored

    return retry_if_hindered(write)


def end_by_itself(id: UUID, *, at_utc: datetime) -> None:
    """Ends the pause if its time is over; one of newsletters alone lasts as long as a pause of everything."""
    pause = Pause.objects.filter(pk=id, until_utc__lte=at_utc).first()
    if pause is None:
        return
    changes = pause.as_saved().changes
    people = sorted({former.person for change in changes for former in change.former})
    if wider := _find_wider(pause, people, at_utc):
        Pause.objects.filter(pk=id).update(until_utc=wider.until_utc)
        due.plan(END, about=id, steps={"": wider.until_utc})
        return
    end(pause.id, people=people, way="end of a pause", at_utc=at_utc)


def of(people: Sequence[UUID], purpose: str = "") -> Pause | None:
    """The pause that is running for any of these people: of everything, or of this purpose alone."""
    return list_running(people).get(purpose)


def list_running(people: Sequence[UUID]) -> Mapping[str, Pause]:
    """The pauses that are running for any of these people, by what is paused, "" being everything.   Cost  1 query"""
    return {pause.purpose: pause for pause in reversed(_RUNNING.list(people=[*people]))}


def find_running(person: UUID, questions: Collection[str]) -> RunningPause | None:
    """Those of the questions that a pause turned off and that are off, for all who share the person's address."""
    said = facts.answers(person)
    off = {name for name in questions if (answer := latest(said, name)) and not answer.yes}
    running = [(pause, off & _names(pause)) for pause in list_running(people_of(person)).values()]
    found = [(pause, names) for pause, names in running if names]
    if not found:
        return None
    return RunningPause(
        frozenset(name for _pause, names in found for name in names), max(pause.until_utc for pause, _names in found)
    )


def add_yes(person: UUID, questions: Sequence[str]) -> None:
    """The end of the pause answers these with the person's yes to the version in force; in the caller's transaction."""
    yes = Former(person, True, in_force.policy().version)
    for pause in Pause.objects.select_for_update().filter(person__in=people_of(person)).order_by("pk"):
        saved = pause.as_saved()
        changes = tuple(
            replace(each, former=(*(one for one in each.former if one.person != person), yes))
            if each.question in questions
            else each
            for each in saved.changes
        )
        pause.saved = telling.pack(replace(saved, changes=changes))
        pause.save(update_fields=["saved"])


PAUSES = Pauses(find_running, add_yes)


def _names(pause: Pause) -> set[str]:
    return {change.question for change in pause.as_saved().changes}


def _find_wider(pause: Pause, people: Sequence[UUID], at_utc: datetime) -> Pause | None:
    """The pause of everything that runs on beside a pause of one purpose."""
    wider = of(people) if pause.purpose else None
    return wider if wider and wider.until_utc > at_utc else None
