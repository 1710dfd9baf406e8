"""What a milestone's people do on a site that was brought up to date: the same walk for every way to get there."""

import base64
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import time_machine
from click.testing import CliRunner
from django.core.management import call_command
from django.db import connection, connections
from django.template.loader import get_template
from tests.accounts import emails_to, sign_in
from tests.upgrade.conftest import Restored
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor

from troth import in_force, notes
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cli.ledger import ledger_commands
from troth.due.models import Due
from troth.environment import Environment
from troth.gate import owner
from troth.outbox import emails
from troth.outbox.models import QueuedEmail
from troth.policy import KnownEvent, diff, find_end
from troth.records import ledger
from troth.records.ledger.checkpoints import CheckpointFile
from troth.records.ledger.sealing import Sealer
from troth.records.models import AccountPerson
from troth.security.factors import codes
from troth.security.models import User
from troth.uses.quotes.models import QuoteRequest

_REFERENCE = Path(__file__).parents[2] / "examples" / "optiproerp"


def walk(upgraded: Restored, run_jobs: Any) -> None:
    """One long walk, because restoring takes longer than walking."""
    facts = upgraded.facts
    call_command("migrate", database="owner", check_unapplied=True, verbosity=0)
    assert owner.differences() == []
    _what_happened_is_known(facts)
    _what_waits_is_planned()
    _all_requests_are_of_one_table(facts)
    with time_machine.travel(datetime.fromisoformat(facts["made"]) + timedelta(days=20), tick=True):
        _her_history_opens(facts["marisol"])  # private links end after 90 days
    _emails_have_titles_and_templates()
    _forms_answer(run_jobs)
    _she_signs_in_and_sees_hers(facts)
    _staff_work_on_requests(facts)
    _later_versions_follow()
    _forms_answer_again(run_jobs)
    _somebody_is_erased(facts, run_jobs)
    assert owner.differences() == []
    _the_ledger_is_sealed_on_and_verifies(upgraded)


def _what_waits_is_planned() -> None:
    """What the clock of the former release would have come upon by itself."""
    living = Case.objects.filter(state__in=Case.LIVING).exclude(law_utc=None)
    planned = set(Due.objects.filter(what__startswith="cases.").values_list("about", flat=True))
    assert planned == set(living.exclude(reminded=100, noticed_utc__isnull=False).values_list("pk", flat=True))
    assert planned


def _what_happened_is_known(facts: dict[str, Any]) -> None:
    """Events of before there were any: contacts, requests, accounts; and each datum's end is what follows from them."""
    events = _events()
    marisol = UUID(facts["marisol"]["person"])
    contact = [it.at_utc for it in events[marisol] if it.event == "last contact"]
    assert contact == [max(entry.at_utc for entry in ledger.history(marisol) if entry.kind == "collected")]
    hers = Case.objects.using("owner").filter(person__isnull=False, person__erased_utc=None)
    states = {case.pk: case.state for case in hers}
    known = {it.object: it.at_utc for each in events.values() for it in each if it.event == "request"}
    assert {request: known[request] is None for request in states} == {
        request: state in Case.LIVING for request, state in states.items()
    }
    for user in User.objects.filter(role="", person__isnull=False):
        people = AccountPerson.objects.filter(user=user).values_list("person_id", flat=True)
        assert len({it.at_utc for one in people for it in events[one] if it.event == "last contact"}) == 1
        assert all(KnownEvent("account", user.person_id, None) in events[one] for one in people)
    _ends_follow(events)


def _all_requests_are_of_one_table(facts: dict[str, Any]) -> None:
    """Quotes and messages became cases; what each kind knows is read back with its types, and nothing else stands there."""
    for case in Case.objects.all():
        kind_of(case).read(case)
        assert (case.purpose, case.number[0]) == (kind_of(case).purpose, kind_of(case).prefix)
    marisol = QuoteRequest.objects.get(number=facts["marisol"]["number"])
    assert (marisol.stage, marisol.case.quote) == (QuoteRequest.ROUTED, marisol)
    assert marisol.recipient_name
    assert {case.number[0] for case in Case.objects.filter(purpose="rights")} == {"P"}
    assert Case.objects.get(number=facts["requests"]["denied"]).denial == "insuf_verification"


