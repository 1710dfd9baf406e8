"""Each link opens what its power names, and nothing else: the whole table."""

import pytest
from tests.access.hers import NEWS, chosen, kinds_of, link_of, queued, reader
from tests.visits import BROWSER, text, visitor

from troth import gate
from troth.outbox import delivery, transport
from troth.security import links
from troth.security.links import Link
from troth.security.links.powers import OPENS

PAGES = ("history", "profile", "preferences", "unsubscribe")
POWERS = tuple(OPENS)


@pytest.fixture
def alice(site):
    return reader()


@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize("page", PAGES)
def test_a_link_opens_the_pages_of_its_power_only(alice, power, page):
    address = links.address(link_of(alice, power), page)
    expected = 200 if page in OPENS[power] else 404
    assert visitor().get(address).status_code == expected
    if expected == 404:
        before = kinds_of(alice)
        assert visitor().post(address, {"do": "no", "all": "yes"}, **BROWSER).status_code == 404
        assert kinds_of(alice) == before


def test_an_unsubscribe_link_only_ever_says_no_and_says_it_once(alice):
    email = queued(alice)
    address = links.address(link_of(alice, "unsubscribe", cause=email.id), "unsubscribe")
    shown = text(visitor().get(address))
    assert "Unsubscribe" in shown
    assert "“Newsletters”" in shown
    assert chosen(alice) == [("newsletter", True)]
    assert "You’re unsubscribed" not in text(visitor().post(address)), "a scanner sends forms without a button"
    assert chosen(alice) == [("newsletter", True)]
    for form in ({"List-Unsubscribe": "One-Click"}, {"do": "save", "on": "newsletter"}, {"do": "undo"}):
        answer = visitor().post(address, form)  # a mail program names no Origin
        assert answer.status_code == 200
        assert "You’re unsubscribed" in text(answer)
        assert not answer.cookies
    assert chosen(alice) == [("newsletter", True), ("newsletter", False)]
    assert list(gate.select("newsletter", "email")) == []
    again = visitor().get(address)
    assert "You’re already unsubscribed" in text(again)
    assert 'value="stop"' not in again.content.decode()
    assert "/account/preferences/" in again.content.decode()


def test_the_second_button_stops_all_marketing(alice):
    email = queued(alice)
    address = links.address(link_of(alice, "unsubscribe", cause=email.id), "unsubscribe")
    visitor().post(address, {"all": "yes"})
    assert chosen(alice)[1:] == [("newsletter", False), ("marketing", False)]


def test_a_replayed_unsubscribe_after_she_came_back_stops_again_and_opens_nothing(alice):
    email = queued(alice)
    address = links.address(link_of(alice, "unsubscribe", cause=email.id), "unsubscribe")
    visitor().post(address, {"List-Unsubscribe": "One-Click"})
    gate.choose(person=alice, question="newsletter", version=1, yes=True, way="confirmed by email")
    page = text(visitor().post(address, {"List-Unsubscribe": "One-Click"}))
    assert chosen(alice)[-1] == ("newsletter", False)
    assert not any(value in page for value in NEWS.values())


def test_an_email_that_may_advertise_carries_both_headers_and_links_and_an_exempt_one_carries_no_unsubscribe(alice):
    email = queued(alice)
    delivery.deliver(email.id)
    sent = (transport.folder() / f"{email.id}.eml").read_text()
    stop = links.address(Link.objects.get(power="unsubscribe"), "unsubscribe")
    flat = sent.replace("=\n", "").replace("\n ", "")
    assert f"List-Unsubscribe: <http://localhost:8000{stop}>" in flat
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in flat
    assert links.address(Link.objects.get(power="choices"), "preferences") in flat
    assert visitor().post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert chosen(alice)[-1] == ("newsletter", False)


def test_an_exempt_email_carries_choices_and_no_unsubscribe(alice):
    email = queued(alice, purpose="updates")
    delivery.deliver(email.id)
    assert "List-Unsubscribe" not in (transport.folder() / f"{email.id}.eml").read_text()
    assert set(Link.objects.values_list("power", flat=True)) == {"choices"}


def test_charlie_with_a_guessed_or_a_weaker_token_sees_the_same_plain_page(alice):
    weaker = links.address(link_of(alice, "unsubscribe"), "preferences")
    places = [weaker, "/preferences/" + "A" * 32 + "/", "/unsubscribe/" + "B" * 32 + "/"]
    answers = [visitor().get(place) for place in places]
    assert {answer.status_code for answer in answers} == {404}
    assert len({text(answer) for answer in answers}) == 1
    assert "This link doesn’t work" in text(answers[0])
