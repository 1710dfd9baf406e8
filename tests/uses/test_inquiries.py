"""Writing to us and registering an interest."""

from tests.accounts import emails_to
from tests.visits import send, text, visitor

from troth.outbox import QueuedEmail, returns
from troth.records import ledger
from troth.records.ledger import Collected
from troth.uses.inquiries.models import Inquiry

BOB = {"name": "Bob Ferreira", "email": "bob@northgate.example"}


def test_a_message_reaches_support_and_its_writer_gets_a_receipt(site, run_jobs, settings):
    settings.TROTH_MAILBOX = "portal@acme.example"
    client = visitor()
    sent = send(client, "/contact/", {**BOB, "note": "Does it run on two plants?"})
    assert sent.status_code == 303, text(sent)
    run_jobs()
    inquiry = Inquiry.objects.get()
    assert (inquiry.stage, inquiry.queue) == ("open", "staff.support")
    page = text(client.get(sent["Location"]))
    assert "is with our support team" in page
    assert "Nobody outside" in page
    assert "Who works for us on such requests, by our policy: Our email provider" in page
    email = QueuedEmail.objects.get()
    assert (email.template, email.facts["staff"]) == ("inquiries/receipt", "our support team")
    assert returns.read_reply(email.reply_to) == inquiry.pk
    assert "disclosed" not in [entry.kind for entry in ledger.history(inquiry.person_id)]


def test_an_interest_reaches_sales_and_says_which_channel_it_came_through(site, run_jobs):
    interest = {**BOB, "company": "Northgate", "country": "DE", "role": "Quality", "interests": "Costing"}
    interest["product"] = "optipro-process"
    sent = send(visitor(), "/register/", interest)
    assert sent.status_code == 303, text(sent)
    run_jobs()
    inquiry = Inquiry.objects.get()
    assert inquiry.queue == "staff.sales"
    (collected,) = [entry for entry in ledger.history(inquiry.person_id) if entry.kind == "collected"]
    assert collected.read(Collected).channel == "form.register"
    assert collected.section == "C1"
    receipt = emails_to(BOB["email"])[-1]
    for part in ("plain", "html"):
        assert "http://localhost:8000/products/optipro-process/" in receipt.get_body((part,)).get_content()


def test_a_message_without_words_is_not_taken(site):
    answer = send(visitor(), "/contact/", BOB)
    assert answer.status_code == 400
    assert "Fill this in." in text(answer)
    assert not Inquiry.objects.exists()
