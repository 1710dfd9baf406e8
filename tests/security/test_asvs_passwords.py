"""Passwords as their owners meet them: anything long enough, masked, pasted by a manager, changed when they like."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.accounts import ALICE, PASSWORD, account, emails_to, link_in, post, sign_in, sign_up
from tests.visits import BROWSER, visitor

from troth import prepare
from troth.access.account.joining import check_new
from troth.security.models import User

SRC = Path(__file__).parent.parent.parent / "src" / "troth"

pytestmark = pytest.mark.usefixtures("site")

ONE_KIND_EACH = (
    "qzvbnwkrtplm",
    "QZVBNWKRTPLM",
    "914203857416",
    "____--.;:!?¿¡",
    "q                   z",
    "пароль-из-слов",
    "🩵🫎🪿🩷🪻🫚🪽🫛🪭🪮🪯🫨",
)


@pytest.mark.asvs("V6.2.5")
@pytest.mark.parametrize("password", ONE_KIND_EACH)
def test_no_mix_of_letters_digits_or_signs_is_asked_for(password: str) -> None:
    check_new(password, words=[])
    with pytest.raises(ValidationError):
        check_new(password[:11], words=[])


@pytest.mark.asvs("V6.2.5")
def test_a_password_of_small_letters_alone_opens_the_account(run_jobs: Any) -> None:
    account(ALICE, run_jobs, password=ONE_KIND_EACH[0])
    assert sign_in(ALICE["email"], ONE_KIND_EACH[0]).status_code == 303
    assert sign_in(ALICE["email"], ONE_KIND_EACH[1]).status_code == 400


@pytest.fixture
def fields(run_jobs: Any) -> dict[str, list[str]]:
    """Page → its fields for passwords, as they are written."""
    sign_up(ALICE)
    run_jobs()
    confirm = link_in(emails_to(ALICE["email"])[-1])
    pages = {"confirm": visitor().get(confirm)}
    alice = visitor()
    alice.post(confirm, {"password": PASSWORD}, **BROWSER)
    visitor().post("/sign-in/forgotten/", {"address": ALICE["email"]}, **BROWSER)
    run_jobs()
    pages["reset"] = visitor().get(link_in(emails_to(ALICE["email"])[-1]))
    pages["refused"] = sign_in(ALICE["email"], "wrong")
    for address in ("/sign-in/", "/account/new/", "/console/sign-in", "/account/password/", "/account/again/"):
        pages[address] = (alice if address.startswith("/account/") and "new" not in address else visitor()).get(address)
    named = r"<input[^>]*name=\"(?:password|present)\"[^>]*>"
    return {name: re.findall(named, answer.content.decode()) for name, answer in pages.items()}


@pytest.mark.asvs("V6.2.6")
@pytest.mark.asvs("V6.2.7")
def test_every_field_for_a_password_is_masked_and_tells_password_managers_what_it_is(
    fields: dict[str, list[str]],
) -> None:
    new = {"/account/new/", "reset", "/account/password/"}
    assert [name for name, found in fields.items() if not found] == []
    for name, found in fields.items():
        assert all('type="password"' in field for field in found), name
        assert ('autocomplete="new-password"' in " ".join(found)) == (name in new), name
        assert ('autocomplete="current-password"' in " ".join(found)) == (name not in new - {"/account/password/"}), (
            name
        )
        assert not [field for field in found if "value=" in field or "readonly" in field or " on" in field], name


PASTING = re.compile(r"paste|[\"']copy[\"']|[\"']drop[\"']|beforeinput|keydown|autocomplete=\"off\"|isTrusted")


@pytest.mark.asvs("V6.2.7")
@pytest.mark.parametrize(
    "planted", ['field.addEventListener("paste", stop)', '<input autocomplete="off">', 'on("drop")']
)
def test_nothing_stands_between_a_field_and_whoever_pastes_or_fills_it_in(planted: str) -> None:
    assert PASTING.search(planted)
    # The console's keys leave every field alone: nothing is done while somebody types. The editor's one key is Enter.
    scripts = [path for path in SRC.glob("**/static/**/*.js") if path.name not in ("console.js", "editor.js")]
    assert "if (!act || typing" in (SRC / "web/static/troth/console.js").read_text()
    assert 'event.key !== "Enter" || event.target.id !== "to"' in next(SRC.glob("**/static/**/editor.js")).read_text()
    files = [*scripts, *SRC.glob("**/templates/account/*.html"), *SRC.glob("**/sign_in.html")]
    assert len(files) > 5
    assert [path.name for path in files if PASTING.search(path.read_text())] == []


@pytest.mark.asvs("V6.4.2")
def test_no_hint_and_no_question_helps_to_a_password(fields: dict[str, list[str]], run_jobs: Any) -> None:
    """The one way back asks for the address, then for a new password, and for nothing that others might know."""
    visitor().post("/sign-in/forgotten/", {"address": ALICE["email"]}, **BROWSER)
    run_jobs()
    pages = {"/sign-in/forgotten/": {"address"}, link_in(emails_to(ALICE["email"])[-1]): {"password", "secret"}}
    for address, asked in pages.items():
        page = visitor().get(address).content.decode()
        assert ('type="hidden" name="secret"' in page) == ("secret" in asked), (
            "the email's own secret is typed by nobody"
        )
        assert set(re.findall(r"<(?:input|select|textarea)[^>]*name=\"(\w+)\"", page)) == asked, address
    columns = {field.name for field in User._meta.get_fields() if not field.auto_created}
    assert not [name for name in columns if re.search("hint|question|answer|secret|birth|maiden", name)]


@pytest.mark.asvs("V6.3.2")
@pytest.mark.asvs("V13.2.3")
def test_a_new_site_has_no_account_until_somebody_makes_one(settings: Any) -> None:
    settings.TROTH_DEMO = False
    said: list[str] = []
    prepare.prepare(say=said.append)
    assert not User.objects.exists()
    assert "password" not in " ".join(said)
    for name in ("admin", "troth"):
        for password in (name, "password", ""):
            form = {"username": name, "password": password}
            if visitor().post("/console/sign-in", form, **BROWSER).status_code not in (400, 429):
                pytest.fail(f"{name} signs in with {password!r}")


@pytest.mark.asvs("V6.2.10")
def test_a_password_is_as_good_years_later(run_jobs: Any, time_machine: Any) -> None:
    account(ALICE, run_jobs)
    time_machine.move_to("2030-11-23T12:00:00+00:00")
    assert sign_in(ALICE["email"]).headers["Location"] == "/account/requests/"
    assert post(visitor(), "/account/password/").status_code == 303
