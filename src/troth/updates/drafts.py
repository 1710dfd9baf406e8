"""Drafts: texts as they were saved, checked and compared with the version in force each time they are looked at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from troth import gate, in_force
from troth.policy import Confirmation, Finding, Policy, Prose, confirmations
from troth.policy import confirm as confirm_text
from troth.policy import start as begin
from troth.policy.drafting import find_effective, raise_version
from troth.policy.foreign import convert
from troth.policy.marking import find_likest, mark_changes
from troth.policy.sentences import strip_markdown
from troth.site import site
from troth.updates.models import PolicyDraft

TYPED, SITE, STARTED = "typed", "site", "started"
_ASKED_BY_THE_PAGE = frozenset({"change-undeclared", "binding-not-confirmed", "nothing-confirmed"})
MOST_CHARACTERS = 2_000_000
"""A policy of 350 kB is a very long one."""


@dataclass(frozen=True)
class CheckedDraft:
    """A draft as it would follow the version in force. `policy` is None while it has errors."""

    row: PolicyDraft
    findings: tuple[Finding, ...]
    policy: Policy | None

    @property
    def errors(self) -> list[Finding]:
        return [each for each in self.findings if each.severity == "error"]

    @property
    def listed(self) -> list[Finding]:
        """Those that the page lists: it asks about changed and unconfirmed words itself, beside each."""
        return [each for each in self.findings if each.id not in _ASKED_BY_THE_PAGE]

    @property
    def listed_errors(self) -> list[Finding]:
        return [each for each in self.listed if each.severity == "error"]


@dataclass(frozen=True)
class UnconfirmedParagraph:
    """A paragraph that nobody confirmed since it was written: its line, its section, its text, and its rules.

    `html`: compared with the most similar one of the version in force"""

    line: int
    section: str
    html: str
    rules: tuple[str, ...]


def save(text: str, *, source: str, who: str, at_utc: datetime, former: UUID | None = None) -> PolicyDraft:
    """The text as a draft; the same text once more is the draft that is there."""
    digest = sha256(text.encode()).hexdigest()
    latest = PolicyDraft.objects.order_by("-saved_utc").first()
    if latest is not None and latest.sha256 == digest:
        return latest
    return PolicyDraft.objects.create(
        id=gate.new_id(),
        former_id=former,
        text=text,
        sha256=digest,
        source=source,
        saved_by=who,
        saved_utc=at_utc,
    )


def list_unconfirmed(row: PolicyDraft) -> list[UnconfirmedParagraph]:
    """Whose rules have to be read beside their text before the draft is adopted."""
    return [
        UnconfirmedParagraph(each.line, each.section, _compare(each), each.rules) for each in confirmations(row.text)
    ]


def confirm(row: PolicyDraft, lines: Collection[int], *, who: str, at_utc: datetime) -> PolicyDraft:
    """Another draft, in which the paragraphs at these lines are confirmed."""
    text = confirm_text(row.text, only=lines)
    return save(text, source=row.source, who=who, at_utc=at_utc, former=row.pk)


def begin_next() -> str:
    """The version in force as a draft of the next one: its number, and the earliest date that it may have."""
    known = in_force.policy()
    effective = find_effective(known, today=today())
    return raise_version(known.text, version=known.version + 1, effective=effective)


def start(text: str) -> str:
    """A draft of the next version from a policy in HTML or Markdown that was written for something else.

    Raises  CannotConvert."""
    known = in_force.policy()
    made = begin(
        convert(text.encode()),
        organization=known.organization,
        version=known.version + 1,
        effective=find_effective(known, today=today()),
        language=known.language,
        email=known.privacy_email,
        address=known.postal_address,
    )
    return made.text


def today() -> date:
    """The vendor's day: a version takes effect at its midnight."""
    return timezone.localdate(timezone=site().brand.zone)


def check(row: PolicyDraft) -> CheckedDraft:
    """The draft's findings now, and its policy."""
    return CheckedDraft(row, in_force.findings_against(row.text, today=today()), in_force.compile_text(row.text).policy)


def read_site() -> str:
    """policy.md of the site folder, where it differs from the version in force; else empty."""
    try:
        text = (Path(settings.TROTH_SITE) / "policy.md").read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return ""
    return "" if text == in_force.policy().text else text


def _compare(found: Confirmation) -> str:
    section = in_force.policy().section(found.section)
    prose = [strip_markdown(part.text) for part in section.parts if isinstance(part, Prose)] if section else []
    likest = find_likest(prose, found.prose)
    ((html, _changed),) = mark_changes([likest] if likest else [], [found.prose], escape)
    return html


def list_history(row: PolicyDraft) -> list[PolicyDraft]:
    """What the draft was made from, newest first."""
    found = [row]
    while found[-1].former is not None:
        found.append(found[-1].former)
    return found[1:]
