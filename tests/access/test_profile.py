"""The profile: every value with its source, corrected, added and removed by its owner and by nobody else."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone
from tests.access.hers import QUOTE, kinds_of, link_of
from tests.access.test_preferences import NEXT
from tests.policy.texts import changed
from tests.visits import BROWSER, SITE, text, visitor
from tests.worlds import BOB, CHARLIE, kept

from troth import gate
from troth.access.preferences.models import Pause
from troth.records import profile
from troth.records.law import versions
from troth.records.ledger import history
from troth.security import links

PHONE = "+1 559-555-0142"


@pytest.fixture
def alice(site) -> UUID:
    return kept(QUOTE).person


@pytest.fixture
def bob(site) -> UUID:
    return kept({**QUOTE, "email": BOB["email"], "name": BOB["name"], "phone": "+15595550199"}).person


def place_of(person: UUID) -> str:
    return links.address(link_of(person, "full"), "profile")


def datum_of(person: UUID, kind: str) -> str:
    return str(next(datum.id for datum in profile.list_data(person) if datum.kind == kind))


def step(place: str, *, client: Any = None, **fields: Any) -> Any:
    """A form of the page, opened and sent."""
    client = client or visitor()
    do = fields.pop("do")
    opens = {"correct": "edit", "remove": "edit", "add": "new"}[do]
    sent: dict[str, Any] = {key: fields[key] for key in ("datum", "kind") if key in fields}
    page = client.post(place, sent | {"do": opens}, **BROWSER)
    nonces = re.findall(r'name="nonce" value="([^"]+)"', page.content.decode())
    fields.setdefault("nonce", nonces[-1 if do == "remove" else 0] if nonces else "")
    return client.post(place, {"do": do, **fields}, **BROWSER)


def test_nothing_is_shown_before_the_button(alice):
    before = kinds_of(alice)
    page = text(visitor().get(place_of(alice)))
    assert "Show my data" in page
    assert QUOTE["email"] not in page
    assert kinds_of(alice) == before


def test_each_value_stands_beside_its_source_version_and_uses(alice):
    granted = gate.grant(person=alice, purpose="quotes", kinds=["phone"], who="program:test", reason="to call")
    assert isinstance(granted, gate.Grant)
    page = text(visitor().post(place_of(alice), **BROWSER))
    for words in (QUOTE["email"], QUOTE["name"], PHONE, "OptiPro Process", "Request a quote or service"):
        assert words in page
    assert "policy version 1" in page
    assert "Quotes once," in page
    assert "nothing yet" in page
    newest = history(alice)[0]
    assert (newest.kind, newest.purpose, newest.who) == ("used", "access", "person")


def test_what_rooms_hold_with_it_stands_beneath(alice, bob):
    now = timezone.now()
    Pause.objects.create(id=gate.new_id(), person_id=alice, since_utc=now, until_utc=now, saved=[])
    assert "Stored with this data Pause Since" in " ".join(text(visitor().post(place_of(alice), **BROWSER)).split())
    assert "Stored with this data" not in text(visitor().post(place_of(bob), **BROWSER))


def test_looking_again_is_the_same_look_until_something_new_is_held(alice):
    place = place_of(alice)
    for _ in range(3):
        visitor().post(place, **BROWSER)
    assert kinds_of(alice).count("used") == 1


def test_a_corrected_value_takes_the_place_of_the_former_one_and_keeps_its_source(alice):
    answer = step(place_of(alice), do="correct", datum=datum_of(alice, "phone"), phone="+1 559 555 0177")
    page = text(answer)
    assert "You corrected “Phone”" in page
    assert "+1 559-555-0177" in page
    assert PHONE not in page
    (datum,) = [datum for datum in profile.list_data(alice) if datum.kind == "phone"]
    assert (datum.channel, datum.version, datum.way) == ("form.quote", 1, "corrected by the person")
    corrected = next(entry for entry in history(alice) if entry.kind == "corrected")
    assert (corrected.kinds, corrected.who, corrected.section) == (("phone",), "person", "C1")
    assert gate.decide(alice, "quotes", ["phone"])["phone"].allowed


def test_a_correction_is_checked_like_the_form(alice):
    answer = step(place_of(alice), do="correct", datum=datum_of(alice, "phone"), phone="12")
    assert answer.status_code == 400
    assert "too few or too many digits" in text(answer)
    card = step(place_of(alice), do="correct", datum=datum_of(alice, "name"), name="4111 1111 1111 1111")
    assert "card number" in text(card)
    assert "corrected" not in kinds_of(alice)


def test_a_removed_value_is_gone_and_what_happened_stays(alice):
    answer = step(place_of(alice), do="remove", datum=datum_of(alice, "phone"))
    assert "You removed “Phone”" in text(answer)
    assert PHONE not in text(answer)
    assert gate.decide(alice, "quotes", ["phone"])["phone"].code == "not held"
    assert "removed" in kinds_of(alice)
    told = text(visitor().post(links.address(link_of(alice, "full")), **BROWSER))
    assert "You removed your phone. The value was deleted." in told


def test_a_value_is_added_by_the_profiles_own_form(alice):
    answer = step(place_of(alice), do="add", kind="role", role="Quality")
    assert "You added “Role”." in text(answer)
    (datum,) = [datum for datum in profile.list_data(alice) if datum.kind == "role"]
    assert (datum.channel, datum.version) == ("form.profile", 1)
    assert history(alice)[1].kind == "collected"


def test_the_address_is_not_changed_here(alice):
    page = visitor().post(place_of(alice), **BROWSER)
    assert "We confirm a new address before we use it. To change this one, email" in text(page)
    assert "in your account" not in text(page), "behind a link nobody has to have one"
    answer = step(place_of(alice), do="correct", datum=datum_of(alice, "email"), email="mallory@evil.example")
    assert answer.status_code == 409
    assert "corrected" not in kinds_of(alice)


def test_a_kind_that_a_new_policy_adds_appears_by_itself(alice):
    text_ = (SITE / "policy.md").read_text(encoding="utf-8")
    asks = (
        "role: optional, industry: optional, product: optional, preferences: optional}",
        "role: optional, industry: optional, product: optional, country: optional, preferences: optional}",
    )
    why = (
        "  preferences: What you want to see more of, or less of.\n",
        "  country: Chooses the office that answers you.\n  preferences: What you want to see more of, or less of.\n",
    )
    versions.adopt(changed(text_, *NEXT, asks, why), by="staff:test", using=connections["owner"])
    page = text(visitor().post(place_of(alice), **BROWSER))
    assert "Add country" in page
    assert "Chooses the office that answers you." in page
    answer = step(place_of(alice), do="add", kind="country", country="US")
    assert "You added “Country”." in text(answer)
    assert "United States" in text(answer)


def test_bobs_datum_is_not_changed_through_the_link_of_alice(alice, bob):
    for do in ("correct", "remove"):
        answer = step(place_of(alice), do=do, datum=datum_of(bob, "phone"), phone="+15595550100")
        assert answer.status_code == 409
    assert not {"corrected", "removed"} & set(kinds_of(bob))
    assert BOB["name"] not in text(visitor().post(place_of(alice), **BROWSER))


def test_charlie_without_the_link_sees_nothing(alice):
    kept({**QUOTE, "email": CHARLIE["email"], "name": CHARLIE["name"]})
    answer = visitor().post("/profile/" + "C" * 32 + "/", **BROWSER)
    assert answer.status_code == 404
    assert "This link doesn’t work" in text(answer)
    for address in ("/account/profile/", f"/account/profile/{alice}/", "/account/preferences/"):
        assert visitor().get(address)["Location"].startswith("/sign-in/")


def test_a_button_of_another_page_shows_and_changes_nothing(alice):
    answer = visitor().post(
        place_of(alice), {"do": "remove", "datum": datum_of(alice, "phone")}, HTTP_ORIGIN="https://evil.example"
    )
    assert answer.status_code == 403
    assert QUOTE["email"] not in text(answer)
    assert "removed" not in kinds_of(alice)


def test_a_change_without_the_forms_secret_is_refused(alice):
    place = place_of(alice)
    removed = step(place, do="remove", datum=datum_of(alice, "phone"), nonce="forged")
    corrected = step(place, do="correct", datum=datum_of(alice, "phone"), phone="+15595550177", nonce="forged")
    assert (removed.status_code, corrected.status_code) == (403, 400)
    assert not {"corrected", "removed"} & set(kinds_of(alice))


GERMAN = {**QUOTE, "country": "DE", "state": "", "zip": "", "phone": "+4971125035700"}
CANADIAN = {**QUOTE, "country": "CA", "state": "ON", "zip": "M5V 2T6", "phone": "+14165550134"}


def living(values: dict[str, str]) -> UUID:
    return kept({kind: value for kind, value in values.items() if value}).person


def held(person: UUID, kind: str) -> list[str]:
    granted = gate.grant(person=person, purpose="access", kinds=[kind], who="person", reason="to look")
    return sorted(gate.read_data(granted).values()) if isinstance(granted, gate.Grant) else []


def test_a_phone_is_read_as_dialed_in_the_country_of_its_own_request(site):
    person = living(GERMAN)
    answer = step(place_of(person), do="correct", datum=datum_of(person, "phone"), phone="030 7654321")
    assert "+49 30 7654321" in text(answer)
    assert held(person, "phone") == ["+49307654321"]


def test_an_extension_is_kept_and_shown_in_words(alice):
    answer = step(place_of(alice), do="correct", datum=datum_of(alice, "phone"), phone="559 555 0134 ext. 12")
    assert "+1 559-555-0134 ext. 12" in text(answer)
    assert held(alice, "phone") == ["+15595550134;ext=12"]


def test_a_canadian_corrects_postal_code_and_province_from_the_lists_of_canada(site):
    person = living(CANADIAN)
    page = visitor().post(place_of(person), {"do": "edit", "datum": datum_of(person, "zip")}, **BROWSER)
    assert "Ontario" in page.content.decode()
    answer = step(place_of(person), do="correct", datum=datum_of(person, "zip"), zip="K1A 0B2")
    assert answer.status_code == 200, text(answer)
    assert held(person, "zip") == ["K1A 0B2"]
    other = step(place_of(person), do="correct", datum=datum_of(person, "state"), state="CA")
    assert "California isn’t in Canada." in text(other)
    assert held(person, "state") == ["ON"]
    moved = step(place_of(person), do="correct", datum=datum_of(person, "state"), state="BC", zip="V6B 1A1")
    assert moved.status_code == 200, text(moved)
    assert (held(person, "state"), held(person, "zip")) == (["BC"], ["V6B 1A1"])


AMERICAN = {**QUOTE, "country": "US", "state": "TX", "zip": "75201"}


def test_another_state_with_france_is_refused_beside_the_state_and_nothing_changes(site):
    alice = living(AMERICAN)
    answer = step(
        place_of(alice), do="correct", datum=datum_of(alice, "country"), country="FR", state="NV", zip="10001"
    )
    assert answer.status_code == 400
    assert "Nevada isn’t in France. Change one of them." in text(answer)
    assert held(alice, "country") == ["US"]
    assert "corrected" not in kinds_of(alice)


@pytest.mark.parametrize("left", [{"state": "", "zip": ""}, {"state": "TX", "zip": "75201"}])
def test_whoever_moved_to_a_country_without_states_there_has_them_removed(site, left):
    alice = living(AMERICAN)
    answer = step(place_of(alice), do="correct", datum=datum_of(alice, "country"), country="FR", **left)
    assert answer.status_code == 200, text(answer)
    assert (held(alice, "country"), held(alice, "state"), held(alice, "zip")) == (["FR"], [], [])
    assert {"corrected", "removed"} <= set(kinds_of(alice))


def test_many_values_have_pages_and_a_correction_comes_back_to_its_own(alice, monkeypatch):
    from troth.access.profile import holding

    monkeypatch.setattr(holding, "VALUES_A_PAGE", 2)
    place = place_of(alice)
    first, second = (visitor().post(place, {"page": str(number)}, **BROWSER) for number in (1, 2))
    assert "1 to 2 of 4" in text(first)
    assert "3 to 4 of 4" in text(second)
    assert not {*re.findall(r'name="datum" value="([^"]+)"', first.content.decode())} & {
        *re.findall(r'name="datum" value="([^"]+)"', second.content.decode())
    }
    back = step(place, do="correct", datum=datum_of(alice, "phone"), phone=PHONE, page="2")
    assert "3 to 4 of 4" in text(back)
