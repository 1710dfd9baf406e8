"""`troth staff` as an administrator at a terminal sees it."""

import pytest
from click.testing import CliRunner
from tests.site import site
from tests.visits import signed_in, staff

from troth.cli import troth
from troth.cli.staff import staff_commands
from troth.security import entry
from troth.security.models import User

__all__ = ["site"]

pytestmark = pytest.mark.usefixtures("transactional_db")
PASSWORD = "seven-otters-in-a-row"


def run(*words: str, given: str | bytes = ""):
    return CliRunner().invoke(staff_commands, list(words), input=given)


def add(username: str = "pia", *, role: str = "privacy", password: str = PASSWORD):
    return run("add", username, "--name", "Pia Lund", "--role", role, given=f"{password}\r\nnot this\n")


def test_a_member_of_staff_is_added_and_listed():
    assert "Pia Lund signs in" in add().output
    assert entry.knows(User.objects.get(), PASSWORD)
    assert not entry.knows(User.objects.get(), PASSWORD + "!")
    assert "never signed in" in run("list").output


def test_a_script_gives_the_password_on_standard_input_or_gets_a_sentence():
    words = ["add", "pia", "--name", "Pia Lund", "--role", "privacy"]
    assert "There is no password" in run(*words).output
    assert "isn't UTF-8" in run(*words, given=b"seven-otters-in-a-row\xff\n").output
    assert not User.objects.exists()


def test_what_only_reads_is_open_to_the_role_of_the_pages(monkeypatch):
    monkeypatch.delenv("TROTH_OWNER_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://troth_app@db.example/troth")  # with it, none is looked for
    add()

    def says(*words: str) -> str:
        return CliRunner().invoke(troth, list(words)).output

    assert "Pia Lund" in says("staff", "list")
    assert "No email is held." in says("mail", "show")
    assert "Only the owner of the database may release held email." in says("mail", "release")
    assert "Only the owner of the database may change staff accounts." in says("staff", "close", "pia")


@pytest.mark.parametrize(
    ("username", "role", "password", "sentence"),
    [
        ("Pia", "privacy", PASSWORD, "lowercase letters"),
        ("pia", "boss", PASSWORD, "Choose one of: sales"),
        ("pia", "admin", "short", "12 characters"),
        ("pia", "admin", "password1234", "too common"),
    ],
)
def test_what_cannot_be_says_what_to_do_and_makes_nobody(username, role, password, sentence):
    done = add(username, role=role, password=password)
    assert done.exit_code == 1
    assert sentence in done.output
    assert not User.objects.exists()


def test_a_name_is_given_once_even_when_its_account_is_closed():
    add()
    run("close", "pia")
    assert "is taken" in add().output


@pytest.mark.asvs("V7.4.2")
def test_closing_ends_the_sessions_and_the_way_in(site):
    client = signed_in("pia", role="privacy")
    assert client.get("/console/requests/").status_code == 200

    assert "Sessions ended: 1." in run("close", "pia").output

    assert client.get("/console/requests/").status_code == 302
    assert "closed" in run("list").output


def test_the_last_administrator_stays():
    staff("ada", role="admin")
    assert "last administrator" in run("close", "ada").output
    assert User.objects.get().is_active


def test_a_lost_factor_is_forgotten_and_nobody_else_is_touched():
    staff("ada", role="admin")
    assert "sets up two-step verification" in run("reset-factors", "ada").output
    assert "There is no staff account named" in run("reset-factors", "eve").output
