"""One thing that staff may do with an opened request: its button, its fields, and what runs.

DeskAct(do="deny", button=_("Deny request"), run=_deny, fields=(Field("words", _("Basis")),))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import gate
from troth.cases.actions import CaseProblem
from troth.cases.kinds import CaseKind
from troth.cases.models import Case
from troth.desk.done import PerformedAct
from troth.desk.staff import user_of
from troth.security.models import User
from troth.text import CannotRead, code, lines, paragraph
from troth.wording import Words

TEXT, LINE, DATE = "", "text", "date"
"""How a field of words looks: several lines, or an input of this type."""
BEGUN, ENDED = "begun", "ended"
"""Fields of what undoes a run: the times of that run."""
SURE, YES = "sure", "yes"
"""The field by which a page that asks once sends an act again."""
WAS = "was-"
"""Before the name of a field: what the page showed there, so that nobody undoes what a colleague changed since."""
Choices = Callable[[Any], Sequence[tuple[str, Words]]]


@dataclass(frozen=True)
class Doing:
    """An act being carried out: the request, the user, and the values of the form.

    at_once  takes what was done instead of the next page, where several acts are carried out at once"""

    request: HttpRequest
    case: Any
    user: User
    values: Mapping[str, str]
    at_utc: datetime
    at_once: list[PerformedAct] | None = None

    @property
    def who(self) -> str:
        return self.user.who


@dataclass(frozen=True)
class Field:
    """One field of an act: words, or one of `choices`.

    wrong   what is said where the words are too few or too many, or the choice is none
    breaks  whether line breaks stay as they were typed
    needed  whether it may be left empty
    look    TEXT, LINE or DATE
    none    what the empty one of `choices` says where it means something"""

    name: str
    label: Words
    choices: Choices | None = None
    wrong: Words = ""
    hint: Words = ""
    least: int = 10
    most: int = 500
    breaks: bool = False
    needed: bool = True
    look: str = TEXT
    none: Words = ""

    def read(self, text: str, case: Any) -> str:
        """What was typed.   Raises  CaseProblem, with this field."""
        if self.choices is not None:
            chosen = code(text)
            if chosen not in {each for each, _title in self.choices(case)} and (chosen or self.needed):
                raise CaseProblem(str(self.wrong), self.name)
            return chosen
        try:
            words = (lines if self.breaks else paragraph)(text, most=10 * self.most)
        except CannotRead as problem:
            raise CaseProblem(str(problem), self.name) from problem
        if not self.least <= len(words) <= self.most:
            raise CaseProblem(str(self.wrong) or self._length(), self.name)
        return words

    def list_choices(self, case: Any) -> Sequence[tuple[str, Words]]:
        return self.choices(case) if self.choices is not None else ()

    def find_shown(self, now: str, choices: Sequence[tuple[str, Words]]) -> str:
        """What it shows of what the request says: nothing where its list lacks that, such as a closed account."""
        return now if self.choices is None or now in {value for value, _title in choices} else ""

    def tell_changed(self, now: str, case: Any) -> str:
        """That a colleague changed it, and what it says by now."""
        shown = dict(self.list_choices(case)).get(now) or now or self.none or _("nothing")
        said = {"now": str(shown).rstrip(".")}
        return _("A colleague changed this meanwhile: it’s now “%(now)s”. Send it again to change it anyway.") % said

    def _length(self) -> str:
        return _("Write a sentence of %(least)d to %(most)d characters.") % {"least": self.least, "most": self.most}


def _living(case: Case) -> bool:
    return case.state in Case.LIVING


@dataclass(frozen=True, kw_only=True)
class DeskAct:
    """One thing that staff may do.

    do      what its button sends; `titled` says what the button of one kind is called
    run     does it; gives a page or file, or nothing and the request is shown again. Raises CaseProblem or Refusal
    fits    whether requests of this kind have it at all; `shown`: whether now is the time to offer it
    needs   what staff must be allowed to do for it: see `staff.may`; nothing: to answer the list's requests
    own     its form is in the kind's own template
    talk    its form is under the conversation, beside the answer, where one is shown; among the acts elsewhere
    effect  what it does, beside its button and before it is confirmed: from the case and what was typed
    once    it can't be undone, so it is confirmed once on a page of its own
    check   before that: raises CaseProblem if it can't be done yet, so that nobody confirms what then fails
    did     whether this member of staff has done their part of it, so that only colleagues are offered it
    many    it may be done with several requests at once; `suits`: with those of this kind at all, so that it is offered
    takes   who does it is assigned a request that nobody has
    told    what the next page says was done to the request %(number)s, where `run` gives no page that does
    then    what follows from it, as that page says
    now     what its fields say of the request as it is: with others of these it is one form, see `properties`
    alone   its form stays its own: what it adds to what is there goes with no other change
    clear   does what emptying all of them there means
    reverse undoes it for the rows of a run: see `undoing`"""

    do: str
    button: Words
    run: Callable[[Doing], HttpResponse | None]
    titled: Callable[[Any], Words] | None = None
    fields: tuple[Field, ...] = ()
    hint: Words = ""
    fits: Callable[[Any], bool] = lambda case: True
    shown: Callable[[Any], bool] = _living
    needs: str = ""
    main: bool = False
    own: bool = False
    talk: bool = False
    effect: Callable[[Any, Mapping[str, str]], str] | None = None
    once: bool = False
    check: Callable[[Doing], None] | None = None
    did: Callable[[Any, str], bool] | None = None
    many: bool = False
    suits: Callable[[CaseKind[object]], bool] = lambda kind: True
    takes: bool = False
    told: Words = ""
    then: Callable[[Any], str] | None = None
    now: Callable[[Any], Mapping[str, str]] | None = None
    alone: bool = False
    clear: "DeskAct | None" = None
    reverse: "DeskAct | None" = None

    def title(self, case: Any) -> Words:
        """What its button is called for this request."""
        return (self.titled(case) if self.titled else "") or self.button

    def is_offered(self, case: Any, who: str) -> bool:
        """Whether it is the time for it, and this member of staff has not done their part of it."""
        return self.shown(case) and not (self.did and self.did(case, who))

    def read(self, sent: Mapping[str, str], case: Any) -> "TypedFields":
        """What was typed, and what is wrong with it, field by field."""
        errors: dict[str, str] = {}
        return TypedFields({each.name: self._value(sent, case, each, errors) for each in self.fields}, errors)

    def asks(self, request: HttpRequest, case: Any) -> bool:
        """Whether it still has to be confirmed."""
        return self.once and self.shown(case) and request.POST.get(SURE) != YES

    def refuse(self, errors: Mapping[str, str]) -> "ActResult":
        """The result of an act whose fields have these errors."""
        return ActResult(self, errors)

    def find_changed(self, case: Any, *, sent: Mapping[str, str]) -> dict[str, str]:
        """The fields of which the page showed something else than they say by now, each with that in a sentence."""
        now = self.now(case) if self.now else {}
        asked = [each for each in self.fields if each.name in now and WAS + each.name in sent]
        shown = {each.name: each.find_shown(now[each.name], each.list_choices(case)) for each in asked}
        changed = (each for each in asked if sent[WAS + each.name] != shown[each.name])
        return {each.name: each.tell_changed(shown[each.name], case) for each in changed}

    def prepare(self, request: HttpRequest, case: Any) -> "ActResult":
        """Reads what was typed and checks it, so that the act can be confirmed. Nothing is done."""
        typed = self.read(request.POST, case)
        doing = Doing(request, case, user_of(request), typed.values, timezone.now())
        return ActResult(self, typed.errors) if typed.errors else self._run(doing, self.check)

    def carry_out(self, request: HttpRequest, case: Any, sent: Mapping[str, str] | None = None) -> "ActResult":
        """Reads and runs the act, and returns its errors and the page that it gave.

        Takes   sent: what was typed, where it isn't in this request."""
        typed = self.read(request.POST if sent is None else sent, case)
        if errors := typed.errors or (self.find_changed(case, sent=request.POST) if sent is None else {}):
            return ActResult(self, errors)
        return self._run(Doing(request, case, user_of(request), typed.values, timezone.now()), self.run)

    def _value(self, sent: Mapping[str, str], case: Any, field: Field, errors: dict[str, str]) -> str:
        try:
            return field.read(sent.get(field.name, ""), case)
        except CaseProblem as problem:
            errors[field.name] = str(problem)
            return ""

    def _run(self, doing: Doing, run: "Callable[[Doing], HttpResponse | None] | None") -> "ActResult":
        try:
            return ActResult(self, {}, run(doing) if run else None)
        except (CaseProblem, gate.Refusal, gate.GrantRefused) as problem:
            return ActResult(self, {getattr(problem, "field", ""): str(problem)})


@dataclass(frozen=True)
class TypedFields:
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True)
class ActResult:
    """The result of an act. An error without a field belongs to the whole form."""

    act: DeskAct
    errors: Mapping[str, str]
    page: HttpResponse | None = None


def tell_unavailable() -> str:
    """Of an act that the request doesn't have, or not now."""
    return _("That action isn’t available here.")
