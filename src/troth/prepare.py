"""What the owner's process does before the site opens: tables, privileges, first versions, staff, the demo's people."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from troth import catalog, gate, in_force, policy
from troth.catalog.cast import STAFF_ROLES, CastCustomer, Staff, load_cast
from troth.collection.demo import make_address, read_password
from troth.collection.demo_staff import working_staff
from troth.desk import index
from troth.gate import owner
from troth.policy.naming import find_original, list_translations
from troth.security.models import User
from troth.web import demo, statics
from troth.words.times import describe_start

Say = Callable[[str], None]


class NotReady(Exception):
    """The site cannot open; the message says why and what to do."""


def migrate() -> None:
    """Migrates tables, functions and privileges to this version, then indexes, times and regions of stored people.

    Raises  NotReady for the database of a later version."""
    if later := owner.list_later_migrations():
        raise NotReady(
            f"A later version of the program has migrated this database: {later[0]} is not known here. Nothing was "
            "changed. Install that version again, or restore a backup from before it."
        )
    owner.begin_tables()
    if owner.lacks_migrations():  # the command makes all models again, even to find that nothing is left to do
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    owner.apply_functions()
    owner.readdress(index.readdressing())
    owner.fill_times()
    owner.fill_regions()
    owner.mark_values()


def replay_if_restored(*, at_utc: datetime, why: str, who: str) -> owner.Replayed:
    """Repeats what the journal knows on a database restored from a backup, and holds all email."""
    migrate()
    return owner.restore(at_utc=at_utc, why=why or owner.older_than_journal(), who=who)


def prepare(*, say: Say, begins: Callable[[], bool] = lambda: True) -> None:
    """Prepares database and site for serving. Raises NotReady, WrongRole, WrongMasterKey or AdoptedTextChanged.

    Takes   begins: called once all is done that needs no database; False if nothing more is wanted."""
    statics.collect()
    site = Path(settings.TROTH_SITE)
    _refuse_broken(site)
    if not begins():
        return
    migrate()
    owner.seal_key_mark()
    _bring_journal_along()
    owner.check_role()
    in_force.verify_adopted()
    in_force.verify_translations()
    text = (site / "policy.md").read_bytes()
    try:
        _report_draft(text, current=in_force.policy(), say=say)
    except in_force.NothingAdopted:
        _adopt_history(site, say=say)
    if settings.TROTH_DEMO:
        _people(site, say=say)


def _bring_journal_along() -> None:
    """Refuses an older database: people would get emails that they opted out of."""
    if why := owner.older_than_journal():
        raise NotReady(
            f"The database is older than this site: {why}. If a backup was restored, run: troth restore. It repeats "
            "opt-outs and deletions since the backup, and holds all email until you release it. If no backup was "
            "restored, someone changed the database: run troth ledger verify first."
        )
    owner.complete_journal()


def _refuse_broken(site: Path) -> None:
    # Without the ranges of ZIP codes, whose list takes half a second: of one that is empty nothing depends.
    findings = [each for each in catalog.load(site, checked=False).findings if each.severity == "error"]
    if findings:
        lines = "\n".join(f"  {each}" for each in findings[:10])
        raise NotReady(f"The site folder {site} has errors. Fix them, then start again:\n{lines}")


def _adopt_history(site: Path, *, say: Say) -> None:
    for adopted in adopt_site(site, by="program:start"):
        start = describe_start(adopted.effective, str(adopted.effective))
        say(f"Adopted version {adopted.version} of the policy, {start}.")
    for file, language in adopt_translations(site, by="program:start", say=say):
        say(f"Adopted its translation {file.name} ({language}).")


def adopt_site(site: Path, *, by: str) -> list[policy.Policy]:
    """The site's earlier versions and its policy.md, adopted in this order: all of them or none. Raises NotReady."""
    try:
        texts = [file.read_bytes().decode() for file in (*_earlier(site), site / "policy.md")]
        return owner.adopt_all(texts, by=by)
    except (owner.CannotAdopt, gate.Refusal, UnicodeDecodeError) as error:
        raise NotReady(f"{error} See: troth policy check {site}") from error


def adopt_translations(site: Path, *, by: str, say: Say) -> list[tuple[Path, str]]:
    """Adopts the translations beside each adopted version; one with findings is named, and left out."""
    known, adopted = {it.text.encode(): it.version for it in in_force.law().versions.values()}, []
    for of in (*_earlier(site), site / "policy.md"):
        version = known.get(of.read_bytes())
        for file in list_translations(of) if version else ():
            try:
                made = owner.adopt_translation(file.read_bytes().decode(), version=version or 0, by=by)
                adopted.append((file, made.language))
            except (owner.CannotAdopt, UnicodeDecodeError):
                say(f"{file} has findings and wasn't adopted. See: troth policy check {file}")
    return adopted


def _earlier(site: Path) -> list[Path]:
    """versions/1.md, versions/2.md and so on."""
    files = [file for file in (site / "versions").glob("*.md") if not find_original(file)]
    for file in files:
        if not file.stem.isdecimal():
            raise NotReady(f"The name of {file} must be the number of a policy version, such as 1.md.")
    return sorted(files, key=lambda file: int(file.stem))


def _report_draft(text: bytes, *, current: policy.Policy, say: Say) -> None:
    """Reports an edited policy.md, which changes nothing until it is adopted."""
    if hashlib.sha256(text).hexdigest() == current.sha256:
        return
    compiled = policy.compile(text)
    if compiled.draft is not None and compiled.draft.sha256 == current.sha256:
        return
    errors = [each for each in compiled.findings if each.severity == "error"]
    state = f"It has {len(errors)} errors and cannot be adopted" if errors else "It can be adopted"
    say(
        f"policy.md was edited; version {current.version} stays in force. {state}. "
        f"See: troth policy check {settings.TROTH_SITE}, then: troth policy adopt {settings.TROTH_SITE}"
    )


def _people(site: Path, *, say: Say) -> None:
    cast = load_cast(site, checked=False).cast  # whom it makes is read by those who make them
    if cast is None:
        return
    password = read_password()
    for member in cast.staff:
        _staff(member, password=password)
    with owner.backdating(), in_force.one_law(), working_staff(password):
        made = demo.seed(site)
        if made:
            demo.begin_work(cast.staff)
    if made:
        say(f"Created {made} demo people in {len(cast.organizations)} organizations.")
    for line in (*_name_staff(cast.staff), *_name_customers(cast.customers), f"Their password here: {password}"):
        say(line)


def _staff(member: Staff, *, password: str) -> None:
    if not User.objects.filter(username=member.username).exists():
        User.objects.create_staff(
            username=member.username, display_name=member.name, role=member.role, password=password
        )


def _name_staff(staff: tuple[Staff, ...]) -> list[str]:
    names = {role: " and ".join(each.username for each in staff if each.role == role) for role in STAFF_ROLES}
    roles = ", ".join(f"{name} ({role})" for role, name in names.items() if name)
    return [f"Staff sign in at {settings.TROTH_BASE_URL}/console/ as {roles}"]


def _name_customers(customers: tuple[CastCustomer, ...]) -> list[str]:
    addresses = ", ".join(make_address(each.name, each.domain) for each in customers)
    return [f"Customers sign in at {settings.TROTH_BASE_URL}/sign-in/ as {addresses}"] if addresses else []
