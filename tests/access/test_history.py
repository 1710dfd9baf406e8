"""The history behind a private link."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from tests.acting import acting_as
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor
from tests.worlds import known_person

from troth import gate, in_force
from troth.access import story
from troth.collection.forms.types import TYPES
from troth.outbox import QueuedEmail
from troth.policy.meaning import MARKETING
from troth.records import ledger
from troth.records.ledger import Past
from troth.security import links
from troth.security.links import Link
from troth.uses.quotes.models import QuoteRequest
from troth.words.story import LineAbout
from troth.words.values import why_in_words


@pytest.fixture
def request_sent(site, run_jobs) -> QuoteRequest:
    """Marisol's request, routed, with her email."""
    assert send(visitor(), "/quote/", MARISOL).status_code == 303
    run_jobs()
    return QuoteRequest.objects.get()


def address_of(power: str) -> str:
    return links.address(Link.objects.get(power=power))


def kinds_of(quote: QuoteRequest) -> list[str]:
    return [entry.kind for entry in ledger.history(quote.person_id)]


def test_the_mailed_link_shows_nothing_before_the_button(request_sent):
    before = kinds_of(request_sent)
    page = text(visitor().get(address_of("full")))
    assert "Show my data" in page
    assert "come from our page" not in page
    assert not any(value in page for value in (MARISOL["name"], MARISOL["email"], request_sent.recipient_name))
    assert kinds_of(request_sent) == before


def test_the_button_shows_values_and_writes_that_she_looked(request_sent):
    page = text(visitor().post(address_of("full"), **BROWSER))
    for value in (
        "Marisol Vance",
        MARISOL["email"],
        "+1 559-555-0134",
        MARISOL["note"],
        "OptiPro Process",
        "California",
    ):
        assert value in page
    newest = ledger.history(request_sent.person_id)[0]
    assert (newest.kind, newest.purpose, newest.who) == ("used", "access", "person")
    assert re.search(r"ou viewed the \d+ details you gave us", page)


def test_a_button_pressed_on_another_page_shows_nothing(request_sent):
    before = kinds_of(request_sent)
    answer = visitor().post(address_of("full"), HTTP_ORIGIN="https://evil.example")
    page = text(answer)
    assert answer.status_code == 403
    assert "didn’t come from our page" in page
    assert "Use the button on this page" in page
    assert "Show my data" in page
    assert kinds_of(request_sent) == before
    assert MARISOL["email"] not in page


def test_the_receipts_link_shows_values_covered(request_sent):
    for address in (address_of("masked"), address_of("masked").replace("history", "receipt")):
        page = text(visitor().get(address))
        assert "M••• V•••" in page
        assert "m•••@h•••.example" in page
        assert not any(MARISOL[kind] in page for kind in ("name", "email", "note"))


def test_it_says_who_got_what_under_which_section_and_why(request_sent):
    page = text(visitor().post(address_of("full"), **BROWSER))
    assert re.search(rf"{request_sent.recipient_name} received the \d+ details you gave us\.", page)
    assert "We pass your contact details to the salesperson, distributor or consultant who can answer" in page
    assert why_in_words(request_sent.why) in page
    assert request_sent.why not in page
    assert re.search(r"You gave us \d+ details in “.+?”\.", page)
    assert re.search(r"Which \d+\? name, email", page)


def test_each_entry_of_a_request_leads_to_its_receipt(request_sent):
    page = visitor().post(address_of("full"), **BROWSER).content.decode()
    receipt = address_of("masked").replace("history", "receipt")
    assert f'<a href="{receipt}">' in page
    assert visitor().get(receipt).status_code == 200


def test_turning_the_page_is_one_look(request_sent):
    client = visitor()
    for _ in range(3):
        client.post(address_of("full"), {"page": "1"}, **BROWSER)
    looks = [entry for entry in ledger.history(request_sent.person_id) if entry.purpose == "access"]
    assert len(looks) == 1


def test_looking_again_later_is_another_look(request_sent, time_machine):
    client = visitor()
    client.post(address_of("full"), **BROWSER)
    Link.objects.filter(power="full").update(grant=request_sent.pk)  # no grant of hers: as good as an expired one
    client.post(address_of("full"), **BROWSER)
    looks = [
        entry for entry in ledger.history(request_sent.person_id) if (entry.kind, entry.purpose) == ("used", "access")
    ]
    assert len(looks) == 2


