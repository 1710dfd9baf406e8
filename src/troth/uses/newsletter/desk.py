"""Issues in the console: what staff typed, how it looks to an invented person, and the figures of its report."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.composing import Composed, Problem, compose, to_html, to_text
from troth.desk.charts import Bar
from troth.desk.staff import READ, may
from troth.desk.topics import topics_of
from troth.outbox.emails import EmailKind
from troth.outbox.writing import Quote
from troth.security.models import User
from troth.site import site
from troth.text import CannotRead, code, line, lines, moment
from troth.uses.newsletter import report
from troth.uses.newsletter.models import Issue
from troth.uses.newsletter.topics import PURPOSE, title_of

INVENTED = {"jordan": "Jordan Reyes", "": ""}
"""Who reads the preview: someone with a name, and someone who gave none."""
SCREENS = {
    "computer": gettext_lazy("Computer, light"),
    "phone": gettext_lazy("Phone 360 px, light"),
    "dark": gettext_lazy("Phone 360 px, dark"),
    "text": gettext_lazy("Text only"),
}
_CHART_ISSUES = 5


@dataclass(frozen=True)
class TypedIssue:
    """What the editor sent. `errors`: field → sentence; `problems`: of the text; `day`, `clock`: when to send it."""

    topic: str
    subject: str
    text: str
    industries: tuple[str, ...]
    errors: Mapping[str, str]
    problems: Sequence[Problem] = ()
    day: str = ""
    clock: str = "07:00"

    @property
    def segment(self) -> Mapping[str, object] | None:
        return {"kind": "industry", "is": list(self.industries)} if self.industries else None


def may_write(user: User) -> bool:
    """Who receives the data for newsletters by the policy, where it has topics."""
    purpose = in_force.policy().purposes.get(PURPOSE)
    return purpose is not None and bool(purpose.topics) and may(user, READ, PURPOSE)


def read_typed(sent: QueryDict) -> TypedIssue:
    """The editor's fields. A subject or text that can't be read whole is an error beside its field."""
    topic = code(sent.get("topic", ""))
    typed, errors = {"subject": "", "text": ""}, dict[str, str]()
    for field, read in (("subject", line), ("text", lines)):
        try:
            typed[field] = read(sent.get(field, ""))
        except CannotRead as problem:
            errors[field] = str(problem)
    subject, text = typed["subject"], typed["text"]
    if topic not in [each.id for each in list_topics()]:
        errors["topic"] = _("Choose a topic.")
    composed = compose(subject, text, kind=EmailKind.MARKETING)
    problems = [] if isinstance(composed, Composed) else composed
    for found in problems:
        errors.setdefault("text" if found.line else "subject", found.sentence)
    known = list_industries()
    industries = tuple(each for each in sent.getlist("industry") if each in known)
    shown = [each for each in problems if each.line]
    return TypedIssue(topic, subject, text, industries, errors, shown, *_read_when(sent))


def read_issue(issue: Issue) -> TypedIssue:
    """An issue as the editor shows it."""
    industries = tuple((issue.segment or {}).get("is", ()))
    return TypedIssue(issue.topic, issue.subject, issue.text, industries, {})


def list_topics() -> Sequence[Any]:
    return topics_of(in_force.policy().purposes[PURPOSE])


def list_industries() -> Sequence[str]:
    kind = in_force.policy().kinds.get("industry")
    return kind.values if kind and "industry" in in_force.policy().purposes[PURPOSE].may_use else ()


def find_time(typed: TypedIssue) -> datetime | None:
    """When to send it, in the site's time; None for what is no time."""
    try:
        return moment(f"{typed.day}T{typed.clock}", site().brand.zone)
    except CannotRead:
        return None


def preview(issue: Issue, *, called: str, screen: str) -> str:
    """The whole email for an invented person, as it looks on that screen."""
    composed = compose(issue.subject, issue.text, kind=EmailKind.MARKETING)
    base = str(settings.TROTH_BASE_URL).rstrip("/")
    content: dict[str, object] = {"subject": issue.subject, "html": "", "text": ""}
    if isinstance(composed, Composed):
        content |= {"html": to_html(composed, base=base), "text": to_text(composed, base=base)}
    ending = "txt" if screen == "text" else "html"
    made = render_to_string(f"newsletter/emails/issue.{ending}", _context(issue, content, called, base))
    return made if screen == "text" else _fit(made, screen)


def show_report(issue: Issue) -> Mapping[str, object]:
    """Figures, reasons and the chart of those who left after each of the topic's latest issues."""
    figures = issue.figures or report.count(issue)
    sent = Issue.objects.filter(topic=issue.topic, state=Issue.Stage.SENT).exclude(pk=issue.pk)
    latest = [*sent.order_by("-ended_utc")[: _CHART_ISSUES - 1]][::-1]
    rows = [(each, each.figures or report.count(each)) for each in (*latest, issue)]
    return {
        "figures": figures,
        "reasons": report.list_reasons(figures),
        "rest": figures["audience"] - figures["sent"],
        "rows": rows,
        "bars": [Bar(f"{each.begun_utc:%b}" if each.begun_utc else "", found["left"]) for each, found in rows],
    }


def _read_when(sent: QueryDict) -> tuple[str, str]:
    return code(sent.get("day", "")), code(sent.get("clock", "07:00"))


def _context(issue: Issue, content: Mapping[str, object], called: str, base: str) -> Mapping[str, object]:
    policy = in_force.policy()
    purpose = policy.purposes[PURPOSE]
    section = policy.section(purpose.section)
    quote = Quote(purpose.quotation, purpose.section, section.title if section else "", policy.version)
    return {
        "policy": policy,
        "called": called,
        "facts": {"topic": title_of(issue.topic)},
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
