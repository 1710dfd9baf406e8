"""Issues in the console: what staff typed, how it looks to an invented person, and the figures of its report."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force, outbox
from troth.collection.forms.types.figures import format_time
from troth.composing import Composed, Flag, Problem, compose, find_flags, lint, to_html, to_text
from troth.desk.acts.snippets import LANGUAGES
from troth.desk.charts import Bar
from troth.markup import format_html, join_html
from troth.outbox import transport, trial
from troth.outbox.batches import STOPS
from troth.outbox.writing import Quote
from troth.security.models import User
from troth.site import site
from troth.text import CannotRead, code, line, lines, moment, read_id
from troth.text.times import lasting
from troth.uses.newsletter import report, segments, wording
from troth.uses.newsletter.issues import WrittenIssue
from troth.uses.newsletter.mailings import MAILINGS, Mailing, list_mailings
from troth.uses.newsletter.models import Issue, IssueEdition
from troth.uses.newsletter.segments import Part
from troth.uses.newsletter.topics import title_of

INVENTED = {"jordan": "Jordan Reyes", "nobody": ""}
READERS = {"jordan": gettext_lazy("Jordan Reyes (invented)"), "nobody": gettext_lazy("Someone who gave no name")}
"""Who reads the preview."""
SCREENS = {
    "computer": gettext_lazy("Computer, light"),
    "phone": gettext_lazy("Phone 360 px, light"),
    "dark": gettext_lazy("Phone 360 px, dark"),
    "text": gettext_lazy("Text only"),
}
_PACES = (60, 600, 1_200, 6_000, 30_000)
"""Emails leave minute by minute, so each is so many a minute."""
_CHART_ISSUES = 5
_UPGRADE = re.compile(r"\bupgrad\w*", re.IGNORECASE)


@dataclass(frozen=True)
class TypedIssue:
    """What the editor sent. `errors`: field → sentence; `problems`: of the text; `day`, `clock`: when to send it.

    `edition`: the one that was changed; 0 of a new issue"""

    mailing: Mailing
    topic: str = ""
    subject: str = ""
    text: str = ""
    language: str = ""
    parts: tuple[Part, ...] = ()
    covered: bool = False
    pace: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    day: str = ""
    clock: str = "07:00"
    edition: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether its topic is one that the policy or the site lists now."""
        return self.topic in [each.id for each in self.mailing.topics()]

    @property
    def written(self) -> WrittenIssue:
        return WrittenIssue(
            purpose=self.mailing.purpose,
            topic=self.topic,
            subject=self.subject,
            text=self.text,
            segment=segments.store(self.parts),
            language=self.language,
            covered=self.covered,
            pace=self.pace,
        )


def may_write(user: User) -> bool:
    """Who receives the data for newsletters or notices by the policy, where they have topics."""
    return bool(list_mailings(user))


def read_typed(sent: QueryDict, mailing: Mailing) -> TypedIssue:
    """The editor's fields. A subject or text that can't be read whole is an error beside its field."""
    topic, language = code(sent.get("topic", "")), code(sent.get("language", ""))
    typed, errors = {"subject": "", "text": ""}, dict[str, str]()
    for name, read in (("subject", line), ("text", lines)):
        try:
            typed[name] = read(sent.get(name, ""))
        except CannotRead as problem:
            errors[name] = str(problem)
    subject, text = typed["subject"], typed["text"]
    if topic not in [each.id for each in mailing.topics()]:
        errors["topic"] = _("Choose a topic.")
    if language not in dict(list_languages()):
        errors["language"] = _("Choose a language from the list.")
    if code(sent.get("pace", "0")) not in map(str, list_paces()):
        errors["pace"] = _("Choose a pace from the list.")
    text, unknown = wording.put_in(text, language)
    composed = compose(subject, text, kind=mailing.kind)
    problems = unknown or ([] if isinstance(composed, Composed) or "text" in errors else composed)
    for found in problems:
        errors.setdefault("text" if found.line else "subject", found.sentence)
    segment = segments.read(sent, mailing, topic)
    day, clock = read_when(sent)
    return TypedIssue(
        mailing,
        topic,
        subject,
        text,
        language,
        segment.parts,
        covered=mailing.two_people and "covered" in sent,
        errors={**errors, **segment.errors},
        problems=[each for each in problems if each.line],
        pace=_read_pace(sent),
        day=day,
        clock=clock,
        edition=_read_edition(sent),
    )


