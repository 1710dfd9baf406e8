"""Kinds of requests. Each room makes its own and lists them in `room.py`; nothing here names one.

A kind owns its clock, its facts, what it takes to be answered, what happens at once, how it ends, its page and emails.
Thread, owner, state, approvals, notes and who sees it are alike for all: see `actions`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import QuerySet

from troth.cases import facts
from troth.cases.models import Case
from troth.cases.timing import Reckoning
from troth.wording import Words

F = TypeVar("F", covariant=True)

CLOSED = "closed"
CASE_PAGE = "case"
ERASE, DISCLOSE, EXPORT, HOLD = "erase", "disclose", "export", "hold"
"""What only two of the staff together may do. The database carries it out by this word, whatever the kind is called."""


def always(case: Case) -> bool:
    return True


def never(case: Case) -> bool:
    return False


@dataclass(frozen=True)
class Nothing:
    """The facts of a kind that needs none."""


@dataclass(frozen=True, kw_only=True)
class CaseKind(Generic[F]):
    """One kind of request.

    id        the code that its rows and exports have
    prefix    of its numbers: "Q" of Q-2026-0001
    title     what it is called; `lead` says to the person who may ask for it what it does
    purpose   of the policy: who receives its data answers it. `queue`: of these, whose it is first
    clock     how its due date is counted, from the policy's rules: one of `timing`
    promise   of the policy: without it nobody promises the person a time
    facts     what this kind alone knows of a request
    proven    answered only to someone who proved the address
    routed    the program has to find who answers before it is open
    joins     the same asked again joins the one that is open
    told      their history says that they asked; what else they send says so itself
    public    a person may ask for it themselves
    hourly    its time runs in hours, on weekends and holidays too: it is above all other work
    internal  nobody's request, so the request log leaves it out
    approves  what two of the staff agree to before it is carried out, such as ERASE. `approval`: that button;
              `proposal`: in words what it does, where the title doesn't say it
    emails    those of its purpose that the person gets, by name: received, notice, extended, answered, denied, reply;
              a kind that has a reply is talked about on its page and in the console
    reopens   a reply opens one again that was ended
    announces owners of accounts that it touches are notified as soon as it is proven
    at_once   what happens when it was asked or proven by the person or their agent, in that transaction; the case has
              its new state afterwards
    outcomes  natures of an answer, of which staff choose one; none for what is carried out or ends otherwise
    finish    how staff end it instead: (case, who, at_utc). Raises CaseProblem while a step of it is missing
    missing   which steps of it are, in a sentence; nothing once it can be ended
    closing   what that button is called
    parted    keeps what this kind has beside its case for one that is split from it: (case, new). Without it, none is
    deniable  whether staff may deny it, as it is by now: (case)
    page      which one its mailed link opens; `asked_at` is where a person asks for it"""

    id: str
    prefix: str
    title: Words
    purpose: str
    queue: str
    clock: Reckoning
    lead: Words = ""
    promise: str = ""
    facts: type[F] = Nothing  # type: ignore[assignment]
    proven: bool = False
    routed: bool = False
    joins: bool = False
    told: bool = False
    public: bool = False
    hourly: bool = False
    internal: bool = False
    approves: str = ""
    approval: Words = ""
    proposal: Callable[[Case], str] | None = None
    emails: tuple[str, ...] = ()
    announces: bool = False
    at_once: Callable[[Case, datetime], None] | None = None
    outcomes: tuple[str, ...] = ()
    finish: "Callable[..., object] | None" = None
    missing: Callable[[Case], str] | None = None
    closing: Words = ""
    parted: Callable[[Case, Case], object] | None = None
    deniable: Callable[[Case], bool] = always
    reopens: bool = False
    page: str = CASE_PAGE
    asked_at: str = ""

    def read(self, case: Case) -> F:
        """The facts of the request, with their types."""
        return facts.read(self.facts, case.facts)

    @property
    def talks(self) -> bool:
        """Whether person and staff write to each other about it."""
        return "reply" in self.emails

    def rows(self) -> "QuerySet[Case]":
        """The requests of this kind."""
        return Case.objects.filter(kind=self.id)


_known: dict[str, CaseKind[object]] = {}


def know(kinds: Iterable[CaseKind[object]]) -> None:
    """Makes these the kinds of the site."""
    _known.clear()
    _known.update({kind.id: kind for kind in kinds})


def kinds() -> Mapping[str, CaseKind[object]]:
    """All kinds by id, in the order of their rooms."""
    return _known


def outward() -> list[str]:
    """The ids of kinds that people ask for; procedures of the staff are nobody's."""
    return [kind.id for kind in _known.values() if not kind.internal]


def kind_of(case: Case) -> CaseKind[object]:
    return _known[case.kind]


def name_end(case: Case, code: str) -> str:
    """The code of a stage or an event, for staff: what nobody asked for isn't answered, but closed."""
    return CLOSED if code == Case.ANSWERED and kind_of(case).internal else code


def find(id: str) -> CaseKind[object] | None:
    return _known.get(id)