def _emails_have_titles_and_templates() -> None:
    """Stored emails and entries name an email as its room was called then."""
    stored = {email.template for email in QueuedEmail.objects.using("owner").all()}
    assert "cases/received" in stored
    for template in stored:
        assert emails.title_of(template) != template
        for end in (".subject.txt", ".txt", ".html"):
            assert get_template(f"{emails.templates_of(template, known=False)}{end}")


def _events() -> dict[UUID, list[KnownEvent]]:
    found: dict[UUID, list[KnownEvent]] = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute("select person_id, event, object, at_utc from event_time")
        for person, *event in cursor.fetchall():
            found.setdefault(person, []).append(KnownEvent(*event))
    return found


def _ends_follow(events: dict[UUID, list[KnownEvent]]) -> None:
    law = in_force.law()
    with connections["owner"].cursor() as cursor:
        cursor.execute("select person_id, kind, request, collected_utc, kept_until_utc from datum")
        data = cursor.fetchall()
    assert len(data) > 20
    for person, kind, request, collected, until in data:
        kept = law.find_retention(kind)
        assert kept is not None
        events_of = events.get(person, [])
        assert until == find_end(kept, collected_utc=collected, cause=request, events=events_of), kind


def _her_history_opens(marisol: dict[str, str]) -> None:
    history = visitor().post(marisol["history"], **BROWSER)
    assert history.status_code == 200
    assert marisol["number"] in text(history)
    assert QuoteRequest.objects.get(number=marisol["number"]).person_id == UUID(marisol["person"])


def _forms_answer(run_jobs: Any) -> None:
    someone = {**MARISOL, "name": "Nora Newly", "email": "nora@newly.example", "company": "Newly"}
    contact = {"name": someone["name"], "email": someone["email"], "note": "Does it run on two plants?"}
    interest = {**contact, "company": "Newly", "country": "DE", "role": "Quality", "interests": "Costing"}
    del interest["note"]
    for place, values in (
        ("/quote/", someone),
        ("/contact/", contact),
        ("/register/", interest),
        ("/privacy/requests/question/", contact),
        ("/account/new/", None),
    ):
        values = values or {"name": someone["name"], "email": someone["email"], "password": "seven brass valves leak"}
        answer = send(visitor(), place, values)
        assert answer.status_code in (200, 303), f"{place}: {text(answer)}"
    run_jobs()
    assert {mail["Subject"] for mail in emails_to("nora@newly.example")} >= {"Confirm your address"}
    numbers = [case.number for case in Case.objects.order_by("received_utc")]
    assert len({number[-4:] for number in numbers[-4:]}) == 4
    assert int(numbers[-4][-4:]) > max(int(number[-4:]) for number in numbers[:-4]), "one row of numbers for all"


_ASKED = {4: {"confirmations", "product-updates", "rights"}, 5: {"confirmations", "rights"}}
"""Version → purposes that would use what is held already, and about which people are asked."""


def _later_versions_follow() -> None:
    """The reference policy up to today, adopted on data of version 1: people are asked about what versions 4 and 5 add."""
    assert in_force.policy().version == 1
    for version in ("versions/2.md", "versions/3.md", "versions/4.md", "versions/5.md", "versions/6.md", "policy.md"):
        old = in_force.policy()
        new = owner.adopt((_REFERENCE / version).read_text(encoding="utf-8"), by="staff:otto")
        assert in_force.policy().version == new.version == old.version + 1
        assert {change.purpose for change in diff(old, new) if change.class_ == "ask"} == _ASKED.get(new.version, set())
    _ends_follow(_events())


