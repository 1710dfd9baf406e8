"""`troth staff` as an administrator at a terminal sees it."""

import pytest
from click.testing import CliRunner
from tests.site import site
from tests.visits import signed_in, staff

from troth.cli.staff import staff_commands
from troth.security import entry
from troth.security.models import User

__all__ = ["site"]

pytestmark = pytest.mark.usefixtures("transactional_db")
PASSWORD = "seven-otters-in-a-row"


def run(*words: str):
    return CliRunner().invoke(staff_commands, list(words))


def add(username: str = "pia", *, role: str = "privacy", password: str = PASSWORD):
    return run("add", username, "--name", "Pia Lund", "--role", role, "--password", password)


def test_a_member_of_staff_is_added_and_listed():
    assert "Pia Lund signs in" in add().output
    assert entry.knows(User.objects.get(), PASSWORD)
    assert not entry.knows(User.objects.get(), PASSWORD + "!")
    assert "never signed in" in run("list").output


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
