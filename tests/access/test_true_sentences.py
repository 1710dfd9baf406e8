"""Every sentence is made from its entry: who did it, which way, under which version. Each with somebody else who did it."""

import re
from typing import Any

import pytest
from django.db import connections
from tests.access.hers import QUOTE, link_of, told
from tests.access.test_organizations import BOB, alice, invite
from tests.access.test_profile import datum_of, place_of, step
from tests.access.test_signed_in import browser, owner_of
from tests.visits import BROWSER, MARISOL, SITE, opened, send, signed_in, text, visitor
from tests.worlds import kept

from troth import policy as document
from troth import site as collection_site
from troth.desk import index
from troth.records import ledger
from troth.records.law import versions
from troth.security.links import Link, address
from troth.uses.quotes.models import QuoteRequest

__all__ = ["alice"]

pytestmark = pytest.mark.usefixtures("site")


def adopt_second() -> None:
    """A second version in which the section of quotes reads differently."""
    first = (SITE / "policy.md").read_text(encoding="utf-8")
    changed = first.replace("version: 1\n", "version: 2\n").replace("effective: 2026-11-01", "effective: 2026-11-20")
    head, quotes = changed.split("purpose: quotes\n")
    quotes = quotes.replace("collected by: [", "collected by: [form.register, ", 1)
    versions.adopt(document.confirm(head + "purpose: quotes\n" + quotes), by="staff:test", using=connections["owner"])


def test_a_look_says_which_way_she_came() -> None:
    user, person = owner_of("alice@halden-valve-works.example")
    assert browser(user).get("/account/profile/").status_code == 200
    sentences = told(person)
    assert any(sentence.startswith("While signed in, you viewed ") for sentence in sentences)
    assert not any("private link" in sentence for sentence in sentences)

    visitor().post(place_of(person), **BROWSER)
    assert told(person)[0].startswith("Through your private link, you viewed ")


def test_a_look_of_an_earlier_time_does_not_say_what_nobody_knows() -> None:
    from troth import gate

    person = kept(QUOTE).person
    gate.look(person=person, purpose="access", kinds=["name"], who="person", reason="to show it to you")
    assert told(person)[0] == "You viewed your name."


def test_a_correction_is_told_as_one_and_not_as_the_form_of_the_former_value() -> None:
    person = kept(QUOTE).person
    step(place_of(person), do="correct", datum=datum_of(person, "phone"), phone="(559) 555-0199")
    sentences = told(person)
    assert any("You gave us your new phone" in sentence for sentence in sentences)
    assert sum("You gave us your phone" in sentence for sentence in sentences) == 0


def test_a_value_that_comes_with_a_correction_replaces_nothing() -> None:
    person = kept({"name": QUOTE["name"], "email": QUOTE["email"], "country": "DE"}).person
    step(place_of(person), do="correct", datum=datum_of(person, "country"), country="CA", state="ON", zip="K1A 0B2")
    sentences = told(person)
    assert any("You gave us your new country" in sentence for sentence in sentences)
    assert any("You added your state or province to what you gave in" in sentence for sentence in sentences), sentences
    assert not any("new state" in sentence for sentence in sentences)


def test_a_refused_look_up_says_who_asked_and_leaves_their_words_to_them(run_jobs: Any) -> None:
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    form = {"address": MARISOL["email"], "purpose": "orders", "reason": "she called about serial numbers"}
    signed_in("ines", name="Ines Moreau").post("/console/people/", form, **BROWSER)
    newest = told(QuoteRequest.objects.get().person_id)[0]
    assert re.match(r"Ines Moreau asked to see \d+ details about you and was not allowed to\. Reason given:", newest)
    assert newest.endswith("Reason given: she called about serial numbers")


def test_what_staff_entered_is_not_told_as_given_by_her() -> None:
    client = signed_in("pia", role="privacy", name="Pia Lund")
    nonce = opened(client, "/console/requests/new/")
    form = {"kind": "question", "manner": "phone", "received": "2026-11-26", "name": "Bob", "email": "bob@x.example"}
    from django.utils import timezone

    from troth.site import site

    form["received"] = timezone.localdate(timezone=site().brand.zone).isoformat()
    assert client.post("/console/requests/new/", {"nonce": nonce, **form}, **BROWSER).status_code == 303
    from troth.cases.models import Case

    sentences = told(Case.objects.get().person_id)
    assert any(sentence.startswith("Pia Lund recorded your") for sentence in sentences)
    assert any(sentence.startswith("Pia Lund made a privacy request for you") for sentence in sentences)
    assert not any(sentence.startswith("You ") for sentence in sentences)


def test_an_opt_out_by_form_is_not_told_as_a_browsers_signal() -> None:
    send(visitor(), "/privacy/requests/opt-out/", {"name": "Bob", "email": "bob@x.example", "note": "Please."})
    from troth.cases.models import Case

    sentences = told(Case.objects.get().person_id)
    assert any("A privacy request told us not to sell or share your data." in sentence for sentence in sentences)
    assert not any("Your browser" in sentence for sentence in sentences)


