"""Signing up for a newsletter: asked by email, begun by a button, forgotten without one, left at any time."""

import base64
import hashlib
import html
import re
import shutil
import zoneinfo
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import transaction
from django.utils import timezone
from tests.access.hers import chosen, preferences_of, save
from tests.access.test_signed_in import browser, owner_of
from tests.passing import pass_until
from tests.visits import BROWSER, SITE, send, signed_in, text, visitor

from troth import gate, in_force
from troth.composing import Composed, compose
from troth.outbox import QueuedEmail, delivery, pictures, suppression, transport
from troth.outbox.faults import NOBODY
from troth.records import ledger, profile
from troth.records.ledger import issuing, receipts
from troth.records.ledger.payloads import Expired
from troth.uses.newsletter import actions, files, issues, report
from troth.uses.newsletter.entries import ConfirmedTopic
from troth.uses.newsletter.mailings import MAILINGS
from troth.uses.newsletter.models import ConfirmationCount, Issue, IssueRecipient, SignUp

ADA = {"email": "ada.okafor@brightwater.example", "news": "Process manufacturing", "name": "Ada Buy-Now Okafor"}
ONE = "/newsletters/sign-up/"
NEW = "/console/newsletters/new/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def _sign_up(**values):
    sent = send(visitor(), ONE, ADA | values)
    assert sent.status_code == 303, text(sent)
    return SignUp.objects.latest("asked_utc")


def _mail(template, cause):
    email = QueuedEmail.objects.get(template=template, request=cause)
    parsed = message_from_bytes((transport.folder() / f"{email.id}.eml").read_bytes(), policy=policy.default)
    return parsed, parsed.get_body(("plain",)).get_content()


def _path(words):
    return re.search(r"http://localhost:8000(/newsletters/confirm/\S+)", words)[1]


def _press(path):
    client = visitor()
    page = client.get(path, **BROWSER).content.decode()
    secret = re.search(r'name="secret" value="([^"]+)"', page)[1]
    return client.post("/newsletters/confirm/", {"secret": secret, "do": "confirm"}, **BROWSER)


@pytest.fixture
def subscriber(site, run_jobs):
    found = _sign_up()
    run_jobs()
    assert _press(_path(_mail("newsletter/confirm", found.pk)[1])).status_code == 200
    run_jobs()
    return found


@pytest.mark.clause("U4")
def test_a_topic_starts_by_the_button_alone_and_the_proof_says_which_words_were_agreed_to(site, run_jobs):
    found = _sign_up()
    run_jobs()
    mail, words = _mail("newsletter/confirm", found.pk)
    assert QueuedEmail.objects.get(request=found.pk).lane == "case", "No notice to many keeps a confirmation waiting."
    assert "Buy-Now" not in mail.as_string()
    assert "Process manufacturing" in mail["Subject"]
    assert mail["List-Unsubscribe"] is None
    for address in re.findall(r"http://localhost:8000(\S+)", words):
        visitor().get(address)  # as a scanner opens every link
    assert not list(gate.select("newsletter", "email", topic="process"))
    answer = _press(_path(words))
    assert "You’re signed up for “Process manufacturing”" in text(answer)
    assert chosen(found.person_id) == [("newsletter", True), ("newsletter/process", True)]
    assert list(gate.select("newsletter", "email", topic="process")) == [found.person_id]
    assert not list(gate.select("newsletter", "email", topic="discrete"))
    (proof,) = [entry for entry in ledger.history(found.person_id) if entry.kind == "newsletter/confirmed"]
    assert (proof.version, proof.read(ConfirmedTopic).topic, proof.read(ConfirmedTopic).way) == (
        1,
        "process",
        "confirmed by email",
    )
    assert proof.read(ConfirmedTopic).sha256 == actions.hash_consent("newsletter", "process")
    run_jobs()
    welcome, said = _mail("newsletter/welcome", found.pk)
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "only if you sign up for it and confirm that by email" in said
    assert "http://localhost:8000/newsletters/#topic-process" in said
    used = text(visitor().get(_path(words)))
    assert "already been used" in used
    assert "Reset your password" not in used, "It was of no account."


@pytest.mark.clause("U4")
def test_one_confirmation_a_day_and_three_in_all_for_each_topic(site):
    now = timezone.now()
    assert actions.describe(_sign_up()) == actions.describe(_sign_up())
    assert SignUp.objects.filter(mailed=True).count() == 1
    for days in (1, 2, 3):
        ConfirmationCount.objects.update(last_utc=now - timedelta(days=1, minutes=1))
        _sign_up()
        assert SignUp.objects.filter(mailed=True).count() == min(days + 1, 3)
    _sign_up(news="Discrete manufacturing")
    assert SignUp.objects.filter(mailed=True).count() == 4
    assert QueuedEmail.objects.filter(template="newsletter/confirm").count() == 4


