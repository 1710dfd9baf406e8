"""The frame of each page: what looks alike for everyone is made once, and says nothing of anyone."""

import re

import pytest
from tests.access.test_organizations import ALICE
from tests.access.test_signed_in import browser, owner_of
from tests.visits import signed_in, visitor

from troth.desk import index
from troth.rooms import ROOMS
from troth.web import frame


def footer_of(client, address: str) -> str:
    return str(re.findall(r"<footer.*?</footer>", client.get(address).content.decode(), re.DOTALL)[-1])


def test_a_part_is_made_once_and_again_for_another_menu_or_other_rooms(site):
    first = frame.show_part("web/parts/menu.html", path="/policy")
    assert frame.show_part("web/parts/menu.html", path="/policy/1..2") is first, "beneath the same entry"
    assert 'href="/policy" aria-current="page"' in first
    assert "aria-current" not in frame.show_part("web/parts/menu.html", path="/")
    own = frame.show_part("web/parts/menu.html", path="/policy", menu=(("/elsewhere/", "Elsewhere", False),))
    assert "Elsewhere" in own
    assert "/products/" not in own

    index.open_rooms(ROOMS)

    assert frame.show_part("web/parts/menu.html", path="/policy") is not first


def test_everyone_gets_the_same_footer(site):
    user, _person = owner_of(ALICE)
    assert footer_of(browser(user), "/account/") == footer_of(visitor(), "/")


@pytest.mark.parametrize(("role", "seen"), [("sales", False), ("privacy", True)])
def test_the_menu_of_the_console_depends_on_the_role(site, role, seen):
    page = signed_in(role, role=role).get("/console/").content.decode()
    assert ("/console/activity" in page) is seen
    for width in ("wide", "narrow"):
        assert f'<li class="{width}"><a href="/console/" aria-current="page">' in page
