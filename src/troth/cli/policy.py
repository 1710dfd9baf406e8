"""`troth policy …`: from checking a policy to adopting it."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby
from pathlib import Path

import click

from troth import catalog, cli, policy
from troth.cli.drafting import confirm, draft, find_file, find_previous, start
from troth.cli.terminal import as_owner, count, has_errors, list_findings, refuse, say
from troth.cli.translating import adopt_translations, check_translations, read_translations
from troth.opening import explain_file_error
from troth.policy import page as pages
from troth.policy.changes import diff
from troth.policy.classed import Change
from troth.policy.explaining import explain as reason
from troth.policy.linked import jsonld
from troth.policy.meaning import Answer, Facts, Held, Law
from troth.policy.phrases import choice_names
from troth.policy.writing import write_document

_CLASSES = {
    "refused": "Refused: these rules need an id of their own",
    "ask": "People must answer: stored data would be used in a new way",
    "notify": "People are notified: the change is material",
    "narrows": "Less is used, kept or given, or people have more choice",
    "wording": "Names and texts; no rule changed",
}
_DOCUMENT = click.argument("document", type=click.Path(exists=True, path_type=Path))


@click.group()
def policy_commands() -> None:
    """Check, compare, confirm, adopt and publish a policy. DOCUMENT is a policy.md or a site folder."""


policy_commands.add_command(start)
policy_commands.add_command(draft)
policy_commands.add_command(confirm)


@policy_commands.command()
@_DOCUMENT
def check(document: Path) -> None:
    """List all findings in DOCUMENT, in its translations, and in its site if it is a folder.

    Where versions/ has the version before, also what would prevent DOCUMENT from following it.
    """
    file = find_file(document)
    compiled = policy.compile(file.read_bytes())
    list_findings(compiled.findings, of=f"{file}:")
    translated = check_translations(document, file, compiled.policy) if compiled.policy else ()
    site = catalog.load(document).findings if document.is_dir() else ()
    list_findings(site, of=f"{document}/")
    rules = compiled.policy
    missing = _list_missing(rules) if rules else ()
    list_findings(missing, of=f"{file.parent}/")
    before = find_previous(file, rules.version) if rules else None
    following = _list_following(before, rules) if before and rules else ()
    list_findings(following, of=f"{file}:")
    number = sum(len(found) for found in (compiled.findings, translated, site, missing, following))
    if any(has_errors(found) for found in (compiled.findings, site, following)):
        refuse(f"{count(number, 'finding', 'findings')}. A policy with errors can't be adopted.")
    if has_errors(translated):
        refuse(f"{count(number, 'finding', 'findings')}. A translation with errors is left out at adoption.")
    assert rules is not None
    say(
        f"{file} is valid: version {rules.version}, {len(rules.purposes)} purposes, {len(rules.kinds)} kinds, "
        f"{len(rules.collects)} ways of collecting. {count(number, 'warning', 'warnings')}."
    )


@policy_commands.command("diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
def compare(old: Path, new: Path) -> None:
    """Show what NEW means for people who gave data under OLD, and what prevents NEW from following OLD.

    Exits with 1 if NEW can't be adopted after OLD.
    """
    before, after = _sound(old), _sound(new)
    _list_changes(diff(before, after))
    if before.sha256 != after.sha256 and _list_succession(before, after, of=find_file(new)):
        refuse("The new version can't be adopted after the old one.")


@policy_commands.command()
@_DOCUMENT
@click.argument("purpose")
@click.argument("kind", required=False)
@click.option("--channel", help="Where the value came from, such as form.quote. Default: all channels in the policy.")
@click.option("--answer", "answers", multiple=True, metavar="QUESTION=yes|no", help="An answer the person gave.")
@click.option("--region", default="", help="Where the person lives, such as EEA or US-CA. Default: unknown.")
def explain(
    document: Path, purpose: str, kind: str | None, channel: str | None, answers: Sequence[str], region: str
) -> None:
    """Explain why KIND may or may not be used for PURPOSE, in the policy's words."""
    rules = _sound(document)
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


