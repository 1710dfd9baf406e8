"""Privacy requests as the console's lists show them."""

from datetime import datetime

from django.utils.translation import gettext as _

from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.desk import lines
from troth.desk.lines import WorkLine
from troth.words.codes import in_words


def case_line(case: Case, *, at_utc: datetime) -> WorkLine:
    mark, when = _urgency(case, at_utc)
    return WorkLine(
        number=case.number,
        address=f"/console/cases/{case.number}/",
        about=str(kind_of(case).title),
        alarm=_("no email could be sent") if case.events.filter(what="no letter possible").exists() else "",
        mark=mark,
        when=when,
        received_utc=case.received_utc,
        age=lines.age(case.received_utc, at_utc),
        due_utc=case.due_utc,
        owner=case.assigned_to or _("No one yet"),
        rule=in_words(case.regime),
    )


def _urgency(case: Case, at_utc: datetime) -> tuple[str, str]:
    """By its clock while it lives; a reminder that staff got is said."""
    if case.state not in Case.LIVING:
        return ("stop" if case.state == Case.DENIED else "kept"), in_words(case.stage)
    mark, when = lines.urgency(case.due_utc, at_utc)
    if case.state == Case.UNVERIFIED:
        return mark or "warn", _("%(when)s; not verified yet") % {"when": when}
    if case.reminded and not mark:
        return "warn", _("%(when)s; %(share)d%% of the time used") % {"when": when, "share": case.reminded}
    return mark, when
