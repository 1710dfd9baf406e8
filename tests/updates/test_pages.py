"""The console's pages of an update by two members of the privacy staff, the site's notice, the feed, and the command."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from click.testing import CliRunner
from django.utils import timezone
from docx import Document
from pypdf import PdfReader
from tests.access.hers import save
from tests.access.test_signed_in import browser, owner_of
from tests.access.test_undo import CHOICES
from tests.policy.texts import sound
from tests.site import site
from tests.updates.versions import (
    ALICE,
    BOB,
    FROM_QUOTES,
    PRODUCT,
    adopt_second,
    may_use_product,
    next_day,
    remind_two_weeks_later,
    text_of,
)
from tests.visits import BROWSER, SITE, led_to, signed_in, text, visitor
from tests.worlds import known_person

from troth import in_force
from troth.cli.policy import policy_commands
from troth.outbox import QueuedEmail, batches, claims, suppression
from troth.policy import confirm
from troth.records.accounts import join
from troth.records.law.models import PolicyTranslation
from troth.security.acts import Act
from troth.updates import reminding, sending
from troth.updates.models import Adoption, PolicyDraft, PolicyUpdate, UpdateReader
from troth.updates.previewing import preview_subject
from troth.updates.rehearsing import RehearsedEmail, rehearse

__all__ = ["site"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_subject_of_an_email_that_asks_nothing_is_shown_before_adopting(site):
    draft = sound(text_of(2, next_day(), FROM_QUOTES))
    subject = preview_subject(draft, RehearsedEmail(asks=(), told=(), emails=1))
    assert subject.startswith("Our privacy policy is now version 2")


def test_reminders_that_stopped_by_themselves_go_on_from_the_board_and_leave_out_nobody(site, run_jobs):
    known_person(ALICE | PRODUCT)
    update = adopt_second()
    run_jobs()
    pia = signed_in("pia", role="privacy", name="Pia Adler")
    assert "Resume reminders" not in text(pia.get("/console/updates/2/"))
    batches.begin(reminding.find_batch(update.pk), email="updates/reminder", at_utc=timezone.now())
    batches.stop(reminding.find_batch(update.pk), why=claims.COMPLAINTS)
    remind_two_weeks_later(update)
    reminders = QueuedEmail.objects.filter(template="updates/reminder")
    assert not reminders.exists(), "Whoever's time comes meanwhile isn't planned."
    shown = text(pia.get("/console/updates/2/"))
    assert "Reminders have stopped. Too many readers reported it as spam" in shown
    assert "Reminders about version 2 of the policy stopped by themselves." in text(pia.get("/console/"))
    assert pia.post("/console/updates/2/", {"do": "resume-later"}, **BROWSER).status_code == 303
    assert pia.post("/console/updates/2/", {"do": "resume-later"}, **BROWSER).status_code == 409
    run_jobs()
    assert reminders.get().state == "sent"
    assert "Reminders have stopped" not in text(pia.get("/console/updates/2/"))
    assert "stopped by themselves" not in text(pia.get("/console/"))


def test_an_email_about_a_version_is_about_it_in_a_history_with_submissions(site, run_jobs):
    user, _own = owner_of(BOB["email"])
    entered = known_person(ALICE | PRODUCT)
    join(user=user.pk, person=entered, way="signed in")
    update = adopt_second()
    run_jobs()
    remind_two_weeks_later(update)
    run_jobs()
    page = browser(user).get("/account/data/", {"show": "all"}).content.decode()
    lines = [line for line in page.split("<li>") if "We sent" in line and "policy" in line]
    assert lines
    assert all('<a href="/policy/2">Policy version 2</a>' in line for line in lines)
    assert f'<a href="/account/data/{entered}/">' in page


def test_two_people_rehearse_adopt_and_withdraw_a_draft(site):
    known_person(ALICE | PRODUCT)
    pia, otto = (
        signed_in("pia", role="privacy", name="Pia Adler"),
        signed_in("otto", role="privacy", name="Otto Brandt"),
    )
    draft_text = text_of(2, next_day(), FROM_QUOTES)
    answer = pia.post("/console/updates/", {"do": "save", "text": draft_text}, **BROWSER)
    page = led_to(answer)
    shown = text(pia.get(page))
    assert "Version 2: rehearsal" in shown
    assert "asks 1 person" in shown
    assert "Product: 1" in shown
    assert "Held until a yes 1 Content" in shown
    assert "Content: up to" not in shown
    assert "Content: 1 email" in shown, "each email says what it asks about"
    assert "Checked before adoption" in shown
    assert "May we use your data in a new way? One question for you" in shown
    letter = text(pia.get(f"{page}emails/1/"))
    assert "Hello Jordan Example," in letter
    assert "Yes, show me the questions" in letter
    assert pia.get(f"{page}emails/2/").status_code == 404
    redline = PdfReader(BytesIO(pia.get(f"{page}redline.pdf").content))
    assert "version 1 to 2" in redline.pages[0].extract_text()
    assert "Asks: Content would also use Product" in redline.pages[0].extract_text().replace("  ", " ")
    tracked = Document(BytesIO(pia.get(f"{page}redline.docx").content))
    assert "Asks: Content would also use Product" in "".join(each.text for each in tracked.paragraphs)
    draft = PolicyDraft.objects.get()
    assert pia.post(page, {"do": "propose"}, **BROWSER).status_code == 303
    proposed = pia.get(page)
    assert "Approve adoption" not in text(proposed)
    assert "waiting for Otto Brandt" in text(proposed)
    assert f'src="{page}emails/1/"' in proposed.content.decode(), "the email is shown in the page"
    assert pia.get(f"{page}emails/1/").headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Approve adoption" in text(otto.get(page))
    waits = "Version 2 of the policy waits for your approval."
    assert (waits in text(otto.get("/console/")), waits in text(pia.get("/console/"))) == (True, False)
    refused = pia.post(page, {"do": "approve", "sha256": draft.sha256, "sure": "yes"}, **BROWSER)
    assert refused.status_code == 409
    assert "Someone else of the privacy staff" in text(refused)
    asked = text(otto.post(page, {"do": "approve", "sha256": draft.sha256}, **BROWSER))
    assert "1 email about it begins to leave now." in asked
    assert otto.post(page, {"do": "approve", "sha256": draft.sha256, "sure": "yes"}, **BROWSER).status_code == 303
    assert Adoption.objects.get().second_by == "staff:otto"
    assert pia.post(page, {"do": "withdraw", "sure": "yes"}, **BROWSER).status_code == 303
    assert not Adoption.objects.get().is_open
    late = otto.post(page, {"do": "approve", "sha256": draft.sha256, "sure": "yes"}, **BROWSER)
    assert "Pia Adler withdrew version 2 meanwhile. Nothing was changed." in text(late)
    assert "Otto Brandt Approved version 2 of the policy" in text(pia.get("/console/activity"))
    assert list(Act.objects.filter(what__startswith="updates/").order_by("id").values_list("who", flat=True)) == [
        "staff:pia",
        "staff:otto",
        "staff:pia",
    ]
    assert signed_in("sam", role="sales").get(page).status_code == 404


def test_a_draft_that_only_notifies_is_rehearsed_with_its_email(site):
    known_person(ALICE | PRODUCT)
    pia = signed_in("pia", role="privacy", name="Pia Adler")
    draft_text = confirm(text_of(2, next_day()).replace("\nlanguage: en\n", "\ncountry: US\nlanguage: en\n", 1))
    page = led_to(pia.post("/console/updates/", {"do": "save", "text": draft_text}, **BROWSER))
    rehearsed = pia.get(page)
    assert rehearsed.status_code == 200
    assert "notifies 1 person" in text(rehearsed)
    assert "1 person by the same email, everyone by the notice on the site" in text(rehearsed)
    assert "Our privacy policy is now version 2, in force since November 2, 2026" in text(rehearsed)
    assert "We changed the country where we are. It’s now: United States. Before: not stated." in text(
        pia.get(f"{page}emails/1/")
    )


def test_a_shorter_time_says_of_how_many_people_stored_data_is_deleted(site):
    known_person(ALICE | {"role": "Quality"}, channel="form.register")
    former, sooner = "24 months after our last contact", "12 months after our last contact"
    rule = "kept: {for: 24 months, after: last contact}"
    shorter = rule.replace("24", "12")
    draft = sound(
        text_of(
            2,
            next_day(),
            (
                f"- Your role and your industry are kept for {former}",
                f"- Your role and your industry are kept for {sooner}",
            ),
            (
                f'{rule}\nkeeps: ["Your role and your industry are kept for {former}',
                f'{shorter}\nkeeps: ["Your role and your industry are kept for {sooner}',
            ),
            (
                f"Nutrition, Something else]\nclass: describing\ndpv: Job\n{rule}",
                f"Nutrition, Something else]\nclass: describing\ndpv: Job\n{shorter}",
            ),
        )
    )
    now = timezone.now()
    found = [rehearse(draft, at_utc=now + timedelta(days=days)).changes for days in (0, 400, 800)]
    stored = [{each.change.kinds: each.stored for each in changes} for changes in found]
    assert stored == [{("role",): count, ("industry",): 0} for count in (0, 1, 0)], "After 24 months it is gone anyway."


def test_a_draft_with_errors_is_shown_with_them_and_edited_into_another(site):
    pia = signed_in("pia", role="privacy")
    draft_text = text_of(2, next_day()).replace("collect: form.quote", "collect: form.nonesuch")
    page = led_to(pia.post("/console/updates/", {"do": "save", "text": draft_text}, **BROWSER))
    assert "can’t be adopted" in text(pia.get(page))
    assert pia.post(page, {"do": "propose"}, **BROWSER).status_code == 409
    same = led_to(pia.post(f"{page}edit/", {"text": text_of(2, next_day())}, **BROWSER))
    assert "the same as version 1, but for its number and date" in text(pia.get(same))
    assert pia.post(same, {"do": "propose"}, **BROWSER).status_code == 422
    reworded = text_of(2, next_day(), ("We make business software", "We make good business software"))
    later = led_to(pia.post(f"{page}edit/", {"text": reworded}, **BROWSER))
    assert later != page
    assert "What do the new words mean?" in text(pia.get(later))
    assert "nobody has declared" not in text(pia.get(later))
    sides = text(pia.get(f"{later}?show=sides"))
    assert "We make business software" in sides
    assert "We make good business software" in sides
    section = re.search(r'name="(declared-[^"]+)"', pia.get(later).content.decode())[1]
    assert pia.post(later, {"do": "propose", section: "wording"}, **BROWSER).status_code == 303
    assert ", as clearer words only, " in text(pia.get(later))
    assert PolicyDraft.objects.count() == 3
    assert "Made from" in text(pia.get(later))
    assert pia.post("/console/updates/", {"do": "save"}, **BROWSER).status_code == 422


def test_a_policy_of_other_origin_becomes_a_draft_with_suggested_rules(site):
    pia = signed_in("pia", role="privacy")
    words = "<h1>Privacy</h1><p>When you fill out a form, we collect your name. We use it to answer your questions.</p>"
    page = led_to(pia.post("/console/updates/", {"do": "started", "text": words}, **BROWSER))
    draft = PolicyDraft.objects.get()
    assert (draft.source, "version: 2" in draft.text, "purpose: support" in draft.text) == ("started", True, True)
    assert "kind name does not say how long it is kept" in text(pia.get(page))


@pytest.mark.clause("P3")
def test_the_board_the_notice_and_the_feed_follow_a_version(site, run_jobs):
    user, _person = owner_of("alice@haldenvalve.example")
    known_person(ALICE | PRODUCT)
    update = adopt_second()
    run_jobs()
    pia = signed_in("pia", role="privacy", name="Pia Adler")
    board = text(pia.get("/console/updates/2/"))
    assert "Version 2: answers" in board
    assert "No answers yet." in board
    assert b"Day,Yes,No,Silent" in pia.get("/console/updates/2/answers.csv").content
    assert pia.post("/console/updates/2/", {"do": "resume"}, **BROWSER).status_code == 409
    assert "Policy updates" in text(pia.get("/console/policy"))
    alice = browser(user)
    assert "Hide this notice" in text(alice.get("/products/"))
    assert "Hide this notice" not in text(visitor().get("/products/"))
    assert alice.post("/policy-notice/hide/", {"next": "/products/"}, **BROWSER).headers["Location"] == "/products/"
    assert "Hide this notice" not in text(alice.get("/products/"))
    assert alice.post("/policy-notice/hide/", {"next": "https://evil.example/"}, **BROWSER).headers["Location"] == "/"
    feed = visitor().get("/policy/feed.atom").content.decode()
    assert "Version 2" in feed
    assert "Content would also use Product" in feed
    sending.note_stopped(update.pk, "x")
    assert PolicyUpdate.objects.get(pk=update.pk).state == PolicyUpdate.Phase.SENT
    PolicyUpdate.objects.filter(pk=update.pk).update(state=PolicyUpdate.Phase.SENDING)
    stopped = text(pia.get(pia.post("/console/updates/2/", {"do": "stop"}, **BROWSER)["Location"]))
    assert "You stopped the emails about version 2." in stopped
    assert "Pia Adler stopped it" in stopped
    PolicyUpdate.objects.filter(pk=update.pk).update(state=PolicyUpdate.Phase.SENDING)
    sending.note_stopped(update.pk, claims.TOO_MANY)
    assert "Mail servers refused too many of its emails" in text(pia.get("/console/updates/2/"))
    assert "The emails about version 2 of the policy stopped by themselves." in text(pia.get("/console/"))


def test_who_no_email_reaches_is_held_and_asked_on_their_next_visit(site, run_jobs):
    user, _own = owner_of(ALICE["email"])
    asked = known_person(ALICE | PRODUCT)
    join(user=user.pk, person=asked, way="signed in")
    suppression.suppress(ALICE["email"], why="bounce")
    update = adopt_second()
    run_jobs()
    assert not QueuedEmail.objects.filter(batch=update.pk).exists()
    assert UpdateReader.objects.get(update=update, person=asked).way == UpdateReader.VISIT
    alice = browser(user)
    noticed = alice.get("/products/")
    assert "It has a question for you." in text(noticed)
    assert '<a href="/account/preferences/">Answer it' in noticed.content.decode()
    assert "May we also use your product for “Content”?" in text(alice.get(CHOICES))
    assert may_use_product(asked) == "unanswered"
    save(alice, CHOICES, do="answer", question="content@2", answer="yes")
    assert may_use_product(asked) == "answered"
    assert "It has a question for you." not in text(alice.get("/products/"))


def test_the_command_says_whom_a_draft_asks(site, tmp_path):
    known_person(ALICE | PRODUCT)
    (tmp_path / "policy.md").write_text(text_of(2, next_day(), FROM_QUOTES), encoding="utf-8")
    redline = tmp_path / "redline.pdf"
    told = (
        CliRunner().invoke(policy_commands, ["rehearse", str(tmp_path / "policy.md"), "--redline", str(redline)]).output
    )
    assert redline.read_bytes().startswith(b"%PDF")
    wrong = CliRunner().invoke(policy_commands, ["rehearse", str(tmp_path / "policy.md"), "--redline", "redline.odt"])
    assert "should end in .docx or .pdf" in wrong.output
    assert "Version 2 would ask 1 of 1 person: 1 by email" in told
    assert "Held until a yes: content." in told


@pytest.mark.clause("I4")
def test_two_people_adopt_a_translation_and_readers_get_it_by_address_or_by_their_browser(site):
    pia, otto = signed_in("pia", role="privacy", name="Pia Adler"), signed_in("otto", role="privacy")
    answer = pia.post("/console/updates/translations/", {"site": "policy.de.md"}, **BROWSER)
    assert answer.status_code == 303
    page, row = led_to(answer), PolicyTranslation.objects.get()
    shown = text(otto.get(page))
    assert "Wir antworten binnen 2 Werktagen" in shown
    assert "We answer within 2 business days" in shown
    assert visitor().get("/policy/de").status_code == 404
    assert "A translation of version 1 (de) waits for approval." in text(otto.get("/console/"))
    for who, status in ((pia, 409), (otto, 303), (otto, 409)):
        assert who.post(page, {"do": "approve", "sha256": row.sha256}, **BROWSER).status_code == status
    german = visitor().get("/policy", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert german.headers["Content-Language"] == "de, en"
    assert "Accept-Language" in german.headers["Vary"]
    assert not german.cookies
    words = text(german)
    for part in (
        "Datenschutzerklärung",
        "Aufbewahrung",
        "24 Monate nach dem letzten Kontakt",
        "E-Mail-Adresse",
        "English",
    ):
        assert part in words
    assert "Datenschutzerklärung" not in text(visitor().get("/policy", headers={"Accept-Language": "fr,en;q=0.5"}))
    assert "Datenschutzerklärung" in text(visitor().get("/policy/1/de"))
    assert "Datenschutzerklärung" not in text(visitor().get("/policy/en", headers={"Accept-Language": "de"}))
    assert visitor().get("/policy/fr").status_code == 404
    assert visitor().get("/policy/1.de.md").content.decode() == row.text
    assert "Deutsch" in text(visitor().get("/policy/versions"))
    in_force.verify_translations()
    adopt_second()
    listed = text(pia.get("/console/updates/translations/"))
    assert "Version 1 has it. Version 2 doesn’t." in listed
    missing = text(visitor().get("/policy", headers={"Accept-Language": "de"}))
    assert "isn’t translated into your language yet" in missing


def test_a_translation_with_findings_is_shown_with_them_and_one_that_waits_can_be_withdrawn(site):
    pia = signed_in("pia", role="privacy")
    good = (SITE / "policy.de.md").read_text(encoding="utf-8")
    wrong = pia.post("/console/updates/translations/", {"text": good.replace("binnen 30 Tagen", "bald")}, **BROWSER)
    assert wrong.status_code == 422
    assert "The paragraph states no time; the policy states 30 days." in text(wrong)
    assert pia.post("/console/updates/translations/", {"text": ""}, **BROWSER).status_code == 422
    page = led_to(pia.post("/console/updates/translations/", {"text": good}, **BROWSER))
    assert pia.post("/console/updates/translations/", {"text": good}, **BROWSER).status_code == 409
    assert pia.post(page, {"do": "withdraw"}, **BROWSER).status_code == 303
    assert list(Act.objects.filter(what__contains="translation").order_by("id").values_list("what", flat=True)) == [
        "updates/translation proposed",
        "updates/translation withdrawn",
    ]
    assert signed_in("sam", role="sales").get(page).status_code == 404


def test_a_site_adopts_its_translations_and_the_terminal_a_corrected_one(site, tmp_path):
    from troth import prepare

    said: list[str] = []
    assert [
        (file.name, language)
        for file, language in prepare.adopt_translations(SITE, by="program:start", say=said.append)
    ] == [("policy.de.md", "de")]
    (first,) = in_force.list_translated()[1].values()
    for name in ("policy.md", "policy.de.md"):
        (tmp_path / name).write_bytes((SITE / name).read_bytes())
    file = tmp_path / "policy.de.md"
    run = CliRunner().invoke
    assert "is shown from now on" not in run(policy_commands, ["adopt", str(file), "--yes"]).output, (
        "it is shown already"
    )
    file.write_text(
        file.read_text(encoding="utf-8").replace("Kennung im Cookie", "Kennung unserer Cookies"), encoding="utf-8"
    )
    corrected = run(policy_commands, ["adopt", str(file), "--yes"])
    assert "The translation policy.de.md of version 1 is shown from now on." in corrected.output
    (second,) = in_force.list_translated()[1].values()
    assert (second != first, PolicyTranslation.objects.count()) == (True, 2)
    assert "Kennung unserer Cookies" in text(visitor().get("/policy/de"))
    file.write_text(file.read_text(encoding="utf-8").replace("binnen 30 Tagen", "bald"), encoding="utf-8")
    assert "has findings and is left out" in run(policy_commands, ["adopt", str(file), "--yes"]).output
    (tmp_path / "policy.md").write_bytes((SITE / "policy.md").read_bytes())
    assert prepare.adopt_translations(tmp_path, by="program:start", say=said.append) == []
    assert "has findings and wasn't adopted" in said[0]


def test_a_translation_that_someone_changed_in_the_database_is_noticed(site, owner):
    from troth.gate import owner as owners

    owners.adopt_translation((SITE / "policy.de.md").read_text(encoding="utf-8"), version=1, by="staff:otto")
    in_force.verify_translations()
    owner.execute("update policy_translation set text = text || 'x'")
    with pytest.raises(in_force.AdoptedTextChanged):
        in_force.verify_translations()


def test_a_changed_paragraph_is_confirmed_beside_its_rules_before_the_draft_is_rehearsed(site):
    pia = signed_in("pia", role="privacy", name="Pia Adler")
    begun = unescape(
        re.search(r"<textarea[^>]*>(.*?)</textarea>", pia.get("/console/updates/").content.decode(), re.S)[1]
    )
    assert "version: 2\n" in begun
    assert f"effective: {in_force.policy().effective}" not in begun
    draft_text = begun.replace("You use our forms when", "You fill out our forms when")
    page = led_to(pia.post("/console/updates/", {"do": "save", "text": draft_text}, **BROWSER))
    shown = pia.get(page).content.decode()
    assert "<del>use</del>" in shown
    assert "<pre>promise: forms.plain" in shown
    assert "troth policy confirm" not in shown
    assert "rehearsal" not in text(pia.get(page))
    assert pia.post(page, {"do": "confirm"}, **BROWSER).status_code == 422
    (line,) = re.findall(r'name="confirmed" value="(\d+)"', shown)
    page = led_to(pia.post(page, {"do": "confirm", "confirmed": [line]}, **BROWSER))
    assert "Version 2: rehearsal" in text(pia.get(page))
