"""Messages of a demonstration: kept like all others, at the times that its story says."""

from contextlib import nullcontext
from datetime import datetime

from troth.cases import events
from troth.cases.models import Case
from troth.cases.thread import writing
from troth.collection.demo import keep_invented
from troth.collection.demo_staff import acting_as
from troth.records.ids import new_id
from troth.security.actors import identify_staff


def write_invented(case: Case, *, words: str, at_utc: datetime, staff: str, way: str) -> None:
    """A message with its step: of the person, by their page or by email, or of a member of staff by user name."""
    theirs = writing.BY_EMAIL if way == "email" else writing.REPLY
    place, who, way = (writing.ANSWER, identify_staff(staff), "console") if staff else (theirs, "person", way)
    with acting_as(staff) if staff else nullcontext():
        message = new_id()
        keep_invented(
            place,
            {writing.WORDS: words},
            at_utc=at_utc,
            cause=message,
            person=case.person_id,
            who=who,
            purpose=case.purpose,
        )
        change = writing.wait_for_person(case) if staff else writing.owe_answer(case, at_utc)
        events.add(case, "replied" if staff else "wrote", who=who, at_utc=at_utc, change=change)
        writing.add_message(case, message, id=message, at_utc=at_utc, who=who, way=way, text=words)
