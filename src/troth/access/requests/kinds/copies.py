"""Access and copy: answered as soon as the person is verified, because the page shows everything."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from troth.cases import actions, timing
from troth.cases.kinds import EXPORT
from troth.cases.models import Case
from troth.cases.rights import RightsKind


def _answer(case: Case, at_utc: datetime) -> None:
    actions.answer(case.id, nature="complied", at_utc=at_utc, who=actions.PROGRAM)
    case.refresh_from_db()


ACCESS = RightsKind(
    id="access",
    title=_("What we hold"),
    lead=_("We show you every value, where it came from, and what it was used for."),
    clock=timing.statutory,
    at_once=_answer,
    approves=EXPORT,
    approval=_("Approve copy"),
    guarded=True,
    copied=True,
)
COPY = replace(
    ACCESS,
    id="copy",
    title=_("A copy of my data"),
    lead=_("Everything we hold about you, as a page, a PDF, and a JSON file."),
)
