"""The invented people of a milestone's dump: what they did, through the pages that they would have used."""

import base64
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.access.hers import NEWS, reader
from tests.accounts import PASSWORD, account, emails_to, post, sign_in
from tests.visits import BROWSER, MARISOL, SITE, send, signed_in, staff, visitor

from troth import gate, prepare
from troth.access.preferences import pausing
from troth.access.procedures import incident
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.records.membership import Invitation
from troth.security import links
from troth.security.factors import codes
from troth.security.links import Link
from troth.security.models import User
from troth.uses.quotes.models import QuoteRequest

ALICE = {"name": "Alice Marchetti", "email": "alice.marchetti@halden-valve-works.example"}
BOB = {"name": "Bob Ferreira", "email": "bob.ferreira@halden-valve-works.example"}
CHARLIE = {"name": "Charlie Stranger", "email": "charlie@elsewhere.example"}
ERIN = {**MARISOL, "name": "Erin Moss", "email": "erin.moss@northgate-foods.example", "company": "Northgate Foods"}
ORGANIZATION = "Halden Valve Works"
ASKED = {"name": "Marisol Vance", "email": MARISOL["email"], "note": "All of it, please."}

RunJobs = Callable[[], None]


def populate(run_jobs: RunJobs) -> Mapping[str, Any]:
    """What a test needs to know of the people: addresses, passwords, private links, numbers."""
    prepare.adopt_site(SITE, by="staff:otto")
    _crew()
    marisol = _quoted(run_jobs)
    alice, secret = _owner(run_jobs)
    _colleague(alice, run_jobs)
    _inquiries(run_jobs)
    _choices()
    numbers = _requests(run_jobs)
    return {
        "marisol": marisol,
        "alice": {
            **ALICE,
            "password": PASSWORD,
            "app": base64.b32encode(secret).decode(),
            "organization": ORGANIZATION,
        },
        "bob": {**BOB, "password": PASSWORD},
        "charlie": CHARLIE,
        "requests": numbers,
    }


def _crew() -> None:
    for name, role, called in (
        ("ines", "sales", "Ines Moreau"),
        ("pia", "privacy", "Pia Lund"),
        ("otto", "admin", "Otto Beck"),
    ):
        staff(name, role=role, name=called)


def _quoted(run_jobs: RunJobs) -> dict[str, str]:
    """Marisol asked for a quote, and opened her history by the mailed link."""
    assert send(visitor(), "/quote/", MARISOL).status_code == 303
    run_jobs()
    quote = QuoteRequest.objects.get()
    mailed = Link.objects.get(power="full", request=quote.pk)
    assert visitor().post(links.address(mailed), **BROWSER).status_code == 200
    return {**MARISOL, "person": str(quote.person_id), "number": quote.number, "history": links.address(mailed)}


def _owner(run_jobs: RunJobs) -> tuple[Any, bytes]:
    """Alice's browser, with an account, an app, a quote asked for while signed in, and an organization."""
    browser = account(ALICE, run_jobs)
    browser.get("/account/app/")
    user = User.objects.at(ALICE["email"])
    assert user is not None
    from troth.security.factors.models import Authenticator

    secret = codes._secret(Authenticator.objects.get(user=user))
    code = codes._totp(secret).generate(int(time.time())).decode()
    page = post(browser, "/account/app/", {"code": code}).content.decode()
    assert re.search(r"<code>[A-Z2-7-]{27}</code>", page), page
    asked = {**MARISOL, **ALICE, "phone": "(559) 555-0142", "note": "For our second plant."}
    assert send(browser, "/quote/", asked).status_code == 303
    run_jobs()
    assert post(browser, "/organization/", {"do": "found", "name": ORGANIZATION, "by_domain": "yes"}).status_code == 303
    return browser, secret


def _colleague(alice: Any, run_jobs: RunJobs) -> None:
    """Bob, invited by Alice, has an account and is a member; Carol has not answered yet, and Dan asks to join."""
    bob = account(BOB, run_jobs)
    for address in (BOB["email"], "carol@halden-valve-works.example"):
        assert post(alice, "/organization/", {"do": "invite", "address": address, "role": "member"}).status_code == 303
    run_jobs()
    offered = next(each for each in Invitation.objects.filter(state="open") if _owned_by(each.person_id, BOB["email"]))
    answer = post(bob, "/organization/", {"do": "answer", "invitation": str(offered.id), "yes": "yes"})
    assert answer.status_code == 303
    dan = account({"name": "Dan Abara", "email": "dan@halden-valve-works.example"}, run_jobs)
    assert post(dan, "/organization/", {"do": "ask"}).status_code == 303
    run_jobs()
    sign_in(BOB["email"])  # from a new device: he is told
    visitor().post("/sign-in/forgotten/", {"address": BOB["email"]}, **BROWSER)
    run_jobs()