@pytest.mark.clause("U4")
def test_a_receipt_does_not_tell_who_signed_up_before(site, run_jobs):
    answers = [send(visitor(), ONE, ADA) for _time in range(2)]
    pages = [text(visitor().get(answer["Location"])) for answer in answers]
    first, second = (re.sub(r"N-\d{4}-\d{4}|\d{1,2}:\d\d", "", page) for page in pages)
    assert first == second
    for answer in answers:
        history = answer["Location"].replace("/receipt/", "/history/")
        assert visitor().get(history).status_code == 404


@pytest.mark.clause("U4")
def test_no_confirmation_goes_where_someone_complained_and_one_goes_where_an_email_bounced(site):
    suppression.suppress(ADA["email"], why="complaint")
    assert not _sign_up().mailed
    suppression.suppress("rea@brightwater.example", why="bounce")
    assert _sign_up(email="rea@brightwater.example").mailed
    assert suppression.find_suppression("rea@brightwater.example") is None


def test_a_newly_confirmed_address_starts_fresh_and_no_other_address_does(site, run_jobs):
    other = "bo.lindt@brightwater.example"
    found = _sign_up()
    run_jobs()
    for address in (ADA["email"], other):
        suppression.suppress(address, why="bounce")
    assert _press(_path(_mail("newsletter/confirm", found.pk)[1])).status_code == 200
    assert not suppression.is_suppressed(ADA["email"])
    assert suppression.is_suppressed(other)
    run_jobs()
    assert QueuedEmail.objects.get(template="newsletter/welcome", person=found.person_id).state == "sent"


@pytest.mark.clause("U4")
def test_the_proof_of_a_confirmation_verifies_offline_and_names_its_words(subscriber, sealer):
    sealer.seal_all()
    (proof,) = [entry for entry in ledger.history(subscriber.person_id) if entry.kind == "newsletter/confirmed"]
    (receipt,) = receipts.read(receipts.write_file(issuing.receipts([proof])))
    assert receipt.verify(issuing.public_keys()).size > 0
    assert proof.read(ConfirmedTopic).sha256 in str(receipt.as_json()["entry"]["payload"])
    words = visitor().get(f"/newsletters/wording/{proof.read(ConfirmedTopic).sha256}/?format=text").content
    assert hashlib.sha256(words).hexdigest() == proof.read(ConfirmedTopic).sha256
    assert "Yes, send me “Process manufacturing”" in words.decode()
    assert visitor().get(f"/newsletters/wording/{'0' * 64}/").status_code == 404


@pytest.mark.clause("U4")
def test_what_nobody_confirms_within_7_days_is_deleted(site):
    found = _sign_up()
    assert actions.forget_unconfirmed(at_utc=timezone.now() + timedelta(days=6, hours=23)) == 0
    assert actions.forget_unconfirmed(at_utc=timezone.now() + timedelta(days=7)) == 1
    assert not SignUp.objects.exists()
    assert not profile.list_data(found.person_id)
    (gone,) = [entry for entry in ledger.history(found.person_id) if entry.kind == "expired"]
    assert (gone.purpose, gone.read(Expired).why) == ("confirmations", "unconfirmed")


ON = ("marketing", "content", "convenience", "product-updates")


def test_another_topic_among_the_choices_starts_by_email_too_and_leaving_needs_none(subscriber, run_jobs):
    person = subscriber.person_id
    on = [*ON, "newsletter", "newsletter/process"]
    answer = save(visitor(), preferences_of(person), on=[*on, "newsletter/releases"])
    assert "“Newsletters: Product releases” starts once you confirm it" in text(answer)
    assert ("newsletter/releases", True) not in chosen(person)
    run_jobs()
    second = SignUp.objects.latest("asked_utc")
    assert "waiting for you We emailed you a link on" in text(visitor().get(preferences_of(person)))
    soon = save(visitor(), preferences_of(person), do="again:newsletter/releases")
    assert "use the link that we emailed you earlier" in text(soon)
    ConfirmationCount.objects.update(last_utc=timezone.now() - timedelta(days=1, minutes=1))
    later = save(visitor(), preferences_of(person), do="again:newsletter/releases")
    assert "we just emailed you a link" in text(later)
    _press(_path(_mail("newsletter/confirm", second.pk)[1]))
    assert chosen(person)[-1] == ("newsletter/releases", True)
    run_jobs()
    assert "Product releases" in _mail("newsletter/welcome", second.pk)[0]["Subject"], "One welcome for each topic."
    save(visitor(), preferences_of(person), on=on)
    assert chosen(person)[-1] == ("newsletter/releases", False)
    suppression.suppress(ADA["email"], why="complaint")
    refused = save(visitor(), preferences_of(person), on=[*on, "newsletter/events"])
    assert "reported our email to this address as spam, so we send no link" in text(refused)
    assert not SignUp.objects.latest("asked_utc").mailed


