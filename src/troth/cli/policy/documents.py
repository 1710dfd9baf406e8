"""A policy's document as a command finds it, and what is printed of it and of what changed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import click

from troth import policy
from troth.cli.terminal import count, has_errors, list_findings, refuse, say
from troth.policy.classed import Change
from troth.policy.naming import find_original

DOCUMENT = click.argument("document", type=click.Path(exists=True, path_type=Path))
_CLASSES = {
    "refused": "Refused: these rules need an id of their own",
    "ask": "People must answer: stored data would be used in a new way",
    "notify": "People are notified: the change is material",
    "narrows": "Less is used, kept or given, or people have more choice",
    "wording": "Names and texts; no rule changed",
}


def find_file(document: Path) -> Path:
    """The policy of a site folder, the text that a translation is of, or the file itself."""
    file = document / "policy.md" if document.is_dir() else find_original(document) or document
    if not file.is_file():
        refuse(f"There is no policy at {file}. Give a policy.md, or a folder that contains one.")
    return file


def read_text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError:
        refuse(f"{file} isn't UTF-8 text. Save it as UTF-8, then confirm again. See: troth policy check {file}")


def find_previous(file: Path, version: int) -> policy.Policy | None:
    """The version before, from the folder `versions` beside the file."""
    path = file.parent / "versions" / f"{version - 1}.md"
    return policy.read_policy(path.read_bytes()) if path.is_file() else None


def read_sound(document: Path) -> policy.Policy:
    """The policy in the document; ends the program with all findings if it has errors."""
    file = find_file(document)
    compiled = policy.compile(file.read_bytes())
    if compiled.policy is None:
        list_findings(compiled.findings, of=f"{file}:")
        refuse(f"{file} has {count(len(compiled.findings), 'finding', 'findings')}. Fix them first.")
    return compiled.policy


def list_changes(changes: Sequence[Change]) -> None:
    if not changes:
        say("No change: the rules and the words are the same.")
    for class_, each in groupby(changes, key=lambda change: change.class_):
        say(f"{_CLASSES[class_]}:")
        for change in each:
            say(f"  #{change.section} {change.sentence}" if change.section else f"  {change.sentence}")
            for mark, words in (("-", change.before), ("+", change.after)):
                if words:
                    say(f"      {mark} {words}")


def list_succession(before: policy.Policy, after: policy.Policy, *, of: Path, announce: bool = False) -> bool:
    """Lists what a version lacks to follow another; whether anything of it prevents that."""
    found = policy.succession(before, after, announced=datetime.now(UTC).date() if announce else None)
    refused = has_errors(found)
    if found:
        say("Can't be adopted after the previous version:" if refused else "Before you adopt it:")
        list_findings(found, of=f"{of}:")
    return refused
