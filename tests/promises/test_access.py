"""§ Access: what we hold is hers to see, to change, and to follow."""

import pytest
from tests.access.hers import QUOTE, kinds_of, link_of, preferences_of, reader, save
from tests.access.test_profile import datum_of, place_of, step
from tests.visits import BROWSER, text, visitor
from tests.worlds import kept

from troth import gate
from troth.policy import Policy
from troth.records import profile
from troth.records.ledger import history
from troth.security import links


@pytest.mark.clause("I1")
def test_I1_one_page_holds_every_choice_and_a_no_counts_for_the_next_use(site: Policy) -> None:
    alice = reader()
    page = text(visitor().get(preferences_of(alice)))
    for purpose in site.purposes.values():
        assert purpose.title in page
    save(visitor(), preferences_of(alice), do="no")
    assert gate.decide(alice, "newsletter", ["email"])["email"].code == "opted out"
    assert history(alice)[0].kind == "chose"


@pytest.mark.clause("A2")
def test_A2_each_value_shows_where_it_came_from_and_is_changed_there(site: Policy) -> None:
    alice = kept(QUOTE).person
    page = text(visitor().post(place_of(alice), **BROWSER))
    assert "Update my profile" in page
    assert site.collects["form.quote"].title in page
    assert "policy version 1" in page
    step(place_of(alice), do="correct", datum=datum_of(alice, "name"), name="Alice M. Marchetti")
    assert "corrected" in kinds_of(alice)
    assert "Alice M. Marchetti" in text(visitor().post(place_of(alice), **BROWSER))


@pytest.mark.clause("A3")
def test_A3_everything_that_is_held_is_shown(site: Policy) -> None:
    alice = kept({**QUOTE, "company": "Halden Valve Works", "note": "Lot recall."}).person
    page = text(visitor().post(place_of(alice), **BROWSER))
    for piece in profile.pieces_of(alice):
        assert site.kinds[piece.kind].title in page
    told = text(visitor().post(links.address(link_of(alice, "full")), **BROWSER))
    assert "You looked at your" in told


@pytest.mark.clause("C14")
def test_C14_the_signal_of_her_browser_is_honored_and_cancels_no_newsletter(site: Policy) -> None:
    alice = reader()
    place, client = preferences_of(alice), visitor()
    assert "Your browser sends Global Privacy Control" in text(client.get(place, HTTP_SEC_GPC="1"))
    client.defaults["HTTP_SEC_GPC"] = "1"
    save(client, place)
    assert kinds_of(alice)[0] == "signal"
    assert gate.decide(alice, "newsletter", ["email"])["email"].allowed
