"""Notices about products: registered, written by one and published by another, turned off for each product."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.utils import timezone
from tests.access.hers import chosen, preferences_of, save
from tests.access.test_signed_in import browser, owner_of
from tests.visits import BROWSER, send, signed_in, text, visitor

from troth import gate
from troth.desk import index
from troth.outbox import QueuedEmail, faults, returned, transport
from troth.records import ledger
from troth.records.accounts import join
from troth.uses.newsletter import issues
from troth.uses.newsletter.models import Installation, Issue

BEN = {
    "email": "ben.ito@pinnacle-pump.example",
    "product": "optipro-process",
    "installation": "v12.2.6",
    "name": "Ben Ito",
}
NOTICE = {
    "topic": "optipro-process",
    "language": "en",
    "subject": "Version 12.4.1 is ready",
    "text": "Faster **runs**.",
}
NEW = "/console/newsletters/new/?of=product-updates"


def _register(**values):
    sent = send(visitor(), "/installations/register/", BEN | values)
    assert sent.status_code == 303, text(sent)
    return Installation.objects.latest("registered_utc")


def _enter(client, **values):
    address = "/console/newsletters/installations/"
    nonce = re.search(r'name="nonce" value="([^"]+)"', client.get(address, **BROWSER).content.decode())[1]
    return client.post(address, {"nonce": nonce, **BEN, **values}, **BROWSER)


def _author():
    return signed_in("lena", role="product", name="Lena Brandt")


def _second():
    return signed_in("yusuf", role="support", name="Yusuf Adeyemi")


def _write(client, **values):
    tomorrow = timezone.now() + timedelta(days=1)
    fields = {**NOTICE, "do": "schedule", "day": f"{tomorrow:%Y-%m-%d}", "clock": "07:00"}
    answer = client.post(NEW, fields | values, **BROWSER)
    assert answer.status_code == 303, text(answer)
    return answer["Location"].partition("?")[0]


def _publish(**values):
    address = _write(_author(), **values)
    assert _second().post(address, {"do": "approve"}, **BROWSER).status_code == 303
    issue = Issue.objects.latest("saved_utc")
    with transaction.atomic():
        issues.begin(issue.pk, at_utc=issue.scheduled_utc)
    return issue, address


def _sent_to():
    return set(QueuedEmail.objects.filter(template="newsletter/update").values_list("person_id", flat=True))


@pytest.mark.clause("U1")
def test_U1_a_notice_reaches_who_registered_the_product_and_whoever_turned_it_off_gets_no_more(site, run_jobs):
    ben, other = _register(), _register(email="lu@tidewater-seals.example", product="optipro-quality")
    assert gate.decide(ben.person_id, "product-updates", ["installation"])["installation"].allowed
    assert (ben.product, ben.release) == ("optipro-process", "12.2.6")
    gate.choose(person=ben.person_id, question="marketing", version=site.version, yes=False, way="form")
    _issue, address = _publish()
    run_jobs()
    assert _sent_to() == {ben.person_id} != {other.person_id}
    email = QueuedEmail.objects.get(template="newsletter/update")
    mail = message_from_bytes((transport.folder() / f"{email.id}.eml").read_bytes(), policy=policy.default)
    words = mail.get_body(("plain",)).get_content()
    assert "You get this email because you own or use OptiPro Process." in words
    assert "We notify owners and users of our software about updates" in words
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = text(_author().get(address, **BROWSER))
    assert "approved by Yusuf Adeyemi" in page
    assert "1 of 1" in page
    assert "Version 12.4.1" not in text(visitor().get("/newsletters/"))
    stop = re.search(r"<http://localhost:8000(\S+)>", mail["List-Unsubscribe"])[1]
    visitor().get(stop)  # as a scanner does
    assert chosen(ben.person_id) == [("marketing", False)]
    visitor().post(stop, {"List-Unsubscribe": "One-Click"})
    assert chosen(ben.person_id)[-1] == ("product-updates/optipro-process", False)
    _publish(subject="Version 12.4.2 is ready")
    run_jobs()
    assert QueuedEmail.objects.filter(template="newsletter/update").count() == 1
    assert gate.decide(ben.person_id, "support", ["email"])["email"].allowed


@pytest.mark.clause("U1")
def test_U1_each_product_can_be_turned_off_on_the_page_of_choices(site):
    ben = _register()
    page = text(visitor().get(preferences_of(ben.person_id)))
    assert "OptiPro Process You registered OptiPro Process 12.2.6." in page
    assert "OptiPro Quality" not in page
    was = re.findall(r'name="was" value="([^"]+)"', visitor().get(preferences_of(ben.person_id)).content.decode())
    assert "product-updates/optipro-process" in was
    save(
        visitor(), preferences_of(ben.person_id), on=[each for each in was if each != "product-updates/optipro-process"]
    )
    assert chosen(ben.person_id) == [("product-updates/optipro-process", False)]
    assert not list(gate.select("product-updates", "email", topic="optipro-process"))
    assert list(gate.select("product-updates", "email", topic="optipro-quality")) == [ben.person_id]


@pytest.mark.clause("U1")
def test_U1_someone_who_removes_an_installation_gets_no_notice_because_of_it_and_can_undo_that(site, run_jobs):
    ben = _register()
    user, _person = owner_of(BEN["email"])
    join(user=user.pk, person=ben.person_id, address=BEN["email"], way="same address")
    owner, stranger = browser(user), browser(owner_of("eve@eve.example")[0])
    page = "/account/products/"
    stranger.post(page, {"remove": str(ben.pk)}, **BROWSER)
    owner.post(page, {"remove": str(ben.pk)}, HTTP_ORIGIN="https://elsewhere.example")
    assert Installation.objects.get().removed_utc is None
    assert "Installation I-" in text(owner.get(page, **BROWSER))
    fixes = "Fixes You registered OptiPro Process 12.2.6."
    assert fixes in text(owner.get("/account/preferences/"))
    index.correct(ben.pk, "installation", "optipro-process@12.2.7")
    assert "You registered OptiPro Process 12.2.7." in text(owner.get("/account/preferences/")), "as it was corrected"
    index.correct(ben.pk, "installation", "optipro-process@12.2.6")
    led = owner.post(page, {"remove": str(ben.pk)}, **BROWSER)
    done = owner.get(led["Location"], **BROWSER)
    assert "You removed OptiPro Process 12.2.6" in text(done)
    assert "Installation I-" not in text(owner.get(page, **BROWSER))
    twice = owner.post(page, {"remove": str(ben.pk)}, **BROWSER)
    assert "There was nothing to remove." in text(owner.get(twice["Location"], **BROWSER))
    assert fixes not in text(owner.get("/account/preferences/"))
    _publish()
    run_jobs()
    assert _sent_to() == set()
    sealed = re.search(r'name="done" value="([^"]+)"', done.content.decode())[1]
    again = owner.post("/account/undo/", {"done": sealed}, **BROWSER)
    assert "OptiPro Process 12.2.6 is registered again." in text(owner.get(again["Location"], **BROWSER))
    assert Installation.objects.get().removed_utc is None
    listed = _author().get("/console/newsletters/installations/", {"format": "csv"}, **BROWSER)
    assert ben.number in listed.content.decode()
    assert "@" not in listed.content.decode()
    author, listed_at = _author(), "/console/newsletters/installations/"
    by_staff = author.post(listed_at, {"remove": str(ben.pk)}, **BROWSER)
    late = author.post(listed_at, {"remove": str(ben.pk)}, **BROWSER)
    assert "This installation was already removed." in text(author.get(late["Location"], **BROWSER))
    sealed = unquote(by_staff["Location"].partition("done=")[2])
    assert Installation.objects.get().removed_utc is not None
    assert "Lena Brandt removed your installation I-" in text(owner.get("/account/data/", **BROWSER))
    owner.post("/account/undo/", {"done": sealed}, **BROWSER)
    assert Installation.objects.get().removed_utc is not None, "Of another session."
    who = [entry.who for entry in ledger.history(ben.person_id) if entry.kind == "newsletter/installation"]
    assert sorted(who) == ["person", "person", "staff:lena"]


@pytest.mark.clause("U1")
def test_U1_an_upgrade_that_their_maintenance_does_not_cover_is_not_sent_as_a_notice(site, run_jobs):
    _register(email="iva@north-star-flavors.example")
    _register()
    client, today = _author(), timezone.localdate()
    assert (
        _enter(client, email="iva@north-star-flavors.example", maintenance=f"{today + timedelta(days=90)}").status_code
        == 303
    )
    assert _enter(client, email="leo@boise.example", maintenance=f"{today - timedelta(days=9)}").status_code == 303
    paid = Installation.objects.get(maintained_until=today + timedelta(days=90))
    counted = text(client.post(NEW, {**NOTICE, "do": "count", "covered": "yes"}, **BROWSER))
    assert "1 of 3 people" in counted
    assert "Their maintenance doesn’t cover it, so it would be marketing 2" in counted
    _publish(covered="yes")
    run_jobs()
    assert _sent_to() == {paid.person_id}


@pytest.mark.clause("U1")
def test_U1_a_notice_is_chosen_by_the_release_in_use(site, run_jobs):
    old, _new = _register(), _register(email="new@mar-vista-foods.example", installation="12.4.0")
    client = _author()
    assert "1 of 2 people" in text(client.post(NEW, {**NOTICE, "do": "count", "below": "12.3"}, **BROWSER))
    wrong = client.post(NEW, {**NOTICE, "do": "save", "below": "twelve"}, **BROWSER)
    assert (wrong.status_code, "Enter the release as numbers with dots" in text(wrong)) == (400, True)
    assert 'name="below" value="twelve"' in wrong.content.decode(), "It stays to be corrected."
    _publish(below="12.3")
    run_jobs()
    assert _sent_to() == {old.person_id}


@pytest.mark.clause("U1")
def test_U1_two_people_publish_a_notice_and_the_second_is_shown_what_sounds_like_an_offer(site):
    client = _author()
    address = _write(client, text="Faster runs.\n\nUpgrade now and save a day.")
    issue = Issue.objects.get()
    assert issue.state == "review"
    own = client.post(address, {"do": "approve"}, **BROWSER)
    assert (own.status_code, Issue.objects.get().state) == (409, "review")
    assert "You wrote this notice, so someone else has to approve it." in text(own)
    with pytest.raises(issues.NotNow):
        issues.schedule(issue.pk, for_utc=timezone.now())
    waits = f"“{issue.subject}” waits for your approval."
    assert (waits in text(_second().get("/console/")), waits in text(client.get("/console/"))) == (True, False)
    page = text(_second().get(address, **BROWSER))
    assert "Line 3: “upgrade now and save” urges to buy or upgrade" in page
    assert "an upgrade may only be offered to those whose maintenance covers it" in page
    second = _second()
    returned = second.post(address, {"do": "give back"}, **BROWSER)
    said = second.get(returned["Location"], **BROWSER)
    assert "You returned it to Lena Brandt." in text(said)
    sealed = re.search(r'name="done" value="([^"]+)"', said.content.decode())[1]
    again = second.post("/account/undo/", {"done": sealed}, **BROWSER)
    assert "It waits for approval again." in text(second.get(again["Location"], **BROWSER))
    assert second.post(address, {"do": "give back"}, **BROWSER).status_code == 303
    assert "returned it without approval." in text(client.get(address, **BROWSER))
    with pytest.raises(issues.NeedsTwo):
        issues.schedule(issue.pk, for_utc=timezone.now())
    refused = client.post(address, {**NOTICE, "do": "save", "text": "::: offer\n10% off.\n:::"}, **BROWSER)
    assert "Only marketing emails can contain an offer." in text(refused)
    assert signed_in("colette", role="marketing", name="Colette Marsh").get(address, **BROWSER).status_code == 404


def test_a_release_that_is_none_is_refused_beside_its_field(site):
    sent = send(visitor(), "/installations/register/", BEN | {"installation": "the new one"})
    assert sent.status_code == 400
    assert "Enter the release as numbers with dots, such as 12.4.0." in text(sent)
    assert not Installation.objects.exists()


def test_an_issue_stops_itself_when_readers_complain_and_its_report_says_what_came_back(site, run_jobs):
    for number in range(3):
        _register(email=f"reader{number}@mar-vista-foods.example")
    issue, address = _publish()
    issues.send(issue.pk, at_utc=timezone.now())
    run_jobs()
    one, two, _three = QueuedEmail.objects.filter(template="newsletter/update").order_by("id")
    Issue.objects.filter(pk=issue.pk).update(state="sending")
    returned.note_complaint(one.pk)
    returned.note_bounce(two.pk, status="5.1.1", fault=faults.sort_reply(550, "5.1.1", "no such user"))
    page = text(_author().get(address, **BROWSER))
    assert "Sent 3 100.0%" in page
    assert "Delivered 2 Bounced 1 1 for good" in page
    assert "Complaints 1 limit: 1" in page
    assert "Bounced: nobody is there 1 Address blocked until it’s confirmed again or unblocked" in page
    assert Issue.objects.get().why == "complaints"
    assert "Too many readers reported it as spam" in text(_author().get(address, **BROWSER))
