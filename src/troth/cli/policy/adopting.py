"""`troth policy rehearse` and `adopt`: what a version would mean for people, and putting it in force."""

import os
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from troth import gate, in_force, policy
from troth.cli.policy.documents import DOCUMENT, find_file, list_changes, list_succession, read_sound
from troth.cli.policy.translating import read_translations
from troth.cli.terminal import count, refuse, say
from troth.gate import owner
from troth.policy.changes import diff
from troth.security.actors import identify_staff
from troth.site import site
from troth.updates import adopting, drafts, redline, rehearsing


@click.command()
@DOCUMENT
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
    new = read_sound(document)
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


@click.command()
@DOCUMENT
@click.option("--yes", is_flag=True, help="Adopt without asking for confirmation.")
@click.option("--announce", is_flag=True, help="Put it in force on its date, and notify people from now on.")
@click.option("--by", default=lambda: os.environ.get("USER", "staff"), help="Who adopts it, for the ledger.")
def adopt(document: Path, yes: bool, announce: bool, by: str) -> None:
    """As the owner: put DOCUMENT in force, with its translations. It applies to every use of data from that moment.

    With --announce it applies from its date. Until then everyone hears of it, and one person can withdraw it in the
    console. Adopt its translations once it is in force.

    Where DOCUMENT is a translation, or the version in force, only translations are adopted.
    """
    new = read_sound(document)
    try:
        law = in_force.law()
    except in_force.NothingAdopted:
        say(f"Version {new.version} is the first version.")
    else:
        if any(known.sha256 == new.sha256 for known in law.versions.values()):
            if not _adopt_translations(document, new, by=identify_staff(by)):
                refuse(f"Version {new.version} is adopted already, and has no new translation. Run: troth policy draft")
            return
        *earlier, current = (law.versions[number] for number in sorted(law.versions))
        list_changes(diff(current, new, earlier=earlier))
        if list_succession(current, new, of=find_file(document), announce=announce):
            refuse("Nothing was put in force.")
    if announce:
        _announce(new, yes=yes, by=identify_staff(by))
        return
    _warn_of_past(new, today=datetime.now(UTC).date())
    if not yes:
        click.confirm(f"Put version {new.version} in force?", abort=True)
    try:
        owner.adopt(new.text, by=identify_staff(by))
    except (owner.CannotAdopt, gate.Refusal) as error:
        refuse(str(error))
    say(f"Version {new.version} is in force.")
    _adopt_translations(document, new, by=identify_staff(by))


def _announce(new: policy.Policy, *, yes: bool, by: str) -> None:
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


def _warn_of_past(new: policy.Policy, *, today: date) -> None:
    """Warns if the effective date is past: people would read that it was in force before it was adopted."""
    if new.effective < today:
        say(
            f"Warning: version {new.version} is effective from {new.effective}, which is before the "
            f"day of adoption, {today}. To state the true day, change `effective` first."
        )


def _adopt_translations(document: Path, rules: policy.Policy, *, by: str) -> int:
    """As the owner: shows the translations of an adopted version from now on; of one alone, if that is the document.

    Returns how many are new."""
    file = find_file(document)
    new = 0
    for each, made in read_translations(file, rules).items():
        shown = in_force.find_translation(rules.version, made.language)
        if document not in (file, file.parent, each) or (shown and shown.sha256 == made.sha256):
            continue
        try:
            owner.adopt_translation(made.text, version=rules.version, by=by)
        except (owner.CannotAdopt, gate.Refusal) as error:
            refuse(str(error))
        say(f"The translation {each.name} of version {rules.version} is shown from now on.")
        new += 1
    return new