@policy_commands.command()
@_DOCUMENT
def show(document: Path) -> None:
    """List the purposes in DOCUMENT and the data each may use."""
    rules = _sound(document)
    say(f"{rules.organization}, version {rules.version}, effective {rules.effective}, sha256 {rules.sha256}")
    for purpose in rules.purposes.values():
        kinds = ", ".join(sorted(rules.name("kind", id) for id in {*purpose.needs, *purpose.may_use}))
        channels = ", ".join(rules.name("collect", id) for id in purpose.collected_by)
        say(f"\n#{rules.name('section', purpose.section)} {purpose.title} ({rules.name('purpose', purpose.id)})")
        say(f"    uses {kinds}\n    from {channels}")
        say(f"    choice {choice_names(purpose)}, marketing {'may' if purpose.marketing else 'never'}")
        say(f"    goes to {', '.join(rules.name('recipient', id) for id in purpose.recipients) or 'nobody'}")


@policy_commands.command()
@_DOCUMENT
@click.option("--previous", type=click.Path(exists=True, path_type=Path), help="The version to compare with.")
@click.option("--to", type=click.Path(path_type=Path), default=Path("published"), help="The folder to write.")
def publish(document: Path, previous: Path | None, to: Path) -> None:
    """Write DOCUMENT as a page (HTML), as linked data (JSON-LD) and as its source into a folder, in every language."""
    rules = _sound(document)
    page = pages.publish(rules, _sound(previous) if previous else None)
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


@policy_commands.command()
@_DOCUMENT
@click.option(
    "--redline",
    "counsel",
    type=click.Path(path_type=Path),
    help="Write what changed for counsel, to a file that ends in .docx (tracked changes) or .pdf.",
)
def rehearse(document: Path, counsel: Path | None) -> None:
    """Show what adopting DOCUMENT would mean for the people whose data is held: who is asked, and what is held back."""
    if counsel and counsel.suffix not in (".docx", ".pdf"):
        refuse(f"{counsel} should end in .docx or .pdf.")
    new = _sound(document)
    cli.set_up_django()
    from troth import in_force  # Django is set up by now
    from troth.updates import drafts, redline, rehearsing

    try:
        in_force.prepare(new.text, today=drafts.today())
        law = in_force.law()
        found = rehearsing.rehearse(new, at_utc=datetime.now(UTC))
    except in_force.NothingAdopted:
        refuse("No version is adopted yet, so there is nothing to compare with. Run: troth policy adopt")
    except in_force.CannotAdopt as error:
        refuse(str(error))
    for each in found.changes:
        asked = count(each.asked, "person", "people")
        touched = f" Asks {asked}, notifies {each.told} without a question." if each.asked else ""
        say(f"{each.change.class_:8} #{each.change.section} {each.change.sentence}{touched}")
    people, emails = count(found.people, "person", "people"), count(found.emails, "email", "emails")
    say(
        f"Version {new.version} would ask {found.asked} of {people}: {found.asked_by_email} by email, "
        f"{found.asked_on_visit} on their next visit. At most {emails}, in {count(found.days, 'day', 'days')}."
    )
    if found.asks_again:
        say("Questions of earlier versions that are still being asked are in the same emails.")
    say(f"Held until a yes: {', '.join(found.uses) or 'nothing'}. Nothing was sent or changed.")
    if counsel:
        earlier = [law.versions[number] for number in sorted(law.versions) if number < law.current]
        counsel.write_bytes(redline.FORMS[counsel.suffix[1:]].write(redline.compare(law.policy, new, earlier)))
        say(f"The redline for counsel is {counsel}.")


@policy_commands.command()
@_DOCUMENT
@click.option("--yes", is_flag=True, help="Adopt without asking for confirmation.")
@click.option("--announce", is_flag=True, help="Put it in force on its date, and notify people from now on.")
@click.option("--by", default=lambda: os.environ.get("USER", "staff"), help="Who adopts it, for the ledger.")
def adopt(document: Path, yes: bool, announce: bool, by: str) -> None:
    """As the owner: put DOCUMENT in force, with its translations. It applies to every use of data from that moment.

    With --announce it applies from its date. Until then everyone hears of it, and one person can withdraw it in the
    console. Adopt its translations once it is in force.

    Where DOCUMENT is a translation, or the version in force, only translations are adopted.
    """
    new = _sound(document)
    as_owner("Only the owner of the database may adopt a policy. Set TROTH_OWNER_URL.")
    cli.set_up_django()
    from troth import gate, in_force  # Django is set up by now
    from troth.gate import owner

    try:
        law = in_force.law()
    except in_force.NothingAdopted:
        say(f"Version {new.version} is the first version.")
    else:
        if any(known.sha256 == new.sha256 for known in law.versions.values()):
            if not adopt_translations(document, new, by=f"staff:{by}"):
                refuse(f"Version {new.version} is adopted already, and has no new translation. Run: troth policy draft")
            return
        *earlier, current = (law.versions[number] for number in sorted(law.versions))
        _list_changes(diff(current, new, earlier=earlier))
        if _list_succession(current, new, of=find_file(document), announce=announce):
            refuse("Nothing was put in force.")
    if announce:
        _announce(new, yes=yes, by=f"staff:{by}")
        return
    _warn_of_past(new, today=datetime.now(UTC).date())
    if not yes:
        click.confirm(f"Put version {new.version} in force?", abort=True)
    try:
        owner.adopt(new.text, by=f"staff:{by}")
    except (owner.CannotAdopt, gate.Refusal) as error:
        refuse(str(error))
    say(f"Version {new.version} is in force.")
    adopt_translations(document, new, by=f"staff:{by}")


