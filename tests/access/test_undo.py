"""Acts of customers say what they did; their button undoes them, once, for whoever did them, for an hour."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.access.hers import QUOTE, chosen, kinds_of, link_of, reader, save
from tests.access.test_profile import PHONE, datum_of, step
from tests.access.test_signed_in import browser, owner_of
from tests.accounts import post
from tests.visits import BROWSER, text, visitor
from tests.worlds import kept

from troth.access.account import done as account
from troth.access.organization import done as organization
from troth.access.preferences.models import Pause
from troth.desk import done
from troth.desk.done import PerformedAct
from troth.records import organizations, profile
from troth.records.accounts import join
from troth.records.membership import Invitation, SharedFact
from troth.rooms import ROOMS
from troth.security import links

ALICE, BOB = "alice@halden-valve-works.example", "bob@halden-valve-works.example"
HERE = "/organization/"
CHOICES = "/account/preferences/"


@pytest.fixture
def alice(site):
    """She leads an organization."""
    user, person = owner_of(ALICE)
    post(browser(user), HERE, {"do": "found", "name": "Halden Valve Works"})
    return user, person


@pytest.fixture
def bob(alice):
    user, person = owner_of(BOB)
    post(browser(alice[0]), HERE, {"do": "invite", "address": BOB, "role": "member"})
    offered = Invitation.objects.get(state="open")
    post(browser(user), HERE, {"do": "answer", "invitation": str(offered.id), "yes": "yes"})
    return user, person


def undo_in(page: Any) -> str:
    """What the button “Undo” sends along; empty where the page has none."""
    found = re.search(r'name="done" value="([^"]+)"', page.content.decode())
    return found[1] if found else ""


def done_by(client: Any, answer: Any) -> Any:
    """The page that says what was done."""
    assert answer.status_code == 303
    return client.get(answer.headers["Location"])


def undo(client: Any, page: Any) -> Any:
    return done_by(client, post(client, "/account/undo/", {"done": undo_in(page)}))


def role_of(by: UUID, person: UUID) -> str:
    return next(each.role for each in organizations.members(by) if each.person == person)


def test_each_act_belongs_to_its_room_and_what_undoes_it_is_told_too():
    for room in ROOMS:
        assert all(id.startswith(f"{room.name}/") for id in room.done)
    assert {"preferences/saved", organization.ROLE, "profile/removed"} <= done.kinds().keys()


def test_choices_of_an_account_are_as_they_were_after_one_button(alice):
    reader({"email": ALICE, "news": "Product news", "industry": "Coatings and adhesives"})
    client = browser(alice[0])
    page = done_by(client, save(client, CHOICES, do="no"))
    assert "You opted out of “Offers and other marketing”." in text(page)
    assert "You opted in to “Offers and other marketing”." in text(undo(client, page))
    assert chosen(alice[1])[-1] == ("marketing", True)
    assert "There was nothing to undo." in text(undo(client, page)), "A second press changes nothing."


def test_a_pause_is_undone_and_so_is_its_end(alice):
    client = browser(alice[0])
    page = done_by(client, save(client, CHOICES, do="pause", days="60"))
    until = Pause.objects.get().until_utc
    assert "You started a pause until" in text(page)
    ended = undo(client, page)
    assert "You ended the pause." in text(ended)
    assert not Pause.objects.exists()
    assert "You started a pause until" in text(undo(client, ended))
    assert Pause.objects.get().until_utc == until


def test_a_role_goes_back_unless_somebody_changed_it_since(alice, bob):
    client = browser(alice[0])
    page = done_by(client, post(client, HERE, {"do": "role", "person": str(bob[1]), "role": "viewer"}))
    assert "’s role is now: viewer." in text(page)
    back = undo(client, page)
    assert "’s role is now: member." in text(back)
    assert role_of(alice[1], bob[1]) == "member"
    post(client, HERE, {"do": "role", "person": str(bob[1]), "role": "admin"})
    assert "There was nothing to undo." in text(undo(client, page))
    assert role_of(alice[1], bob[1]) == "admin"


def test_whoever_gives_up_her_own_role_is_offered_no_undo_that_could_not_work(alice, bob):
    client = browser(alice[0])
    post(client, HERE, {"do": "role", "person": str(bob[1]), "role": "admin"})
    page = done_by(client, post(client, HERE, {"do": "role", "person": str(alice[1]), "role": "viewer"}))
    assert "Only another administrator can change it back." in text(page)
    assert undo_in(page) == ""


def test_an_undo_needs_the_right_that_the_act_needed(alice, bob):
    client = browser(alice[0])
    page = done_by(client, post(client, HERE, {"do": "role", "person": str(bob[1]), "role": "admin"}))
    organizations.set_role(bob[1], alice[1], "member")
    assert "There was nothing to undo." in text(undo(client, page))
    assert role_of(bob[1], bob[1]) == "admin"


def test_an_invitation_is_taken_back_with_its_address(alice):
    client = browser(alice[0])
    page = done_by(client, post(client, HERE, {"do": "invite", "address": BOB, "role": "member"}))
    assert f"We’re emailing an invitation to {BOB}." in text(page)
    assert "You canceled the invitation." in text(undo(client, page))
    assert Invitation.objects.get().state == "withdrawn"
    assert BOB not in text(client.get(HERE))


def test_an_organization_that_was_just_created_is_left_again_while_nobody_joined(site):
    user, person = owner_of(ALICE)
    client = browser(user)
    page = done_by(client, post(client, HERE, {"do": "found", "name": "Halden Valve Works"}))
    assert "You created Halden Valve Works." in text(page)
    assert "You left Halden Valve Works." in text(undo(client, page))
    assert organizations.of(person) is None


@pytest.mark.parametrize("yes", ["yes", "no"])
def test_sharing_and_its_end_are_undone(alice, bob, yes):
    fact = kept(QUOTE).person
    join(user=alice[0].pk, person=fact, way="signed in")
    client = browser(alice[0])
    if yes == "no":
        organizations.share(alice[1], fact, yes=True)
    page = done_by(client, post(client, f"/organization/share/{fact}/", {"share": yes}))
    undo(client, page)
    assert SharedFact.objects.filter(person=fact, shared=True).exists() == (yes == "no")


@pytest.mark.parametrize("mailed", [True, False])
@pytest.mark.parametrize(
    ("change", "told", "again"),
    [
        ({"do": "correct", "kind": "phone", "phone": "+1 559 555 0177"}, "You corrected “Phone”.", 1),
        ({"do": "remove", "kind": "phone"}, "You removed “Phone”.", 1),
        ({"do": "add", "kind": "role", "role": "Quality"}, "You added “Role”.", 0),
    ],
)
def test_a_changed_value_is_as_it_was_in_its_place_with_both_changes_in_the_history(site, mailed, change, told, again):
    person = kept(QUOTE).person
    client, place = visitor(), links.address(link_of(person, "full"), "profile")
    if not mailed:
        user, _own = owner_of(ALICE)
        join(user=user.pk, person=person, way="signed in")
        client, place = browser(user), f"/account/profile/{person}/"
    fields = {**change, "datum": datum_of(person, "phone")} if change["do"] != "add" else change
    page = step(place, client=client, **fields)
    assert told in text(page)
    sealed = undo_in(page)
    assert PHONE not in page.content.decode() or change["do"] == "add"
    if mailed:
        back = client.post(place, {"do": "undo", "done": sealed}, **BROWSER)
    else:
        answer = post(client, "/account/undo/", {"done": sealed})
        assert len(answer.headers["Location"]) < 500, "No value is in an address, not even encrypted."
        back = client.get(answer.headers["Location"])
    assert "is as it was before." in text(back)
    assert PHONE in text(back)
    phones = [datum for datum in profile.list_data(person) if datum.kind == "phone"]
    assert [(each.channel, each.version) for each in phones] == [("form.quote", 1)]
    assert not any(datum.kind == "role" for datum in profile.list_data(person))
    assert sum(datum.way == "restored by the person" for datum in phones) == again


def test_a_value_that_was_corrected_again_stays(site):
    person = kept(QUOTE).person
    place, client = links.address(link_of(person, "full"), "profile"), visitor()
    first = step(place, do="correct", datum=datum_of(person, "phone"), phone="+1 559 555 0177")
    step(place, do="correct", datum=datum_of(person, "phone"), phone="+1 559 555 0188")
    late = client.post(place, {"do": "undo", "done": undo_in(first)}, **BROWSER)
    assert late.status_code == 409
    assert "There was nothing to undo" in text(late)
    assert "0188" in text(late)


def test_nobody_else_and_nobody_later_undoes_it(alice, bob):
    act = PerformedAct(organization.ROLE, [str(bob[1]), "viewer", "member"], datetime.now(UTC), HERE)
    mine = browser(alice[0])
    bound = f"account {alice[0].pk} "
    late = PerformedAct(act.id, act.facts, act.at_utc - timedelta(hours=1), HERE)
    for sealed in (
        done.seal(act, bound=f"account {bob[0].pk} "),
        done.seal(act, bound=f"{bound}another-session"),
        done.seal(late, bound=bound),
        done.seal(act, bound=bound)[:-8],
        "",
    ):
        assert "There was nothing to undo." in text(done_by(mine, post(mine, "/account/undo/", {"done": sealed})))
        assert "role is now" not in text(mine.get(HERE, {"done": sealed}))
    assert role_of(alice[1], bob[1]) == "member"
    assert visitor().post("/account/undo/", {"done": done.seal(act, bound="")}, **BROWSER).status_code == 303
    assert role_of(alice[1], bob[1]) == "member"


def test_what_is_told_writes_nothing_into_anybodys_history(alice, bob):
    client = browser(alice[0])
    page = post(client, HERE, {"do": "role", "person": str(bob[1]), "role": "viewer"}).headers["Location"]
    client.get(page)
    before = kinds_of(bob[1])
    for _each in range(3):
        client.get(page)
    assert kinds_of(bob[1]) == before


@pytest.mark.parametrize(
    "what", [account.PASSWORD_CHANGED, account.APP_REMOVED, account.PASSKEY_REMOVED, account.DEVICES_ENDED]
)
def test_ways_to_sign_in_get_the_next_step_and_no_undo(alice, what):
    act = PerformedAct(what, (), datetime.now(UTC), "/account/")
    page = browser(alice[0]).get("/account/", {"done": done.seal(act, bound=f"account {alice[0].pk} ")})
    assert 'class="notice undo"' in page.content.decode()
    assert undo_in(page) == ""
    assert done.kinds()[what].undo is None


def test_an_act_that_ended_with_its_request_leads_to_the_list(alice):
    act = PerformedAct("portal/withdrawn", (), datetime.now(UTC), "/account/requests/")
    page = browser(alice[0]).get("/account/requests/", {"done": done.seal(act, bound=f"account {alice[0].pk} ")})
    assert "You withdrew this request." in text(page)
