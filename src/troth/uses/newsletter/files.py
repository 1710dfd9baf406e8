"""Emails to many as files of the site folder: Markdown with blocks, kept beside the policy and under version control.

    newsletters/recall-in-two-minutes.md

    ---
    purpose: newsletter            or product-updates
    topic: process                 a topic of the policy, or a product
    subject: Recall in two minutes
    language: en                   without it, the policy's
    below: "12.3"                  for a notice: which releases; also at_least
    ---
    A lot number is enough.

A file is where a draft starts; what is sent, and its versions, are in the console.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.text import CannotRead, line, lines
from troth.uses.newsletter import segments
from troth.uses.newsletter.issues import WrittenIssue
from troth.uses.newsletter.mailings import MAILINGS

FOLDER = "newsletters"
_MOST_BYTES = 200_000
_FENCE = "---\n"


class FileProblem(Exception):
    """Why a file can't be used, as its author reads it."""


@dataclass(frozen=True)
class IssueFile:
    """One file: its name, and what it says. `demo`: what a demonstration makes of it."""

    name: str
    written: WrittenIssue
    demo: Mapping[str, Any] = field(default_factory=dict)


def list_files() -> list[IssueFile | tuple[str, str]]:
    """The files of the site folder by name; of one that can't be used, its name and why."""
    found: list[IssueFile | tuple[str, str]] = []
    for path in sorted((Path(settings.TROTH_SITE) / FOLDER).glob("[!.]*.md")):
        try:
            found.append(read_file(path))
        except FileProblem as problem:
            found.append((path.stem, str(problem)))
    return found


def read_file(path: Path) -> IssueFile:
    """The file.   Raises  FileProblem."""
    try:
        raw = path.read_bytes()[:_MOST_BYTES].decode().replace("\r\n", "\n")
    except (OSError, ValueError) as problem:
        raise FileProblem(_tell_form()) from problem
    return _read(path.stem, raw, in_force.policy().language)


# The console lists all files where an issue begins, and parsing twenty of them takes longer than the rest of that page.
@lru_cache(maxsize=64)
def _read(name: str, raw: str, usual: str) -> IssueFile:
    """What a file says.   Takes  usual: the language of one that states none   Raises  FileProblem."""
    head, text = _divide(raw)
    try:
        purpose, topic = (line(str(head.get(name, ""))) for name in ("purpose", "topic"))
        subject, language = line(str(head.get("subject", ""))), line(str(head.get("language", "")))
        written = WrittenIssue(
            purpose=purpose,
            topic=topic,
            subject=subject,
            text=lines(text),
            segment=_read_segment(head, topic),
            language=language or usual,
        )
    except (CannotRead, gate.SegmentRefused) as problem:
        raise FileProblem(str(problem)) from problem
    if purpose not in MAILINGS:
        known = {"purpose": purpose, "purposes": ", ".join(MAILINGS)}
        raise FileProblem(_("“%(purpose)s” isn’t a purpose of such emails. Write one of: %(purposes)s.") % known)
    demo = head.get("demo")
    return IssueFile(name, written, demo if isinstance(demo, dict) else {})


def _tell_form() -> str:
    return _("Write its fields between two lines of ---, in UTF-8, and then the text.")


def _divide(raw: str) -> tuple[Mapping[str, Any], str]:
    """The fields at the top and the text below them.   Raises  FileProblem."""
    try:
        start, head, text = raw.split(_FENCE, 2)
        fields = yaml.safe_load(head)
    except (ValueError, yaml.YAMLError) as problem:
        raise FileProblem(_tell_form()) from problem
    if start or not isinstance(fields, dict):
        raise FileProblem(_("Begin with a line of ---, then write one field a line, such as subject: Recall."))
    return fields, text.strip()


def _read_segment(head: Mapping[str, Any], topic: str) -> Any:
    limits = {name: str(head[name]) for name in ("at_least", "below") if head.get(name)}
    if not limits:
        return None
    part = {"kind": segments.INSTALLATION, "product": topic, **limits}
    gate.from_json(part)
    return segments.store([part])