def test_the_filter_keeps_what_is_asked_for(request_sent):
    given = text(visitor().get(address_of("masked"), {"what": "given to others", "section": "U6"}))
    assert f"{request_sent.recipient_name} received the" in given
    assert "You gave us" not in given
    assert "No entries found" in text(visitor().get(address_of("masked"), {"to": "2020-01-01"}))
    assert "You gave us" in text(visitor().get(address_of("masked"), {"from": "no date", "page": "many"}))


def test_a_long_history_has_pages(request_sent, monkeypatch):
    from troth.access import browsing

    monkeypatch.setattr(browsing, "ENTRIES_A_PAGE", 3)
    first = text(visitor().get(address_of("masked")))
    assert "Older entries" in first
    assert "1 to 3 of" in first
    assert "4 to 6 of" in text(visitor().get(address_of("masked"), {"page": "2"}))


@pytest.mark.asvs("V2.3.2")
def test_wrong_links_open_the_same_plain_page_and_an_expired_one_says_so(request_sent):
    old = address_of("full")
    Link.objects.filter(power="full").update(expires_utc=datetime.now(UTC) - timedelta(seconds=1))
    wrong = [
        address_of("full").replace("history", "receipt"),
        "/history/" + "A" * 32 + "/",
        "/history/short/",
        "/receipt/" + "A" * 32 + "/",
    ]
    answers = [visitor().get(address) for address in wrong] + [
        visitor().post(address, **BROWSER) for address in wrong[1:3]
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({text(answer) for answer in answers}) == 1
    assert "This link doesn’t work" in text(answers[0])
    assert "This link has expired" not in text(answers[0])
    for answer in (visitor().get(old), visitor().post(old, **BROWSER)):
        assert answer.status_code == 404
        assert "This link has expired." in text(answer)


def test_the_mailed_link_opens_no_receipt_which_has_no_button(request_sent):
    before = kinds_of(request_sent)
    answer = visitor().get(address_of("full").replace("history", "receipt"))
    assert answer.status_code == 404
    assert kinds_of(request_sent) == before


def test_a_link_opens_one_person_only(request_sent, run_jobs):
    stranger = {**MARISOL, "name": "Charlie Stranger", "email": "charlie@elsewhere.example", "note": "Mine."}
    sent = send(visitor(), "/quote/", stranger)
    run_jobs()
    theirs = Link.objects.filter(power="full").exclude(person_id=request_sent.person_id).get()
    for page in (
        text(visitor().get(sent["Location"])),
        text(visitor().post(links.address(theirs), **BROWSER)),
    ):
        assert MARISOL["note"] not in page
        assert "Marisol" not in page
        assert request_sent.number not in page


def test_private_pages_are_kept_by_nobody(request_sent):
    for answer in (
        visitor().get(address_of("masked")),
        visitor().post(address_of("full"), **BROWSER),
        visitor().get("/history/x/"),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]


def test_no_table_stores_the_secret_of_a_link(request_sent):
    link = Link.objects.get(power="full")
    secret = links.address(link).split("/")[2]
    assert secret.encode() not in bytes(link.digest)
    assert secret not in str(QueuedEmail.objects.get(template="quotes/receipt").facts)


def test_staff_who_read_stand_in_it_by_name(request_sent):
    signed_in().post(
        f"/console/quotes/{request_sent.number}/",
        {"do": "contact", "reason": f"to answer your request {request_sent.number}"},
        **BROWSER,
    )
    page = text(visitor().get(address_of("masked")))
    assert re.search(
        r"Ines Moreau read the \d+ details you gave us\. Reason: to answer your request Q-\d{4}-0001", page
    )


@pytest.mark.parametrize(
    ("value", "kind_type", "cover"),
    [
        ("a@b.co", "email", "a•••@b•••.co"),
        ("+15595550134", "phone", "••• 34"),
        ("A long story", "long text", "•••"),
        ("Marisol de la Vance", "text", "M••• d••• l•••"),
    ],
)
def test_a_cover_never_tells_the_length(value, kind_type, cover):
    assert TYPES[kind_type].cover(value) == cover


def test_uses_of_many_people_stand_in_the_history_of_each(request_sent):
    person = request_sent.person_id
    bulk = gate.grant_selection(
        gate.select("updates", "email"), kinds=["email"], who="program:mailing", reason="notice of version 2"
    )
    assert isinstance(bulk, gate.BulkGrant)

    history = visitor().post(address_of("full"), **BROWSER)

    assert "used your email, along with data of other people (1 in total). Reason: notice of version 2" in text(history)
    assert "Open until" in text(history)
    assert person in {given.grant.person for given in gate.read_selection(bulk)}


def test_what_was_deleted_in_time_stands_in_the_history(request_sent, owner):
    person = request_sent.person_id
    owner.execute("update datum set kept_until_utc = now() - interval '1 day' where kind = 'phone'")
    owner.execute("update standing set settled_until = now() - interval '1 day' where person_id = %s", [person])
    gate.expire()

    assert "We deleted your phone because the retention period ended." in text(
        visitor().post(address_of("full"), **BROWSER)
    )


def test_routine_uses_are_folded_until_she_asks_for_each(request_sent):
    """The same entries stand on both pages; only how many lines are seen at once differs."""
    for reason in ("to check the first time", "to check the second time"):
        gate.grant(person=request_sent.asker, purpose="quotes", kinds=["email"], who="program:routing", reason=reason)
    folded = visitor().get(address_of("masked")).content.decode()
    one_by_one = visitor().get(address_of("masked"), {"routine": "1"}).content.decode()
    assert 'class="routine"' in folded
    assert 'class="routine"' not in one_by_one
    for sentence in ("to check the first time", "to check the second time"):
        assert sentence in folded
        assert sentence in one_by_one
    earliest = [each for each in ledger.history(request_sent.asker) if each.kind in ("collected", "used")][-2:]
    shown = [line.id for group in story.fold(story.write_story(earliest)) for line in group.lines]
    assert shown == [each.id for each in earliest], "One alone stays where it was: nothing is used before it is given."


def test_a_read_that_a_choice_stopped_and_a_company_in_a_list_of_staff_are_routine_and_a_lookup_is_not(request_sent):
    person = request_sent.asker
    for _page in range(2):
        gate.grant(person=person, purpose="quotes", kinds=["proof"], who="program:account", reason="to fill in a form")
    for kinds, reason in (["company"], "to work on a list"), (["name", "company"], "Ada called about her order"):
        chosen = gate.select_these(gate.pack([person]), "quotes", "company")
        with acting_as("ines", role="sales"):
            gate.grant_selection(chosen, kinds=kinds, who="staff:ines", reason=reason)
    groups = story.fold(story.write_story(list(Past([person]))))
    routine = [line.said.plain for group in groups if group.folded for line in group.lines]
    assert sum("We did not use your" in each for each in routine) == 2
    assert sum("to work on a list" in each for each in routine) == 1
    assert not any("Ada called" in each for each in routine)


def test_an_act_is_told_once_with_what_it_took_in_one_fold(site):
    people = [known_person({"email": "alice@ashby.example"}) for _submission in range(2)]
    gate.choose_all([gate.MadeChoice(each, MARKETING, in_force.policy().version, False) for each in people], way="form")
    with acting_as("yusuf", role="support"):  # one look at both, and one that was refused of both
        for each, purpose in product(people, ("inquiries", "quotes")):
            gate.grant(person=each, purpose=purpose, kinds=["email"], who="staff:yusuf", reason="to call them back")
    for reason in ("to check the first time", "to check the second time"):
        gate.grant(person=people[0], purpose="quotes", kinds=["email"], who="program:routing", reason=reason)
        gate.choose_all([gate.MadeChoice(people[0], "newsletter", in_force.policy().version, True)], way="form")

    abouts = {each: LineAbout("one submission", "") for each in people}
    groups = story.fold(story.write_story(list(Past(people)), abouts=abouts))

    loose = [line for group in groups if not group.folded for line in group.lines]
    folded = [line.said.plain for group in groups if group.folded for line in group.lines]
    for once in folded:
        assert sum(line.said.plain == once for line in loose) == ("to check the" not in once), once
    assert sum("yusuf" in each.lower() for each in folded) == 2
    (told,) = (line for line in loose if line.said.plain == folded[-1])
    assert told.about is None, "it is about both submissions"
    assert sum("to check the" in each for each in folded) == 2
    assert [group.new_day for group in groups].count(True) == 1


def test_rare_filters_are_shown_where_one_is_used(request_sent):
    """The fields are there either way: a fold without JavaScript sends what is in it."""
    plain, narrow = (visitor().get(address_of("masked"), query) for query in ({}, {"kind": "email"}))
    assert '<details class="whole">' in plain.content.decode()
    assert '<details class="whole" open>' in narrow.content.decode()
    assert 'name="section"' in plain.content.decode()
