"""Copies that take long: asked for, and made by a job."""

from datetime import datetime
from uuid import UUID

from troth.access import looks
from troth.access.copy.making import copy_of
from troth.access.copy.writing import as_json, as_pdf, write_zip
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.collection import prepared
from troth.collection.prepared import PreparedFile
from troth.security.actors import find_username

JOB = "copy.prepare"
PROGRAM = "program:copies"


def ask_copy(
    case: Case, form: str, *, owner: str, at_utc: datetime, who: str = "person", reason: str = looks.COPY
) -> PreparedFile:
    """Queues a copy of everything the case is about, as "json", "pdf" or "zip", in the caller's transaction."""
    return prepared.ask(
        JOB,
        owner=owner,
        person=case.person_id,
        form=form,
        name=f"my-data-{case.number}.{form}",
        subject=case.id,
        who=who,
        reason=reason,
        at_utc=at_utc,
    )


def prepare(file: UUID, *, at_utc: datetime) -> None:
    """Makes the copy and stores it encrypted. Does nothing if it is ready or was deleted meanwhile."""
    asked = PreparedFile.objects.filter(pk=file, ready_utc=None).first()
    case = Case.objects.filter(pk=asked.subject).first() if asked else None
    if asked is None or case is None:
        return
    # A job has no session: the database names who ordered it, by the step of the case that says so.
    who = PROGRAM if find_username(asked.who) else asked.who
    copy = copy_of(cases.subjects(case), cause=case.id, at_utc=at_utc, who=who, reason=asked.reason)
    with prepared.put(file, at_utc=at_utc) as out:
        match asked.form:
            case "pdf":
                out.write(as_pdf(copy))
            case "zip":
                write_zip(copy, out)
            case _:
                out.write(as_json(copy))
