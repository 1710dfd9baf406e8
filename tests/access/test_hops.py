"""A mailed secret stands in one address, the email's own; and what it opens after its person is gone."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.urls import URLResolver, get_resolver
from tests.access.hers import QUOTE, chosen, link_of, queued, reader
from tests.access.test_signed_in import browser, owner_of
from tests.pressing import Press, buttons
from tests.visits import BROWSER, text, visitor
from tests.worlds import kept

from troth import gate
from troth.cases import actions as cases
from troth.cases.kinds import kinds
from troth.outbox import delivery, transport
from troth.security import links, proofs
from troth.security.links import Link
from troth.security.links.powers import OPENS

NOTHING = "We hold no data about you"
LINKS = [(power, page) for power in OPENS if power != "masked" for page in sorted(OPENS[power]) if page != "receipts"]
PAGES = [*LINKS, ("case", "california/answer"), ("proof", "confirm"), ("proof", "reset"), ("proof", "address")]


@pytest.fixture
def alice(site: Any) -> UUID:
    person = reader()
    kept(QUOTE)
    return person


def opened(person: UUID, power: str, place: str) -> tuple[str, Any]:
    """The address in an email that opens the page, and the browser it is opened in."""
    now = datetime.now(UTC)
    if power == "proof":
        user, own = owner_of("alice@of-the-account.example")
        proof = proofs.make(proof=gate.new_id(), person=own, what=place, user=user, password="-", at_utc=now)
        return proofs.address(proof), browser(user) if place == "address" else visitor()
    request = None
    if power == "case":
        kind = "disclosures" if place == "california/answer" else "copy"
        request = cases.open_case(
            kinds()[kind], cases.CaseArrival(id=gate.new_id(), person=person, manner="form", at_utc=now)
        ).case.id
    if power == "unsubscribe":
        request = queued(person).id
    return links.address(link_of(person, power, cause=request), place), visitor()


def secret_of(address: str) -> str:
    return address.strip("/").rsplit("/", 1)[-1]


def assert_nowhere(answer: Any, secret: str) -> None:
    """The secret stands in hidden fields alone: in no address, script or header."""
    said = " ".join(map(str, answer.headers.values()))
    body = answer.content.decode("utf-8", "replace")
    body = body.replace(f'<input type="hidden" name="secret" value="{secret}">', "")
    assert secret not in body + said, answer.request["PATH_INFO"]
    if answer.status_code not in (302, 303):
        assert answer["Referrer-Policy"] == "strict-origin", answer.request["PATH_INFO"]
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(("power", "place"), PAGES)
def test_no_page_behind_a_mailed_link_has_its_secret_in_an_address(alice, run_jobs, power, place):
    address, client = opened(alice, power, place)
    secret = secret_of(address)
    first = client.get(address, **BROWSER)
    assert first.status_code == 200
    assert_nowhere(first, secret)
    further: list[Press] = []
    for press in list_with(secret, first):
        answer = press.by(client)
        assert_nowhere(answer, secret)
        further += list_with(secret, answer)
    for press in list_different(further):
        assert_nowhere(press.by(client), secret)
    if power == "full":
        assert len(further) > 5, "the walk came nowhere"


def list_with(secret: str, answer: Any) -> list[Press]:
    return [press for press in buttons(answer) if secret in press.fields.get("secret", [])]


@pytest.mark.parametrize(("power", "place"), PAGES)
def test_the_address_without_the_secret_says_to_open_the_email_again(alice, power, place):
    address, client = opened(alice, power, place)
    first = client.get(address, **BROWSER)
    script = re.search(
        r'src="/static/troth/first-hop\.[^"]*js" integrity="sha384-[^"]+" data-address="([^"]+)"',
        first.content.decode(),
    )
    assert script, "nothing takes the secret out of the address bar"
    bare = client.get(script[1], **BROWSER)
    assert "Open the link in your email again" in text(bare)
    assert client.post(script[1], {"do": "save"}, **BROWSER).status_code == 404
    later = client.post(script[1], {"secret": secret_of(address)}, **BROWSER)
    assert "first-hop" not in later.content.decode()


def test_a_signed_in_customer_finds_the_account_where_the_email_is_needed(alice):
    """A bookmark of a mailed page opens nothing; what it showed is in the account."""
    assert (
        'href="/account/">Go to your account' in browser(owner_of(QUOTE["email"])[0]).get("/history/").content.decode()
    )
    assert "Go to your account" not in text(visitor().get("/history/", **BROWSER))


def test_every_address_with_a_secret_has_one_without_it():
    """The receipt's alone has none: no email carries that one, so it stays in the address of our own page."""
    routes: dict[str, list[str]] = {}
    for route, name in every_route(get_resolver().url_patterns):
        routes.setdefault(name, []).append(route)
    secret = {name: found for name, found in routes.items() if any("<str:token>" in route for route in found)}
    assert {name for name, found in secret.items() if len(found) != 2} == {"receipt"}
    assert len(secret) > 10


