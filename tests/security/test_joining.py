"""An account belongs to whoever reads the mail and knows the password; nobody else learns that it exists."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.accounts import ALICE, BOB, OTHER_PASSWORD, PASSWORD, account, emails_to, link_in, post, sign_in, sign_up
from tests.visits import BROWSER, MARISOL, send, text, visitor

from troth.access import story
from troth.access.account import actions
from troth.records import ledger
from troth.records.models import AccountPerson
from troth.security.models import User
from troth.security.proofs import Proof

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.clause("A1")
def test_an_account_is_made_once_the_address_is_confirmed(run_jobs):
    answer = sign_up(ALICE)
    assert "Check your email" in text(answer)
    assert not answer.cookies
    assert not User.objects.exists()
    run_jobs()
    (email,) = emails_to(ALICE["email"])
    assert email["Subject"] == "Confirm your address"
    browser = visitor()
    assert "Enter the password you chose" in text(browser.get(link_in(email)))
    assert not User.objects.exists(), "a mail scanner opened the link"
    entered = browser.post(link_in(email), {"password": PASSWORD}, **BROWSER)
    assert entered.headers["Location"].startswith("/account/requests/?done=")
    assert "Signed in as Alice Marchetti, alice.marchetti@halden-valve-works.example" in text(browser.get("/account/"))
    user = User.objects.get()
    kinds = [entry.kind for entry in ledger.history(user.person_id)]
    assert {"collected", "linked", "signed in", "notified"} <= set(kinds)
    assert not [entry for entry in ledger.history(user.person_id) if "password" in entry.kinds]


@pytest.mark.asvs("V6.4.1")
def test_the_link_needs_the_password_and_works_once(run_jobs):
    sign_up(ALICE)
    run_jobs()
    link = link_in(emails_to(ALICE["email"])[0])
    wrong = visitor().post(link, {"password": OTHER_PASSWORD}, **BROWSER)
    assert wrong.status_code == 400
    assert "This isn’t the password you chose." in text(wrong)
    assert not User.objects.exists()
    assert visitor().post(link, {"password": PASSWORD}, **BROWSER).status_code == 303
    assert visitor().get(link).status_code == 404
    assert Proof.objects.get().password == ""


def test_a_day_later_the_link_opens_nothing(run_jobs, time_machine):
    time_machine.move_to("2026-11-23T12:00:00+00:00")
    sign_up(ALICE)
    run_jobs()
    link = link_in(emails_to(ALICE["email"])[0])
    time_machine.move_to("2026-11-24T12:00:01+00:00")
    assert "This link doesn’t work" in text(visitor().get(link))


@pytest.mark.asvs("V6.3.8")
def test_signing_up_under_a_known_address_looks_the_same_and_changes_nothing(run_jobs):
    account(ALICE, run_jobs)
    unknown, known = sign_up(BOB), sign_up(ALICE, password=OTHER_PASSWORD)
    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)
    run_jobs()
    assert emails_to(ALICE["email"])[-1]["Subject"] == "You already have an account"
    assert sign_in(ALICE["email"], OTHER_PASSWORD).status_code == 400
    assert User.objects.count() == 1


@pytest.mark.clause("A1")
def test_a_quote_of_before_joins_the_account_and_the_history_says_so(run_jobs):
    send(visitor(), "/quote/", MARISOL)
    send(visitor(), "/quote/", MARISOL | {"email": "somebody.else@halden-valve-works.example"})
    run_jobs()
    browser = account({"name": "Marisol Vance", "email": MARISOL["email"]}, run_jobs)
    user = User.objects.get()
    joined = [found.person_id for found in AccountPerson.objects.filter(user=user) if found.person_id != user.person_id]
    assert len(joined) == 1
    page = text(browser.get(f"/account/data/{joined[0]}/"))
    assert MARISOL["note"] in page
    assert "We added this to your account because you confirmed its email address." in page
    assert ledger.history(joined[0])[0].kind in ("linked", "used")


def test_what_somebody_signed_in_sends_belongs_to_the_account_whatever_address_it_names(run_jobs):
    browser = account(ALICE, run_jobs)
    send(browser, "/contact/", {"name": "Alice", "email": "purchasing@halden.example", "note": "Call us."})
    user = User.objects.get()
    assert AccountPerson.objects.filter(user=user).count() == 2
    run_jobs()
    assert sign_in("purchasing@halden.example").status_code == 400


@pytest.mark.asvs("V8.2.2")
def test_a_stranger_finds_neither_the_facts_nor_the_passkeys_of_others(run_jobs):
    account(ALICE, run_jobs)
    bob = account(BOB, run_jobs)
    alice = User.objects.exclude(person=User.objects.at(BOB["email"]).person_id).get()
    assert bob.get(f"/account/data/{alice.person_id}/").status_code == 404
    assert post(bob, "/account/passkey/1/remove").status_code == 404


@pytest.mark.clause("C7")
def test_known_answers_are_filled_in_for_their_owner_only(run_jobs):
    browser = account(BOB, run_jobs)
    page = browser.get("/quote/").content.decode()
    assert 'value="Bob Ferreira"' in page
    assert 'value="Northgate Foods"' in page
    assert "Bob Ferreira" not in visitor().get("/quote/").content.decode()
    used = [entry for entry in ledger.history(User.objects.get().person_id) if entry.purpose == "convenience"]
    browser.get("/contact/")
    browser.get("/quote/")
    again = [entry for entry in ledger.history(User.objects.get().person_id) if entry.purpose == "convenience"]
    assert [entry.kind for entry in used] == ["used"]
    assert len(again) <= 2, "turning pages is one look for each set of kinds"


def test_a_page_costs_few_queries_while_the_looks_are_open(run_jobs, django_assert_max_num_queries):
    browser = account(BOB, run_jobs)
    for address in ("/account/", "/account/data/", "/products/"):
        browser.get(address)
        with django_assert_max_num_queries(10):
            browser.get(address)


@pytest.mark.asvs("V6.2.1")
@pytest.mark.asvs("V6.2.4")
@pytest.mark.asvs("V6.2.11")
@pytest.mark.parametrize("password", ["short one", "password1234", "AliceMarchetti1", "optiproerp2026"])
def test_passwords_that_anybody_would_try_are_refused_with_what_to_do(password):
    answer = sign_up(ALICE, password=password)
    assert answer.status_code == 400
    assert "Fix 1 problem" in text(answer)
    assert password.encode() not in answer.content
    assert not Proof.objects.exists()


@pytest.mark.asvs("V6.2.8")
@pytest.mark.asvs("V6.2.9")
def test_a_long_password_with_blanks_is_taken_as_it_is(run_jobs):
    password = "  Seven Brass Valves, and a very long tail " + "x" * 100 + " "
    browser: Client = account(ALICE, run_jobs, password=password)
    assert browser.get("/account/").status_code == 200
    assert sign_in(ALICE["email"], password.strip()).status_code == 400
    assert sign_in(ALICE["email"], password).status_code == 303


def test_what_a_sign_up_gave_is_deleted_when_nobody_confirms_it(run_jobs, time_machine, superuser):
    time_machine.move_to("2026-11-23T12:00:00+00:00", tick=False)
    sign_up(ALICE)
    run_jobs()
    person = Proof.objects.get().person_id
    actions.tidy(at_utc=datetime(2026, 11, 24, 11, 59, tzinfo=UTC))
    assert Proof.objects.exists()

    actions.tidy(at_utc=datetime(2026, 11, 24, 12, 1, tzinfo=UTC))

    assert superuser.execute("select count(*) from datum where person_id = %s", [person]).fetchone() == (0,)
    (line,) = story.write_story([entry for entry in ledger.history(person) if entry.kind == "expired"])
    assert "wasn’t confirmed" in line.said.sentence


def test_a_confirmed_account_loses_nothing_with_its_old_secret(run_jobs):
    account(ALICE, run_jobs)
    person = User.objects.get(role="").person_id
    actions.tidy(at_utc=datetime(2027, 11, 24, tzinfo=UTC))
    assert not [entry for entry in ledger.history(person) if entry.kind == "expired"]
