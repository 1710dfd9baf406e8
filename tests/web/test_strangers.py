"""Swapped ids find nothing: every route that names an object, for every role to which that object is foreign.

The routes are those of the site itself. One that stands in none of the lists below fails the sweep, so nobody adds a page
of an object without saying whose it is. A stranger's answer is that of an object which does not exist.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.access.hers import link_of
from tests.access.test_signed_in import browser, owner_of
from tests.accounts import post
from tests.visits import BROWSER, MARISOL, send, signed_in, staff, text, visitor
from tests.worlds import kept

from troth import gate
from troth.access.copy.preparing import ask_copy
from troth.cases.models import Case
from troth.collection.mailbox import intake
from troth.desk.models import BulkRun
from troth.outbox import QueuedEmail, suppression
from troth.records import organizations
from troth.records.accounts import join
from troth.records.membership import Invitation
from troth.records.models import AccountPerson
from troth.security import links, proofs
from troth.security.factors.models import Passkey
from troth.security.models import Role, User
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

ALICE, CANARY = "alice@halden-valve-works.example", "Canarina Haldenova"
OPEN_TO_ALL = {
    "product",
    "policy.version",
    "policy.version.md",
    "policy.language",
    "policy.version.language",
    "policy.version.language.md",
    "policy.difference",
    "requests.ask",
    "account.requests.ask",  # a kind of request, not an object
    "console-cases-page",  # leads on to where access is asked
    "newsletter.issue",
    "newsletter.wording",
    "console-newsletter",
    "console-newsletter-preview",
    "console-newsletter-edition",  # words to everyone, which are about no one
    "console-update",
    "console-update-csv",
    "console-update-withdrawn",
    "console-update-draft",
    "console-update-email",
    "console-update-redline-pdf",
    "console-update-redline-docx",
    "console-translation",
    "console-update-edit",  # a text for everyone, and figures
    "console-outbox-lane",
    "email",
    "html",  # the demo's outbox; everywhere else it is not there, as tests/outbox shows
    "drp.agent",
    "drp.request",  # between machines: tests/drp asks for the requests of another agent
}
STRANGERS = ("visitor", "customer", "member", "viewer", Role.ADMIN)
"""Of the staff one: which role reads what in the console has its own tables, and outside it no page asks for a role."""
SECRETS = {
    "receipt": "masked",
    "history": "full",
    "preferences": "choices",
    "unsubscribe": "unsubscribe",
    "updates.accept": "choices",
    "updates.decline": "choices",
    "profile": "full",
    "case": "case",
    "conversation": "case",
    "california.answer": "case",
}
"""Pages behind a mailed link, by its power: a stranger has another link, or the same one with a character changed."""


@pytest.fixture
def alice(site):
    user, person = owner_of(ALICE)
    organizations.create(person, name="Halden Valve Works", domain="halden-valve-works.example")
    return user, person


def _block(address: str) -> str:
    suppression.suppress(address, why="bounce")
    return gate.address_index(address).hex()


@pytest.fixture
def hers(alice, run_jobs) -> Mapping[str, tuple[str, str]]:
    """Route name → the path of Alice's object, and that of one which does not exist."""
    user, person = alice
    now, nobody = datetime.now(UTC), uuid4()
    fact = kept({"email": ALICE, "name": CANARY, "product": "optipro-process"}, channel="form.quote").person
    join(user=user.pk, person=fact, way="signed in")
    key = Passkey.objects.create(user=user, credential=b"c" * 32, credential_id=b"i" * 16, made_utc=now)
    proof = proofs.make(proof=gate.new_id(), person=person, what=proofs.ADDRESS, user=user, at_utc=now)
    who = {"name": CANARY, "email": ALICE}
    for client, page, values in (
        (fresh(browser(user)), "/privacy/requests/copy/", who | {"note": "All of it."}),
        (browser(user), "/california/request/", who | {"state": "CA", "note": "-"}),
        (visitor(), "/quote/", MARISOL | who),
        (visitor(), "/contact/", who | {"note": "Which version runs?"}),
        (visitor(), "/support/", who | {"product": "optipro-process", "note": "It stops."}),
    ):
        sent = send(client, page, values)
        assert sent.status_code == 303, text(sent)
    run_jobs()
    copy, disclosures = Case.objects.get(kind="copy"), Case.objects.get(kind="disclosures")
    quote, inquiry, support = QuoteRequest.objects.get(), Inquiry.objects.get(), Case.objects.get(kind="support")
    with transaction.atomic():
        file = ask_copy(copy, "pdf", owner=f"case {copy.pk}", at_utc=now)
    run_jobs()
    own, staffs = f"/account/requests/{copy.number}/files/", f"/console/requests/{copy.number}/files/"
    begun = {each: _begin_run(each, now) for each in ("work", "quotes", "inquiries", "support", "requests", "outbox")}
    mail = intake.keep(f"From: {CANARY} <{ALICE}>\nSubject: Hello\n\n{CANARY}\n".encode(), way="form", at_utc=now)
    assert mail is not None
    letter = QueuedEmail.objects.filter(person=copy.person_id).order_by("id")[0]
    paths = {
        "account.request.file": _pair(own + "{}/", file.pk, nobody),
        "account.request.file.download": _pair(own + "{}/download", file.pk, nobody),
        "console-request-file": _pair(staffs + "{}/", file.pk, nobody),
        "console-request-file-download": _pair(staffs + "{}/download", file.pk, nobody),
        "console-try-again": _pair("/console/failed/{}/again", 1, 999_999),
        "console-inbox-one": _pair("/console/inbox/{}/", mail.pk, nobody),
        "console-outbox-one": _pair("/console/outbox/{}/", letter.pk, nobody),
        "console-outbox-address": _pair("/console/outbox/addresses/{}/", _block(ALICE), "00"),
        "console-outbox-html": _pair("/console/outbox/{}/email.html", letter.pk, nobody),
        "account.confirm-address": (proofs.address(proof), f"/account/address/{'x' * 32}/"),
        "account.fact": _pair("/account/data/{}/", fact, nobody),
        "account.remove-passkey": _pair("/account/passkey/{}/remove", key.pk, 999_999),
        "account.profile.fact": _pair("/account/profile/{}/", fact, nobody),
        "account.request": _pair("/account/requests/{}/", copy.number, "C-99999"),
        "account.request.copy": _pair("/account/requests/{}/copy.json", copy.number, "C-99999"),
        "organization.share": _pair("/organization/share/{}/", fact, nobody),
        "california.own": _pair("/california/mine/{}/", disclosures.number, "C-99999"),
        **{f"console-{name}-run": _pair(f"/console/{name}/bulk/{{}}/", run.pk, nobody) for name, run in begun.items()},
        "console-work-one": _pair("/console/work/{}/", quote.number, "Q-99999"),
        "console-quotes-one": _pair("/console/quotes/{}/", quote.number, "Q-99999"),
        "console-inquiries-one": _pair("/console/inquiries/{}/", inquiry.number, "I-99999"),
        "console-support-one": _pair("/console/support/{}/", support.number, "S-99999"),
        "console-requests-one": _pair("/console/requests/{}/", copy.number, "C-99999"),
    }
    for what in (proofs.CONFIRM, proofs.RESET, proofs.NEWSLETTER):
        secret = proofs.make(proof=gate.new_id(), person=person, what=what, user=user, at_utc=now)
        name = "newsletter.confirm" if what == proofs.NEWSLETTER else f"account.{what}"
        paths[name] = _altered(proofs.address(secret))
    for page, power in SECRETS.items():
        case = {"case": copy, "conversation": copy, "california.answer": disclosures}.get(page)
        link = link_of(person, power, cause=case.id if case else None)
        paths[page] = _altered(links.address(link, page.replace(".", "/")))
    return paths | {
        "case.copy": _with(paths["case"], "copy.json"),
        "case.file": _with(paths["case"], f"files/{file.pk}/"),
        "case.file.download": _with(paths["case"], f"files/{file.pk}/download"),
        "history.receipts": _with(paths["history"], "receipts.json"),
        "history.consents": _with(paths["history"], "choices.jsonld"),
    }


