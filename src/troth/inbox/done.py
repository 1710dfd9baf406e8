"""What was done with an email of the inbox, as the list says it next; discarding is undone there."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.collection.mailbox import actions
from troth.collection.mailbox.models import KeptMail
from troth.desk import notices
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import ANSWER, may, reads_mail, user_of
from troth.inbox.whole import find_address

LIST = "/console/inbox/"
DISCARDED, KEPT, READ, TAKEN = "inbox/discarded", "inbox/kept", "inbox/read again", "inbox/taken"


def lead_on(request: HttpRequest, act: str, mail: KeptMail, *, at_utc: datetime) -> HttpResponse:
    """To the list, which says what was done.   Takes  mail: as it was before"""
    facts = (str(mail.pk), mail.state, mail.why)
    return notices.lead_on(request, PerformedAct(act, facts, at_utc, LIST))


def _tell_discarded(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    found = KeptMail.objects.filter(pk=UUID(act.facts[0]), state=KeptMail.DISCARDED).exists()
    return DoneNotice(sentences=(_("You discarded the email."),), undoable=found)


def _undo_discarded(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    id, state, why = act.facts
    user, now = user_of(request), timezone.now()
    if not reads_mail(user):
        return None
    try:
        actions.keep(UUID(id), state=state, why=why, who=user.who, at_utc=now)
    except actions.NotThere:
        return None
    return PerformedAct(KEPT, act.facts, now, f"{LIST}{id}/")


def _tell_kept(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("The email is where it was before you discarded it."),))


def _tell_read(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    sentence = _("The email is read again in a moment. If no request takes it, it’s in this list again.")
    return DoneNotice(sentences=(sentence,))


def _tell_taken(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    """With the way to the request, for who works on such requests."""
    mail = KeptMail.objects.filter(pk=UUID(act.facts[0])).first()
    case = Case.objects.filter(pk=mail.request).first() if mail is not None and mail.request else None
    if case is None:
        return None
    named, works = {"number": case.number}, may(user_of(request), ANSWER, case.purpose)
    return DoneNotice(
        sentences=(_("You created %(number)s from the email.") % named,),
        address=find_address(case) if works else "",
        button=_("Open %(number)s") % named,
    )


DONE: Mapping[str, DoneKind] = {
    DISCARDED: DoneKind(_tell_discarded, _undo_discarded),
    KEPT: DoneKind(_tell_kept),
    READ: DoneKind(_tell_read),
    TAKEN: DoneKind(_tell_taken),
}
