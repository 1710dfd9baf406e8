"""Closing an account ends the sign-in and nothing else."""

from datetime import UTC, datetime
from typing import Any

from tests.access.test_signed_in import browser, owner_of
from tests.accounts import ALICE, PASSWORD, account, emails_to, post, sign_in
from tests.visits import MARISOL, send, signed_in, text, visitor

from troth.cases.models import Case
from troth.records import ledger, organizations
from troth.records.models import AccountPerson
from troth.security.models import User
from troth.uses.quotes.models import QuoteRequest


def test_requests_stay_and_are_back_in_a_new_account_of_the_same_address(site, run_jobs, owner):
    alice = account(ALICE, run_jobs)
    send(visitor(), "/quote/", MARISOL | ALICE)
    run_jobs()
    elsewhere = sign_in(ALICE["email"]).client
    user = User.objects.get(person__isnull=False)
    mine = {each.person_id for each in AccountPerson.objects.filter(user=user)}
    page = text(alice.get("/account/close/"))
    assert "Closing signs you out everywhere and keeps your requests" in page
    assert "Close account" in text(alice.get("/account/"))
    closed = post(alice, "/account/close/")
    assert closed.headers["Location"] == "/account/closed/?emailed"
    assert "signed out on every device, and we’re emailing you about it" in text(alice.get("/account/closed/?emailed"))
    assert not User.objects.filter(person__isnull=False).exists()
    assert all(each.get("/account/").status_code == 303 for each in (alice, elsewhere))
    for person in mine:
        assert "unlinked" in {entry.kind for entry in ledger.history(person)}
    endless = "select count(*) from event_time where event = 'account' and at_utc is null"
    assert owner.execute(endless).fetchone() == (0,)
    assert QuoteRequest.objects.get().person_id in mine
    run_jobs()
    told = emails_to(ALICE["email"])[-1]
    assert told["Subject"] == "Your account is closed"
    assert "forgotten" not in told.get_body(("plain",)).get_content()
    assert sign_in(ALICE["email"]).status_code == 400
    again = account(ALICE, run_jobs, password=f"{PASSWORD} again")
    assert QuoteRequest.objects.get().number in text(again.get("/account/requests/"))
    assert "You closed your account. This stays without it." in text(again.get("/account/data/"))


def test_not_while_only_the_sign_in_proves_an_open_privacy_request(site, run_jobs):
    alice = account(ALICE, run_jobs)
    send(alice, "/privacy/requests/erasure/", {"name": ALICE["name"], "email": ALICE["email"], "note": ""})
    assert Case.objects.get().state in Case.LIVING
    shown = text(alice.get("/account/close/"))
    assert "is still open, and only your sign-in proves that it’s yours" in shown
    assert "Keep account" not in shown
    assert post(alice, "/account/close/").status_code == 409
    assert User.objects.filter(person__isnull=False).exists()


def test_a_member_leaves_with_it_and_the_last_administrator_of_others_can_not(site, owner):
    (led, own), (member, person) = (owner_of(f"{name}@halden-valve-works.example") for name in ("alice", "bob"))
    found = organizations.create(own, name="Halden Valve Works", domain="halden-valve-works.example")
    asked = organizations.ask(person, found, domain="halden-valve-works.example")
    organizations.decide(own, asked, yes=True, role="member")
    refused = post(fresh(led), "/account/close/")
    assert refused.status_code == 409
    assert "You’re the last administrator of your organization" in text(refused)
    shown = text(fresh(member).get("/account/close/"))
    assert "You leave Halden Valve Works" in shown
    assert post(fresh(member), "/account/close/").status_code == 303
    assert organizations.of(person) is None
    bare = fresh(led)  # alone now, and we hold no address any longer
    owner.execute("delete from datum where person_id = %s and kind = 'email'", [own])
    assert post(bare, "/account/close/").headers["Location"] == "/account/closed/"
    assert "We couldn’t email you about it" in text(bare.get("/account/closed/"))
    assert not User.objects.filter(person__isnull=False).exists()


def test_staff_have_no_such_page(site):
    signed_in("ada-admin", role="admin")
    assert post(fresh(User.objects.get(username="ada-admin")), "/account/close/").headers["Location"] == "/account/"
    assert User.objects.filter(username="ada-admin").exists()


def fresh(user: User) -> Any:
    """A browser in which they are signed in, and showed all factors a moment ago."""
    client = browser(user)
    session = client.session
    session["fresh"] = datetime.now(UTC).timestamp()
    session.save()
    return client