def test_who_never_signed_up_turns_a_topic_on_among_the_choices_of_an_account(site, run_jobs):
    user, person = owner_of("vera.stone@brightwater.example")
    client, place = browser(user), "/account/preferences/"
    assert "we email a link to vera.stone@brightwater.example" in text(client.get(place))
    wanted = {"on": [*ON, "newsletter/process", "notices"], "was": ON}
    answer = client.get(save(client, place, **wanted)["Location"])
    assert "“Newsletters: Process manufacturing” starts once you confirm it" in text(answer)
    assert "“Notices about this policy” starts once you confirm it" in text(answer)
    found = SignUp.objects.get(topic="process")
    assert (found.place, found.mailed) == ("form.news", True)
    assert {datum.channel for datum in profile.list_data(found.person_id)} == {"form.news"}
    save(client, place, **wanted)
    assert not SignUp.objects.filter(person=found.person_id).exclude(pk=found.pk).filter(mailed=True).exists()
    run_jobs()
    mail, words = _mail("newsletter/confirm", found.pk)
    assert mail["To"].addresses[0].addr_spec == "vera.stone@brightwater.example"
    _press(_path(words))
    assert list(gate.select("newsletter", "email", topic="process")) == [found.person_id]
    assert "newsletter" not in {question for question, _yes in chosen(person)}
    assert "On since" in text(client.get(place)).partition("Process manufacturing")[2][:200]


@pytest.mark.parametrize("leave", [{"do": "leave:newsletter"}, {"do": "save"}])
def test_who_left_all_topics_and_comes_back_for_one_gets_no_other(subscriber, run_jobs, leave):
    person, place = subscriber.person_id, preferences_of(subscriber.person_id)
    leave |= {"was": [*ON, "newsletter", "newsletter/process"], "on": [*ON, "newsletter/process"]}
    left = save(visitor(), place, **leave)
    assert chosen(person)[-2:] == [("newsletter", False), ("newsletter/process", False)]
    sealed = re.search(r'name="done" value="([^"]+)"', left.content.decode())[1]
    save(visitor(), place, do="undo", done=sealed)
    assert list(gate.select("newsletter", "email", topic="process")) == [person]
    save(visitor(), place, **leave)
    save(visitor(), place, on=[*ON, "newsletter/releases"])
    run_jobs()
    second = SignUp.objects.latest("asked_utc")
    _press(_path(_mail("newsletter/confirm", second.pk)[1]))
    assert list(gate.select("newsletter", "email", topic="releases")) == [person]
    assert list(gate.select("newsletter", "email", topic="process")) == []


@pytest.mark.parametrize("paused", ["newsletter", ""])
def test_a_topic_that_is_confirmed_during_a_pause_starts_when_the_pause_ends(subscriber, run_jobs, paused):
    place = preferences_of(subscriber.person_id)
    pause = {"do": f"pause:{paused}".rstrip(":"), f"days-{paused}" if paused else "days": "30"}
    save(visitor(), place, **pause)
    second = _sign_up(news="Product releases")
    run_jobs()
    path = _path(_mail("newsletter/confirm", second.pk)[1])
    asked = text(visitor().get(path))
    assert "Your pause goes on, and “Product releases” starts when it ends." in asked
    assert "turns marketing back on" not in asked
    assert "It starts when your pause ends on" in text(_press(path))
    for topic in ("process", "releases"):
        assert list(gate.select("newsletter", "email", topic=topic)) == []
    assert re.search("paused (everything above )?until", text(visitor().get(place)))
    pass_until(timezone.now() + timedelta(days=31))
    assert list(gate.select("newsletter", "email", topic="process")) == [subscriber.person_id]
    assert list(gate.select("newsletter", "email", topic="releases")) == [second.person_id]
    run_jobs()
    welcomed = QueuedEmail.objects.filter(template="newsletter/welcome").order_by("queued_utc")
    assert [email.request for email in welcomed] == [subscriber.pk, second.pk]


def test_coming_back_after_a_no_to_all_marketing_is_said_before_the_button(subscriber, run_jobs):
    save(visitor(), preferences_of(subscriber.person_id), do="no")
    assert not list(gate.select("newsletter", "email", topic="process"))
    again = _sign_up()
    run_jobs()
    path = _path(_mail("newsletter/confirm", again.pk)[1])
    assert "Confirming turns marketing back on" in text(visitor().get(path))
    assert "sent you a welcome email" not in text(_press(path))
    assert list(gate.select("newsletter", "email", topic="process")) == [again.person_id]
    run_jobs()
    assert QueuedEmail.objects.filter(template="newsletter/welcome").count() == 1


def test_the_form_offers_what_the_policy_lists_as_topics(site):
    assert set(site.kinds["news"].values) == {topic.title for topic in site.purposes["newsletter"].topics}
    assert "7 days" in text(visitor().get("/policy"))
    chosen_before = re.findall(r'<option value="([^"]+)" selected', visitor().get(ONE).content.decode())
    assert not chosen_before, "What nobody chose is not kept: countries are optional here."


