"""Staff procedures in the list of privacy requests: their steps, and the acts that only they have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.access.procedures import disclosure, hold, incident, review
from troth.access.procedures.base import CoveredData, find_words
from troth.cases.actions import is_agreed
from troth.cases.models import Case
from troth.desk import callers, index, notices
from troth.desk.acts import DeskAct, Doing, Field, Panel, undoing
from troth.desk.staff import user_of
from troth.headers import save_as
from troth.security import crew
from troth.security.actors import find_username
from troth.security.factors import codes
from troth.security.models import User
from troth.security.sessions import Session
from troth.wording import Words
from troth.words.values import kinds_in_words, moment


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


@dataclass(frozen=True)
class IncidentStep:
    """One step. `act`: what its form sends; `was`: what the page shows of it, so that no note is replaced unseen."""

    id: str
    title: str
    said: incident.Said | None
    by: str
    following: bool

    @property
    def act(self) -> str:
        return _name_step(self.id)

    @property
    def was(self) -> str:
        return self.said.text if self.said else ""

    @property
    def at_utc(self) -> datetime | None:
        return self.said.at if self.said else None


def _incident(request: HttpRequest, case: Case) -> Mapping[str, object]:
    happened = incident.INCIDENT.read(case)
    return {
        "happened": find_words(case, "what happened"),
        "affected": kinds_in_words(in_force.policy(), happened.kinds),
        "people": happened.people,
        "procedure": _steps(happened.steps),
    }


def _progress(case: Case) -> str:
    said = incident.INCIDENT.read(case).steps
    told = _("%(done)d of %(all)d steps done") % {"done": len(said), "all": len(incident.STEPS)}
    following = _find_following(said)
    return _("%(told)s. Next: %(step)s") % {"told": told, "step": incident.STEPS[following]} if following else told


def _review(request: HttpRequest, case: Case) -> Mapping[str, object]:
    return {"accounts": _accounts(case, user_of(request).username)}


def _describe_required(request: HttpRequest, case: Case) -> Mapping[str, object]:
    required = disclosure.DISCLOSURE.read(case)
    return {**_describe_covered(required), "required": required, "required_by": find_words(case, "required by")}


def _describe_covered(said: CoveredData) -> Mapping[str, object]:
    return {
        "covered": kinds_in_words(in_force.policy(), said.kinds),
        "known_by": callers.list_requests(said.people, index.work_lists()),
        "secret": said.secret_until is not None and said.secret_until > timezone.now(),
    }


def _name_step(step: str) -> str:
    return f"step-{step}"


def _note_step(doing: Doing, *, step: str) -> None:
    incident.note_step(doing.case, step, words=doing.values["words"], who=doing.who, at_utc=doing.at_utc)


def _find_note(case: Case, *, step: str) -> Mapping[str, str]:
    said = incident.INCIDENT.read(case).steps.get(step)
    return {"words": said.text if said else ""}


def _make_step(step: str) -> DeskAct:
    return DeskAct(
        do=_name_step(step),
        told=gettext_lazy("You recorded a step of %(number)s."),
        button=gettext_lazy("Save step"),
        run=partial(_note_step, step=step),
        fields=(Field("words", gettext_lazy("What was done (no personal data)")),),
        own=True,
        now=partial(_find_note, step=step),
        alone=True,
    )


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


def _disclose(doing: Doing) -> HttpResponse:
    content = disclosure.disclose(doing.case, who=doing.who, at_utc=doing.at_utc).encode()
    return save_as(HttpResponse(content, content_type="application/json"), f"{doing.case.number}.json")


def _discloses(case: Case, typed: Mapping[str, str]) -> str:
    required = disclosure.DISCLOSURE.read(case)
    said = {"data": kinds_in_words(in_force.policy(), required.kinds), "recipient": required.recipient}
    downloads = _("You download this data of the person to hand it over to %(recipient)s: %(data)s.") % said
    if required.secret_until:
        seen = _("Their history doesn’t show it before the date that was set.")
    else:
        seen = _("They see the disclosure in their history.")
    return f"{downloads} {seen} {_('The request closes with the download.')}"


def _describe_hold(request: HttpRequest, case: Case) -> Mapping[str, object]:
    held = hold.LEGAL_HOLD.read(case)
    return {**_describe_covered(held), "held": held, "held_for": find_words(case, "hold asked")}


def _begin_hold(doing: Doing) -> None:
    hold.begin(doing.case, who=doing.who, at_utc=doing.at_utc)


def _begins(case: Case, typed: Mapping[str, str]) -> str:
    if hold.LEGAL_HOLD.read(case).secret_until:
        return _("Nothing that it covers is deleted until you end it. The person won’t see it before the date you set.")
    return _("Nothing that it covers is deleted until you end it. The person sees it in their history.")


def _review_hold(doing: Doing) -> None:
    until = doing.at_utc + timedelta(days=int(doing.values["until"]))
    hold.review(doing.case, until=until, words=doing.values["words"], who=doing.who, at_utc=doing.at_utc)


def _find_hold_review(case: Case) -> Mapping[str, str]:
    """What the latest review says: two people who review at once have to see each other's."""
    said = case.events.filter(what=hold.REVIEWED).values_list("words", flat=True).last()
    return {"words": said or ""}


