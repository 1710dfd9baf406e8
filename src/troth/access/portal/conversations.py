"""The messages of a request on its customer's pages: read, replied to, their files fetched.

Both pages have them: the one behind a sign-in, and the one behind a mailed link. What is read is one look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.cases.actions import CaseProblem
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread import reading, writing
from troth.cases.thread.models import CaseMessage
from troth.collection import forms
from troth.collection.downloads import download
from troth.collection.forms import PolicyForm, known
from troth.collection.forms.form import NONCE, TRAP
from troth.collection.forms.nonce import AlreadySent, spend
from troth.files import NoSuchFile
from troth.records.ids import new_id
from troth.security import limits
from troth.text import code

SHOW = "access"
"""The purpose for which a person reads what is held about them."""
_SENT = (NONCE, TRAP, *reading.KINDS)


@dataclass(frozen=True)
class Conversation:
    """The messages of a request, with the form for the next one where it takes any.

    `ended`: a reply opens it again."""

    messages: list[reading.ShownMessage]
    reply: PolicyForm | None
    ended: bool


def show(request: HttpRequest, case: Case, *, place: gate.DividedPlace, form: PolicyForm | None = None) -> Conversation:
    """What the page of the request shows; `form`: a reply that was not taken."""
    reply = form or (_form(request, case) if writing.can_reply(case) else None)
    if form is not None:
        form.ask_again_for_files()
    found = reading.load(case)
    messages = reading.list_messages(case, _look(case, place, found), found=found)
    return Conversation(messages, reply, ended=case.state not in Case.LIVING)


def reply(request: HttpRequest, case: Case) -> PolicyForm | None:
    """Nothing once the reply is kept; the form with what is wrong where it is not.   One sent twice is kept once."""
    form, now = _form(request, case, sent=True), timezone.now()
    if not form.is_valid():
        return form
    try:
        limits.within(limits.SENT, address=limits.address_of(request), at_utc=now)
        _keep(form, case, now)
    except AlreadySent as again:
        if not again.same:
            form.add_error(None, _("You already sent this reply with other words. To send these too, press again."))
            return form
    except (limits.TooMany, CaseProblem) as problem:
        form.add_error(None, str(problem))
        return form
    return None


def fetch(request: HttpRequest, case: Case, *, place: gate.DividedPlace) -> HttpResponseBase | None:
    """One of its files, saved by the browser and never shown; None for one that is not there."""
    wanted = code(request.POST.get("file", ""))
    loaded = reading.load(case)
    messages = reading.list_messages(case, _look(case, place, loaded), found=loaded)
    found = next((file for message in messages for file in message.files if file.id == wanted), None)
    try:
        return download(found.parts(), name=found.name) if found else None
    except NoSuchFile:
        return None


def _keep(form: PolicyForm, case: Case, now: datetime) -> None:
    message = new_id()
    with transaction.atomic():
        spend(form.nonce, form=form.collect.id, receipt=message)
        writing.write(case.pk, form, at_utc=now, message=message)


def _form(request: HttpRequest, case: Case, *, sent: bool = False) -> PolicyForm:
    data = None
    if sent:
        data = request.POST.copy()
        for name in set(data) - set(_SENT):
            data.pop(name)
    return forms.build(
        in_force.policy(),
        writing.REPLY,
        data=data,
        files=request.FILES if sent else None,
        session=known.bind_to_session(request),
        purpose=case.purpose,
    )


def _look(case: Case, place: gate.DividedPlace, found: Sequence[CaseMessage]) -> Mapping[UUID, str]:
    reason = _("to show you the messages of %(number)s") % {"number": case.number}
    return reading.look(case, place=place, purpose=SHOW, who="program:account", reason=reason, found=found)


def has_messages(case: Case) -> bool:
    """Whether requests of its kind are talked about here at all."""
    return kind_of(case).talks