def _write(**values):
    client = signed_in("colette", role="marketing", name="Colette Marsh")
    fields = {
        "topic": "process",
        "language": "en",
        "subject": "Recall in two minutes",
        "text": "A **fast** trace.\n\n::: offer\n10% off.\n:::",
    }
    return client, client.post("/console/newsletters/new/", fields | values, **BROWSER)


def _page(answer):
    """The page that the answer leads to, without what it says there of the act."""
    return answer["Location"].partition("?")[0]


@pytest.mark.clause("U4")
def test_an_issue_is_written_counted_scheduled_sent_once_an_address_and_read_in_the_archive(subscriber, run_jobs):
    other = _sign_up()  # the same address once more, confirmed too
    run_jobs()
    ConfirmationCount.objects.update(last_utc=timezone.now() - timedelta(days=2))
    client, saved = _write(do="save")
    assert saved.status_code == 303, text(saved)
    page = text(client.get(saved["Location"], **BROWSER))
    assert "You saved version 1. Nothing is sent before it’s scheduled." in page
    assert "1 of 1 people" in page
    assert "10% off." in client.get(_page(saved) + "preview/?screen=dark", **BROWSER).content.decode()
    typed = {"topic": "process", "language": "en", "subject": "Not saved", "text": "*Typed* now.", "do": "preview"}
    for page in (_page(saved), "/console/newsletters/new/"):  # also what was never saved
        shown = client.post(page, typed, **BROWSER)
        assert "<em>Typed</em> now." in shown.content.decode()
        assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    wrong = client.post(_page(saved), {**typed, "subject": "X"}, **BROWSER).content.decode()
    assert "Write a subject of 3 to 120 characters." in wrong, "The preview says why it shows no text."
    late = client.post(_page(saved), {**typed, "do": "schedule", "day": "2020-01-01", "clock": "07:00"}, **BROWSER)
    assert "This time has passed." in text(late)
    assert Issue.objects.get().subject != "Not saved"
    at = timezone.localtime(timezone.now(), zoneinfo.ZoneInfo("America/Los_Angeles"))
    fields = {"topic": "process", "language": "en", "subject": "Recall in two minutes", "text": "A **fast** trace."}
    fields |= {"do": "schedule", "day": f"{at:%Y-%m-%d}", "clock": f"{at:%H:%M}"}
    asked = client.post(_page(saved), fields, **BROWSER)
    assert "Send “Recall in two minutes” to 1 person? Sending begins at once" in text(asked)
    sure = {"do": "confirm", "day": fields["day"], "clock": fields["clock"]}
    stale = client.post(_page(saved), {**sure, "edition": "1"}, **BROWSER)
    assert stale.status_code == 409, "Another version than the one that the page asked about."
    assert Issue.objects.get().state == "draft"
    assert client.post(_page(saved), {**sure, "edition": "2"}, **BROWSER).status_code == 303
    issue = Issue.objects.get()
    assert (issue.state, issue.edition) == ("scheduled", 2)
    chosen_by = {**fields, "do": "count", "is-customer": ["We use it"]}
    assert "0 of 1 people" in text(client.post("/console/newsletters/new/", chosen_by, **BROWSER))
    gone = client.post("/console/newsletters/new/", {**chosen_by, "do": "save", "is-customer": ["Gone"]}, **BROWSER)
    assert (gone.status_code, "part of what you chose is no longer offered" in text(gone)) == (400, True)
    odd = client.post("/console/newsletters/new/", {**chosen_by, "how-customer": "all", "pace": "7"}, **BROWSER)
    assert "choose “Only these” or “All except these”" in text(odd)
    assert ("Choose a pace from the list." in text(odd), odd.status_code) == (True, 400)
    others = client.post("/console/newsletters/new/", {**chosen_by, "how-customer": "except"}, **BROWSER)
    assert "1 of 1 people" in text(others)
    assert re.search(
        r"For: [^.]+ · [^.]+: not We use it \(1 of 1 people\)\. Everyone gets the same text\.", text(others)
    )
    assert re.search(r'<option value="except"\s+selected>', others.content.decode())
    with transaction.atomic():
        issues.begin(issue.pk, at_utc=timezone.now())
    run_jobs()
    issue.refresh_from_db()
    assert issue.state == "sent"
    email = QueuedEmail.objects.get(template="newsletter/issue")
    assert email.person_id == subscriber.person_id
    mail, words = _mail("newsletter/issue", email.request)
    assert mail["Subject"] == "Recall in two minutes"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(
        said in words for said in ("A fast trace.", "You get this email because you confirmed", "Irvine, CA 92618")
    )
    assert "<img" not in mail.get_body(("html",)).get_content()
    reader = visitor()
    assert "Recall in two minutes" in text(reader.get("/newsletters/"))
    assert "A fast trace." in text(reader.get(f"/newsletters/{issue.slug}/"))
    assert "<title>Recall in two minutes</title>" in reader.get("/newsletters/feed.atom").content.decode()
    assert "<title>Recall in two minutes</title>" in reader.get("/newsletters/feed.atom?topic=process").content.decode()
    other_topics = [each.id for each in in_force.policy().purposes["newsletter"].topics if each.id != "process"]
    assert "Recall" not in reader.get(f"/newsletters/feed.atom?topic={other_topics[0]}").content.decode()
    assert reader.get("/newsletters/feed.atom?topic=nonsense").status_code == 404
    stop = re.search(r"<http://localhost:8000(\S+)>", mail["List-Unsubscribe"])[1]
    assert visitor().post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert chosen(subscriber.person_id)[-1] == ("newsletter/process", False)
    shown = text(client.get(_page(saved), **BROWSER))
    assert "1 of 1" in shown
    listed = client.get("/console/newsletters/", **BROWSER)
    assert "data-row" in listed.content.decode(), "The letter keys step through the list."
    row = text(listed).partition(issue.subject)[2]
    assert re.search(r"sent \w+ \d+, \d+ 1 1\b", row), "The list has the figures before they are final."
    assert "Unsubscribed 1" in shown
    figures = client.get(f"{_page(saved)}?format=csv", **BROWSER)
    assert figures.headers["Content-Disposition"] == 'attachment; filename="newsletter-report.csv"'
    assert {"Audience,1", "Sent,1", "Unsubscribed,1"} <= set(figures.content.decode().split("\r\n"))
    assert other.person_id != subscriber.person_id


