"""Of a reply in the inbox: which request it answers, why it wasn't added to it, and whether staff may do that."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread import receiving
from troth.collection.mailbox import routing
from troth.collection.mailbox.models import KeptMail
from troth.collection.mailbox.parsed import ParsedMail
from troth.desk.staff import ANSWER, may, staff_name
from troth.headers import see_other
from troth.inbox.whole import find_address
from troth.security.models import User
from troth.wording import Words
from troth.words.codes import in_words
from troth.words.values import in_sentence

_WHY: Mapping[str, Words] = {
    receiving.CLOSED: gettext_lazy("It wasn’t added, because the request takes no more email."),
    receiving.UNVERIFIED: gettext_lazy(
        "It wasn’t added, because the request has ended and the sender of this email isn’t verified."
    ),
    receiving.OTHER: gettext_lazy(
        "It wasn’t added, because it isn’t from the address of the person who asked. That may be a colleague of "
        "theirs, their other address, or a stranger."
    ),
}


@dataclass(frozen=True)
class AnsweredLine:
    """What the page says of it; `number` is "" where the request is deleted, or was never ours.

    address  in the console, for those who work on such requests; `takes`: whether they may add the mail
    ended    whether that opens the request again"""

    why: Words
    number: str = ""
    title: Words = ""
    state: str = ""
    holder: str = ""
    address: str = ""
    takes: bool = False
    ended: bool = False


def describe(mail: ParsedMail, user: User) -> AnsweredLine:
    thread = routing.find_answered(mail)
    found = receiving.find_answered(thread, mail.address) if thread else None
    if found is None:
        return AnsweredLine(_("What it answers is deleted, or was never ours."))
    case, address = found.case, find_address(found.case)
    works = bool(address) and may(user, ANSWER, case.purpose)
    return AnsweredLine(
        why=_WHY[found.why],
        number=case.number,
        title=kind_of(case).title,
        state=in_words(case.stage),
        holder=_name_holder(case),
        address=address if works else "",
        takes=works and found.takes,
        ended=case.state not in Case.LIVING,
    )


def lead_to(mail: KeptMail) -> HttpResponse | None:
    """The page of the request to which it was added."""
    case = Case.objects.filter(pk=mail.request).first() if mail.request else None
    address = find_address(case) if case is not None else ""
    return see_other(address) if address else None


def _name_holder(case: Case) -> str:
    if case.assigned_to:
        return staff_name(case.assigned_to)
    recipient = in_force.policy().recipients.get(case.queue)
    return in_sentence(recipient.title) if recipient else _("No one yet")