def test_a_colleague_who_invited_is_named(alice: Any) -> None:
    from troth.records.membership import Invitation

    assert invite(alice, BOB).status_code == 303
    sentences = told(Invitation.objects.get().person_id)
    assert any(sentence.startswith("Owner invited you to Halden Valve Works") for sentence in sentences), sentences
    assert any(sentence.startswith("Owner gave us your") for sentence in sentences), sentences
    assert any("to tell a colleague who did this" in sentence for sentence in told(alice[1]))


def test_a_receipt_quotes_the_version_of_its_hand_over(run_jobs: Any) -> None:
    receipt = send(visitor(), "/quote/", MARISOL)["Location"]
    run_jobs()
    adopt_second()
    page = visitor().get(receipt).content.decode()
    quoted = re.search(r"<blockquote>.*?</blockquote>", page, re.S)
    assert quoted
    assert "of the policy, version 1" in quoted[0]
    assert 'href="/policy/1#U6"' in page
    mailed = visitor().post(address(Link.objects.get(power="full")), **BROWSER).content.decode()
    assert 'href="/policy/1#U6"' in mailed


def test_reloading_an_opened_contact_is_the_same_reading(run_jobs: Any) -> None:
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    quote, client = QuoteRequest.objects.get(), signed_in()
    for _reload in range(3):
        page = client.post(
            f"/console/quotes/{quote.number}/", {"do": "contact", "reason": "to answer your request"}, **BROWSER
        )
        assert MARISOL["note"] in text(page)
    read = [entry for entry in ledger.history(quote.person_id) if entry.who == "staff:ines"]
    assert len(read) == 1
    client.post(f"/console/quotes/{quote.number}/", {"do": "contact", "reason": "another reason, said"}, **BROWSER)
    signed_in("otto", name="Otto").post(
        f"/console/quotes/{quote.number}/", {"do": "contact", "reason": "to answer your request"}, **BROWSER
    )
    whos = [entry.who for entry in ledger.history(quote.person_id) if entry.who.startswith("staff:")]
    assert whos == ["staff:otto", "staff:ines", "staff:ines"]


NOTICE = "See what changed"


def test_the_notice_of_a_new_version_goes_once_an_account_has_opened_it() -> None:
    user, _person = owner_of("alice@halden-valve-works.example")
    other, _other = owner_of("bob@northgate.example")
    adopt_second()
    for who in (user, other):
        assert NOTICE in text(browser(who).get("/contact/"))
    assert NOTICE in text(visitor().get("/contact/"))

    read = browser(user).get("/policy/1..2")

    assert NOTICE not in text(read)
    assert NOTICE not in text(browser(user).get("/contact/"))
    assert NOTICE in text(browser(other).get("/contact/"))
    assert NOTICE not in text(visitor().get("/policy/1..2"))


def test_what_the_program_does_not_have_is_said_on_the_page_and_by_check(site: Any, capsys: Any) -> None:
    from click.testing import CliRunner

    from troth.cli.policy import policy_commands

    page = visitor().get("/policy").content.decode()
    missing = index.offer().list_missing(site)
    assert {"form.trial", "form.program"} <= missing
    assert not missing & {"form.quote", "form.privacy", "form.invitation"}
    assert page.count("Not available yet") == len(missing)
    checked = CliRunner().invoke(policy_commands, ["check", str(SITE)])
    assert checked.exit_code == 0
    assert "The policy states form.trial, which Troth doesn’t support yet." in checked.output
    assert "form.quote," not in checked.output
    assert "Stated but not yet available" in text(signed_in().get("/console/policy"))


@pytest.mark.parametrize("version", [1, 3])
def test_the_console_says_what_adopting_would_say(tmp_path: Any, settings: Any, version: int) -> None:
    collection_site.site()  # read from its own folder, before the console looks for a draft in another one
    settings.TROTH_SITE = tmp_path
    draft = (SITE / "policy.md").read_text(encoding="utf-8").replace("effective: 2026-11-01", "effective: 2026-12-01")
    draft = draft.replace("version: 1\n", f"version: {version}\n")
    (tmp_path / "policy.md").write_text(draft, encoding="utf-8")
    page = text(signed_in().get("/console/policy"))
    assert "can be adopted" not in page
    assert "can’t be adopted" in page
    assert f"The version is {version}; after 1 comes the next number." in page
    with pytest.raises(versions.CannotAdopt):
        versions.adopt(draft, by="staff:test", using=connections["owner"])


def test_old_links_keep_their_sentences() -> None:
    """Each kind of entry has a sentence for whoever did it: nothing falls through to a bare word."""
    person = kept(QUOTE).person
    visitor().get(address(link_of(person, "masked")))
    assert told(person)[0].endswith("partly hidden.")
