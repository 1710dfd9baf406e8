"""The console asks for a session that the database saw opened with the password, and staff change theirs by the present one."""

import pytest
from tests.visits import BROWSER, PASSWORD, staff, text, visitor

from troth.security import entry
from troth.security.models import StaffSeat, User

pytestmark = pytest.mark.usefixtures("site")

NEW = "nine-copper-kettles-sing"


def signed_in_without_password():
    """As by a passkey, which the database cannot check."""
    client = visitor()
    client.force_login(staff())
    return client


def console(client):
    return client.get("/console/", headers={"host": "localhost"})


def test_whoever_came_without_a_password_types_it_once():
    client = signed_in_without_password()
    asked = console(client)
    assert (asked.status_code, asked["Location"]) == (303, "/account/again/?next=%2Fconsole%2F")

    wrong = client.post("/account/again/", {"password": "guess", "next": "/console/"}, **BROWSER)
    assert wrong.status_code == 400
    assert console(client).status_code == 303
    right = client.post("/account/again/", {"password": PASSWORD, "next": "/console/"}, **BROWSER)

    assert (right.status_code, right["Location"]) == (303, "/console/")
    assert console(client).status_code == 200


def test_the_password_opens_the_console_and_signing_out_closes_it():
    staff()
    client = visitor()
    client.post("/console/sign-in", {"username": "ines", "password": PASSWORD}, **BROWSER)
    assert console(client).status_code == 200
    assert User.objects.get().last_login is not None

    client.post("/console/sign-out", **BROWSER)
    assert console(client).status_code == 302


@pytest.mark.parametrize(
    ("username", "password"), [("ines", "guess"), ("nobody", PASSWORD), ("", PASSWORD), ("ines", "")]
)
def test_a_wrong_name_or_password_opens_nothing(owner, username, password):
    staff()
    answer = visitor().post("/console/sign-in", {"username": username, "password": password}, **BROWSER)
    assert answer.status_code == 400
    assert owner.execute("select count(*) from staff_seat").fetchone() == (0,)


def test_a_new_password_needs_the_present_one_and_ends_the_old_one():
    staff()
    client = visitor()
    client.post("/console/sign-in", {"username": "ines", "password": PASSWORD}, **BROWSER)
    form = {"present": "guess", "password": NEW}
    refused = client.post("/account/password/", form, **BROWSER)
    assert (refused.status_code, "isn’t your current password" in text(refused)) == (400, True)

    changed = client.post("/account/password/", form | {"present": PASSWORD}, **BROWSER)

    assert changed.status_code == 303, text(changed)
    assert console(client).status_code == 200
    assert entry.knows(User.objects.get(), NEW)
    assert not entry.knows(User.objects.get(), PASSWORD)


def test_a_password_that_another_browser_changed_a_moment_ago_is_not_said_to_be_new(monkeypatch):
    staff()
    client, asked = visitor(), entry.knows
    client.post("/console/sign-in", {"username": "ines", "password": PASSWORD}, **BROWSER)

    def knows(user, password):
        was_right = asked(user, password)
        assert entry.change_password(User.objects.get(), PASSWORD, NEW)
        return was_right

    monkeypatch.setattr(entry, "knows", knows)
    answer = client.post("/account/password/", {"present": PASSWORD, "password": "four-tin-drums-roll"}, **BROWSER)

    assert (answer.status_code, "isn’t your current password" in text(answer)) == (400, True)
    assert asked(User.objects.get(), NEW)


def test_the_server_reads_no_seat_and_no_secret():
    staff()
    with pytest.raises(Exception, match="permission denied"):
        StaffSeat.objects.exists()
