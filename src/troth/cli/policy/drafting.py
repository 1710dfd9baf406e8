"""`troth policy start`, `draft` and `confirm`: writing a version, and confirming what it says."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from troth import policy
from troth.cli.policy.documents import DOCUMENT, find_file, find_previous, read_text
from troth.cli.policy.translating import confirm_file
from troth.cli.terminal import count, refuse, say
from troth.policy import drafting
from troth.policy.classed import Change
from troth.policy.foreign import CannotConvert, convert
from troth.policy.front import DECLARATIONS
from troth.policy.marking import mark_words
from troth.policy.naming import find_original, list_translations
from troth.policy.sentences import strip_markdown
from troth.policy.succession import list_undeclared


@click.command()
@DOCUMENT
@click.option(
    "--effective", type=click.DateTime(["%Y-%m-%d"]), help="From when it applies. Default: as soon as it may."
)
def draft(document: Path, effective: datetime | None) -> None:
    """Begin the next version: keep DOCUMENT in versions/, then raise its version and date."""
    file = find_file(document)
    text = read_text(file)
    present = policy.compile(text).policy
    if present is None:
        refuse(f"{file} has findings. Fix them first. See: troth policy check {file}")
    if effective and effective.date() <= present.effective:
        refuse(f"Version {present.version} is effective {present.effective}. The next one needs a later day.")
    kept = file.parent / "versions" / f"{present.version}.md"
    if kept.is_file() and kept.read_bytes() != text.encode():
        refuse(f"{kept} is another text of version {present.version}. A version that was adopted isn't changed.")
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(text.encode())
    for each in list_translations(file):
        kept.with_name(each.name.replace(file.stem, kept.stem, 1)).write_bytes(each.read_bytes())
    from_ = effective.date() if effective else drafting.find_effective(present, today=datetime.now(UTC).date())
    file.write_bytes(drafting.raise_version(text, version=present.version + 1, effective=from_).encode())
    say(f"{file} is now the draft of version {present.version + 1}, effective {from_}.")
    say(f"Version {present.version} is kept in {kept}.")


@click.command()
@DOCUMENT
@click.option("--since", type=click.Path(exists=True, path_type=Path), help="The version before. Default: versions/.")
@click.option("--yes", is_flag=True, help="Confirm all paragraphs without asking.")
@click.option("--declare", type=click.Choice(DECLARATIONS), help="What all changed text is, without asking.")
def confirm(document: Path, since: Path | None, yes: bool, declare: str | None) -> None:
    """Confirm that rules match their changed paragraphs, and declare what changed text means.

    Of a translation such as policy.de.md: confirm that its sections say what the policy's do.
    """
    file = find_file(document)
    if find_original(document):
        return confirm_file(document, file, yes=yes)
    text = read_text(file)
    version = _read_version(text)
    before = policy.read_policy(find_file(since).read_bytes()) if since else find_previous(file, version)
    found = policy.confirmations(text)
    lines: list[int] = []
    try:
        lines.extend(each.line for each in found if _agree(each, before, yes=yes))
    finally:  # answers that were given before Ctrl-C count
        confirmed = policy.confirm(text, only=lines)
        if confirmed != text:
            file.write_bytes(confirmed.encode())
        say(f"{count(len(lines), 'paragraph', 'paragraphs')} confirmed.")
    declared = _declare(confirmed, before, lambda change: declare or (None if yes else _ask(change)))
    if declared:
        known = policy.read_policy(confirmed)
        file.write_bytes(drafting.declare(confirmed, {**(known.declared if known else {}), **declared}).encode())
        say(f"{count(len(declared), 'change', 'changes')} of text declared.")


def _read_version(text: str) -> int:
    known = policy.read_policy(text)
    return known.version if known else 0


def _agree(found: policy.Confirmation, before: policy.Policy | None, *, yes: bool) -> bool:
    """Shows a paragraph beside its rules and asks whether both say the same."""
    say(f"#{found.section} {found.rule} (line {found.line})\n    {_show_changed(found, before)}\n")
    for rule in found.rules:
        say("\n".join(f"    | {line}" for line in rule.splitlines()) + "\n")
    return yes or click.confirm("Do these rules say the same as this text?", default=False)


def _show_changed(found: policy.Confirmation, before: policy.Policy | None) -> str:
    """The paragraph; where the version before is known, with the words that are new and those that are gone."""
    section = before.section(found.section) if before else None
    prose = [part for part in section.parts if isinstance(part, policy.Prose)] if section else []
    return mark_words([strip_markdown(part.text) for part in prose], found.prose)


def _declare(text: str, before: policy.Policy | None, ask: Callable[[Change], str | None]) -> dict[str, str]:
    """Anchor → what the author declares, for each section whose text changed without a rule of it."""
    new = policy.read_policy(text)
    if before is None or new is None:
        return {}
    answers = {change.section: ask(change) for change in list_undeclared(before, new)}
    return {anchor: answer for anchor, answer in answers.items() if answer}


def _ask(change: Change) -> str | None:
    say(f"#{change.section} {change.sentence}\n    - {change.before}\n    + {change.after}\n")
    answer = click.prompt("Is that wording, material, or not decided yet?", type=click.Choice([*DECLARATIONS, "later"]))
    return None if answer == "later" else str(answer)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", required=True, help="The legal name of who makes the promises.")
@click.option("--language", default="en", help="The language it is written in: English or German for suggestions.")
@click.option("--to", type=click.Path(path_type=Path), default=Path("policy.md"), help="The file to write.")
def start(source: Path, organization: str, language: str, to: Path) -> None:
    """Begin a policy from SOURCE, one that you have: HTML, DOCX or Markdown.

    Each paragraph becomes information, gets a suggested rule, or is left undecided. Read each suggestion.
    """
    if to.exists():
        refuse(f"{to} exists already. Choose another file with --to.")
    try:
        markdown = convert(source.read_bytes())
    except CannotConvert as error:
        refuse(f"{source}: {error}")
    made = policy.start(markdown, organization=organization, language=language, effective=datetime.now(UTC).date())
    to.write_bytes(made.text.encode())
    for each in made.paragraphs:
        found = ", ".join(each.rules) or each.why
        say(f"{each.line:5}  {each.outcome:11}  {each.words[:60]}{f'  ({found})' if found else ''}")
    counts = f"{made.count('information')} information, {made.count('rules')} with suggested rules"
    say(f"{len(made.paragraphs)} paragraphs: {counts}, {made.count('undecided')} undecided.")
    errors = len([each for each in policy.compile(made.text).findings if each.severity == "error"])
    say(f"{to} has {count(errors, 'thing', 'things')} to decide or add. See: troth policy check {to}")
