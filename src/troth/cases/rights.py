"""Shared by all kinds of privacy requests, whichever room has them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from troth import in_force
from troth.cases import actions
from troth.cases.kinds import CaseKind, Nothing, kind_of
from troth.cases.models import Case
from troth.cases.thread.writing import NOTE
from troth.collection import forms
from troth.collection.intake import Intake
from troth.records.models import AccountPerson
from troth.security.entrances import Entrance, address_of
from troth.wording import Words

PROOF = "proof"
"""What shows who asks; asked of nobody who is signed in."""

WAITS = _("Someone on our privacy team will answer. You don’t need to do anything.")


@dataclass(frozen=True, kw_only=True)
class RightsKind(CaseKind[Nothing]):
    """A kind of privacy request, with what its page shows beside its state.

    waits     what comes next while staff work on it
    carried   what was done, where `at_once` answers without staff
    guarded   its owner shows a factor again first: what a browser left open must not give away or destroy
    twice     what cannot be undone begins only when they have read what goes and what stays, and say so once more
    copied    once answered, everything that we hold is there to be read and downloaded
    profile   they may correct what they entered by themselves
    keeps     what a law makes us keep of it: title and why
    written   answered by someone who reads what they wrote, so its form is offered too where a button is enough
    asks_words  what its form says to who wrote nothing; "" where it makes sense without words
    gdpr      a right of the GDPR alone: offered where the policy chose it
    own_page  where the person who is signed in finds it instead, with {number} in it"""

    prefix: str = "P"
    purpose: str = "rights"
    queue: str = "staff.privacy"
    proven: bool = True
    joins: bool = True
    told: bool = True
    public: bool = True
    outcomes: tuple[str, ...] = ("complied", "complied in part", "nothing held")
    emails: tuple[str, ...] = ("received", "notice", "extended", "answered", "denied", "reply")
    waits: Words = WAITS
    carried: Words = ""
    guarded: bool = False
    twice: bool = False
    copied: bool = False
    profile: bool = False
    written: bool = False
    asks_words: Words = ""
    keeps: Callable[[], Sequence[tuple[str, str]]] | None = None
    gdpr: bool = False
    own_page: str = ""

    @property
    def is_offered(self) -> bool:
        """Whether a person may make it under the policy in force."""
        return self.public and (not self.gdpr or in_force.policy().is_under_gdpr)

    @property
    def by_button(self) -> bool:
        """Whether a button is enough for the person who is signed in: nothing has to be proven or put in words."""
        return self.is_offered and not self.asks_words

    @property
    def is_quick(self) -> bool:
        """Whether the next page has the answer for the person who is signed in."""
        return self.by_button and self.at_once is not None and not self.written

    @property
    def form(self) -> str:
        """Where a person asks for it."""
        return self.asked_at or address_of(Entrance.RIGHT, kind=self.id)


class OpenRequest:
    """Opens a request of one kind with the form that came in, in the form's transaction."""

    def __init__(self, kind: RightsKind) -> None:
        self.kind = kind

    def __call__(self, intake: Intake) -> Case:
        joined = AccountPerson.objects.filter(person=intake.person).first()
        return actions.open_case(
            self.kind,
            actions.CaseArrival(
                id=intake.cause,
                person=intake.person,
                manner="account" if joined else "form",
                at_utc=intake.at_utc,
                account=joined.user_id if joined else None,
            ),
            verified=joined is not None and not self.kind.twice,
        ).case


def show_form(
    request: HttpRequest, kind: RightsKind, *, place: str, template: str, button: str, **context: object
) -> HttpResponse:
    """The form of one kind, for visitors and for people who are signed in."""
    signed_in = getattr(request.user, "person_id", None) is not None
    page = forms.FormPage(
        place=place,
        template=template,
        record=OpenRequest(kind),
        required={NOTE: str(kind.asks_words)} if kind.asks_words else {},
        unasked=(PROOF,) if signed_in else (),
        context={"kind": kind, "button": button, **context},
    )
    return forms.answer(request, page)


def describe_carried(case: Case) -> str:
    """What was done without staff, once it is; what staff did is in their answer."""
    kind = kind_of(case)
    if not isinstance(kind, RightsKind) or (case.state, case.answered_by) != (Case.ANSWERED, actions.PROGRAM):
        return ""
    return str(kind.carried)