def test_an_issue_that_is_stopped_goes_on_with_the_rest_and_one_that_comes_late_waits(subscriber, run_jobs):
    now = timezone.now()
    written = issues.WrittenIssue(
        purpose="newsletter", topic="process", subject="Late", text="Hello.", segment=None, language="en"
    )
    issue = issues.save(None, written, who="staff:x", at_utc=now)
    issues.schedule(issue.pk, for_utc=now - timedelta(hours=7))
    with transaction.atomic():
        issues.begin(issue.pk, at_utc=now)
    assert Issue.objects.get().why == "late"
    assert "“Late” stopped and waits for a decision." in text(signed_in("colette", role="marketing").get("/console/"))
    issues.resume(issue.pk, at_utc=now)
    issues.stop(issue.pk)
    run_jobs()
    assert not QueuedEmail.objects.filter(template="newsletter/issue").exists()
    issues.resume(issue.pk, at_utc=now)
    issues.send(issue.pk, at_utc=now)
    issues.send(issue.pk, at_utc=now)  # as after a kill
    run_jobs()
    assert QueuedEmail.objects.filter(template="newsletter/issue").count() == 1
    for fault, follows in ((NOBODY, "Address blocked until"), ("address", "Included in the next issue")):
        with transaction.atomic():
            QueuedEmail.objects.filter(template="newsletter/issue").update(
                state="failed", why="smtp 550 5.1.1", fault=fault
            )
            reason = report.list_reasons(report.count(Issue.objects.get()), MAILINGS["newsletter"])[0]
            assert reason.follows.startswith(follows)
            QueuedEmail.objects.filter(template="newsletter/issue").update(state="sent", why="", fault="")
    with transaction.atomic():
        issues.settle(issue.pk)
    settled = Issue.objects.get()
    assert (settled.figures["sent"], settled.figures["audience"], settled.figures["left"]) == (1, 1, 0)
    assert not IssueRecipient.objects.exists()


def test_a_sending_that_is_stopped_and_resumed_says_what_waits_who_did_it_and_what_follows(subscriber, run_jobs):
    now = timezone.now()
    written = issues.WrittenIssue(
        purpose="newsletter", topic="process", subject="Half way", text="Hello.", segment=None, language="en"
    )
    issue = issues.save(None, written, who="staff:x", at_utc=now)
    issues.schedule(issue.pk, for_utc=now)
    with transaction.atomic():
        issues.begin(issue.pk, at_utc=now)
    issues.send(issue.pk, at_utc=now)
    client, address = signed_in("colette", role="marketing", name="Colette Marsh"), f"/console/newsletters/{issue.pk}/"
    going = client.get(address, **BROWSER)
    assert going.headers["Refresh"]
    assert "Sent 0 0.0% Waiting 1 Held 0" in text(going)
    assert "weren’t sent it" not in text(going), "it is on its way"
    client.post(address, {"do": "stop"}, **BROWSER)
    stopped = client.get(address, **BROWSER)
    assert "Refresh" not in stopped.headers
    assert "Colette Marsh stopped it." in text(stopped)
    assert "Held: the sending was stopped 1 Sent once it’s resumed" in text(stopped)
    client.post(address, {"do": "resume"}, **BROWSER)
    run_jobs()
    assert "Sent 1 100.0% Held 0" in text(client.get(address, **BROWSER))
    log = text(signed_in("ada", role="admin").get("/console/activity", **BROWSER))
    assert "Colette Marsh Stopped an issue that was being sent" in log
    assert "Colette Marsh Resumed an issue that was stopped" in log