def _owned_by(person: Any, address: str) -> bool:
    from troth.records.models import AccountPerson

    user = User.objects.at(address)
    return user is not None and AccountPerson.objects.filter(user=user, person=person).exists()


def _inquiries(run_jobs: RunJobs) -> None:
    assert send(visitor(), "/contact/", {**CHARLIE, "note": "Does it run on two plants?"}).status_code == 303
    interest = {**CHARLIE, "company": "Elsewhere", "country": "DE", "role": "Quality", "interests": "Costing"}
    assert send(visitor(), "/register/", interest).status_code == 303
    assert send(visitor(), "/quote/", {**ERIN, "zip": "00000"}).status_code == 303
    run_jobs()


def _choices() -> None:
    """A reader with a yes, one who said no to marketing, one who pauses."""
    reader()
    reader({**NEWS, "email": "greta@mill.example"}, yes=False)
    no = reader({**NEWS, "email": "hugo@mill.example"})
    gate.choose(person=no, question="marketing", version=1, yes=False, way="mailed link")
    paused = reader({**NEWS, "email": "ilse@mill.example"})
    now = datetime.now(UTC)
    pausing.begin([paused], until_utc=now + timedelta(days=90), way="mailed link", at_utc=now)


def _requests(run_jobs: RunJobs) -> dict[str, str]:
    """Privacy requests in many states; Erin is erased."""
    now = datetime.now(UTC)
    open_ = _asked("question", ASKED, run_jobs)
    unproven = _asked("correction", ASKED, run_jobs)
    restricted = _proven("restriction", {**ASKED, "email": "frieda@mill.example"}, run_jobs)
    denied = _proven("correction", {**ASKED, "email": "gina@mill.example"}, run_jobs)
    cases.deny(denied.pk, basis="not verified", at_utc=now, who="staff:pia", reason="insuf_verification")
    copied = _proven("copy", ASKED, run_jobs)
    late = _proven("correction", {**ASKED, "email": "ida@mill.example"}, run_jobs)
    cases.extend(late.pk, why="It lies in an archive of ours.", at_utc=now, who="staff:pia")
    gone = _erased(run_jobs)
    waiting = _proven("erasure", {**ASKED, "email": "greta@mill.example"}, run_jobs)
    cases.approve(waiting.pk, what="erase", who="staff:pia", at_utc=now)
    broken = incident.begin(
        words="A laptop was left in a train.",
        kinds=["email"],
        people=3,
        known_utc=now - timedelta(hours=2),
        who="staff:pia",
        at_utc=now,
    )
    incident.note_step(broken, "contain", words="The disk was wiped from afar.", who="staff:pia", at_utc=now)
    run_jobs()
    found = {
        "open": open_,
        "unproven": unproven,
        "restricted": restricted,
        "denied": denied,
        "copy": copied,
        "extended": late,
        "erased": gone,
        "waiting": waiting,
        "incident": broken,
    }
    return {what: case.number for what, case in found.items()}


def _erased(run_jobs: RunJobs) -> Case:
    case = _proven("erasure", {"name": ERIN["name"], "email": ERIN["email"], "note": "Everything."}, run_jobs)
    for who, role in (("pia", "privacy"), ("otto", "admin")):
        answer = signed_in(who, role=role).post(
            f"/console/requests/{case.number}/", {"do": "approve", "sure": "yes"}, **BROWSER
        )
        assert answer.status_code in (200, 302, 303), answer.content.decode()
    answer = signed_in("pia", role="privacy").post(
        f"/console/requests/{case.number}/", {"do": "erase", "sure": "yes"}, **BROWSER
    )
    assert answer.status_code in (200, 302, 303), answer.content.decode()
    run_jobs()
    case.refresh_from_db()
    assert case.state == Case.ANSWERED, case.state
    return case


def _asked(kind: str, values: Mapping[str, str], run_jobs: RunJobs) -> Case:
    before = set(Case.objects.values_list("pk", flat=True))
    assert send(visitor(), f"/privacy/requests/{kind}/", values).status_code == 303
    run_jobs()
    return Case.objects.exclude(pk__in=before).get()


def _proven(kind: str, values: Mapping[str, str], run_jobs: RunJobs) -> Case:
    case = _asked(kind, values, run_jobs)
    body = emails_to(values["email"])[-1].get_body(("plain",)).get_content()
    page = f"/case/{body.partition('/case/')[2].split()[0]}"
    assert visitor().post(page, {"do": "verify"}, **BROWSER).status_code in (200, 303)
    run_jobs()
    case.refresh_from_db()
    return case
