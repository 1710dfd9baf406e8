"""The preference page: what stands, what is saved, and that it counts at once."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from tests.access.hers import NEWS, QUOTE, chosen, kinds_of, link_of, preferences_of, queued, reader, save
from tests.policy.texts import changed
from tests.promises.test_updates import CONTENT_FROM_QUOTES
from tests.visits import BROWSER, SITE, text, visitor
from tests.worlds import BOB, kept

from troth import gate
from troth.collection.forms.nonce import LASTING
from troth.outbox import QueuedEmail, delivery
from troth.records import journal
from troth.records.law import versions
from troth.records.ledger import Chosen, history
from troth.security import links


@pytest.fixture
def alice(site):
    return reader()


@pytest.fixture
def bob(site):
    return reader({"email": BOB["email"], "news": "Product news"})


NEXT = (("version: 1\n", "version: 2\n"), ("effective: 2026-11-01", "effective: 2026-11-20"))


def undo_in(answer: Any) -> str:
    """What the button “Undo” sends along."""
    return str(re.findall(r'name="done" value="([^"]+)"', answer.content.decode())[0])


def adopt_second() -> None:
    """Articles may be chosen by the product that was named when asking for a quote."""
    new = changed((SITE / "policy.md").read_text(encoding="utf-8"), *NEXT, CONTENT_FROM_QUOTES)
    versions.adopt(new, by="staff:test", using=connections["owner"])


def test_the_page_says_each_purpose_in_the_words_of_the_policy_with_her_choice(alice, site):
    page = text(visitor().get(preferences_of(alice)))
    for purpose in site.purposes.values():
        assert purpose.title in page
        assert " ".join(purpose.quotation.split()) in page
    assert "On since" in page
    assert "On by default." in page


def test_what_the_opt_out_does_not_cover_quotes_its_section_and_has_no_switch(alice, site):
    body = visitor().get(preferences_of(alice)).content.decode()
    always = body[body.index('id="always-h"') :]
    assert "opting out of marketing does not stop them" in always
    assert '<a class="s" href="/policy#U7"' in always
    assert 'type="checkbox"' not in always


def test_looking_changes_nothing_and_shows_no_value(alice):
    before = kinds_of(alice)
    page = text(visitor().get(preferences_of(alice)))
    assert not any(value in page for value in (NEWS["email"], NEWS["news"]))
    assert kinds_of(alice) == before


def test_a_purpose_that_uses_what_is_held_does_not_say_that_nothing_is(site):
    owner = reader({"email": "owner@ashby.example", "name": "Olive Ashby"}, channel="form.account")
    other = reader({"email": "other@ashby.example"}, channel="form.support")

    begins = f"We hold no data for this yet. It starts with “{site.collects['form.account'].title}”"

    assert begins not in text(visitor().get(preferences_of(owner)))
    assert begins in text(visitor().get(preferences_of(other)))


def test_a_no_is_told_back_counts_at_once_and_stands_in_the_ledger(alice, bob):
    place = preferences_of(alice)
    answer = save(visitor(), place, on=["marketing", "content", "convenience", "product-updates"])
    assert answer.status_code == 200
    assert "You opted out of “Newsletters”." in text(answer)
    assert chosen(alice) == [("newsletter", True), ("newsletter", False)]
    newest = history(alice)[0]
    assert (newest.kind, newest.section, newest.read(Chosen).way) == ("chose", "U4", "mailed link")
    assert list(gate.select("newsletter", "email")) == [bob]


def test_an_email_queued_before_the_no_is_not_sent(alice, bob):
    hers, his = queued(alice), queued(bob)
    save(visitor(), preferences_of(alice), do="no")
    for email in (hers, his):
        delivery.deliver(email.id)
        email.refresh_from_db()
    assert (hers.state, hers.why, his.state) == (QueuedEmail.State.REFUSED, "opted out", QueuedEmail.State.SENT)
    assert "held back" in kinds_of(alice)


def test_an_exempt_email_still_goes_after_no_to_all_marketing(site):
    person = kept({"name": "Alice", "email": NEWS["email"], "note": "Hello"}, channel="form.contact").person
    always = text(visitor().get(preferences_of(person))).partition("Always on, never advertising")[2]
    busy, folded, idle = always.partition("more, for which we hold nothing of yours now")
    assert folded
    assert "When you ask for information" in busy
    assert "download a trial" in idle
    save(visitor(), preferences_of(person), do="no")
    email = queued(person, purpose="inquiries")
    delivery.deliver(email.id)
    email.refresh_from_db()
    assert email.state == QueuedEmail.State.SENT


def test_taking_it_back_restores_what_stood_and_no_more(alice):
    place = preferences_of(alice)
    saved = save(visitor(), place, do="no")
    assert "Undo" in text(saved)
    back = save(visitor(), place, do="undo", done=undo_in(saved))
    assert "You opted in to “Offers and other marketing”." in text(back)
    assert chosen(alice)[1:] == [("marketing", False), ("marketing", True)]
    assert list(gate.select("newsletter", "email")) == [alice]


def test_taking_a_no_back_does_not_agree_to_what_a_later_version_added(site):
    alice = kept(QUOTE).person
    adopt_second()
    place = preferences_of(alice)
    saved = save(visitor(), place, on=["marketing", "convenience", "product-updates"])
    save(visitor(), place, do="undo", done=undo_in(saved))
    assert chosen(alice) == [("content", False), ("content", True)]
    assert gate.decide(alice, "content", ["product"])["product"].code == "unanswered"


def test_the_question_of_a_new_version_is_asked_and_its_answer_counts_for_her_alone(site):
    alice, bob = kept(QUOTE).person, kept({**QUOTE, "email": BOB["email"]}).person
    adopt_second()
    place = preferences_of(alice)
    page = text(visitor().get(place))
    assert "May we also use your product for “Content”?" in page
    assert "Until you answer, we do not use it for this." in page
    answer = save(visitor(), place, do="answer", question="content@2", answer="yes")
    after = text(answer)
    assert "You opted in to “Content: what version 2 added”." in after
    assert "Until you answer" not in after
    assert gate.decide(alice, "content", ["product"])["product"].code == "answered"
    assert gate.decide(bob, "content", ["product"])["product"].code == "unanswered"
    assert chosen(alice) == [("content@2", True)]
    assert "Undo saves that you opted out of “Content: what version 2 added”: it was off" in after
    undone = save(visitor(), place, do="undo", done=undo_in(answer))
    assert "You opted out of “Content: what version 2 added”." in text(undone)
    assert gate.decide(alice, "content", ["product"])["product"].code == "declined"
    refused = save(visitor(), preferences_of(bob), do="answer", question="content@2", answer="no")
    assert "You opted out of “Content: what version 2 added”." in text(refused)
    assert not re.search(r'name="done"', refused.content.decode()), "A no counted already: undoing changes nothing."


def test_a_page_left_open_undoes_nothing_that_was_saved_since(alice):
    place, client = preferences_of(alice), visitor()
    page = client.get(place).content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)[1]
    was = re.findall(r'name="was" value="([^"]+)"', page)
    save(visitor(), place, do="no")
    client.post(place, {"nonce": nonce, "do": "save", "was": was, "on": was}, **BROWSER)
    assert chosen(alice)[-1] == ("marketing", False)


def test_a_page_that_was_open_too_long_comes_back_with_what_was_chosen_on_it_alone(alice, time_machine):
    place, client = preferences_of(alice), visitor()
    page = client.get(place).content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)[1]
    was = re.findall(r'name="was" value="([^"]+)"', page)
    assert {"marketing", "newsletter"} <= {*was}
    time_machine.shift(LASTING + timedelta(minutes=1))
    save(visitor(), place, do="no")
    left = [name for name in was if name != "newsletter"]
    refused = client.post(place, {"nonce": nonce, "do": "save", "was": was, "on": left}, **BROWSER)
    assert (refused.status_code, "Check it, then save it again" in text(refused)) == (403, True)
    boxes = re.findall(
        r'<input (?=[^>]*type="checkbox")[^>]*value="([^"]+)"[^>]*?( checked)?>', refused.content.decode()
    )
    assert ("newsletter", "") in boxes, "Taken off on this page."
    assert ("marketing", "") in boxes, "Turned off elsewhere while the page was open."
    assert any(checked for _name, checked in boxes)


def test_the_same_address_has_the_same_choices_and_a_stranger_keeps_hers(alice, bob):
    again = kept(QUOTE).person
    save(visitor(), preferences_of(again), do="no")
    assert chosen(alice)[-1] == chosen(again)[-1] == ("marketing", False)
    assert chosen(bob) == [("newsletter", True)]


def test_many_at_one_address_cost_no_more_queries_than_a_few(alice):
    client, place = visitor(), preferences_of(alice)

    def count(**fields: Any) -> tuple[int, Any]:
        with CaptureQueriesContext(connection) as asked:
            answer = save(client, place, **fields)
        return len(asked), answer

    everyone = [alice, *(kept(QUOTE).person for _more in range(2))]
    few, answer = count(do="no")
    few_undone, _answer = count(do="undo", done=undo_in(answer))
    everyone += [*(kept(QUOTE).person for _more in range(5)), *(reader() for _more in range(5))]
    many, answer = count(do="no")
    assert {chosen(each)[-1] for each in everyone} == {("marketing", False)}
    assert not journal.of_site().lacking(
        journal.JournalAct(journal.CHOSE, each, history(each)[0].id, datetime.now(UTC), {}) for each in everyone
    )
    many_undone, _answer = count(do="undo", done=undo_in(answer))
    assert {chosen(each)[-1] for each in everyone} == {("marketing", True)}
    assert (many, many_undone) == (few, few_undone)


def test_what_she_cannot_switch_on_says_where_it_begins(site):
    body = visitor().get(preferences_of(kept(QUOTE).person)).content.decode()
    assert 'value="newsletter"' not in body
    assert 'It starts with <a href="/newsletters/">“Sign up for a newsletter”</a>.' in body.replace("&#x27;", "'")
    answer = save(visitor(), preferences_of(kept(QUOTE).person), on=["newsletter"], was=[])
    assert "Nothing was changed" in text(answer)


@pytest.mark.parametrize(
    "headers", [{"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {}]
)
def test_a_form_of_another_page_changes_nothing(alice, headers):
    place = preferences_of(alice)
    sent = {**BROWSER, **headers} if headers else {"HTTP_HOST": "localhost"}
    answer = visitor().post(place, {"do": "no", "nonce": "x"}, **sent)
    assert answer.status_code == 403
    assert "nothing was changed" in text(answer)
    assert chosen(alice) == [("newsletter", True)]


def test_the_secret_of_one_page_opens_no_other(alice, bob):
    page = visitor().get(preferences_of(bob)).content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)[1]
    answer = visitor().post(preferences_of(alice), {"do": "no", "nonce": nonce}, **BROWSER)
    assert answer.status_code == 403
    assert chosen(alice) == [("newsletter", True)]


def test_what_was_saved_is_told_to_its_own_link_only(alice, bob):
    token = undo_in(save(visitor(), preferences_of(alice), do="no"))
    his = preferences_of(bob)
    assert "You opted" not in text(visitor().get(his, {"done": token}))
    save(visitor(), his, do="undo", done=token)
    assert chosen(alice)[-1] == ("marketing", False)


def test_the_signal_of_her_browser_is_seen_explained_and_recorded_once(alice):
    place, client = preferences_of(alice), visitor()
    seen = client.get(place, HTTP_SEC_GPC="1")
    assert "Your browser sends Global Privacy Control" in text(seen)
    assert "Sec-GPC" in seen["Vary"]
    assert "signal" not in kinds_of(alice)
    for _ in range(2):
        page = client.get(place).content.decode()
        nonce = re.search(r'name="nonce" value="([^"]+)"', page)[1]
        client.post(place, {"nonce": nonce, "do": "save"}, HTTP_SEC_GPC="1", **BROWSER)
    assert kinds_of(alice).count("signal") == 1
    assert ("newsletter", False) not in chosen(alice)
    assert "Your browser does not send" not in text(seen)


def test_a_full_link_leads_to_history_and_profile_and_a_choices_link_does_not(alice):
    full = text(visitor().get(links.address(link_of(alice, "full"), "preferences")))
    assert "What we hold" in full
    assert "What we hold" not in text(visitor().get(preferences_of(alice)))


def test_the_general_no_stands_in_the_history_with_its_section(alice):
    save(visitor(), preferences_of(alice), do="no")
    page = text(visitor().post(links.address(link_of(alice, "full")), {"what": "your choice"}, **BROWSER))
    assert "You opted out of marketing." in page
    assert "You can opt out of marketing at any time, and it stops the same day." in page
