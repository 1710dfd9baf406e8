"""The console's inbox: email that someone has to look at, shown to whom the policy gives it, and only when asked."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from tests.accounts import post
from tests.uses.test_staff_undo import undo
from tests.uses.test_support import ASKED, here, link_of, read
from tests.visits import BROWSER, led_to, send, signed_in, text, visitor

from troth.collection.mailbox import intake, lmtp, routing, sandbox
from troth.collection.mailbox.models import KeptMail, MailFolder
from troth.environment import IncomingMail
from troth.outbox import QueuedEmail, returns, suppression
from troth.records import ledger, profile
from troth.records.ids import new_id
from troth.records.ledger import Collected
from troth.security.acts import Act
from troth.uses.inquiries.models import Inquiry
from troth.uses.support.models import SupportCase

LIST = "/console/inbox/"
LISTENING = IncomingMail(lmtp="127.0.0.1:2400")
BODY = "The password of our press is swordfish."

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture(autouse=True, scope="module")
def _end_children():
    yield
    sandbox.close()


def receive(to: str) -> KeptMail:
    now = datetime.now(UTC)
    raw = f"From: Bob Ferreira <bob@northgate.example>\nTo: {to}\nSubject: Late\n\n<script>{BODY}</script>"
    kept = intake.keep(raw.encode(), way="lmtp", at_utc=now)
    assert kept is not None
    routing.settle(kept.pk, at_utc=now)
    kept.refresh_from_db()
    return kept


@pytest.fixture
def unmatched() -> KeptMail:
    return receive(returns.reply_address(new_id()))


def do(client, mail: KeptMail, what: str, **more: str):
    return client.post(f"{LIST}{mail.pk}/", {"do": what, **more}, **BROWSER)


def test_nothing_of_an_email_is_shown_before_someone_asks_and_who_did_is_recorded(unmatched):
    client = signed_in("ines", role="support")
    page = client.get(LIST).content.decode() + client.get(f"{LIST}{unmatched.pk}/").content.decode()
    assert "No request takes it" in page
    for hidden in (BODY, "bob@", "Late"):
        assert hidden not in page
    shown = do(client, unmatched, "show").content.decode()
    assert "bob@northgate.example" in shown
    assert "&lt;script&gt;" in shown
    assert Act.objects.get().who == "staff:ines"
    log = text(signed_in("ada", role="admin").get("/console/activity"))
    assert "Opened an email in the inbox" in log
    assert str(unmatched.pk) not in log


def test_a_mailbox_that_is_down_is_said_where_its_email_would_be(unmatched, settings):
    MailFolder.objects.create(name=lmtp.NAME, problem="sign-in")
    page = text(signed_in("ines", role="support").get(LIST))
    assert "No email comes in" not in page, "No place that the settings name has this problem any more."
    settings.TROTH_INCOMING = LISTENING
    page = text(signed_in("ines", role="support").get(LIST))
    assert "No email comes in. The mail server refuses the sign-in." in page
    assert "Needs attention 1" in page
    MailFolder.objects.update(problem="OperationalError")
    page = text(signed_in("ines", role="support").get(LIST))
    assert "It can’t be kept on our side." in page, "The mail server is not what failed."


def test_those_who_operate_the_site_hear_of_a_full_disk_and_a_mailbox_that_is_down(site, settings):
    admin = signed_in("ada", role="admin")
    assert "No email comes in" not in text(admin.get("/console/"))
    MailFolder.objects.create(name=lmtp.NAME, problem="disk")
    settings.TROTH_INCOMING = LISTENING
    settings.TROTH_FILES_QUOTA = -1
    page = text(admin.get("/console/"))
    assert "No email comes in. The disk of this site is full." in page
    assert "No files can be stored." in page
    assert "No files can be stored." not in text(signed_in("ines", role="support").get("/console/"))


def test_the_original_is_only_ever_downloaded(unmatched):
    answer = do(signed_in("ines", role="support"), unmatched, "original")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert BODY.encode() in answer.content


def test_an_original_with_private_links_is_for_who_answers_privacy_requests(unmatched, settings):
    link = f"{settings.TROTH_BASE_URL}/link/{'aB3-' * 11}"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bob@northgate.example", returns.reply_address(new_id()), "Re: Yours"
    mail.set_content(f"Thank you.\n\n> Open it here: {link}", cte="base64")
    quoted = mail.as_bytes()
    kept = intake.keep(quoted, way="lmtp", at_utc=datetime.now(UTC))
    assert kept is not None
    routing.settle(kept.pk, at_utc=datetime.now(UTC))
    ines = signed_in("ines", role="support")
    assert (answer := do(ines, kept, "original")).status_code == 403
    assert "private links" in text(answer)
    assert link not in do(ines, kept, "show").content.decode()
    assert do(signed_in("vera", role="privacy"), kept, "original").content == quoted


def test_a_request_is_created_from_an_email_and_the_sender_hears_of_it(unmatched, run_jobs):
    assert do(signed_in("ines", role="support"), unmatched, "question").status_code == 303
    run_jobs()
    assert Inquiry.objects.get().manner == "email"
    unmatched.refresh_from_db()
    assert (unmatched.state, unmatched.room) == ("done", "inquiries")
    assert signed_in("ines", role="support").get(f"{LIST}{unmatched.pk}/").status_code == 404


def test_a_reply_of_someone_else_says_what_it_answers_and_staff_add_it_as_theirs(run_jobs):
    send(visitor(), "/support/", ASKED)
    run_jobs()
    case, yusuf = SupportCase.objects.get(), signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    reply = receive(returns.reply_address(case.pk))
    page = do(yusuf, reply, "show")
    assert f"Support case {case.number} · open · our support team" in text(page)
    assert "it isn’t from the address of the person who asked" in text(page)
    assert "The request is then ours to answer." in text(page)
    assert f"Add to {case.number}" not in text(do(signed_in("vera", role="privacy"), reply, "show")), (
        "Not hers to answer."
    )
    assert do(signed_in("paul", role="privacy"), reply, "add").status_code == 403
    added = do(yusuf, reply, "add")
    assert led_to(added) == here(case)
    reply.refresh_from_db()
    assert (reply.state, reply.request, reply.person_id) == ("done", case.pk, case.person_id)
    page = text(read(yusuf, case))
    assert "Bob Ferreira bob@northgate.example" in page
    assert "Someone else wrote this email, and Yusuf Adeyemi added it." in page
    assert page.count("bob@northgate.example") == 3, "As its writer, once more to be moved, and to be answered."
    assert "Message received" not in page, "The message itself says it."
    assert f'action="{LIST}{reply.pk}/"' in yusuf.get(here(case)).content.decode()
    whole = do(yusuf, reply, "show")
    assert BODY in text(whole)
    assert f'<a href="{here(case)}">' in whole.content.decode()
    assert 'value="discard"' not in whole.content.decode(), "It is no work of the inbox any more."
    assert do(signed_in("hana", role="support"), reply, "show").status_code == 404, "Who hasn't read the request can't."
    told = text(post(visitor(), "/conversation/", {"secret": link_of(case).split("/")[2], "do": "show"}))
    assert "Bob Ferreira bob@northgate.example by email, added by Yusuf Adeyemi" in told
    entry = next(entry for entry in ledger.history(case.person_id) if entry.kind == "collected")
    assert (entry.who, entry.read(Collected).way) == ("staff:yusuf", "email added by staff")


def test_an_email_is_discarded_by_one_press_that_is_undone(unmatched):
    client = signed_in("ines", role="support")
    why = unmatched.why
    page = client.get(do(client, unmatched, "discard")["Location"])
    unmatched.refresh_from_db()
    assert unmatched.state == "discarded"
    assert do(client, unmatched, "again").status_code == 409
    assert "You discarded the email." in text(page)
    assert "The email is where it was before you discarded it." in text(undo(client, page))
    unmatched.refresh_from_db()
    assert (unmatched.state, unmatched.why) == ("desk", why)
    assert "There was nothing to undo." in text(undo(client, page))


def test_an_email_that_could_not_be_read_says_why_and_is_read_again(monkeypatch):
    def refuse(raw, **asked):
        raise sandbox.Unreadable("memory")

    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "read", refuse)
        mail = receive("hello@acme.example")
        client = signed_in("ines", role="support")
        assert "more memory than one email may use" in text(client.get(LIST))
        assert "more memory" in text(do(client, mail, "show"))
        made = do(client, mail, "question")
        assert (made.status_code, "No request could be created" in text(made)) == (409, True)
    assert do(client, mail, "again").status_code == 303
    mail.refresh_from_db()
    assert mail.state == "new"


def test_what_a_program_sent_is_listed_and_becomes_a_request_if_a_person_did(run_jobs):
    raw = (
        b"From: bob@northgate.example\nTo: hello@optiproerp.com\nSubject: Out of office hours\n\nCan you come at night?"
    )
    kept = intake.keep(raw, way="lmtp", at_utc=datetime.now(UTC))
    assert kept is not None
    routing.settle(kept.pk, at_utc=datetime.now(UTC))
    client = signed_in("ines", role="support")
    assert "A program sent it" not in text(client.get(LIST)), "It is nobody's work."
    assert "Automatic reply A program sent it" in text(client.get(f"{LIST}?state=automatic"))
    assert "Can you come at night?" in text(do(client, kept, "show"))
    assert do(client, kept, "question").status_code == 303
    run_jobs()
    assert Inquiry.objects.get().manner == "email"
    assert "No email here" in text(client.get(f"{LIST}?state=automatic"))


def test_a_page_of_the_sender_runs_and_loads_nothing():
    raw = (
        b"From: bob@northgate.example\nTo: gone@acme.example\nIn-Reply-To: <x@y>\nX-Spam-Flag: YES\n"
        b"Content-Type: text/html\n\n<p>Hello <b>you</b></p><img src=https://t.example/p><script>x()</script>"
    )
    kept = intake.keep(raw, way="lmtp", at_utc=datetime.now(UTC))
    assert kept is not None
    routing.settle(kept.pk, at_utc=datetime.now(UTC))
    client = signed_in("ines", role="support")
    assert "images, which would tell the sender" in text(do(client, kept, "show"))
    page = do(client, kept, "page")
    assert page["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "<b>you</b>" in page.content.decode()
    assert b"<img" not in page.content
    assert b"script" not in page.content


@pytest.mark.parametrize("domain", ["optiproerp.example", "optipro.example"])
def test_what_a_colleague_passes_on_becomes_a_request_of_who_wrote_the_original(run_jobs, domain):
    raw = (
        b"From: Ines <ines@"
        + domain.encode()
        + b">\nTo: hello@optiproerp.example\nSubject: Fwd: Two plants\n\nPlease answer.\n\n"
        b"---------- Forwarded message ---------\nFrom: Bob Ferreira <bob@northgate.example>\nSubject: Two plants\n\nHow much?"
    )
    kept = intake.keep(raw, way="lmtp", at_utc=datetime.now(UTC))
    assert kept is not None
    routing.settle(kept.pk, at_utc=datetime.now(UTC))
    client = signed_in("ines", role="support")
    assert "A colleague passed it on" in text(client.get(LIST))
    shown = do(client, kept, "show").content.decode()
    assert 'value="Bob Ferreira"' in shown
    assert 'value="bob@northgate.example"' in shown
    assert do(client, kept, "question", name="Bob", address="nobody").status_code == 400
    assert do(client, kept, "question", name="Bob", address="bob@northgate.example").status_code == 303
    run_jobs()
    assert profile.people_at("bob@northgate.example", most=9) == [Inquiry.objects.get().person_id]


def test_staff_unblock_the_address_of_a_report_that_they_have_read():
    report = KeptMail.objects.create(
        id=new_id(),
        digest=b"1",
        way="lmtp",
        received_utc=datetime.now(UTC),
        size=1,
        key=b"",
        state="done",
        kind="bounce",
    )
    suppression.suppress("bob@northgate.example", why="bounce", evidence=report.pk)
    client = signed_in("ines", role="support")
    assert str(report.pk) in client.get(f"{LIST}?state=reports").content.decode()
    assert "Unblock address" in text(client.get(f"{LIST}{report.pk}/"))
    assert "Unblock this address?" in text(do(client, report, "unblock"))
    assert do(client, report, "unblock", sure="yes", reason="Short").status_code == 400
    assert do(client, report, "unblock", sure="yes", reason="Bob wrote from bob@northgate.example").status_code == 400
    assert suppression.is_suppressed("bob@northgate.example")
    assert do(client, report, "unblock", sure="yes", reason="They answered us from there.").status_code == 303
    assert not suppression.is_suppressed("bob@northgate.example")
    act = Act.objects.get(what=suppression.LIFTED)
    assert (act.who, act.about, act.words) == ("staff:ines", "address", "They answered us from there.")
    assert do(client, report, "unblock").status_code == 409


@pytest.mark.parametrize(("role", "status"), [("support", 200), ("privacy", 200), ("marketing", 404), ("auditor", 404)])
def test_a_stranger_in_the_house_sees_no_email(unmatched, role, status):
    client = signed_in(f"one-{role}", role=role)
    assert client.get(LIST).status_code == status
    assert client.get(f"{LIST}{unmatched.pk}/").status_code == status
    assert ('href="/console/inbox/"' in client.get("/console/").content.decode()) == (status == 200)


def test_a_visitor_of_the_demo_writes_to_its_inbox(run_jobs):
    client, mail = visitor(), {"from": "bob@northgate.example", "to": "hello@optiproerp.com", "text": "How much is it?"}
    assert "/outbox/write/" in client.get("/outbox/").content.decode()
    sent = client.post("/outbox/write/", mail, **BROWSER)
    assert "Your email became request I-" in text(sent)
    run_jobs()
    assert Inquiry.objects.get().manner == "email"
    receipt = QueuedEmail.objects.get()
    reply = client.get(f"/outbox/write/?answers={receipt.pk}").content.decode()
    assert 'name="from" type="email" required value="bob@northgate.example"' in reply
    assert 'value="Re: ' in reply
    wrong = client.post("/outbox/write/", {**mail, "from": "bob", "text": " "}, **BROWSER)
    assert wrong.status_code == 400
    page = wrong.content.decode()
    assert all(f'id="write-{field}-error"' in page for field in ("from", "text"))
    assert client.post("/outbox/write/", mail, HTTP_ORIGIN="https://evil.example").status_code == 403


def test_only_the_demo_has_a_form_for_its_inbox(settings):
    settings.TROTH_DEMO = False
    assert visitor().get("/outbox/write/").status_code == 404
