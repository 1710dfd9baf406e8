"""A first email to an address carries nothing that whoever typed the address could use it for; and every email, file
and paper has the words themselves."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.access.test_signed_in import browser, owner_of
from tests.accounts import ALICE, account, emails_to, link_in, post, sign_up
from tests.acting import acting_as
from tests.site import site
from tests.visits import BROWSER, send, signed_in, text, visitor
from tests.worlds import kept

from troth import gate
from troth.access.copy import copy_of
from troth.access.copy.writing import as_json, as_pdf
from troth.records import organizations

__all__ = ["site"]

VICTIM = "victim@elsewhere.example"
LURE = "Anna Won 1000 EUR Call Now"
AWKWARD = "O'Reilly & Sons <Ltd>"

pytestmark = pytest.mark.usefixtures("site")


def whole(mail) -> str:
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    return "\n".join([mail["Subject"], *(str(part.get_content()) for part in parts if part)])


def test_a_strangers_name_does_not_greet_an_address_that_nobody_has_proven(run_jobs):
    for page, values in (
        ("/contact/", {"name": LURE, "email": VICTIM, "note": "Which version runs?"}),
        ("/privacy/requests/copy/", {"name": LURE, "email": VICTIM, "note": "All."}),
    ):
        assert send(visitor(), page, values).status_code == 303
    sign_up({"name": LURE, "email": VICTIM})
    run_jobs()
    mails = emails_to(VICTIM)
    assert len(mails) == 3
    for mail in mails:
        assert LURE not in whole(mail)
        assert "Hello," in whole(mail)


def test_an_owner_is_greeted_by_her_name(run_jobs):
    client = account(ALICE, run_jobs)
    post(client, "/account/password/", {"password": "nine copper kettles sing", "present": "seven brass valves leak"})
    run_jobs()
    assert "Hello Alice Marchetti," in whole(emails_to(ALICE["email"])[-1])
    assert link_in(emails_to(ALICE["email"])[0])


def invited(address, run_jobs):
    user, person = owner_of("ada@halden-valve-works.example")
    organizations.create(person, name=AWKWARD, domain="halden-valve-works.example")
    assert (
        post(browser(user), "/organization/", {"do": "invite", "address": address, "role": "member"}).status_code == 303
    )
    run_jobs()
    return emails_to(address)[-1]


def test_an_invitation_to_a_stranger_names_no_organization(run_jobs):
    mail = invited(VICTIM, run_jobs)
    assert "O'Reilly" not in whole(mail)
    assert mail["Subject"] == "You’re invited to an organization"


def test_an_invitation_to_somebody_with_an_account_has_the_words_themselves(run_jobs):
    owner_of("bob@elsewhere.example")
    mail = invited("bob@elsewhere.example", run_jobs)
    assert mail["Subject"] == f"{AWKWARD} invited you"
    plain, html = (str(mail.get_body((kind,)).get_content()) for kind in ("plain", "html"))
    assert f"An administrator of {AWKWARD} invited you" in plain
    assert "&lt;Ltd&gt;" in html
    assert "<Ltd>" not in html


def test_an_organization_takes_no_address_of_a_page_and_no_card_number():
    user, _person = owner_of("ada@halden-valve-works.example")
    for name, sentence in (
        ("WIN http://evil.example/x", "mail programs would turn it into a link"),
        ("Halden 4111,1111,1111,1111", "looks like a card number"),
        ("Halden\u202eskroW", "reverses the writing direction"),
    ):
        answer = post(browser(user), "/organization/", {"do": "found", "name": name})
        assert answer.status_code == 400
        assert sentence in text(answer)
    assert organizations.of(_person) is None


def test_a_reason_with_quotes_stands_as_it_is_in_json_and_on_paper():
    person = kept({"name": "Alice", "email": ALICE["email"], "note": "-"}, channel="form.contact").person
    reason = 'she asked "why" & O\'Reilly <said> so'
    with acting_as("ines", role="sales"):
        gate.grant(person=person, purpose="inquiries", kinds=["email"], who="staff:ines", reason=reason)
    copy = copy_of([person], cause=None, at_utc=datetime.now(UTC))
    assert any(reason in entry["words"] for entry in json.loads(as_json(copy))["people"][0]["history"])
    read = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(as_pdf(copy))).pages).split())
    assert "&#x27;" not in read
    assert "O'Reilly <said> so" in read


def test_staff_reasons_are_read_by_the_gate():
    client = signed_in("pia", role="privacy")
    for reason, sentence in (
        ("the caller said 4111 1111 1111 1111", "looks like a card number"),
        ("she called \u202e about it", "reverses the writing direction"),
        ("x" * 201, "Shorten this to 200 characters"),
    ):
        answer = client.post(
            "/console/people/", {"address": ALICE["email"], "purpose": "rights", "reason": reason}, **BROWSER
        )
        assert answer.status_code == 400
        assert sentence in text(answer)