def test_a_picture_goes_inside_the_email_and_no_server_is_asked_for_it(subscriber, run_jobs, settings, tmp_path):
    shutil.copytree(SITE, tmp_path / "site")
    settings.TROTH_SITE, folder = tmp_path / "site", tmp_path / "site" / pictures.FOLDER
    folder.mkdir(parents=True)
    (folder / "recall.png").write_bytes(PNG)
    (folder / "page.png").write_bytes(b"<svg onload=alert(1)>")
    _client, refused = _write(do="save", text="![x](page.png)")
    assert "“page.png” is neither a PNG nor a JPEG nor a GIF." in text(refused)
    client, saved = _write(do="save", text="Look.\n\n![The recall screen](recall.png)\n\nBye.")
    inside = f'<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}" alt="The recall screen"'
    shown = client.get(_page(saved) + "preview/", **BROWSER)
    assert inside in shown.content.decode()
    assert "img-src data:" in shown.headers["Content-Security-Policy"]
    client.post(_page(saved), {"do": "try", "to": "colette@optiproerp.com"}, **BROWSER)
    issue, now = Issue.objects.get(), timezone.now()
    issues.schedule(issue.pk, for_utc=now)
    with transaction.atomic():
        issues.begin(issue.pk, at_utc=now)
    (folder / "recall.png").unlink()
    run_jobs()
    email = QueuedEmail.objects.get(template="newsletter/issue")
    assert (email.state, email.why) == ("held", "picture"), "Nobody gets half an email."
    (folder / "recall.png").write_bytes(PNG)
    with transaction.atomic():
        delivery.send_again(email.pk)
    run_jobs()

    mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in transport.folder().glob("*.eml")]
    with_it = [mail for mail in mails if "Recall in two minutes" in mail["Subject"]]
    assert len(with_it) == 2, "The test and the issue."
    for mail in with_it:
        html = mail.get_body(("html",)).get_content()
        assert 'src="cid:recall.png@pictures"' in html
        assert not re.search(r'src="(?!cid:)', html)
        (part,) = [each for each in mail.walk() if each.get_content_type() == "image/png"]
        assert (part["Content-ID"], part.get_content()) == ("<recall.png@pictures>", PNG)
    issue.refresh_from_db()
    assert inside in visitor().get(f"/newsletters/{issue.slug}/").content.decode()


def test_what_cannot_be_sent_is_said_beside_its_line_and_others_see_no_editor(site):
    for address, problem in (
        ("https://elsewhere.example/pixel.gif", "Write the name of a file in the site folder’s newsletters/pictures"),
        ("recall.png", "There is no picture “recall.png” in the site folder’s newsletters/pictures."),
    ):
        _client, refused = _write(do="save", text=f"Fine.\n\n![x]({address})")
        assert refused.status_code == 400
        assert f"Line 3: {problem}" in text(refused)
    _client, refused = _write(do="save", subject="", text="![x](a.png)\n\n![x](b.png)")
    assert "Fix 3 problems" in text(refused)
    client, refused = _write(do="save", subject="", text="")
    assert "Write something." in text(refused), "The subject isn't all that is missing."
    buttons = re.findall(r'<button name="do" value="([a-z]+)', refused.content.decode().partition("data-writing")[2])
    assert buttons[0] == "save", "Enter in a field presses the first one: it moves and removes no block."
    assert "No such issue" in text(client.get("/console/newsletters/?q=recall&state=draft", **BROWSER))
    assert signed_in().get("/console/newsletters/", **BROWSER).status_code == 404
    assert visitor().get("/console/newsletters/", **BROWSER).status_code == 302


def test_a_draft_starts_from_a_file_of_the_site_folder_and_a_broken_one_says_why(site, settings, tmp_path):
    settings.TROTH_SITE = SITE
    found = files.list_files()
    assert len(found) > 10
    for each in found:
        composed = compose(each.written.subject, each.written.text, kind=MAILINGS[each.written.purpose].kind)
        assert isinstance(composed, Composed), each.name
    folder = tmp_path / files.FOLDER
    folder.mkdir()
    shutil.copy(SITE / files.FOLDER / "recall-in-two-minutes.md", folder)
    (folder / "bad.md").write_text("---\npurpose: spam\n---\nText")
    (folder / "worse.md").write_bytes(b"\xff\x00 no fields")
    settings.TROTH_SITE = tmp_path
    client = signed_in("colette", role="marketing", name="Colette Marsh")
    page = text(client.get(NEW, **BROWSER))
    assert "bad.md: “spam” isn’t a purpose of such emails." in page
    assert "worse.md: Write its fields between two lines of ---" in page
    filled = client.get(NEW + "?file=recall-in-two-minutes", **BROWSER).content.decode()
    assert 'value="Recall in two minutes"' in filled
    assert "**Trace** now shows" in filled
    assert 'value="process" selected' in filled
    assert 'id="subject" name="subject" value=""' in client.get(NEW + "?file=../policy", **BROWSER).content.decode()


