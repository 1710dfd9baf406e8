"""What decides a request for which a law has a clock: verified, extended, approved by two, answered or denied."""

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import actions, timing
from troth.cases.actions import CaseProblem, is_agreed
from troth.cases.denials import REASONS
from troth.cases.emails import can_write
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.desk.acts.act import DeskAct, Doing, Field
from troth.desk.acts.noting import NO_DATA
from troth.outbox import emails
from troth.wording import Words
from troth.words.codes import in_words
from troth.words.values import last_day

THEY_READ = gettext_lazy("Don’t include personal data. We send this to the person.")


def _prove(doing: Doing) -> None:
    actions.verify(doing.case.pk, at_utc=doing.at_utc, way=doing.values["words"], who=doing.who)


def _extend(doing: Doing) -> None:
    actions.extend(doing.case.pk, why=doing.values["words"], at_utc=doing.at_utc, who=doing.who)


def _proves(case: Case, typed: Mapping[str, str]) -> str:
    return _(
        "The request counts as the person’s own from now on, and its deadlines apply. The note is kept with your name. "
        "This can’t be undone."
    )


def _has_approved(case: Case, who: str) -> bool:
    return bool(case.approvals.filter(what=kind_of(case).approves, who=who).exists())


def _check_approval(doing: Doing) -> None:
    """Raises CaseProblem: the same person would approve twice."""
    if _has_approved(doing.case, doing.who):
        raise CaseProblem(_("You have already approved this. A colleague has to approve it, too."))


def _approves(case: Case, typed: Mapping[str, str]) -> str:
    """What is approved, and the effect of the first approval, or of the second."""
    kind = kind_of(case)
    proposed = kind.proposal(case) if kind.proposal else ""
    if case.approvals.filter(what=kind.approves).exists():
        effect = _("This is the second and last approval that it needs. It can’t be undone.")
    else:
        effect = _("A colleague has to approve it, too, before anything happens. Your approval can’t be undone.")
    return "\n".join(filter(None, (proposed, effect)))


def _find_next(case: Case) -> str:
    """What is to be done about a request that was approved just now."""
    if is_agreed(case):
        return _("Two people have approved it, so it can be carried out here now.")
    return _("A colleague has to approve it, too, before anything happens.")


def _approve(doing: Doing) -> None:
    actions.approve(doing.case.pk, what=kind_of(doing.case).approves, at_utc=doing.at_utc, who=doing.who)


def _answer(doing: Doing) -> None:
    actions.answer(doing.case.pk, nature=doing.values["nature"], at_utc=doing.at_utc, who=doing.who)


def _outcomes(case: Case) -> Sequence[tuple[str, Words]]:
    return [(nature, in_words(nature)) for nature in kind_of(case).outcomes]


def _deny(doing: Doing) -> None:
    words, reason = doing.values["words"], doing.values["reason"]
    actions.deny(doing.case.pk, basis=words, reason=reason, at_utc=doing.at_utc, who=doing.who)


def _reasons(case: Case) -> Sequence[tuple[str, Words]]:
    return list(REASONS.items())


def _answers(case: Case, typed: Mapping[str, str]) -> str:
    if "answered" not in kind_of(case).emails:
        return _("This closes the request. You can’t reopen it.")
    if not can_write(case):
        return _("This closes the request. No email goes out: we can’t use the person’s address. You can’t reopen it.")
    if not typed.get("nature"):
        return _("This closes the request, and we email the person the outcome. You can’t reopen it.")
    return _("This closes the request, and we email the person the outcome: “%(outcome)s”. You can’t reopen it.") % {
        "outcome": in_words(typed["nature"])
    }


def _name_extension(case: Case) -> str:
    return _("Extend to %(day)s") % {"day": last_day(timing.extend(case).due)} if timing.may_extend(case) else ""


def _extends(case: Case, typed: Mapping[str, str]) -> str:
    """The effect of an extension: the email's own words. Nothing where no law allows one, which the act says."""
    if not timing.may_extend(case):
        return ""
    later = timing.extend(case).due
    facts = {"kind": kind_of(case).title, "why": typed.get("words") or "…", "due": last_day(later)}
    email = emails.template_of(case.purpose, "extended")
    words = render_to_string(f"{emails.templates_of(email, known=False)}.words.txt", {"facts": facts})
    paragraphs = (" ".join(each.split()) for each in words.strip().split("\n\n"))
    said = _("We email the person: “%(words)s”")
    if not can_write(case):
        said = _("No email goes out: we can’t use the person’s address. The request’s page says: “%(words)s”")
    return said % {"words": "\n".join(paragraphs)}


def _denies(case: Case, typed: Mapping[str, str]) -> str:
    closed = _("This closes the request, and you can’t reopen it.")
    if "denied" not in kind_of(case).emails:
        return closed
    if not can_write(case):
        return f"{closed} {_('No email goes out: we can’t use the person’s address.')}"
    words = typed.get("words") or "…"
    return f"{closed} {_('We email the person your reason: “%(words)s”') % {'words': words}}"


DECIDING = (
    DeskAct(
        do="prove",
        told=gettext_lazy("You marked %(number)s as verified."),
        button=gettext_lazy("Mark as verified"),
        run=_prove,
        fields=(Field("words", gettext_lazy("How you verified the person"), hint=NO_DATA),),
        fits=lambda case: case.person_id is not None and kind_of(case).proven,
        shown=lambda case: case.state == Case.UNVERIFIED and case.account is None,  # else the person is known
        effect=_proves,
        once=True,
    ),
    DeskAct(
        do="extend",
        told=gettext_lazy("You extended the deadline of %(number)s."),
        button=gettext_lazy("Extend deadline"),
        titled=_name_extension,
        run=_extend,
        fields=(Field("words", gettext_lazy("Why you need more time"), hint=THEY_READ),),
        fits=lambda case: case.law_utc is not None,
        shown=lambda case: case.state in Case.LIVING and timing.may_extend(case) and not case.extended_utc,
        effect=_extends,
        once=True,
    ),
    DeskAct(
        do="approve",
        told=gettext_lazy("You approved %(number)s."),
        then=_find_next,
        button=gettext_lazy("Approve"),
        titled=lambda case: kind_of(case).approval,
        run=_approve,
        fits=lambda case: bool(kind_of(case).approves),
        shown=lambda case: case.state == Case.OPEN and not is_agreed(case),
        effect=_approves,
        once=True,
        check=_check_approval,
        did=_has_approved,
        main=True,
    ),
    DeskAct(
        do="answer",
        told=gettext_lazy("You closed %(number)s."),
        button=gettext_lazy("Mark as answered"),
        run=_answer,
        fields=(
            Field("nature", gettext_lazy("Outcome"), choices=_outcomes, wrong=gettext_lazy("Choose the outcome.")),
        ),
        fits=lambda case: bool(kind_of(case).outcomes),
        effect=_answers,
        once=True,
        main=True,
    ),
)
DENYING = (
    DeskAct(
        do="deny",
        told=gettext_lazy("You denied %(number)s."),
        button=gettext_lazy("Deny request"),
        run=_deny,
        fields=(
            Field(
                "reason",
                gettext_lazy("Reason for denial"),
                choices=_reasons,
                wrong=gettext_lazy("Choose the reason for denial."),
            ),
            Field("words", gettext_lazy("Explanation"), hint=NO_DATA),
        ),
        fits=lambda case: kind_of(case).deniable(case),
        effect=_denies,
        once=True,
    ),
)
