"""§ Security and § Cookies: others are kept out, nobody is asked twice, and whoever signed in is recognized and told."""

import re
from datetime import UTC, datetime

import pytest
from tests.accounts import ALICE, BOB, account, emails_to, sign_in
from tests.acting import acting_as
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor

from troth import gate
from troth.policy import Policy
from troth.records import ledger
from troth.security.models import User
from troth.uses.quotes.models import QuoteRequest


@pytest.mark.clause("S1")
def test_S1_a_role_without_the_purpose_reads_no_value_and_one_with_it_leaves_a_line(site: Policy, run_jobs) -> None:
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    quote = QuoteRequest.objects.get()
    page = f"/console/quotes/{quote.number}/"
    asking = {"do": "contact", "reason": "to answer your request"}
    assert MARISOL["email"] not in text(signed_in("petra", role="product", name="Petra").post(page, asking, **BROWSER))
    assert visitor().get(page).status_code in (302, 303, 404)

    opened = text(signed_in("ines").post(page, asking, **BROWSER))
    assert MARISOL["email"] in opened
    assert ("staff:ines", "used") in {(entry.who, entry.kind) for entry in ledger.history(quote.person_id)}


@pytest.mark.clause("S1")
def test_S1_a_reading_that_the_policy_does_not_state_is_refused_and_stands_in_her_history(
    site: Policy, run_jobs
) -> None:
    send(visitor(), "/quote/", MARISOL)
    person = QuoteRequest.objects.get().person_id
    with acting_as("ines", role="sales"):
        refused = gate.grant(
            person=person, purpose="newsletter", kinds=["email"], who="staff:ines", reason="to write news"
        )
    assert isinstance(refused, gate.Refused)
    (entry,) = [each for each in ledger.history(person) if each.kind == "refused"]
    assert (entry.purpose, entry.kinds) == ("newsletter", ("email",))


@pytest.mark.clause("C6")
def test_C6_whoever_signed_in_is_recognized_and_told_and_nobody_else_gets_a_cookie(site: Policy, run_jobs) -> None:
    looking = visitor()
    for page in ("/", "/sign-in/", "/privacy/requests/"):
        assert not looking.get(page).cookies
    account(BOB, run_jobs)
    answer = sign_in(BOB["email"])
    assert set(answer.cookies) == {"troth-session", "troth-device"}
    assert BOB["name"] in text(answer.client.get("/"))
    assert BOB["name"] not in text(visitor().get("/"))
    told = text(visitor().get("/cookies/"))
    for cookie in answer.cookies:
        assert cookie in told


@pytest.mark.clause("C7")
def test_C7_a_suspicious_sign_in_is_noticed_and_known_answers_are_not_asked_again(site: Policy, run_jobs) -> None:
    browser = account(ALICE, run_jobs)
    sign_in(ALICE["email"])
    run_jobs()
    assert emails_to(ALICE["email"])[-1]["Subject"] == "New sign-in to your account"
    assert f'value="{ALICE["name"]}"' in browser.get("/contact/").content.decode()
    user = User.objects.at(ALICE["email"])
    assert user
    assert user.person_id
    used = [entry for entry in ledger.history(user.person_id) if entry.purpose == "convenience"]
    assert [entry.kind for entry in used] == ["used"]


@pytest.mark.clause("C7")
def test_C7_guessing_is_slowed_down_with_a_sentence_that_says_how_long(site: Policy, run_jobs, time_machine) -> None:
    account(ALICE, run_jobs)
    time_machine.move_to(datetime.now(UTC).replace(minute=1))  # tries are counted by quarters of an hour
    answers = [sign_in(ALICE["email"], "a wrong password") for _number in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert re.search(r"Try again in 1[0-5] minutes", text(answers[-1]))
