"""`troth policy diff`, `explain`, `show` and `publish`: what a policy says, without a site."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from troth import policy
from troth.cli.policy.documents import DOCUMENT, find_file, list_changes, list_succession, read_sound
from troth.cli.policy.translating import read_translations
from troth.cli.terminal import refuse, say
from troth.opening import explain_file_error
from troth.policy import page as pages
from troth.policy.changes import diff
from troth.policy.explaining import explain as reason
from troth.policy.linked import jsonld
from troth.policy.meaning import Answer, Facts, Held, Law
from troth.policy.phrases import choice_names
from troth.policy.writing import write_document


@click.command("diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
def compare(old: Path, new: Path) -> None:
    """Show what NEW means for people who gave data under OLD, and what prevents NEW from following OLD.

    Exits with 1 if NEW can't be adopted after OLD.
    """
    before, after = read_sound(old), read_sound(new)
    list_changes(diff(before, after))
    if before.sha256 != after.sha256 and list_succession(before, after, of=find_file(new)):
        refuse("The new version can't be adopted after the old one.")


@click.command()
@DOCUMENT
@click.argument("purpose")
@click.argument("kind", required=False)
@click.option("--channel", help="Where the value came from, such as form.quote. Default: all channels in the policy.")
@click.option("--answer", "answers", multiple=True, metavar="QUESTION=yes|no", help="An answer the person gave.")
@click.option("--region", default="", help="Where the person lives, such as EEA or US-CA. Default: unknown.")
def explain(
    document: Path, purpose: str, kind: str | None, channel: str | None, answers: Sequence[str], region: str
) -> None:
    """Explain why KIND may or may not be used for PURPOSE, in the policy's words."""
    rules = read_sound(document)
    now = datetime.now(UTC)
    given = [_answer(text, version=rules.version, now=now) for text in answers]
    id = rules.find_id("purpose", purpose)
    stated = rules.purposes.get(id)
    kinds = [rules.find_id("kind", kind)] if kind else sorted({*stated.needs, *stated.may_use} if stated else ())
    places = list(stated.collected_by if stated else ()) or list(rules.collects)[:1]
    channels = [rules.find_id("collect", channel)] if channel else places
    for each, place in ((each, place) for each in kinds or ["name"] for place in channels):
        held = Held(each, place, rules.version, None)
        facts = Facts(Law({rules.version: rules}, rules.version), id, each, held, given, now, region=region)
        called = rules.name("kind", each), rules.name("collect", place)
        say(f"May {called[0]} from {called[1]} be used for {purpose}? {reason(facts)}\n")


@click.command()
@DOCUMENT
def show(document: Path) -> None:
    """List the purposes in DOCUMENT and the data each may use."""
    rules = read_sound(document)
    say(f"{rules.organization}, version {rules.version}, effective {rules.effective}, sha256 {rules.sha256}")
    for purpose in rules.purposes.values():
        kinds = ", ".join(sorted(rules.name("kind", id) for id in {*purpose.needs, *purpose.may_use}))
        channels = ", ".join(rules.name("collect", id) for id in purpose.collected_by)
        say(f"\n#{rules.name('section', purpose.section)} {purpose.title} ({rules.name('purpose', purpose.id)})")
        say(f"    uses {kinds}\n    from {channels}")
        say(f"    choice {choice_names(purpose)}, marketing {'may' if purpose.marketing else 'never'}")
        say(f"    goes to {', '.join(rules.name('recipient', id) for id in purpose.recipients) or 'nobody'}")


@click.command()
@DOCUMENT
@click.option("--previous", type=click.Path(exists=True, path_type=Path), help="The version to compare with.")
@click.option("--to", type=click.Path(path_type=Path), default=Path("published"), help="The folder to write.")
def publish(document: Path, previous: Path | None, to: Path) -> None:
    """Write DOCUMENT as a page (HTML), as linked data (JSON-LD) and as its source into a folder, in every language."""
    rules = read_sound(document)
    page = pages.publish(rules, read_sound(previous) if previous else None)
    translations = read_translations(find_file(document), rules)
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"Can't write to the folder {to}: {explain_file_error(error)}. Choose another with --to.")
    (to / "index.html").write_text(write_document(page), encoding="utf-8")
    (to / "policy.jsonld").write_text(json.dumps(jsonld(rules), indent=2, ensure_ascii=False), encoding="utf-8")
    (to / "policy.md").write_text(rules.text, encoding="utf-8")
    for each in translations.values():
        translated = pages.publish(policy.translate(rules, each), say=policy.find_say(each.language))
        (to / f"index.{each.language}.html").write_text(write_document(translated), encoding="utf-8")
        (to / f"policy.{each.language}.md").write_text(each.text, encoding="utf-8")
    say(f"Version {rules.version} was published to {to}: index.html, policy.jsonld, policy.md.")
    if translations:
        say(f"Translations: {', '.join(each.language for each in translations.values())}.")


def _answer(text: str, *, version: int, now: datetime) -> Answer:
    question, _, word = text.partition("=")
    if word not in ("yes", "no"):
        refuse(f"“{text}” isn't a valid answer. Example: newsletter=yes.")
    return Answer(question, version, word == "yes", now)
