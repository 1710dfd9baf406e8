"""An access review in the console: each account is kept or closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.access.procedures import review
from troth.cases.models import Case
from troth.desk import notices
from troth.desk.acts import DeskAct, Doing, Field, Panel, undoing
from troth.desk.staff import user_of
from troth.security import crew
from troth.security.actors import find_username
from troth.security.factors import codes
from troth.security.models import User
from troth.security.sessions import Session
from troth.wording import Words
from troth.words.values import moment


@dataclass(frozen=True)
class Account:
    """One account in a review. `own`: a colleague has to decide; `gone`: closed meanwhile."""

    username: str
    name: str
    role: str
    second: bool
    seen_utc: datetime | None
    decided: review.ReviewDecision | None
    by: str
    own: bool
    gone: bool


def _describe(request: HttpRequest, case: Case) -> Mapping[str, object]:
    return {"accounts": _list_accounts(case, user_of(request).username)}


def _list_accounts(case: Case, looker: str) -> list[Account]:
    decided = review.REVIEW.read(case).accounts
    known = {user.username: user for user in crew.crew()}
    seen = dict(Session.objects.values_list("user").annotate(last=Max("seen_utc")))
    return [
        Account(
            name,
            known[name].display_name,
            known[name].get_role_display(),
            codes.has_second(known[name]),
            seen.get(known[name].pk),
            decided[name],
            by=_name(decided[name], known),
            own=name == looker and review.others(name),
            gone=not known[name].is_active,
        )
        for name in sorted(decided)
        if name in known
    ]


def _name(decided: review.ReviewDecision | None, known: Mapping[str, User]) -> str:
    """The name of the person who decided."""
    who = find_username(decided.who) if decided else ""
    return known[who].display_name if who in known else who


def _keep(doing: Doing) -> HttpResponse:
    return _decide(doing, review.KEEP, _("You kept the account of %(name)s."))


def _close(doing: Doing) -> HttpResponse:
    return _decide(doing, review.CLOSE, _("You closed the account of %(name)s."))


def _decide(doing: Doing, decision: str, told: str) -> HttpResponse:
    username = doing.values["username"]
    name = dict(_list_reviewed(doing.case)).get(username, "")  # before it is closed
    review.decide(doing.case, username, decision, who=doing.who, at_utc=doing.at_utc)
    return notices.say(doing.request, told % {"name": name}, page=undoing.find_page(doing.request))


def _check_closing(doing: Doing) -> None:
    review.check(doing.case, doing.values["username"], who=doing.who)


def _closes(case: Case, typed: Mapping[str, str]) -> str:
    username = typed.get("username", "")
    closes = _(
        "%(name)s is signed out everywhere and can’t sign in again. The name stays in people’s histories. You can’t "
        "open the account again here."
    ) % {"name": dict(_list_reviewed(case)).get(username, "")}
    decided = review.REVIEW.read(case).accounts.get(username)
    if decided is None:
        return closes
    by = crew.names_of([decided.who]).get(decided.who, decided.who)
    return f"{closes} {_('%(who)s decided to keep the account, %(at)s.') % {'who': by, 'at': moment(decided.at)}}"


def _list_reviewed(case: Case) -> Sequence[tuple[str, Words]]:
    """The accounts of a review: user name and name."""
    known = {user.username: user.display_name or user.username for user in crew.crew()}
    return [(name, known[name]) for name in review.REVIEW.read(case).accounts if name in known]


_REVIEWED = Field(
    "username",
    gettext_lazy("Account"),
    choices=_list_reviewed,
    wrong=gettext_lazy("This account isn’t in this review."),
)
PANEL = Panel(
    template="procedures/review.html",
    context=_describe,
    acts=(
        DeskAct(
            do="keep",
            button=gettext_lazy("Keep account"),
            run=_keep,
            fields=(_REVIEWED,),
            own=True,
        ),
        DeskAct(
            do="close",
            button=gettext_lazy("Close account"),
            run=_close,
            fields=(_REVIEWED,),
            own=True,
            once=True,
            check=_check_closing,
            effect=_closes,
        ),
    ),
)