def test_snippets_versions_and_a_test_copy_to_oneself(site):
    client = signed_in("colette", role="marketing", name="Colette Marsh")
    snippet = {"name": "Help", "language": "en", "words": "Questions? [Write to us](/contact/)."}
    assert client.post("/console/snippets/", snippet, **BROWSER).status_code == 303
    client.post("/console/snippets/", snippet | {"name": "Due", "words": "By {due}."}, **BROWSER)
    _client, filled = _write(do="save", text="::: snippet Due")
    assert "has the field {due}, which only an answer fills in" in text(filled)
    _client, saved = _write(do="save", text="Hello.\n\n::: snippet Help")
    assert Issue.objects.get().text == "Hello.\n\nQuestions? [Write to us](/contact/)."
    _client, unknown = _write(do="save", language="de", text="::: snippet Help")
    assert "There is no snippet “Help” in this language." in text(unknown)
    fields = {
        "topic": "process",
        "language": "en",
        "subject": "Recall in a minute",
        "text": "Hello.\n\nBye.",
        "do": "save",
    }
    client.post(_page(saved), fields, **BROWSER)
    page = client.get(_page(saved) + "editions/2/", **BROWSER).content.decode()
    assert "<del>Questions? [Write to us](/contact/).</del>" in page
    assert "<ins>Bye.</ins>" in page
    away = client.post(_page(saved), {"do": "try", "to": "me@elsewhere.example"}, **BROWSER)
    assert (away.status_code, "Enter an address at optiproerp.com." in text(away)) == (400, True)
    sent = client.post(_page(saved), {"do": "try", "to": "colette@optiproerp.com"}, **BROWSER)
    assert "A test was sent to colette@optiproerp.com." in text(sent)
    mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in transport.folder().glob("*.eml")]
    (mail,) = [each for each in mails if each["To"] == "colette@optiproerp.com"]
    assert mail["Subject"] == "[Test] Recall in a minute"
    assert "Hello Jordan Reyes," in mail.get_body(("plain",)).get_content()
    assert not QueuedEmail.objects.exists()


def test_blocks_are_added_moved_and_removed_without_saving_and_a_former_version_comes_back(site):
    client, saved = _write(do="save", text="# Recall\n\nFirst words.\n\nLast words.")
    address = _page(saved)
    page = client.get(address, **BROWSER).content.decode()
    down = re.findall(r'value="(down \d \w+)"', page)[1]
    typed = {"topic": "process", "language": "en", "subject": "Recall in a minute", "text": "", "block": "event"}

    def press(do: str, words: str) -> tuple[str, str]:
        answer = client.post(address, typed | {"do": do, "text": words}, **BROWSER)
        assert answer.status_code == 200
        shown = re.search(r"<textarea.*?>(.*?)</textarea>", answer.content.decode(), re.DOTALL)
        assert shown is not None
        return text(answer), html.unescape(shown[1])

    said, words = press(down, "# Recall\n\nFirst words.\n\nLast words.")
    assert "The block was moved. Nothing is saved yet." in said
    assert words == "# Recall\n\nLast words.\n\nFirst words."
    said, same = press(down, words)
    assert "You changed the text since its blocks were listed" in said
    assert same == words
    assert press("add", words)[1].startswith(f"{words}\n\n::: event 20")
    assert press("add", "")[1].startswith("::: event 20")
    unreadable = client.post(address, typed | {"do": "add", "text": "Kept \x00 words"}, **BROWSER)
    assert unreadable.status_code == 400

    assert Issue.objects.get().edition == 1
    day = {"do": "save", "text": "Other words.", "clock": "08:30"}
    wrong = client.post(address, typed | day | {"day": "2026-02-30"}, **BROWSER)
    assert (wrong.status_code, "Enter the date and time when it is sent." in text(wrong)) == (400, True)
    kept = client.get(client.post(address, typed | day | {"day": "2031-02-03"}, **BROWSER)["Location"], **BROWSER)
    assert re.search(r'value="2031-02-03".*?value="08:30"', kept.content.decode(), re.DOTALL)
    assert "Use this version again" in text(client.get(f"{address}editions/1/", **BROWSER))
    former = client.get(f"{address}?version=1", **BROWSER)
    assert "The editor has the subject and text of version 1" in text(former)
    assert "# Recall\n\nFirst words." in former.content.decode()
    assert Issue.objects.get().text == "Other words."