def _forms_answer_again(run_jobs: Any) -> None:
    someone = {**MARISOL, "name": "Olga Later", "email": "olga@later.example", "company": "Later"}
    assert send(visitor(), "/quote/", someone).status_code == 303
    run_jobs()
    quote = QuoteRequest.objects.latest("received_utc")
    numbers = [case.number for case in Case.objects.exclude(pk=quote.pk)]
    assert int(quote.number[-4:]) > max(int(number[-4:]) for number in numbers)
    assert {entry.version for entry in ledger.history(quote.person_id)} == {in_force.policy().version}


def _she_signs_in_and_sees_hers(facts: dict[str, Any]) -> None:
    alice = facts["alice"]
    browser = visitor()
    assert sign_in(alice["email"], alice["password"], client=browser).headers["Location"] == "/sign-in/code/"
    code = codes._totp(base64.b32decode(alice["app"])).generate(int(time.time())).decode()
    assert browser.post("/sign-in/code/", {"code": code}, **BROWSER).status_code == 303
    assert alice["email"] in text(browser.get("/account/"))
    for page in ("/account/data/", "/account/profile/", "/account/preferences/", "/account/requests/"):
        assert browser.get(page).status_code == 200, page
    assert "Alice Marchetti" in text(browser.get("/account/profile/"))
    inside = text(browser.get("/organization/"))
    assert alice["organization"] in inside
    assert "2 members" in inside
    stranger = visitor()
    assert sign_in(facts["bob"]["email"], facts["bob"]["password"], client=stranger).status_code == 303
    assert alice["email"] not in text(stranger.get("/account/data/"))


def _staff_work_on_requests(facts: dict[str, Any]) -> None:
    pia = signed_in("pia", role="privacy")
    for number in facts["requests"].values():
        opened = pia.get(f"/console/cases/{number}/", follow=True)  # a bookmark of that release
        assert (opened.status_code, opened.redirect_chain[-1][0]) == (200, f"/console/requests/{number}/"), number
    assert signed_in("ines", role="sales").get("/console/quotes/").status_code == 200
    states = {what: Case.objects.get(number=number).state for what, number in facts["requests"].items()}
    assert states["erased"] == states["copy"] == Case.ANSWERED
    assert (states["extended"], states["unproven"], states["denied"]) == (Case.OPEN, Case.UNVERIFIED, Case.DENIED)


def _somebody_is_erased(facts: dict[str, Any], run_jobs: Any) -> None:
    """The one whose erasure had one approval when the milestone was made."""
    number = facts["requests"]["waiting"]
    person = Case.objects.get(number=number).person_id
    otto = signed_in("otto", role="admin", name="Otto Beck")
    assert otto.post(f"/console/requests/{number}/", {"do": "approve", "sure": "yes"}, **BROWSER).status_code in (
        200,
        303,
    )
    erasing = otto.post(f"/console/requests/{number}/", {"do": "erase", "sure": "yes"}, **BROWSER)
    assert erasing.status_code in (200, 303), text(erasing)
    run_jobs()
    assert Case.objects.get(number=number).state == Case.ANSWERED
    assert "erased" in {entry.kind for entry in ledger.history(person)}


def _the_ledger_is_sealed_on_and_verifies(upgraded: Restored) -> None:
    connection.close()
    environment = Environment.read(upgraded.environ)
    key = environment.ledger_key_file
    with psycopg.connect(upgraded.environ["TROTH_SEALER_URL"], autocommit=True) as sealing:
        Sealer.open(
            sealing,
            signer=notes.signer_at(key),
            trusted=notes.verifiers_at(notes.public_file(key)),
            file=CheckpointFile(environment.checkpoint_file),
        ).seal_all()
    said = CliRunner().invoke(ledger_commands, ["verify"], env=upgraded.environ)
    assert said.exit_code == 0, said.output
    assert "0 entries not signed yet" in said.stdout
