"""The access review: each quarter a colleague looks at every staff account, and keeps or closes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.access.procedures.base import Procedure, finish
from troth.cases import actions, timing
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.policy.phrases import join_words
from troth.security import crew
from troth.security.actors import find_username, identify_staff

DAYS = 30
KEEP, CLOSE = "keep", "close"
REVIEWERS = frozenset({"privacy", "admin"})


@dataclass(frozen=True)
class ReviewDecision:
    """Kept or closed, by whom and when."""

    decision: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Reviewed:
    """The accounts by user name; nothing for one that nobody has decided about yet."""

    accounts: Mapping[str, ReviewDecision | None]


def begin(*, at_utc: datetime, who: str = actions.PROGRAM) -> Case | None:
    """Starts a review of all open accounts; does nothing while one is open."""
    if REVIEW.rows().filter(state__in=Case.LIVING).exists():
        return None
    accounts = {user.username: None for user in crew.crew() if user.is_active}
    manner = "staff" if find_username(who) else "program"
    return REVIEW.begin(Reviewed(accounts), at_utc=at_utc, who=who, manner=manner)


def decide(case: Case, username: str, decision: str, *, who: str, at_utc: datetime) -> None:
    """Keeps or closes one account. Raises CaseProblem: one's own, an unknown one, or the review has ended."""
    with transaction.atomic():
        # Two colleagues may decide at once: each has to see what the other decided.
        found = Case.objects.select_for_update().get(pk=case.pk)
        accounts = dict(REVIEW.read(found).accounts)
        check(found, username, who=who)
        if decision == CLOSE:
            _close(username, who=who)
        elif not any(user.is_active and user.username == username for user in crew.crew()):
            raise CaseProblem(_("This account is already closed, so you can’t keep it."))
        accounts[username] = ReviewDecision(decision, who, at_utc)
        what = "account kept" if decision == KEEP else "account closed"
        actions.state(found, Reviewed(accounts), what, at_utc=at_utc, who=who, words=username)


def check(case: Case, username: str, *, who: str) -> None:
    """Raises CaseProblem: the account can't be decided on by this member of staff."""
    if case.state not in Case.LIVING or username not in REVIEW.read(case).accounts:
        raise CaseProblem(_("This account isn’t in this review."))
    if who == identify_staff(username) and others(username):
        raise CaseProblem(_("You can’t review your own account. Ask a colleague."))


def _list_missing(case: Case) -> str:
    """The accounts that may still sign in and weren't decided on."""
    active = {user.username: user.display_name or user.username for user in crew.crew() if user.is_active}
    decided = REVIEW.read(case).accounts
    open_ones = sorted(active[name] for name, decision in decided.items() if decision is None and name in active)
    return _("Decide on every account first: %(names)s.") % {"names": join_words(open_ones, _)} if open_ones else ""


def others(username: str) -> bool:
    """Whether anyone else could decide. If not, one's own decision counts, and the events say whose it was."""
    return any(user.is_active and user.role in REVIEWERS and user.username != username for user in crew.crew())


def _close(username: str, *, who: str) -> None:
    try:
        crew.close_as(username, who=who)
    except crew.CrewProblem as problem:
        raise CaseProblem(str(problem)) from problem


REVIEW = Procedure(
    id="access-review",
    title=gettext_lazy("Access review"),
    lead=gettext_lazy("Which staff can sign in, and with which role."),
    clock=timing.days(DAYS),
    facts=Reviewed,
    finish=finish,
    missing=_list_missing,
)
