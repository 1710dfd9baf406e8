"""What was typed into a form whose session ended meanwhile comes back after signing in, to whoever typed it alone."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.accounts import ALICE, BOB, PASSWORD, account
from tests.security.test_entering import with_app
from tests.visits import BROWSER, send, staff, text
from tests.visits import PASSWORD as STAFF_PASSWORD

from troth.cases.models import Case
from troth.security.models import User
from troth.security.proofs import Proof
from troth.security.sessions import Session
from troth.web.refill import refill
from troth.web.retyping import open_sealed

STAFF_SIGN_IN, SIGN_IN = "/console/sign-in", "/sign-in/"


def strict(client: Client) -> Client:
    """The same browser, which Django's own check of forms doesn't spare."""
    client.handler.enforce_csrf_checks = True
    return client


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the page's form of this action."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>.*?</form>', page, re.S)
    assert form, page
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form[0])
    return {name: unescape(value) for name, value in hidden}


def press(client: Client, address: str, values: dict[str, str], *, page: str = "") -> Any:
    return client.post(address, values, headers={"referer": f"http://localhost{page}"} if page else {}, **BROWSER)


def sign_in_with(client: Client, asked: Any, values: dict[str, str], *, at: str = SIGN_IN) -> Any:
    return press(client, at, {**fields_of(asked.content.decode(), at), **values})


def go_back(client: Client, offered: Any) -> Any:
    """Presses "Return to your form"."""
    page = offered.content.decode()
    found = re.search(r'action="([^"]+)" data-return', page)
    assert found, text(offered)
    return press(client, unescape(found[1]), fields_of(page, found[1]))


def end_sessions() -> None:
    Session.objects.all().delete()


@pytest.fixture
def alice(site, run_jobs):
    return strict(account(ALICE, run_jobs))


ALICES = {"address": ALICE["email"], "password": PASSWORD}


@pytest.mark.parametrize(
    ("page", "action", "typed", "seen"),
    [
        ("/account/address/", "/account/address/", {"address": "alice@new.example"}, 'value="alice@new.example"'),
        ("/organization/", "/organization/", {"do": "found", "name": "Halden & Sons"}, 'value="Halden &amp; Sons"'),
        ("/account/", "/account/sessions/end", {}, "Do it again if you still want to"),
    ],
)
def test_each_form_comes_back_filled_in_and_nothing_was_done(alice, page, action, typed, seen):
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', alice.get(page).content.decode())
    assert token
    end_sessions()
    asked = press(alice, action, {"csrfmiddlewaretoken": token[1], **typed}, page=page)
    assert asked.status_code == 403
    assert "Your session ended" in text(asked)
    assert not any(value in asked.content.decode() for value in typed.values() if "@" in value)
    offered = sign_in_with(alice, asked, ALICES)
    assert "Nothing has been sent yet" in text(offered)
    back = go_back(alice, offered)
    assert seen in back.content.decode()
    assert "nothing has been sent yet" in text(back)


@pytest.mark.parametrize("wrong_first", [False, True])
def test_a_form_comes_back_after_the_second_step_as_well(alice, wrong_first):
    alice.handler.enforce_csrf_checks = False
    recovery = with_app(alice)
    page, typed = strict(alice).get("/account/address/").content.decode(), {"address": "alice@new.example"}
    hidden = fields_of(page, "/account/address/")
    end_sessions()
    asked = press(alice, "/account/address/", {**hidden, **typed}, page="/account/address/")
    second = sign_in_with(alice, asked, ALICES)
    assert "Your session ended" in text(second), "What was typed goes along to the question for a code."
    if wrong_first:
        second = sign_in_with(alice, second, {"code": "WRONG"}, at="/sign-in/code/")
        assert second.status_code == 400
    offered = sign_in_with(alice, second, {"code": recovery[0]}, at="/sign-in/code/")
    assert 'value="alice@new.example"' in go_back(alice, offered).content.decode()
    assert not Proof.objects.filter(what="address").exists(), "Nothing was sent."


def test_profile_and_choices_come_back_too(alice):
    page = alice.get("/account/profile/").content.decode()
    opened = press(alice, "/account/profile/", {**fields_of(page, "/account/profile/"), "do": "edit"})
    hidden = fields_of(opened.content.decode(), "/account/profile/")
    choices = alice.get("/account/preferences/").content.decode()
    end_sessions()
    typed = {**hidden, "do": "correct", "name": "Alice M. Marchetti"}
    asked = press(alice, "/account/profile/", typed, page="/account/profile/")
    back = go_back(alice, sign_in_with(alice, asked, ALICES))
    assert 'value="Alice M. Marchetti"' in back.content.decode()
    assert "You signed in or out after you opened this form" in text(back)
    assert "nothing has been sent yet" not in text(back), "The form says so, and once is enough."
    assert "Alice M. Marchetti" not in text(alice.get("/account/profile/"))
    end_sessions()
    typed = {**fields_of(choices, "/account/preferences/"), "do": "save", "answer": "yes"}
    asked = press(alice, "/account/preferences/", typed)
    assert "Your session ended" in text(asked)
    sealed = fields_of(asked.content.decode(), SIGN_IN)["sealed_form"]
    kept = open_sealed(User.objects.get(), sealed, at_utc=timezone.now())
    assert kept
    assert kept.fields["answer"] == ["yes"], "A question about the policy is answered once."
    assert "before you signed in, so nothing was changed" in text(go_back(alice, sign_in_with(alice, asked, ALICES)))


def test_a_reply_comes_back_and_says_that_its_file_has_to_be_attached_again(alice):
    send(alice, "/contact/", {"name": ALICE["name"], "email": ALICE["email"], "note": "Does it run on two plants?"})
    here = f"/account/requests/{Case.objects.get().number}/"
    hidden = re.findall(r'name="(nonce)" value="([^"]+)"', alice.get(here).content.decode())
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', alice.get(here).content.decode())
    assert secret
    typed = {"csrfmiddlewaretoken": secret[1], **dict(hidden), "do": "reply", "message": "On three, by now."}
    for file in ({}, {"attachment": SimpleUploadedFile("plants.txt", b"Fresno")}):
        end_sessions()
        asked = press(alice, here, {**typed, **file}, page=here)
        assert "Your session ended" in text(asked)
        back = go_back(alice, sign_in_with(alice, asked, ALICES))
        assert "On three, by now." in back.content.decode()
        assert ("Attach your files again." in text(back)) is bool(file)


def test_a_public_form_offers_to_sign_in_and_continue(alice):
    here, page = "/contact/", alice.get("/contact/").content.decode()
    typed = {**fields_of(page, here), "name": ALICE["name"], "email": ALICE["email"], "note": "For two plants?"}
    end_sessions()
    refused = press(alice, here, typed, page=here)
    assert ("For two plants?" in text(refused), Case.objects.count()) == (True, 0)
    pressed = {**typed, **fields_of(refused.content.decode(), here), "note": "For three plants?", "enter": "first"}
    asked = press(alice, here, pressed, page=here)
    assert "After you sign in, we bring you back to your form" in text(asked)
    back = go_back(alice, sign_in_with(alice, asked, ALICES)).content.decode()
    assert "For three plants?" in back, "What was changed meanwhile comes along."
    assert not Case.objects.exists()
    press(alice, here, {**typed, **fields_of(back, here)}, page=here)
    assert Case.objects.get().number in text(alice.get("/account/requests/")), "It's one of the account's."


def test_whoever_signs_in_instead_gets_nothing_of_it(alice, run_jobs):
    account(BOB, run_jobs)
    hidden = fields_of(alice.get("/account/address/").content.decode(), "/account/address/")
    end_sessions()
    asked = press(alice, "/account/address/", {**hidden, "address": "alice@new.example"})
    sealed = fields_of(asked.content.decode(), SIGN_IN)["sealed_form"]
    answer = sign_in_with(alice, asked, {"address": BOB["email"], "password": PASSWORD})
    assert answer.status_code == 303
    assert "alice@new.example" not in press(alice, "/account/address/", {"sealed_form": sealed}).content.decode()


def test_a_form_that_was_open_while_its_owner_signed_in_anew_comes_back_at_once(alice):
    hidden = fields_of(alice.get("/account/address/").content.decode(), "/account/address/")
    press(alice, SIGN_IN, ALICES)
    offered = press(alice, "/account/address/", {**hidden, "address": "alice@new.example"})
    assert 'value="alice@new.example"' in go_back(alice, offered).content.decode()


def test_passwords_and_forms_of_nobody_are_not_kept(alice):
    hidden = fields_of(alice.get("/account/password/").content.decode(), "/account/password/")
    end_sessions()
    typed = {**hidden, "present": PASSWORD, "password": "eleven iron gates rust"}
    asked = press(alice, "/account/password/", typed)
    back = go_back(alice, sign_in_with(alice, asked, ALICES)).content.decode()
    assert "eleven iron gates rust" not in back
    assert PASSWORD not in back
    end_sessions()
    of_nobody = press(alice, "/account/address/", {"csrfmiddlewaretoken": "x" * 64, "address": "alice@new.example"})
    asked = fields_of(of_nobody.content.decode(), SIGN_IN)
    offered = press(alice, SIGN_IN, {**asked, **ALICES})
    assert offered.status_code == 303


def test_acts_of_staff_come_back_to_their_form(site):
    client = strict(Client(headers={"host": "localhost"}))
    staff("rafael", role="privacy", name="Rafael Quintero")
    press(client, STAFF_SIGN_IN, {"username": "rafael", "password": STAFF_PASSWORD})
    here = "/console/requests/incident/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(here).content.decode())
    assert token
    end_sessions()
    typed = {"csrfmiddlewaretoken": token[1], "words": "A laptop was left on a train."}
    asked = press(client, here, typed, page=here)
    enter = {"username": "rafael", "password": STAFF_PASSWORD}
    back = go_back(client, sign_in_with(client, asked, enter, at=STAFF_SIGN_IN))
    assert "A laptop was left on a train.</textarea>" in back.content.decode()
    hidden = fields_of(client.get("/contact/").content.decode(), "/contact/")
    end_sessions()
    typed = {**hidden, "note": "For two plants?", "enter": "first"}
    asked = press(client, "/contact/", typed, page="/contact/")  # a public form of theirs leads there, too
    back = go_back(client, sign_in_with(client, asked, enter, at=STAFF_SIGN_IN))
    assert "For two plants?" in back.content.decode()
    assert not Case.objects.exists()
    end_sessions()
    ended = press(client, "/account/sessions/end", {**hidden, "all": "yes"}, page="/account/")
    assert fields_of(ended.content.decode(), STAFF_SIGN_IN)


def test_a_fold_around_the_form_is_opened_and_only_the_form_that_was_sent_is_filled():
    html = (
        '<form method="post" action="/a"><input type="hidden" name="person" value="1"><input name="words"></form>'
        '<details><summary>x</summary><form method="post" action="/a"><input type="hidden" name="person" value="2">'
        '<input type="hidden" name="new" value="fresh">'
        '<input name="words"><textarea name="note">old</textarea><select name="role"><option value="a" selected>A</option>'
        '<option value="b">B</option></select><input type="checkbox" name="yes" value="1" checked></form></details>'
    )
    typed = {
        "person": ["2"],
        "new": ["the id of the page that was open"],
        "words": ['"new"'],
        "note": ["<two>\nlines"],
        "role": ["b"],
    }
    page = refill(html, action="/a", here="/", typed=typed)
    filled = page.text
    assert filled.count("&quot;new&quot;") == 1
    assert "<details open>" in filled
    assert "\n&lt;two&gt;\nlines</textarea>" in filled
    assert '<option value="b" selected>' in filled
    assert '<option value="a">' in filled
    assert "checked" not in filled
    assert 'name="new" value="fresh"' in filled
    assert page.fields == {"person", "new", "words", "note", "role"}
    assert page.seen == {"words", "note", "role"}