def every_route(patterns: Any, before: str = "") -> Iterator[tuple[str, str]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from every_route(each.url_patterns, before + str(each.pattern))
        else:
            yield before + str(each.pattern), str(each.name)


def test_a_visitor_who_confirms_an_address_signs_in_first_and_no_address_tells_the_secret(alice):
    address, _owner = opened(alice, "proof", "address")
    answer = visitor().get(address, **BROWSER)
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2Fconfirm-address%2F"


def test_a_mail_program_still_says_no_by_the_address_alone(alice):
    email = queued(alice)
    stop = links.address(link_of(alice, "unsubscribe", cause=email.id), "unsubscribe")
    answer = visitor().post(stop, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert chosen(alice)[-1] == ("newsletter", False)


def test_the_masked_link_keeps_its_address_for_no_email_carries_it(alice):
    address = links.address(link_of(alice, "masked"))
    page = visitor().get(address).content.decode()
    assert f'action="{address}#happened-h"' in page
    assert 'name="secret"' not in page
    assert "first-hop" not in page


def test_a_form_sent_again_later_takes_back_nothing_that_was_chosen_since(alice):
    address = links.address(link_of(alice, "choices"), "preferences")
    client = visitor()
    no = next(each for each in buttons(client.get(address, **BROWSER)) if each.fields.get("do") == ["no"])
    assert "You opted out" in text(no.by(client))
    gate.choose(person=alice, question="marketing", version=1, yes=True, way="mailed link")
    before = chosen(alice)
    again = no.by(client)
    assert again.status_code == 200
    assert "Undo" not in text(again)
    assert chosen(alice) == before


def list_different(presses: Iterable[Press]) -> list[Press]:
    """Each once: the page after a button has most of the buttons of the page before."""
    return list({repr(press): press for press in presses}.values())


def walk(address: str, client: Any) -> list[Press]:
    """Both hops of a page and each of its buttons, two deep: what a browser may have left open."""
    first = client.get(address, **BROWSER)
    found = [Press("get", address, {}), Press("post", address, {"do": ["save"]})]
    for press in buttons(first):
        if press.method == "post" and press.fields.get("do") not in (["withdraw"], ["remove"]):
            found.append(press)
            found += [each for each in buttons(press.by(client)) if each.method == "post"]
    return list_different(found)


@pytest.mark.parametrize(("power", "place"), [pair for pair in PAGES if pair[0] != "proof"])
def test_after_an_erasure_every_page_and_button_says_that_nothing_is_held(alice, owner, power, place):
    address, client = opened(alice, power, place)
    presses = walk(address, client)
    owner.execute("select erase(%s, gen_random_uuid(), 'staff:ines', 'asked for')", [alice])
    assert set(Link.objects.filter(person=alice).values_list("spent_by", flat=True)) == {"erased"}
    for unspent in (False, True):
        if unspent:  # the erasure commits between our look at the link and what the button does
            Link.objects.filter(person=alice).update(spent_utc=None, spent_by="")
        for press in presses:
            answer = press.by(client)
            assert answer.status_code in (200, 403, 404, 409), (press, answer.status_code)
            if not unspent:
                assert answer.status_code == 200
                assert NOTHING in text(answer), press
            assert QUOTE["email"].encode() not in answer.content


@pytest.mark.parametrize("do", ["no", "save", "pause"])
def test_a_choice_that_meets_the_erasure_finds_the_plain_page(alice, owner, do):
    address = links.address(link_of(alice, "choices"), "preferences")
    client = visitor()
    press = next(each for each in buttons(client.get(address, **BROWSER)) if each.fields.get("do") == [do])
    press = Press(press.method, press.address, press.fields | {"on": [], "days": ["30"]})
    owner.execute("select erase(%s, gen_random_uuid(), 'staff:ines', 'asked for')", [alice])
    Link.objects.filter(person=alice).update(spent_utc=None, spent_by="")
    answer = press.by(client)
    assert answer.status_code == 200
    assert NOTHING in text(answer)


@pytest.mark.parametrize(("power", "place"), LINKS)
def test_after_a_restriction_every_page_and_button_still_answers(alice, power, place):
    address, client = opened(alice, power, place)
    presses = walk(address, client)
    assert presses
    for name in ("marketing", "newsletter", "content", "convenience"):
        gate.choose(person=alice, question=name, version=1, yes=False, way="privacy request")
    for press in presses:
        answer = press.by(client)
        assert answer.status_code in (200, 303, 400, 403, 404, 409), (press, answer.status_code)


def test_an_email_that_leaves_after_its_link_was_spent_carries_a_living_one(alice):
    email = queued(alice)
    old = link_of(alice, "full", cause=email.request)
    email.facts |= {"link": str(old.id)}
    email.save(update_fields=["facts"])
    Link.objects.filter(pk=old.pk).update(spent_utc=datetime.now(UTC), spent_by="password")
    delivery.deliver(email.id)
    new = Link.objects.get(person=alice, power="full", spent_utc=None)
    mail = (transport.folder() / f"{email.id}.eml").read_text().replace("=\n", "")
    assert links.address(old) not in mail
    assert links.address(new) in mail
    assert new.request == old.request