def test_a_draft_of_two_windows_loses_no_words_and_what_follows_from_each_button_can_be_undone(site):
    first = {"new": str(gate.new_id()), "edition": "0", "do": "save"}
    client, saved = _write(**first)
    fields = {"topic": "process", "language": "en", "subject": "Recall", "do": "save"}

    def press(**values):
        return client.post(_page(saved), fields | values, **BROWSER)

    def undo(answer):
        sealed = re.search(r'name="done" value="([^"]+)"', client.get(answer["Location"], **BROWSER).content.decode())[
            1
        ]
        return text(client.get(client.post("/account/undo/", {"done": sealed}, **BROWSER)["Location"], **BROWSER))

    twice = {"topic": "process", "language": "en", "subject": "Recall in two minutes"}
    twice |= {"text": "A **fast** trace.\n\n::: offer\n10% off.\n:::"}
    assert _page(client.post(NEW, twice | first, **BROWSER)) == _page(saved), "Pressed twice, it's one issue."
    assert press(text="One.", edition="1").status_code == 303
    late = press(text="Two.", edition="1")
    assert (late.status_code, Issue.objects.get().text) == (409, "One.")
    assert "Version 2 was saved" in text(late)
    assert ">Two.</textarea>" in late.content.decode()
    assert 'name="edition" value="2"' in late.content.decode()
    assert press(text="Two.", edition="2").status_code == 303
    assert "Nothing was changed, so there is no new version." in text(
        client.get(press(text="Two.", edition="3")["Location"], **BROWSER)
    )
    planned = press(do="confirm", day="2031-02-03", clock="07:00", edition="3")
    shown = text(client.get(planned["Location"], **BROWSER))
    assert "You scheduled it for Feb 3, 2031" in shown
    assert re.search(r"Audience \d of \d people", shown), "As its draft said, and who doesn't get it."
    kept = press(text="Three.", edition="3")
    assert (kept.status_code, ">Three.</textarea>" in kept.content.decode()) == (409, True)
    assert "It’s a draft again. Nothing is sent." in undo(planned)
    planned = press(do="confirm", day="2031-02-03", clock="07:00", edition="3")
    assert "You scheduled it for Feb 3, 2031" in undo(press(do="unschedule"))
    press(do="unschedule")
    assert ">Two.</textarea>" in client.get(f"{NEW}?copy={Issue.objects.get().pk}", **BROWSER).content.decode()
    assert "What you’re writing 1 Recall draft, saved" in text(client.get("/console/", **BROWSER))
    assert press(do="delete", edition="2").status_code == 409
    gone = press(do="delete", edition="3")
    assert "You deleted the draft “Recall”." in text(client.get(gone["Location"], **BROWSER))
    assert not Issue.objects.exists()
    assert client.get(_page(saved), **BROWSER).status_code == 404
    assert "The draft “Recall” is back." in undo(gone)
    press(do="delete", edition="3")
    issues.drop(Issue.every.get().pk)
    assert not Issue.every.exists()


def _scan(addresses):
    """Opens every address, then sends every form of each page with its hidden fields and no button, as scanners do."""
    for address in addresses:
        page = visitor().get(address, **BROWSER)
        for form in re.findall(r"<form\b.*?</form>", page.content.decode(errors="replace"), re.DOTALL):
            action = re.search(r'action="([^"]*)"', form)
            if 'method="post"' in form:
                hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
                boxes = re.findall(r'type="checkbox" name="([^"]+)" value="([^"]*)"', form)
                sent = {
                    name: [value for other, value in (*hidden, *boxes) if other == name]
                    for name, _ in (*hidden, *boxes)
                }
                visitor().post(action[1] if action and action[1] else address, sent, **BROWSER)


@pytest.mark.clause("U4")
def test_a_scanner_that_opens_every_link_and_sends_every_form_changes_nothing(site, run_jobs):
    found = _sign_up()
    run_jobs()
    _scan(re.findall(r"http://localhost:8000(\S+)", _mail("newsletter/confirm", found.pk)[1]))
    assert chosen(found.person_id) == []
    assert _press(_path(_mail("newsletter/confirm", found.pk)[1])).status_code == 200
    run_jobs()
    mail, words = _mail("newsletter/welcome", found.pk)
    before = chosen(found.person_id)
    in_html = re.findall(r'href="http://localhost:8000([^"]+)"', mail.get_body(("html",)).get_content())
    _scan({*re.findall(r"http://localhost:8000(\S+)", words), *in_html})
    assert chosen(found.person_id) == before
    stop = re.search(r"<http://localhost:8000(\S+)>", mail["List-Unsubscribe"])[1]
    assert visitor().post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert chosen(found.person_id)[-1] == ("newsletter/process", False)