def _begin_run(work: str, now: datetime) -> BulkRun:
    """A change of many requests that one of the staff began; it is that person's alone."""
    began = User.objects.filter(username="run-owner").first() or staff("run-owner", name="Run Owner")
    return BulkRun.objects.create(
        id=uuid4(), user=began, work=work, act="claim", typed={}, numbers=[], query="", begun_utc=now
    )


def _pair(path: str, hers: object, nobodys: object) -> tuple[str, str]:
    return path.format(hers), path.format(nobodys)


def _with(paths: tuple[str, str], end: str) -> tuple[str, str]:
    return f"{paths[0]}{end}", f"{paths[1]}{end}"


def _altered(path: str) -> tuple[str, str]:
    """Her link with its last character changed, and one that never was."""
    kept, last = path[:-2], path[-2]
    return f"{kept}{'A' if last != 'A' else 'B'}/", f"{path.rsplit('/', 2)[0]}/{'x' * 32}/"


def stranger(role: str, *, alice: "tuple[User, UUID]") -> Client:
    """Somebody to whom all of it is foreign: colleagues too, for she shared nothing with them."""
    if role == "visitor":
        return visitor()
    if role in Role.values:
        return fresh(signed_in(f"a-{role}", role=role, name="A member of staff"))
    address = f"bob.{role}@elsewhere.example"
    user, person = owner_of(address)
    if role != "customer":
        post(browser(alice[0]), "/organization/", {"do": "invite", "address": address, "role": role})
        offered = Invitation.objects.get(person__in=AccountPerson.objects.filter(user=user).values("person_id"))
        post(browser(user), "/organization/", {"do": "answer", "invitation": str(offered.id), "yes": "yes"})
        joined = organizations.of(person)
        assert joined is not None
        assert joined.role == role
    return fresh(browser(user))


