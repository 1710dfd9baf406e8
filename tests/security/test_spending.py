"""A mailed secret is spent by its use, a newer one, a new password, a new address, a closing: and says which."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.access.hers import link_of
from tests.access.test_signed_in import owner_of
from tests.accounts import ALICE, BOB, OTHER_PASSWORD, PASSWORD, account, emails_to, link_in, post, sign_in, sign_up
from tests.visits import BROWSER, MARISOL, send, staff, text, visitor
from tests.visits import PASSWORD as STAFF_PASSWORD

from troth import gate
from troth.access.account import actions
from troth.outbox import QueuedEmail, delivery, lanes
from troth.records import ledger
from troth.security import crew, entry, links, proofs
from troth.security.links import Link
from troth.security.models import User
from troth.security.proofs import Proof

pytestmark = pytest.mark.usefixtures("site")
THIRD_PASSWORD = "eleven iron anchors sleep"
NEW = "alice@new-place.example"
SAME_ADDRESS = "records/readdressing.py"
"""An upgrade brings the address of an account into the form that compares it now: no email went to another."""
Run = Callable[[], None]


def forgotten(run_jobs: Run, address: str = ALICE["email"]) -> str:
    visitor().post("/sign-in/forgotten/", {"address": address}, **BROWSER)
    run_jobs()
    return link_in(emails_to(address)[-1])


def reset(link: str, password: str) -> Any:
    return visitor().post(link, {"password": password}, **BROWSER)


def asked(browser: Any, run_jobs: Run, new: str = NEW) -> str:
    """The link of a new address, in the email to it."""
    post(browser, "/account/address/", {"address": new})
    run_jobs()
    return link_in(emails_to(new)[-1])


def assert_spent(link: str, why: str, *, browser: Any = None) -> None:
    """Neither hop opens it, and the page says why."""
    client = browser or visitor()
    secret = {"secret": link.strip("/").rsplit("/", 1)[-1], "password": THIRD_PASSWORD}
    later = "/account/confirm-address/" if "/address/" in link else link.rsplit("/", 2)[0] + "/"
    for answer in (client.get(link), post(client, link, {"password": THIRD_PASSWORD}), post(client, later, secret)):
        assert answer.status_code == 404
        assert why in text(answer)


def test_of_two_emails_for_a_new_password_the_older_opens_nothing(run_jobs):
    account(ALICE, run_jobs)
    first, second = forgotten(run_jobs), forgotten(run_jobs)
    assert_spent(first, "We’ve sent you a newer email.")
    assert "Your password was changed" in text(reset(second, OTHER_PASSWORD))
    assert_spent(first, "We’ve sent you a newer email.")
    assert_spent(second, "This link has already been used.")
    assert sign_in(ALICE["email"], OTHER_PASSWORD).status_code == 303


@pytest.mark.parametrize("way", ["the account's page", "a mailed link"])
def test_a_new_password_spends_every_other_mailed_secret_of_the_account(run_jobs, way):
    browser, stranger = account(ALICE, run_jobs), account(BOB, run_jobs)
    alice = User.objects.at(ALICE["email"])
    bob = User.objects.at(BOB["email"])
    assert alice
    assert bob
    kept_ = {power: link_of(alice.person_id, power) for power in ("full", "case", "choices", "unsubscribe")}
    his = link_of(bob.person_id, "full")
    old, moving = forgotten(run_jobs), asked(browser, run_jobs)
    send(visitor(), "/quote/", MARISOL | {"email": ALICE["email"]})
    run_jobs()
    quote = Link.objects.get(power="full", request__isnull=False)

    if way == "a mailed link":
        reset(forgotten(run_jobs), OTHER_PASSWORD)
    else:
        post(browser, "/account/password/", {"present": PASSWORD, "password": OTHER_PASSWORD})

    assert sign_in(ALICE["email"], OTHER_PASSWORD).status_code == 303
    owner = sign_in(ALICE["email"], OTHER_PASSWORD).client
    assert_spent(moving, "Your password was changed", browser=owner)
    assert_spent(old, "a newer email" if way == "a mailed link" else "Your password was changed")
    for link, page in ((kept_["full"], "history"), (kept_["full"], "profile"), (quote, "history")):
        for answer in (visitor().get(links.address(link, page)), visitor().post(links.address(link, page), **BROWSER)):
            assert answer.status_code == 404
            assert "Your password was changed" in text(answer)
    assert "Your password was changed" in text(visitor().get(links.address(kept_["case"], "case")))
    assert visitor().get(links.address(kept_["choices"], "preferences")).status_code == 200
    assert visitor().get(links.address(kept_["unsubscribe"], "unsubscribe")).status_code == 200
    assert visitor().get(links.address(his)).status_code == 200
    assert stranger.get("/account/").status_code == 200


def test_after_a_new_address_no_email_to_the_old_one_opens_anything(run_jobs):
    browser = account(ALICE, run_jobs)
    user = User.objects.at(ALICE["email"])
    assert user
    choices, stop = link_of(user.person_id, "choices"), link_of(user.person_id, "unsubscribe")
    full, old = link_of(user.person_id, "full"), forgotten(run_jobs)
    assert post(browser, asked(browser, run_jobs)).status_code == 303
    assert_spent(old, "Your email address was changed")
    for link, page in ((full, "history"), (choices, "preferences")):
        assert "Your email address was changed" in text(visitor().get(links.address(link, page)))
    assert visitor().get(links.address(stop, "unsubscribe")).status_code == 200
    assert sign_in(NEW).status_code == 303
    assert sign_in(ALICE["email"]).status_code == 400


def test_an_older_change_of_address_confirmed_later_reverts_nothing(run_jobs):
    browser = account(ALICE, run_jobs)
    first = asked(browser, run_jobs, "alice@first-thought.example")
    second = asked(browser, run_jobs)
    assert_spent(first, "We’ve sent you a newer email.", browser=browser)
    assert post(browser, second).status_code == 303
    assert_spent(first, "We’ve sent you a newer email.", browser=browser)
    assert_spent(second, "This link has already been used.", browser=browser)
    assert sign_in("alice@first-thought.example").status_code == 400
    assert sign_in(NEW).status_code == 303


def test_an_address_that_got_an_account_of_its_own_meanwhile_is_told_as_that(run_jobs):
    browser = account(ALICE, run_jobs)
    link = asked(browser, run_jobs)
    owner_of(NEW)
    answer = post(browser, link)
    assert answer.status_code == 409
    assert "Another account now uses this address." in text(answer)
    assert sign_in(ALICE["email"]).status_code == 303


def test_an_address_that_an_account_took_makes_no_other_account(run_jobs):
    user, _person = owner_of(ALICE["email"])
    sign_up({**ALICE, "email": NEW})
    run_jobs()
    actions.ask_address(user, NEW, at_utc=timezone.now())
    assert actions.change_address(Proof.objects.get(user=user), user, at_utc=timezone.now())
    assert Proof.objects.get(user=None).spent_by == "use"


def test_an_account_made_spends_the_other_emails_that_could_have_made_it(run_jobs):
    sign_up(ALICE)
    sign_up(ALICE, password=OTHER_PASSWORD)
    run_jobs()
    first, second = (link_in(mail) for mail in emails_to(ALICE["email"]))
    assert visitor().post(first, {"password": PASSWORD}, **BROWSER).status_code == 303
    assert_spent(second, "This link has already been used.")
    assert set(Proof.objects.values_list("password", flat=True)) == {""}


def test_a_closed_account_opens_by_nothing_that_was_mailed(run_jobs):
    account(ALICE, run_jobs)
    link = forgotten(run_jobs)
    User.objects.filter(role="").update(is_active=False)
    assert_spent(link, "The account this email belongs to is closed.")


def test_closing_a_member_of_staff_spends_what_was_mailed(run_jobs):
    proof = _mailed_to_ines(run_jobs)
    crew.close("ines")
    proof.refresh_from_db()
    assert (proof.spent_by, proof.password) == ("closed", "")


def test_a_new_password_of_a_member_of_staff_spends_what_was_mailed(run_jobs):
    proof = _mailed_to_ines(run_jobs)
    assert not entry.change_password(User.objects.get(username="ines"), "not her password", OTHER_PASSWORD)
    proof.refresh_from_db()
    assert proof.spent_by == ""
    assert entry.change_password(User.objects.get(username="ines"), STAFF_PASSWORD, OTHER_PASSWORD)
    proof.refresh_from_db()
    assert (proof.spent_by, proof.password) == ("password", "")


def _mailed_to_ines(run_jobs: Run) -> Proof:
    """Nothing is mailed to staff today; it would be spent all the same."""
    account(ALICE, run_jobs)
    ines, person, proof = staff(), User.objects.get(role="").person_id, gate.new_id()
    assert not Proof.objects.filter(spent_utc=None).exists()
    return proofs.make(proof=proof, person=person, what=proofs.RESET, user=ines, password="x", at_utc=datetime.now(UTC))


def test_an_email_is_not_sent_whose_secret_was_spent_while_it_waited(run_jobs, monkeypatch):
    account(ALICE, run_jobs)
    user = User.objects.get(role="")
    _wait(monkeypatch, run_jobs, lambda: visitor().post("/sign-in/forgotten/", {"address": ALICE["email"]}, **BROWSER))
    waiting = QueuedEmail.objects.get(template="account/reset")
    actions.change_password(user, OTHER_PASSWORD, present=PASSWORD, session="", at_utc=datetime.now(UTC))
    delivery.deliver(waiting.id)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.why) == (QueuedEmail.State.REFUSED, "spent")
    assert "Reset your password" not in [mail["Subject"] for mail in emails_to(ALICE["email"])]
    assert "held back" in {entry.kind for entry in ledger.history(user.person_id)}


def test_a_job_that_comes_late_mails_no_secret_that_was_spent_meanwhile(run_jobs):
    browser = account(ALICE, run_jobs)
    post(browser, "/account/address/", {"address": "alice@first-thought.example"})
    post(browser, "/account/address/", {"address": NEW})
    run_jobs()
    assert emails_to("alice@first-thought.example") == []
    assert emails_to(NEW)


def test_the_minutes_of_a_reset_count_from_the_hand_over(run_jobs, monkeypatch, time_machine):
    time_machine.move_to("2026-11-23T12:00:00+00:00", tick=False)
    account(ALICE, run_jobs)
    _wait(monkeypatch, run_jobs, lambda: visitor().post("/sign-in/forgotten/", {"address": ALICE["email"]}, **BROWSER))
    time_machine.move_to("2026-11-23T13:00:00+00:00", tick=False)
    actions.tidy(at_utc=datetime.now(UTC))
    delivery.deliver(QueuedEmail.objects.get(template="account/reset").id)
    link = next(link_in(mail) for mail in emails_to(ALICE["email"]) if mail["Subject"] == "Reset your password")
    time_machine.move_to("2026-11-23T13:09:00+00:00", tick=False)
    assert visitor().get(link).status_code == 200
    time_machine.move_to("2026-11-23T13:10:01+00:00", tick=False)
    assert_spent(link, "This link has expired.")


def test_a_guess_gets_no_reason(run_jobs):
    account(ALICE, run_jobs)
    link = forgotten(run_jobs)
    Proof.objects.update(expires_utc=datetime.now(UTC) - timedelta(seconds=1))
    guess = text(visitor().get("/account/reset/" + "x" * 32 + "/"))
    assert "This link has expired" not in guess
    assert text(visitor().get(link.replace("/reset/", "/confirm/"))) == guess


@pytest.mark.parametrize(
    ("act", "where"),
    [
        (r"\.set_password\(", {"access/account/actions.py", "security/entry.py", "security/models.py"}),
        (r"set password = ", {"records/sql/powers.sql"}),
        (r"\.sealed_address\b[^=\n]*= ", {"access/account/actions.py", SAME_ADDRESS}),
        (r"\bis_active = (?!models)", {"records/sql/powers.sql"}),
    ],
)
def test_what_ends_mailed_secrets_is_done_where_they_are_spent(act, where):
    """A new place that sets a password, an address or closes an account has to spend what was mailed, too."""
    src = Path(actions.__file__).parents[2]
    files = [*src.rglob("*.sql"), *(file for file in src.rglob("*.py") if file.parent.name != "migrations")]
    found = {str(file.relative_to(src)) for file in files if re.search(act, file.read_text())}
    assert found == where


def _wait(monkeypatch: pytest.MonkeyPatch, run_jobs: Run, act: Callable[[], Any]) -> None:
    """What `act` causes, but for the hand-over: the mail server does not answer."""
    with monkeypatch.context() as patch:
        patch.setattr(lanes, "run", lambda lane: None)
        act()
        run_jobs()
