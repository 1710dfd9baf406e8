"""The kinds of privacy requests. A new one is a name below.

Access and copy are answered as soon as the person is verified, because the page shows everything; what turns uses off
takes effect at once; deletion is the one that cannot be undone; the rest a person reads and answers.
Policy  #A4, #L2
"""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from troth import in_force
from troth.access.preferences import actions as preferences
from troth.access.preferences.sheet import sheet
from troth.access.requests import erasing
from troth.cases import actions, timing
from troth.cases.kinds import ERASE, EXPORT
from troth.cases.models import Case
from troth.cases.rights import RightsKind
from troth.outbox.objecting import find_objection
from troth.policy.meaning import MARKETING, parts_of
from troth.records import profile

SIGNALS_PROMISE = "signals.honored"


def _answer(case: Case, at_utc: datetime) -> None:
    actions.answer(case.id, nature="complied", at_utc=at_utc, who=actions.PROGRAM)
    case.refresh_from_db()


def _opt_out(case: Case, at_utc: datetime) -> None:
    """Opts out everyone with this address at once. An opt-out can only stop a use, so nobody has to verify it."""
    assert case.person_id is not None
    promise = in_force.policy().promises.get(SIGNALS_PROMISE)
    people = profile.people_of(case.person_id)
    profile.note_signals(people, section=promise.section if promise else "", way="request")
    _answer(case, at_utc)


def _object(case: Case, at_utc: datetime) -> None:
    """Turns off marketing and what rests on legitimate interests. Where someone has no choice, staff weigh the reasons.

    Source  Regulation (EU) 2016/679, Art. 21 (1) to (3)"""
    people, policy = actions.subjects(case), in_force.policy()
    concerned = {MARKETING, *(purpose for purpose in policy.purposes if find_objection(purpose))}
    shown = sheet(people, at_utc=at_utc)
    on = [each.question for each in shown.choices if each.on and parts_of(each.question)[0] in concerned]
    preferences.save_for(people, dict.fromkeys(on, False), way="privacy request", at_utc=at_utc)
    if concerned <= {MARKETING, *(each.question for each in shown.choices)}:
        _answer(case, at_utc)


def _restrict(case: Case, at_utc: datetime) -> None:
    people = actions.subjects(case)
    wanted = {choice.question: False for choice in sheet(people, at_utc=at_utc).choices if choice.on}
    preferences.save_for(people, wanted, way="privacy request", at_utc=at_utc)
    _answer(case, at_utc)


ACCESS = RightsKind(
    id="access",
    title=_("What we hold"),
    lead=_("We show you every value, where it came from, and what it was used for."),
    clock=timing.statutory,
    at_once=_answer,
    approves=EXPORT,
    approval=_("Approve copy"),
    guarded=True,
    copied=True,
)
COPY = replace(
    ACCESS,
    id="copy",
    title=_("A copy of my data"),
    lead=_("Everything we hold about you, as a page, a PDF, and a JSON file."),
)
CORRECTION = RightsKind(
    id="correction",
    title=_("Correct my data"),
    lead=_("You tell us what’s wrong, and we correct it."),
    clock=timing.statutory,
    profile=True,
    written=True,
    asks_words=_("Tell us what’s wrong, and what it should be."),
)
ERASURE = RightsKind(
    id="erasure",
    title=_("Delete my data"),
    lead=_("We delete your data and destroy the key to it. We tell you what the law requires us to keep."),
    clock=timing.statutory,
    approves=ERASE,
    approval=_("Approve deletion"),
    outcomes=(),
    announces=True,
    waits=_("Two staff members review the request. Then we delete your data, except what the law requires us to keep."),
    guarded=True,
    twice=True,
    keeps=erasing.list_laws,
)
RESTRICTION = RightsKind(
    id="restriction",
    title=_("Stop using my data"),
    lead=_("We keep your data and stop every use you can opt out of."),
    clock=timing.statutory,
    at_once=_restrict,
    carried=_(
        "We turned off every use you can opt out of. You can turn each of them on again in your privacy choices."
    ),
)
OBJECTION = RightsKind(
    id="objection",
    title=_("Object to a use of my data"),
    lead=_(
        "We stop marketing and every use that rests on our legitimate interests and that you can turn off. If there is "
        "another one, our privacy team reads your reasons and answers."
    ),
    clock=timing.statutory,
    at_once=_object,
    carried=_(
        "We turned off marketing and every use that rests on our legitimate interests. You can turn each of them on "
        "again in your privacy choices."
    ),
    written=True,
    gdpr=True,
)
OPT_OUT = RightsKind(
    id="opt-out",
    title=_("Do not sell or share my data"),
    lead=_("It takes effect right away. You don’t need to verify who you are."),
    clock=timing.opt_out,
    proven=False,
    at_once=_opt_out,
    carried=_("You opted out of the sale and sharing of your data."),
)
OPT_IN = RightsKind(
    id="opt-in",
    title=_("Allow sale or sharing again"),
    lead=_("You reverse an earlier opt-out. We ask you to confirm it first."),
    clock=timing.statutory,
    public=False,
)
QUESTION = RightsKind(
    id="question",
    title=_("Ask about privacy"),
    lead=_("A question or a complaint about how we handle data."),
    clock=timing.question,
    written=True,
    asks_words=_("Write your question or complaint."),
)
KINDS = (ACCESS, COPY, CORRECTION, ERASURE, RESTRICTION, OBJECTION, OPT_OUT, OPT_IN, QUESTION)
