"""One request of a list, opened: what is shown of it, and what is done with it.

POST `do`: contact reads its person's data, file fetches one of their files, else one of its acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from troth import in_force
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread.reading import load
from troth.collection.downloads import download
from troth.desk import reading
from troth.desk.acts import answering, assigning, handing, properties, undoing
from troth.desk.acts.act import ActResult, DeskAct, tell_unavailable
from troth.desk.acts.form import ActForm, form_of
from troth.desk.acts.panels import panel_of
from troth.desk.acts.standard import acts_of
from troth.desk.lists.worklist import WorkList
from troth.desk.staff import ASSIGN, READ, may, user_of
from troth.desk.steps import list_approvals, tell_ended
from troth.desk.turns import in_turn
from troth.files import NoSuchFile
from troth.text import code

READS = ("contact", "file")  # acts that read the person's data: shown on the page, or one file of it
Asked = Any
"""A case, or a row of a room's table that extends it."""


class ShowAround(Protocol):
    """The page that shows an opened request beside a list that has it.

    Takes   opened: what the template of an opened request needs"""

    def __call__(self, request: HttpRequest, opened: Mapping[str, object], *, status: int = 200) -> HttpResponse: ...


@dataclass(frozen=True)
class OpenedRequest:
    """One request. `work`: whose steps, acts and rights it has; `show`: the page that it is opened on."""

    work: WorkList
    asked: Asked
    show: ShowAround

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or not request.POST.get("do"):
            return self._show(request)
        if request.POST["do"] in READS:
            return self._contact(request)
        with in_turn(self.asked.pk):
            self.asked.refresh_from_db()  # a colleague may have pressed while this was waiting
            return self._act(request)

    def _act(self, request: HttpRequest) -> HttpResponse:
        """Carries out the act that was sent. On an error, its form shows why and keeps the values."""
        if (act := next((each for each in acts_of(self.asked) if each.do == code(request.POST["do"])), None)) is None:
            return self._show(request, error=tell_unavailable(), status=400)
        if not self.work.allows(user_of(request), act):
            return self._show(request, status=403)
        if not (act.own or act.shown(self.asked)) and (ended := tell_ended(self.asked)):
            return self._show(request, result=act.refuse({"": ended}), status=400)
        asks, unassigned = act.asks(request, self.asked), act.takes and self._may_take(request)
        result = act.prepare(request, self.asked) if asks else act.carry_out(request, self.asked)
        if asks and not result.errors:
            return _ask_once(request, self.asked, act, purpose=self.work.purpose)
        if result.errors:
            return self._show(request, result=result, status=400)
        assigned = assigning.take_over(request, self.asked) if unassigned else None
        return result.page or assigned or undoing.lead_back(request, self.asked, act)

    def _may_take(self, request: HttpRequest) -> bool:
        """Whether nobody has it and the user may be the one who does."""
        found = self.work.rows().filter(self.work.nobodys, pk=self.asked.pk, state__in=Case.LIVING)
        return may(user_of(request), ASSIGN, self.work.purpose) and bool(found.exists())

    def _contact(self, request: HttpRequest) -> HttpResponseBase:
        """Their data, read for the purpose and reason that their history shows from then on, or one of their files."""
        if not may(user_of(request), READ, self.work.purpose):
            return self._show(request, status=403)
        if self.asked.person_id is None:
            return self._show(request, error=_("This request isn’t about a person."), status=400)
        again = reading.reread_contact(request, self.asked, purpose=self.work.purpose)
        if request.POST["do"] == "file" and again is not None:
            return self._fetch(request, again)
        try:
            reason = reading.reason_in(request.POST)
        except reading.NoReason as problem:
            return self._show(request, more={"no_reason": str(problem)}, status=400)
        read = reading.read_contact(
            request, person=self.asked.person_id, purpose=self.work.purpose, cause=self.asked.pk, reason=reason
        )
        return self._fetch(request, read)

    def _fetch(self, request: HttpRequest, read: reading.Contact) -> HttpResponseBase:
        """One file of what was read; all that was read, where none was asked for."""
        if (wanted := read.file(code(request.POST.get("file", "")))) is None:
            return self._show(request, contact=read)
        try:
            return download(wanted.parts(), name=wanted.name)
        except NoSuchFile:
            return self._show(request, contact=read, more={"lost": wanted}, status=503)

    def _show(
        self,
        request: HttpRequest,
        *,
        result: ActResult | None = None,
        error: str = "",
        contact: reading.Contact | None = None,
        more: Mapping[str, object] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        panel, steps = panel_of(self.asked), self.work.steps(self.asked)
        own = result if result is not None and result.act.own else None
        may_read = may(user_of(request), READ, self.work.purpose)
        found = load(self.asked) if kind_of(self.asked).talks and self.asked.person_id else []
        if contact is None and may_read:
            contact = reading.reread_contact(request, self.asked, purpose=self.work.purpose, found=found)
        fields, forms = properties.divide(request, self.asked, self._list_forms(request, result), result)
        context = {
            "opened": self.asked,
            "kind": kind_of(self.asked),
            "panel": panel,
            "section": in_force.policy().section_of(self.work.purpose),
            "properties": fields,
            "steps": steps,
            "may_read": may_read,
            "forms": forms,
            "approved": list_approvals(self.asked),
            "living": self.asked.state in Case.LIVING,
            **answering.describe(request, self.asked, found, contact, steps, forms),
            "held": handing.describe(self.asked, user_of(request)),
            "did": result.act.do if result else "",
            "errors": own.errors if own else {},
            "error": own.errors.get("", "") if own else error,
            **(panel.context(request, self.asked) if panel.context else {}),
            **(more or {}),
            "contact": contact,
        }
        return self.show(request, context, status=status)

    def _list_forms(self, request: HttpRequest, result: ActResult | None) -> list[ActForm]:
        """Of the acts for which it is the time, and of the one that was sent."""
        user, sent = user_of(request), result.act if result else None
        able = (each for each in acts_of(self.asked) if not each.own and self.work.allows(user, each))
        found = (each for each in able if each is sent or each.is_offered(self.asked, user.who))
        return [form_of(each, self.asked, result, request) for each in found]


def _ask_once(request: HttpRequest, asked: Any, act: DeskAct, *, purpose: str) -> HttpResponse:
    """The confirmation page. Nothing is done yet; the form's values are in it and sent again with the answer."""
    values = act.read(request.POST, asked).values
    reads = asked.person_id is not None and may(user_of(request), READ, purpose)
    context = {
        "opened": asked,
        "act": act,
        "button": act.title(asked),
        "effect": act.effect(asked, values) if act.effect else "",
        "values": values.items(),
        "person": reading.read_who(request, asked, purpose=purpose) if reads else "",
    }
    return render(request, "console/confirm.html", context)
