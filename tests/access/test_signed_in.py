"""The same pages by sign-in: the owner sees hers, another owner 404, staff none."""

from uuid import UUID

import pytest
from tests.access.hers import NEWS, QUOTE, chosen, kinds_of, reader, save
from tests.visits import BROWSER, signed_in, text, visitor
from tests.worlds import BOB, kept

from troth import gate
from troth.records.accounts import join
from troth.security.models import User


def owner_of(address: str) -> "tuple[User, UUID]":
    person = kept({"email": address, "name": "Owner"}, channel="form.account").person
    user = User.objects.create_customer(address=address, password="x", person=person, cause=gate.new_id())
    join(user=user.pk, person=person, address=address, way="same address")
    return user, person


def browser(user: User):
    client = visitor()
    client.force_login(user)
    return client


@pytest.fixture
def alice(site):
    return owner_of(NEWS["email"])


def test_her_choices_count_for_everything_of_the_account(site):
    news = reader()
    user, own = owner_of(NEWS["email"])
    client = browser(user)
    page = text(client.get("/account/preferences/"))
    assert "Newsletters" in page
    assert "Data & history" in page
    answer = save(client, "/account/preferences/", do="no")
    assert answer["Location"].startswith("/account/preferences/?done=")
    assert "You opted out of “Offers and other marketing”." in text(client.get(answer["Location"]))
    assert chosen(news)[-1] == chosen(own)[-1] == ("marketing", False)


def test_she_sees_each_fact_and_another_owner_finds_nothing(alice):
    user, _own = alice
    fact = kept(QUOTE).person
    join(user=user.pk, person=fact, way="signed in")
    mine = browser(user).get(f"/account/profile/{fact}/")
    assert QUOTE["name"] in text(mine)
    assert kinds_of(fact)[0] == "used"
    bob, _person = owner_of(BOB["email"])
    before = kinds_of(fact)
    assert browser(bob).get(f"/account/profile/{fact}/").status_code == 404
    assert browser(bob).post(f"/account/profile/{fact}/", {"do": "remove"}, **BROWSER).status_code == 404
    assert kinds_of(fact) == before


def test_staff_have_no_such_pages(site):
    client = signed_in()
    assert client.get("/account/preferences/").status_code == 404
    assert client.get("/account/profile/").status_code == 404