def read_new(sent: QueryDict) -> UUID | None:
    """The id that the page gave to a new issue, so that it's saved once, however often its button is pressed."""
    return read_id(sent.get("new", ""))


def _read_edition(sent: QueryDict) -> int | None:
    edition = code(sent.get("edition", ""))
    return int(edition) if edition.isdecimal() and len(edition) < 9 else None


def _read_pace(sent: QueryDict) -> int:
    """One of the paces that are offered; without a limit where none of them was sent."""
    asked = code(sent.get("pace", ""))
    return next((pace for pace in _PACES if str(pace) == asked), 0)


def list_paces() -> Mapping[int, str]:
    """Emails an hour, in words."""
    return {0: _("As fast as possible"), **{pace: describe_pace(pace) for pace in _PACES}}


def describe_pace(pace: int) -> str:
    return _("%(number)s emails an hour") % {"number": number_format(pace, force_grouping=True)}


def describe_time(reached: int, pace: int) -> str:
    """About how long a sending of so many emails takes by its pace; empty without one."""
    minutes = ceil(60 * reached / pace) if pace else 0
    if minutes > 60:
        minutes = 60 * ceil(minutes / 60)
    return _("about %(time)s") % {"time": lasting(timedelta(minutes=minutes))} if minutes else ""


def read_issue(issue: Issue | WrittenIssue) -> TypedIssue:
    """An issue as the editor shows it."""
    return TypedIssue(
        MAILINGS[issue.purpose],
        issue.topic,
        issue.subject,
        issue.text,
        issue.language,
        segments.parts_of(issue.segment),
        issue.covered,
        issue.pace,
        edition=issue.edition if isinstance(issue, Issue) else 0,
    )


def read_when(sent: QueryDict) -> tuple[str, str]:
    """Day and time of sending: from the form, or carried in the address from a save to the page after it."""
    return code(sent.get("day", "")), code(sent.get("clock", "07:00"))


def read_former(issue: Issue, edition: IssueEdition) -> TypedIssue:
    """A draft as the editor shows it with the words of a former version."""
    return replace(read_issue(issue), subject=edition.subject, text=edition.text)


def list_languages() -> Sequence[tuple[str, str]]:
    """The languages of issues and snippets: mail programs and screen readers read them by it."""
    return LANGUAGES


def find_doubts(typed: TypedIssue) -> list[Flag]:
    """What the second person should look at: what sounds like marketing, and an upgrade that is not said to be one."""
    composed = compose(typed.subject, typed.text, kind=typed.mailing.kind)
    if not typed.mailing.two_people or not isinstance(composed, Composed):
        return []
    found = find_flags(composed, about=typed.topic)
    if not typed.covered and (said := _UPGRADE.search(f"{typed.subject}\n{typed.text}")):
        number = f"{typed.subject}\n{typed.text}"[: said.start()].count("\n")
        reason = _("“%(words)s”: an upgrade may only be offered to those whose maintenance covers it") % {
            "words": said[0]
        }
        found.append(Flag(number, said[0], reason))
    return found


def find_time(typed: TypedIssue) -> datetime | None:
    """When to send it, in the site's time; None for what is no time."""
    try:
        return moment(f"{typed.day}T{typed.clock}", site().brand.zone)
    except CannotRead:
        return None


def preview(issue: Issue | WrittenIssue, *, called: str, screen: str) -> str:
    """The whole email for an invented person, as it looks on that screen, or what is wrong with its text."""
    mailing = MAILINGS[issue.purpose]
    composed = compose(issue.subject, issue.text, kind=mailing.kind)
    base = settings.TROTH_BASE_URL
    content: dict[str, object] = {"subject": issue.subject, "language": issue.language, "html": "", "text": ""}
    if isinstance(composed, Composed):
        content |= {"html": to_html(composed, base=base), "text": to_text(composed, base=base)}
    else:
        said = [_say_problem(each) for each in composed]
        content |= {"html": join_html(format_html("<p>{}</p>", each) for each in said), "text": "\n".join(said)}
    ending = "txt" if screen == "text" else "html"
    made = render_to_string(
        f"{mailing.email.replace('/', '/emails/')}.{ending}", _context(issue, content, called, base)
    )
    return made if screen == "text" else _fit(made, screen)


def _say_problem(problem: Problem) -> str:
    if not problem.line:
        return problem.sentence
    return _("Line %(line)s: %(sentence)s") % {"line": problem.line, "sentence": problem.sentence}


