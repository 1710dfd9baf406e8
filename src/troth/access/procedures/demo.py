"""One incident for a demonstration: its 72 hours run."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from troth.access.procedures import incident


def seed(now_utc: datetime) -> None:
    """Known for less than an hour, with one step done."""
    known, words = now_utc - timedelta(minutes=50), _("A laptop with a list of customers was left on a train.")
    case = incident.begin(
        words=words, kinds=["company", "name"], people=412, known_utc=known, who=PROGRAM, at_utc=now_utc
    )
    incident.done(
        case, "contain", words=_("The laptop was locked and its sign-ins ended."), who=PROGRAM, at_utc=now_utc
    )


PROGRAM = "program:demo"
