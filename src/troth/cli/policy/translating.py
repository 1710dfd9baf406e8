"""Translations of a policy at the terminal: checking `policy.<language>.md`, confirming it, and reading it."""

from collections.abc import Sequence
from pathlib import Path

import click

from troth import policy
from troth.cli.terminal import has_errors, list_findings, refuse, say
from troth.policy.naming import find_original, list_translations

_OLDER = 10
"""How many former versions are searched for languages that this one lacks."""


def check_translations(document: Path, file: Path, rules: policy.Policy) -> Sequence[policy.Finding]:
    """The findings in the translations of a policy, listed; of one alone, if that is the document."""
    files = [document] if find_original(document) else list_translations(file)
    found: list[policy.Finding] = []
    for each in files:
        findings = policy.compile_translation(rules, each.read_bytes()).findings
        list_findings(findings, of=f"{each}:")
        found += findings
    languages = {each.name for each in list_translations(file)}
    for name in sorted(_list_former(file, rules.version) - languages):
        say(f"{file.parent / name}: warning: earlier versions have this translation, and this version lacks it.")
    return found


def _list_former(file: Path, version: int) -> set[str]:
    """What the translations of the latest version before were called here."""
    for number in range(version - 1, max(0, version - _OLDER), -1):
        former = file.parent / "versions" / f"{number}.md"
        if former.is_file():
            return {each.name.replace(former.stem, file.stem, 1) for each in list_translations(former)}
    return set()


def confirm_file(file: Path, of: Path, *, yes: bool) -> None:
    """Shows each section beside its translation and asks whether both say the same."""
    rules = policy.compile(of.read_bytes()).policy
    if rules is None:
        refuse(f"{of} has findings. Fix them first. See: troth policy check {of}")
    text = file.read_bytes().decode()
    found = [pair for pair in policy.list_unconfirmed(rules, text) if _agree(pair, yes=yes)]
    file.write_bytes(policy.confirm_translation(rules, text, only=[pair.anchor for pair in found]).encode())
    say(f"{len(found)} sections confirmed.")


def _agree(pair: policy.SectionPair, *, yes: bool) -> bool:
    for words in (pair.stated, pair.translated):
        say(f"#{pair.anchor}\n" + "\n".join(f"    | {line}" for line in words.splitlines()) + "\n")
    return yes or click.confirm("Do both say the same?", default=False)


def read_translations(file: Path, rules: policy.Policy) -> dict[Path, policy.Translation]:
    """The translations of a policy that have no errors; the others are named with how to see why."""
    made: dict[Path, policy.Translation] = {}
    for each in list_translations(file):
        translated = policy.compile_translation(rules, each.read_bytes())
        if translated.translation is None or has_errors(translated.findings):
            say(f"{each} has findings and is left out. See: troth policy check {each}")
        else:
            made[each] = translated.translation
    return made
