"""A copy that staff hand to someone who can't download it, once two of them approve."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from troth.access.copy.preparing import ask_copy
from troth.cases import actions
from troth.cases.actions import CaseProblem
from troth.cases.kinds import EXPORT
from troth.cases.models import Case
from troth.collection.prepared import PreparedFile


def export(case: Case, *, who: str, at_utc: datetime) -> PreparedFile:
    """Prepares the copy as a PDF, once. Raises CaseProblem."""
    actions.require_agreed(case, EXPORT)
    if is_exported(case):
        raise CaseProblem(_("The copy has already been provided."))
    if case.verified_utc is None:
        raise CaseProblem(_("This request hasn’t been verified yet."))
    reason = _("to provide the copy you asked for, %(number)s") % {"number": case.number}
    with transaction.atomic():
        file = ask_copy(case, "pdf", owner=owner_of(case, who), who=who, reason=reason, at_utc=at_utc)
        actions.note(case.id, words=_("provided as a PDF"), at_utc=at_utc, who=who, what="exported")
    return file


def is_exported(case: Case) -> bool:
    """Whether the copy was provided before."""
    return case.events.filter(what="exported").exists()


def owner_of(case: Case, who: str) -> str:
    """The prepared file's owner: only the member of staff who handed it out may fetch it."""
    return f"{who} {case.pk}"
