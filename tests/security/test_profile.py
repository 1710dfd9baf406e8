"""She changes what we hold of her, and sees each value with its history."""

import pytest
from tests.accounts import BOB, account, sign_in
from tests.visits import opened, send, text, visitor

from troth.records import ledger
from troth.security.models import User

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.clause("A2")
def test_signed_in_people_update_their_profile_and_see_what_was(run_jobs):
    browser = account(BOB, run_jobs)
    assert "Update my profile" in text(browser.get("/account/"))
    page = browser.get("/account/profile/").content.decode()
    assert 'value="Bob Ferreira"' in page
    browser.get("/account/data/")
    answer = send(
        browser, "/account/profile/", {"name": "Bob A. Ferreira", "company": BOB["company"], "phone": "(559) 555-0178"}
    )
    assert answer.headers["Location"] == "/account/data/"
    held = text(browser.get("/account/data/"))
    assert "Bob A. Ferreira" in held
    assert "+1 559-555-0178" in held
    assert 'value="+15595550178"' in browser.get("/account/profile/").content.decode()
    collected = [entry for entry in ledger.history(User.objects.get().person_id) if entry.kind == "collected"]
    assert [sorted(entry.kinds) for entry in collected] == [["name", "phone"], ["company", "email", "name"]]


def test_nothing_is_kept_where_nothing_differs(run_jobs):
    browser = account(BOB, run_jobs)
    send(browser, "/account/profile/", {"name": BOB["name"], "company": BOB["company"]})
    collected = [entry for entry in ledger.history(User.objects.get().person_id) if entry.kind == "collected"]
    assert len(collected) == 1


def test_the_profile_takes_neither_address_nor_card_number(run_jobs):
    browser = account(BOB, run_jobs)
    assert "Our policy does not ask for “email” here" in text(
        send(browser, "/account/profile/", {"email": "charlie@elsewhere.example"})
    )
    assert "card number" in text(send(browser, "/account/profile/", {"preferences": "4111 1111 1111 1111"}))


def test_the_form_of_another_session_changes_nothing(run_jobs):
    account(BOB, run_jobs)
    one, other = sign_in(BOB["email"]).client, sign_in(BOB["email"]).client
    answer = send(one, "/account/profile/", {"name": "Changed"}, nonce=opened(other, "/account/profile/"))
    assert "This form belongs to another page or session." in text(answer)


def test_a_visitor_is_sent_to_sign_in(run_jobs):
    assert visitor().get("/account/profile/").headers["Location"].startswith("/sign-in/")