def name_sender() -> str:
    """Whom an issue is from, as mail programs show it."""
    policy = in_force.policy()
    return f"{policy.short_name}, {policy.privacy_email}"


def read_trial(sent: QueryDict) -> tuple[str, str]:
    """Where a test copy goes, and what is wrong with that."""
    try:
        to = line(sent.get("to", ""), most=254)
    except CannotRead as problem:
        return "", str(problem)
    return to, "" if trial.is_ours(to) else _("Enter an address at %(domain)s.") % {"domain": trial_domain()}


def trial_domain() -> str:
    """The one domain whose addresses get test copies."""
    return in_force.policy().privacy_email.partition("@")[2]


def send_trial(issue: Issue | WrittenIssue, to: str) -> str:
    """What kept the test copy from being sent; empty where it was."""
    text, html = (preview(issue, called=INVENTED["jordan"], screen=screen) for screen in ("text", "computer"))
    subject = _("[Test] %(subject)s") % {"subject": issue.subject}
    try:
        trial.send(to=to, subject=subject, text=text, html=html)
    except trial.TrialHeld:
        return _("All email is held after a restore. Release it first.")
    except transport.NotTaken as refusal:
        return _("Our mail server didn’t take it: %(why)s") % {"why": outbox.why_in_words(refusal.code)}
    return ""


def find_problems(issue: Issue) -> list[str]:
    """What mail programs would not show as it was written, by the whole email's HTML."""
    lacking = lint.find_lacking(preview(issue, called=INVENTED["jordan"], screen="computer"))
    return [
        _("%(feature)s doesn’t work in %(number)d mail programs, such as %(program)s.")
        % {"feature": each.title, "number": len(each.programs), "program": each.programs[0]}
        for each in lacking
    ]


def show_report(issue: Issue) -> Mapping[str, object]:
    """Figures, reasons and the chart of those who left after it and the topic's issues before it."""
    figures = issue.figures or report.count(issue)
    sent = Issue.objects.filter(purpose=issue.purpose, topic=issue.topic, state=Issue.Stage.SENT).exclude(pk=issue.pk)
    before = sent.filter(begun_utc__lte=issue.begun_utc) if issue.begun_utc else sent
    latest = [*before.order_by("-begun_utc")[: _CHART_ISSUES - 1]][::-1]
    rows = [(each, each.figures or report.count(each)) for each in (*latest, issue)]
    return {
        "figures": figures,
        "reasons": report.list_reasons(figures, MAILINGS[issue.purpose]),
        # While people are still being planned, more have been sent it than are counted as its audience.
        "rest": max(0, figures["audience"] - figures["sent"] - figures.get("waiting", 0)),
        "stopped": sum(number for _state, why, number, *_gone in figures["whys"] if why in STOPS),
        "delivered": figures["sent"] - figures.get("bounced", 0),
        "limit": report.limit_complaints(figures["audience"]),
        "share_sent": _share(figures["sent"], figures["audience"]),
        "share_left": _share(figures["left"], figures["sent"]),
        "rows": rows,
        "bars": [Bar(_name_day(each), found["left"]) for each, found in rows],
    }


def _name_day(issue: Issue) -> str:
    """The day on which it began to leave, for a chart: Oct 28."""
    return format_time(issue.begun_utc, "M j", site().brand.zone) if issue.begun_utc else ""


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _context(
    issue: Issue | WrittenIssue, content: Mapping[str, object], called: str, base: str
) -> Mapping[str, object]:
    policy = in_force.policy()
    purpose = policy.purposes[issue.purpose]
    section = policy.section(purpose.section)
    quote = Quote(purpose.quotation, purpose.section, section.title if section else "", policy.version)
    return {
        "policy": policy,
        "called": called,
        "facts": {"topic": title_of(issue.topic, issue.purpose)},
        "content": content,
        "quote": quote,
        "base_url": base,
        "links": {"unsubscribe": f"{base}/privacy-choices/", "preferences": f"{base}/privacy-choices/"},
    }


def _fit(html: str, screen: str) -> str:
    """The page as narrow and as dark as that screen: the email's own rules for it, switched on."""
    scheme = "all" if screen == "dark" else "not all"
    html = html.replace("@media (prefers-color-scheme: dark)", f"@media {scheme}")
    if screen in ("phone", "dark"):
        html = re.sub(r"body \{ margin: 0;", "body { margin: 0; max-width: 360px;", html, count=1)
        html = html.replace("@media (max-width: 600px)", "@media all")
    return html