def _end_hold(doing: Doing) -> None:
    hold.end(doing.case, who=doing.who, at_utc=doing.at_utc)


def _ends_hold(case: Case, typed: Mapping[str, str]) -> str:
    return _(
        "Data that was kept only for this hold is deleted soon after, and deletions that waited for it are "
        "carried out. You can’t undo this."
    )


def _steps(said: Mapping[str, incident.Said]) -> list[IncidentStep]:
    names, following = crew.names_of(each.who for each in said.values()), _find_following(said)
    return [
        IncidentStep(
            id=id,
            title=str(title),
            said=said.get(id),
            by=names.get(said[id].who, said[id].who) if id in said else "",
            following=id == following,
        )
        for id, title in incident.STEPS.items()
    ]


def _find_following(said: Mapping[str, incident.Said]) -> str:
    """The first step that isn't done; empty if all are."""
    return next((id for id in incident.STEPS if id not in said), "")


def _accounts(case: Case, looker: str) -> list[Account]:
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


_REVIEWED = Field(
    "username",
    gettext_lazy("Account"),
    choices=_list_reviewed,
    wrong=gettext_lazy("This account isn’t in this review."),
)
PANELS = {
    incident.INCIDENT.id: Panel(
        template="procedures/incident.html",
        context=_incident,
        progress=_progress,
        acts=tuple(_make_step(step) for step in incident.STEPS),
    ),
    review.REVIEW.id: Panel(
        template="procedures/review.html",
        context=_review,
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
    ),
    hold.LEGAL_HOLD.id: Panel(
        template="procedures/hold.html",
        context=_describe_hold,
        acts=(
            DeskAct(
                do="begin",
                told=gettext_lazy("The hold %(number)s is in force."),
                button=gettext_lazy("Put hold into force"),
                run=_begin_hold,
                shown=lambda case: is_agreed(case) and not hold.is_in_force(case),
                main=True,
                effect=_begins,
            ),
            DeskAct(
                do="review",
                told=gettext_lazy("You kept the hold %(number)s."),
                button=gettext_lazy("Keep hold"),
                run=_review_hold,
                fields=(
                    Field(
                        "until",
                        gettext_lazy("Review again"),
                        choices=lambda case: hold.list_reviews(),
                        wrong=gettext_lazy("Choose when it is reviewed again."),
                    ),
                    Field("words", gettext_lazy("Why it is still needed (no personal data)")),
                ),
                shown=hold.is_in_force,
                now=_find_hold_review,
                alone=True,
            ),
            DeskAct(
                do="end",
                told=gettext_lazy("You ended the hold %(number)s."),
                button=gettext_lazy("End hold"),
                run=_end_hold,
                shown=hold.is_in_force,
                once=True,
                effect=_ends_hold,
            ),
        ),
    ),
    disclosure.DISCLOSURE.id: Panel(
        template="procedures/disclosure.html",
        context=_describe_required,
        acts=(
            DeskAct(
                do="disclose",
                button=gettext_lazy("Disclose data"),
                run=_disclose,
                shown=is_agreed,
                main=True,
                once=True,
                effect=_discloses,
            ),
        ),
    ),
}
