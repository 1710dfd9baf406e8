"""Policy, staff, and the processes: pages, jobs, signing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from troth import alarms, catalog, in_force, policy, work
from troth.doctor import Line, Patient, fine, missing, skip
from troth.doctor.asking import Unreachable, ask
from troth.gate import health
from troth.outbox.models import MailHold
from troth.security.models import Role, User
from troth.words.times import announce


def check_policy(patient: Patient) -> Iterator[Line]:
    """The policy in force, and whether its site folder can be served."""
    site = patient.environment.site
    errors = [each for each in catalog.load(site).findings if each.severity == "error"]
    if errors:
        yield missing(
            f"The site folder {site} has {len(errors)} error{'s' * (len(errors) > 1)}.", f"troth policy check {site}"
        )
    if patient.unready:
        yield skip(patient.unready)
        return
    try:
        current = in_force.policy()
        in_force.verify_adopted()
        in_force.verify_translations()
    except in_force.NothingAdopted:
        yield missing("No policy is in force.", f"troth policy adopt {site}")
        return
    except in_force.AdoptedTextChanged as changed:
        yield missing(str(changed), "troth ledger verify")
        return
    yield fine(f"{announce(current.version, current.effective, str(current.effective))}.")
    yield from _placeholders(current, site=str(site))


def _placeholders(current: policy.Policy, *, site: str) -> Iterator[Line]:
    brand = Path(site) / "brand.yaml"
    said = brand.read_text(encoding="utf-8", errors="replace") if brand.is_file() else ""  # else an error says so
    if left := catalog.placeholders(said):
        sentence = f"The site's brand still says “{left[0]}”, which `troth new` wrote for you to replace."
        yield missing(sentence, f"Edit {site}/brand.yaml")
    if left := catalog.placeholders(current.text):
        sentence = f"The policy in force still says “{left[0]}”, which `troth new` wrote for you to replace."
        yield missing(
            sentence,
            f"Edit {site}/policy.md, raise `version`, set a later `effective`, then: troth policy adopt {site}",
        )


def staff(patient: Patient) -> Iterator[Line]:
    if patient.unready:
        yield skip(patient.unready)
        return
    roles = list(User.objects.filter(is_active=True).exclude(role="").values_list("role", flat=True))
    add = 'troth staff add NAME --name "Full Name" --role'
    if Role.ADMIN not in roles:
        yield missing("No administrator can sign in.", f"{add} admin")
    if Role.PRIVACY not in roles:
        yield missing("Nobody can answer privacy requests.", f"{add} privacy")
    if len(roles) < 2:
        yield missing("A deletion needs two people to approve it.", f"{add} privacy")
    elif {Role.ADMIN, Role.PRIVACY} <= set(roles):
        yield fine(f"{len(roles)} people can sign in to the console.")


def pages(patient: Patient) -> Iterator[Line]:
    if patient.is_new:
        yield skip(patient.unready)
        return
    port = patient.environment.port
    try:
        answer = ask(f"http://127.0.0.1:{port}/readyz")
    except Unreachable as problem:
        yield missing(f"Pages are not served on port {port}: {problem}", "systemctl start troth-web   (or: troth run)")
        return
    if answer.status == 200:
        yield fine(f"Pages are served on 127.0.0.1:{port}.")
    elif answer.status >= 500:
        yield missing(f"Pages can't be served: {answer.text}.", "journalctl -u troth-web")
    else:
        yield missing(
            f"Port {port} is taken by another program.", "End it, or set another TROTH_PORT; then start troth-web."
        )


def jobs(patient: Patient) -> Iterator[Line]:
    if patient.unready:
        yield skip(patient.unready)
        return
    failed = alarms.standing()
    if work.is_alive(datetime.now(UTC)):
        yield fine("Jobs are being run.")
    else:
        yield missing("No process runs jobs, so no email is sent.", "systemctl start troth-work   (or: troth run)")
    if failed:
        many = "1 job" if len(failed) == 1 else f"{len(failed)} jobs"
        yield missing(f"{many} failed three times.", "troth jobs list")
    yield from _check_hold()


def _check_hold() -> Iterator[Line]:
    hold = MailHold.current()
    if hold is not None:
        yield missing(f"All email is held since {hold.since_utc:%Y-%m-%d %H:%M} UTC.", "troth mail release")


def signing(patient: Patient) -> Iterator[Line]:
    if patient.unready:
        yield skip(patient.unready)
    elif health.is_signing(patient.environment.database_url):
        yield fine("The ledger is being signed.")
    else:
        yield missing("The ledger is not being signed.", "systemctl start troth-seal, then: journalctl -u troth-seal")
