"""A person's page: purpose and reason first, the policy's roles only, and every look in her history."""

from datetime import UTC, datetime

import pytest
from tests.visits import BROWSER, signed_in, text, visitor
from tests.worlds import kept

from troth.records import ledger, organizations

PAGE = "/console/people/"
EMAIL = "canarina@halden-valve-works.example"
DATA = {"email": EMAIL, "name": "Canarina Haldenova", "product": "optipro-process", "phone": "+15595550134"}
ASKED = {"address": EMAIL, "purpose": "quotes", "reason": "she called about her quote"}

pytestmark = pytest.mark.usefixtures("site")


def look(client, **changed):
    return client.post(PAGE, {**ASKED, **changed}, **BROWSER)


def test_a_look_shows_what_the_purpose_may_use_and_stands_in_her_history():
    person = kept(DATA, channel="form.quote").person
    page = text(look(signed_in("ines", role="sales")))
    assert "Canarina Haldenova" in page
    assert "OptiPro Process" in page
    latest = ledger.history(person)[0]
    assert (latest.kind, latest.purpose, latest.who) == ("used", "quotes", "staff:ines")
    assert latest.reason == ASKED["reason"]


@pytest.mark.parametrize(
    ("role", "purposes"),
    [
        ("sales", True),
        ("support", True),
        ("privacy", True),
        ("marketing", True),
        ("product", True),
        ("admin", False),
        ("auditor", False),
    ],
)
def test_a_role_reads_for_the_purposes_that_the_policy_names(role, purposes):
    person = kept(DATA, channel="form.quote").person
    client = signed_in(f"one-{role}", role=role)
    page = client.get(PAGE).content.decode()
    assert ('name="purpose"' in page) == purposes
    assert ('href="/console/people/"' in page) == purposes, "the way there stands where it leads to something"
    answer = look(client)
    assert ("Canarina Haldenova" in answer.content.decode()) == (role == "sales")
    assert ("used" in [entry.kind for entry in ledger.history(person)]) == (role == "sales")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"address": "canarina"}, "address"),
        ({"address": ""}, "address"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "legal"}, "purpose"),
        ({"reason": ""}, "reason"),
        ({"reason": "because"}, "reason"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_read(changed, field):
    person = kept(DATA, channel="form.quote").person
    answer = look(signed_in("ines", role="sales"), **changed)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.content.decode()
    assert [entry.kind for entry in ledger.history(person)] == ["collected"]


def test_a_part_of_an_address_finds_nobody_and_another_address_is_answered_alike():
    kept(DATA, channel="form.quote")
    for address in ("anarina@halden-valve-works.example", "nobody@elsewhere.example"):
        assert "No person found" in text(look(signed_in("ines", role="sales"), address=address))


def test_what_the_law_refuses_is_said_and_the_refusal_stands_in_her_history():
    person = kept(DATA, channel="form.quote").person
    page = text(look(signed_in("mia", role="marketing"), purpose="newsletter"))
    assert "Access denied:" in page
    assert "Canarina" not in page
    assert ledger.history(person)[0].kind == "refused"


def test_a_look_up_that_finds_nothing_says_which_purposes_would():
    person = kept(DATA, channel="form.quote").person
    kept(DATA, channel="form.quote")
    page = text(look(signed_in("ines", role="sales"), purpose="inquiries"))
    assert page.count("You could read this data for: Quotes") == 1, "said once for both submissions"
    assert "Canarina" not in page
    entries = [entry.purpose for entry in ledger.history(person) if entry.kind == "used"]
    assert "quotes" not in entries
    alone = text(look(signed_in("mia", role="marketing"), purpose="newsletter"))
    assert "None of your purposes gives access to this data." in alone


def test_only_those_who_work_on_requests_see_that_there_are_some(run_jobs):
    from tests.visits import send

    send(visitor(), "/privacy/requests/copy/", {"name": DATA["name"], "email": EMAIL, "note": "All of it."})
    privacy = text(look(signed_in("rafael", role="privacy"), purpose="rights"))
    assert "Privacy requests: P-" in privacy
    assert "Privacy requests: P-" not in text(look(signed_in("ines", role="sales")))


def test_whoever_is_not_staff_finds_no_page():
    assert visitor().get(PAGE)["Location"].startswith("/console/sign-in")


def test_an_address_that_we_cannot_write_to_is_refused_in_every_place_that_takes_one(site):
    from tests.access.test_signed_in import browser, owner_of
    from tests.visits import send

    user, person = owner_of("ada@halden-valve-works.example")
    organizations.create(person, name="Halden Valve Works", domain="halden-valve-works.example")
    client, typed = browser(user), "jürgen@bücher.example"
    session = client.session
    session["fresh"] = datetime.now(UTC).timestamp()
    session.save()
    post = {
        "/organization/": {"do": "invite", "address": typed, "role": "member"},
        "/account/address/": {"address": typed},
        "/sign-in/forgotten/": {"address": typed},
    }
    for path, sent in post.items():
        answer = client.post(path, sent, **BROWSER)
        assert (answer.status_code, "We can’t send email to this address" in text(answer)) == (400, True), path
    for path in ("/contact/", "/privacy/requests/copy/", "/account/new/"):
        answer = send(
            visitor(), path, {"name": "Jürgen", "email": typed, "note": "-", "password": "seven brass valves leak"}
        )
        assert "We can’t send email to this address" in text(answer), path
    entered = {"name": "Jürgen", "email": typed, "kind": "copy", "manner": "post", "received": "2026-11-20"}
    clerk = signed_in("pia", role="privacy")
    assert "We can’t send email to this address" in text(clerk.post("/console/requests/new/", entered, **BROWSER))