def _announce(new: policy.Policy, *, yes: bool, by: str) -> None:
    from troth import gate  # Django is set up by now
    from troth.gate import owner
    from troth.site import site
    from troth.updates import adopting

    if not yes:
        click.confirm(f"Announce version {new.version}, in force from {new.effective}?", abort=True)
    id, zone = gate.new_id(), site().brand.zone
    # Planned first: stopped in between, nothing is announced, and the planned step finds nothing to do.
    adopting.plan(id, at_utc=datetime.combine(new.effective, time(), tzinfo=zone))
    try:
        owner.announce(new.text, id=id, zone=zone, by=by)
    except (owner.CannotAdopt, gate.Refusal) as error:
        refuse(str(error))
    say(f"Version {new.version} is announced, in force from {new.effective}. Emails begin soon.")


def _sound(document: Path) -> policy.Policy:
    """The policy in the document; ends the program with all findings if it has errors."""
    file = find_file(document)
    compiled = policy.compile(file.read_bytes())
    if compiled.policy is None:
        list_findings(compiled.findings, of=f"{file}:")
        refuse(f"{file} has {count(len(compiled.findings), 'finding', 'findings')}. Fix them first.")
    return compiled.policy


def _list_following(before: policy.Policy, rules: policy.Policy) -> tuple[policy.Finding, ...]:
    """What prevents a version from following the one before; as if announced today, where its date is to come."""
    today = datetime.now(UTC).date()
    return policy.succession(before, rules, announced=today if rules.effective > today else None)


def _list_missing(rules: policy.Policy) -> tuple[catalog.CatalogFinding, ...]:
    """What the policy states and the program lacks, or the other way around: the rooms say what they do."""
    cli.load_rooms()
    from troth.desk import index  # Django is set up by now

    offer = index.offer()
    return (*catalog.not_offered(rules, offer), *catalog.silent(rules, offer))


def _list_changes(changes: Sequence[Change]) -> None:
    if not changes:
        say("No change: the rules and the words are the same.")
    for class_, each in groupby(changes, key=lambda change: change.class_):
        say(f"{_CLASSES[class_]}:")
        for change in each:
            say(f"  #{change.section} {change.sentence}" if change.section else f"  {change.sentence}")
            for mark, words in (("-", change.before), ("+", change.after)):
                if words:
                    say(f"      {mark} {words}")


def _list_succession(before: policy.Policy, after: policy.Policy, *, of: Path, announce: bool = False) -> bool:
    """Lists what a version lacks to follow another; whether anything of it prevents that."""
    found = policy.succession(before, after, announced=datetime.now(UTC).date() if announce else None)
    refused = has_errors(found)
    if found:
        say("Can't be adopted after the previous version:" if refused else "Before you adopt it:")
        list_findings(found, of=f"{of}:")
    return refused


def _warn_of_past(new: policy.Policy, *, today: date) -> None:
    """Warns if the effective date is past: people would read that it was in force before it was adopted."""
    if new.effective < today:
        say(
            f"Warning: version {new.version} is effective from {new.effective}, which is before the "
            f"day of adoption, {today}. To state the true day, change `effective` first."
        )


def _answer(text: str, *, version: int, now: datetime) -> Answer:
    question, _, word = text.partition("=")
    if word not in ("yes", "no"):
        refuse(f"“{text}” isn't a valid answer. Example: newsletter=yes.")
    return Answer(question, version, word == "yes", now)