def fresh(client: Client) -> Client:
    """As after a sign-in of a minute ago, so that no page asks for a factor before it looks whose the object is."""
    session = client.session
    session["fresh"], session["fresh way"] = datetime.now(UTC).timestamp(), "passkey"
    session.save()
    return client


@pytest.mark.clause("S1")
@pytest.mark.asvs("V8.2.2")
def test_a_foreign_object_is_answered_as_one_that_does_not_exist(alice, hers):
    """For every role in one world, which takes longer to make than to walk; no route of an object is left out."""
    named = {name for route, name in _routes(get_resolver().url_patterns) if "<" in route}
    assert named - OPEN_TO_ALL == set(hers)
    for role in STRANGERS:
        refused(stranger(role, alice=alice), role, hers)
    assert Passkey.objects.filter(user=alice[0]).exists()
    assert User.objects.at(ALICE)


def refused(client: Client, role: str, hers: Mapping[str, tuple[str, str]]) -> None:
    for name, (path, nobodys) in hers.items():
        if name.startswith("console-") and role in Role.values:
            continue  # tests/web/test_console*.py
        for ask in (client.get, client.post):
            answer, nothing = ask(path, **BROWSER), ask(nobodys, **BROWSER)
            seen = f"{role} {ask.__name__} {name}: {answer.status_code}"
            assert answer.status_code in (303, 302, 404, 405), seen
            assert answer.status_code == nothing.status_code, seen
            if answer.status_code in (302, 303):
                assert answer["Location"].startswith(("/sign-in/?", "/console/sign-in")), (seen, answer["Location"])
            assert CANARY not in answer.content.decode(), seen
            assert ALICE not in answer.content.decode(), seen


def test_the_owner_finds_all_that_is_hers(alice, hers):
    """The sweep above proves nothing where a path is wrong for everybody."""
    client = fresh(browser(alice[0]))
    for name, (path, nobodys) in hers.items():
        if name in SECRETS or name.startswith(("console-", "case.", "history.")) or path[:-2] == nobodys[:-2]:
            continue
        if name in ("account.confirm", "account.reset", "newsletter.confirm"):
            continue
        answers = {client.get(path, **BROWSER).status_code, client.post(path, **BROWSER).status_code}
        assert answers & {200, 303, 400}, (name, answers)


def _routes(patterns: "list[URLPattern | URLResolver]", before: str = "") -> Iterator[tuple[str, str]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, before + str(each.pattern))
        else:
            yield before + str(each.pattern), str(each.name)
