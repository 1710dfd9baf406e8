"""From a request to its recipient, by rule, once, with everything recorded."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.access.test_signed_in import owner_of
from tests.accounts import emails_to
from tests.acting import acting_as
from tests.updates.versions import next_day, text_of
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor

from troth import in_force
from troth.access.account import actions as account
from troth.cases import actions as cases
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.catalog import deadlines
from troth.catalog.calendar import Calendar
from troth.desk import handovers
from troth.gate import owner as owners
from troth.outbox import QueuedEmail, returns
from troth.records import ledger
from troth.security import links
from troth.security.links import Link
from troth.security.proofs import Proof
from troth.site import site as catalog_site
from troth.uses.quotes import actions
from troth.uses.quotes.models import QuoteRequest
from troth.words.promises import TARGET


def asked(**changed: str) -> QuoteRequest:
    """A request that was sent through the form and received."""
    sent = send(visitor(), "/quote/", {**MARISOL, **changed})
    assert sent.status_code == 303, text(sent)
    return QuoteRequest.objects.latest("received_utc")


def entries(quote: QuoteRequest, kind: str) -> list[ledger.LedgerEntry]:
    return [entry for entry in ledger.history(quote.person_id) if entry.kind == kind]


def test_a_visitor_withdraws_on_the_receipt(site):
    receipt = send(visitor(), "/quote/", MARISOL)["Location"]
    asks = visitor().get(receipt, {"withdraw": "yes"})
    assert "The next page lets you undo this." in text(asks)
    outside = "We passed it on to Dana Okafor, Calder Systems and don’t tell them that you withdraw it."
    assert outside in text(asks)
    assert "Refresh" not in asks.headers, "it would close what they opened"
    foreign = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://evil.example"}
    assert visitor().post(receipt, {"do": "withdraw"}, **(BROWSER | foreign)).status_code == 403
    assert Case.objects.get().state == Case.OPEN

    after = visitor().post(receipt, {"do": "withdraw"}, follow=True, **BROWSER)
    assert "You withdrew this request" in text(after)
    assert outside in text(after)
    assert "Withdraw request" not in text(after)
    assert visitor().post(receipt, {"do": "withdraw"}, **BROWSER).status_code == 303, "it stays as it is"
    assert Case.objects.get().state == Case.WITHDRAWN
    back = re.search(r'name="done" value="([^"]+)"', after.content.decode())
    assert back
    undo, other = {"do": "undo", "done": back[1]}, send(visitor(), "/quote/", MARISOL)["Location"]
    assert "is open again" not in text(visitor().post(other, undo, follow=True, **BROWSER)), "of another receipt"
    assert "This request is open again." in text(visitor().post(receipt, undo, follow=True, **BROWSER))
    assert "is open again" not in text(visitor().post(receipt, undo, follow=True, **BROWSER)), "once"
    assert set(Case.objects.values_list("state", flat=True)) == {Case.OPEN}


def test_the_receipt_says_at_once_who_answers(site, run_jobs):
    client = visitor()
    receipt = client.get(send(client, "/quote/", MARISOL)["Location"])
    quote = QuoteRequest.objects.get()
    assert f"Your request is on its way to {quote.recipient_name}" in text(receipt)
    assert receipt.headers["Refresh"] == "2", "its emails are about to leave"
    assert not ProcrastinateJob.objects.filter(task_name="quotes.route").exists()
    run_jobs()
    kinds = [entry.kind for entry in ledger.history(quote.person_id)]
    assert (kinds.count("disclosed"), kinds.count("notified")) == (1, 2)


def test_a_receipt_tells_of_each_email_once(site, monkeypatch):
    """The emails leave while the page is made: it doesn't say "Not yet" above that they were sent."""
    receipt, trail = send(visitor(), "/quote/", MARISOL)["Location"], handovers.trail

    def leave_meanwhile(*asked: Any, **named: Any) -> handovers.Trail:
        found: handovers.Trail = trail(*asked, **named)
        QueuedEmail.objects.update(state=QueuedEmail.State.SENT, sent_utc=timezone.now())
        return found

    monkeypatch.setattr(handovers, "trail", leave_meanwhile)
    name = QueuedEmail.objects.get(template="quotes/request").to_name
    page, left = text(visitor().get(receipt)), f"We sent an email to {name}."
    assert ("Not yet" in page, left in page) == (True, False)
    assert left in text(visitor().get(receipt))


def test_both_emails_name_the_recipient_and_the_rule(site, run_jobs):
    quote = asked()
    run_jobs()
    quote.refresh_from_db()
    (receipt,) = emails_to(MARISOL["email"])
    assert receipt["Subject"] == f"Your request {quote.number} is with {quote.recipient_name}"
    html = receipt.get_body(("html",)).get_content()
    assert f'<span class="nowrap">{quote.number}</span> is with {quote.recipient_name}</h1>' in html
    words = receipt.get_body(("plain",)).get_content()
    assert f"is with {quote.recipient_name}. They get" in words
    assert re.search(r"Why this recipient: \w", words)
    (given,) = emails_to(catalog_site().routing.recipient(quote.recipient).email)
    assert f"by the rule “{quote.rule_title}”" in given.get_body(("plain",)).get_content()


def test_a_request_whose_routing_fails_in_the_page_is_received_and_a_worker_routes_it(site, run_jobs, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the page's own trouble")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(actions, "route", broken)
        quote = asked()
    assert quote.stage == "received"
    run_jobs()
    quote.refresh_from_db()
    assert quote.stage == "routed"


def test_a_request_is_received_routed_and_told(site, run_jobs, too_slow):
    client = visitor()
    sent = send(client, "/quote/", MARISOL)
    assert sent.status_code == 303, text(sent)
    waiting = client.get(sent["Location"])
    assert "We received your request" in text(waiting)
    assert waiting.headers["Refresh"] == "1"

    run_jobs()

    quote = QuoteRequest.objects.get()
    assert quote.stage == "routed"
    assert quote.number == f"Q-{quote.received_utc.year}-0001"
    assert f"Your request is with {quote.recipient_name}" in text(client.get(sent["Location"]))


def test_an_unknown_zip_waits_at_our_own_desk_with_an_alarm(site, run_jobs):
    quote = asked(zip="00000")
    run_jobs()
    quote.refresh_from_db()
    assert quote.stage == "queued"
    assert quote.alarm == "unknown-zip?zip=00000"
    assert quote.why == "unclear-place"
    assert quote.recipient_class == "staff.sales"
    (disclosed,) = entries(quote, "disclosed")
    assert (disclosed.recipient, disclosed.reason) == (f"staff.sales:{quote.recipient}", "unclear-place")
    (read,) = [mail.get_body(("plain",)).get_content() for mail in emails_to("sales-desk@optiproerp.example")]
    assert "No routing rule applied, so it went to our staff." in read
    assert "routed to you by the rule" not in read
    assert "United States" in read
    assert "+1 559-555-0134" in read


def test_a_distributor_that_the_policy_gives_other_products_is_passed_over(site, run_jobs):
    owners.adopt(
        text_of(2, next_day(), ("title: Distributors\n", "title: Distributors\nproducts: {optipro-none: Another}\n")),
        by="staff:test",
    )
    quote = asked()
    run_jobs()
    quote.refresh_from_db()
    assert quote.stage in ("queued", "routed")
    assert quote.recipient_class != "distributor"
    with pytest.raises(CaseProblem, match="other products"):
        actions.assign(quote.pk, to="calder-systems", words="", who="staff:pia", name="Pia", at_utc=datetime.now(UTC))


def test_a_request_that_no_rule_matches_waits_at_our_own_desk(site, run_jobs):
    quote = asked(country="NZ", state="", zip="", phone="")
    run_jobs()
    quote.refresh_from_db()
    assert quote.stage in ("queued", "routed")
    assert quote.recipient
    assert bool(quote.alarm) == (quote.stage == "queued")


def confirm(quote: QuoteRequest) -> None:
    """The button on the page that the mailed link opens."""
    mailed = Link.objects.get(power="full", request=quote.pk)
    assert visitor().post(links.address(mailed), **BROWSER).status_code == 200


COLLEAGUE = {"email": "tom.reed@halden-valve-works.example", "product": "optipro-discrete"}


def test_a_colleague_is_brought_to_whoever_already_looks_after_the_company(site, run_jobs):
    first = asked()
    run_jobs()
    confirm(first)
    second = asked(**COLLEAGUE)
    run_jobs()
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.recipient == first.recipient
    assert second.why.startswith("owner?name=")
    assert entries(second, "disclosed")[0].reason == second.why
    assert second.repeats is None


def test_an_address_that_was_only_typed_gives_a_company_to_nobody(site, run_jobs):
    asked()
    run_jobs()
    visitor().get(links.address(Link.objects.get(power="full")))  # as a mail scanner does: no button
    second = asked(**COLLEAGUE)
    run_jobs()
    second.refresh_from_db()
    assert second.rule != "owner"


def test_a_stranger_who_types_a_companys_address_does_not_learn_that_we_know_it(site, run_jobs):
    confirmed = asked()
    run_jobs()
    confirm(confirmed)
    client = visitor()
    sent = send(client, "/quote/", {**MARISOL, **COLLEAGUE})
    unknown = send(client, "/quote/", {**MARISOL, "email": "charlie@elsewhere.example"})
    lost = send(client, "/quote/", {**MARISOL, "zip": "00000", "email": "charlie@elsewhere.example"})
    run_jobs()
    assert QuoteRequest.objects.get(company_key=confirmed.company_key, product="optipro-discrete").rule == "owner"
    for receipt in (sent["Location"], unknown["Location"], lost["Location"]):
        page = text(client.get(receipt))
        assert "Our routing rules chose who answers." in page
        for shown in (page, text(client.get(receipt.replace("receipt", "history")))):
            assert not any(
                words in shown
                for words in ("already works with", "matched", "answers these", "most capacity", "don’t recognize")
            )


def test_the_mailed_history_and_the_console_name_the_rule(site, run_jobs):
    confirmed = asked()
    run_jobs()
    confirm(confirmed)
    second = asked(**COLLEAGUE)
    run_jobs()
    mailed = links.address(Link.objects.get(power="full", request=second.pk))
    assert "already works with" in text(visitor().post(mailed, **BROWSER))
    assert "already works with" in text(signed_in().get(f"/console/quotes/{second.number}/"))


def test_what_was_stored_as_a_sentence_is_shown_as_it_stands(site, run_jobs):
    quote = asked()
    run_jobs()
    old = "California: Calder answers these requests."
    QuoteRequest.objects.using("owner").filter(pk=quote.pk).update(
        why=old, alarm="We don’t recognize the ZIP code 00000."
    )
    page = text(signed_in().get(f"/console/quotes/{quote.number}/"))
    assert old in page
    assert "We don’t recognize the ZIP code 00000." in page


def test_free_mail_says_nothing_about_a_company(site):
    asked(email="someone@gmail.com")
    assert asked(email="someone.else@gmail.com").company_key is None


def test_a_request_is_known_by_the_present_address_of_its_account(site):
    """Whoever reads mail at the former one is a stranger to it; she herself is not."""
    first, new, now = asked(), "marisol@home.example", timezone.now()
    user, _person = owner_of(MARISOL["email"])
    account.ask_address(user, new, at_utc=now)
    assert account.change_address(Proof.objects.get(user=user), user, at_utc=now)
    assert asked().repeats is None
    assert asked(email=new).repeats == first


def test_the_same_address_and_product_again_warns_but_stays_two_people(site):
    first, second = asked(), asked()
    assert second.repeats == first
    assert second.person_id != first.person_id


def test_routing_again_changes_nothing(site, run_jobs):
    quote = asked()
    run_jobs()
    before = ledger.history(quote.person_id)
    actions.route(quote.pk, at_utc=datetime.now(UTC))
    assert ledger.history(quote.person_id) == before
    assert QueuedEmail.objects.count() == 2


def test_what_the_policy_forbids_leaves_nothing_and_alarms(site, too_slow, monkeypatch):
    quote = asked()
    monkeypatch.setattr(actions, "PURPOSE", "communities")
    actions.route(quote.pk, at_utc=datetime.now(UTC))
    quote.refresh_from_db()
    assert quote.stage == "refused"
    assert quote.alarm == "refused?because=channel+not+stated"
    page = text(signed_in().get("/console/"))
    assert (
        "Our privacy policy does not allow this. The privacy policy does not allow data collected this way for this purpose."
        in page
    )
    assert not QueuedEmail.objects.exists()
    assert [entry.kind for entry in ledger.history(quote.person_id)] == ["refused", "collected"]


def test_nothing_is_half_kept_when_the_job_cannot_be_queued(site, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions, "record", broken)
    client = visitor()
    client.raise_request_exception = False
    answer = send(client, "/quote/", MARISOL)
    assert answer.status_code == 500
    assert not QuoteRequest.objects.exists()
    monkeypatch.undo()
    assert send(client, "/quote/", MARISOL).status_code == 303


def test_an_edition_that_the_product_lacks_is_refused_beside_its_field(site):
    answer = send(visitor(), "/quote/", {**MARISOL, "product": "", "edition": "company"})
    assert answer.status_code == 400
    assert not QuoteRequest.objects.exists()


def test_the_email_to_the_recipient_holds_exactly_what_was_disclosed(site, run_jobs, settings):
    settings.TROTH_MAILBOX = "portal@acme.example"
    quote = asked()
    run_jobs()
    (disclosed,) = entries(quote, "disclosed")
    email = QueuedEmail.objects.get(template="quotes/request")
    assert set(email.kinds) == set(disclosed.kinds)
    assert set(disclosed.kinds) <= set(in_force.policy().purposes["quotes"].may_use)
    assert email.permit == disclosed.id
    receipt = QueuedEmail.objects.get(template="quotes/receipt")
    assert receipt.kinds == ["name"]
    assert returns.read_reply(receipt.reply_to) == quote.pk
    assert email.reply_to == "", "The recipient writes to the person, not to us."
    assert MARISOL["email"] not in str(email.facts) + str(receipt.facts)


def test_an_answer_is_due_at_closing_time_where_the_vendor_sits_and_says_so(site, run_jobs, time_machine):
    time_machine.move_to("2026-11-20T22:02:00+00:00")
    sent = send(visitor(), "/quote/", MARISOL)
    run_jobs()
    assert QuoteRequest.objects.get().due_utc == datetime(2026, 11, 25, 1, tzinfo=UTC)
    page = text(visitor().get(sent["Location"]))
    assert "Nov 24, 2026, 5:00 PM PST" in page
    assert "Nov 20, 2026, 2:02 PM PST" in page
    assert "UTC" not in page
    for email in QueuedEmail.objects.all():
        assert email.facts["due"] == "Tue, Nov 24, 2026, 5:00 PM PST"


def test_answering_makes_room_for_the_next(site, run_jobs):
    quote = asked()
    run_jobs()
    quote.refresh_from_db()
    assert QuoteRequest.load() == {quote.recipient: 1}
    with acting_as("ines", role="sales"):
        assert cases.note_answer(quote, who="staff:ines", at_utc=datetime.now(UTC))
    assert QuoteRequest.load() == {}


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20T22:02:00+00:00", "2026-11-24T17:00:00+00:00"),  # Friday → Tuesday
        ("2026-11-21T10:00:00+00:00", "2026-11-24T17:00:00+00:00"),  # Saturday
        ("2026-11-23T09:00:00+00:00", "2026-11-25T17:00:00+00:00"),
        ("2026-11-25T09:00:00+00:00", "2026-11-30T17:00:00+00:00"),  # Wednesday before Thanksgiving
        ("2026-12-23T22:02:00+00:00", "2026-12-28T17:00:00+00:00"),  # not on Christmas Day
    ],
)
def test_an_answer_is_due_on_the_second_working_day(received, due):
    assert deadlines.due(datetime.fromisoformat(received), TARGET, UTC, Calendar("US")) == datetime.fromisoformat(due)


def test_weekends_do_not_age_a_request():
    friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert deadlines.working_days(friday, friday + timedelta(days=2), UTC, Calendar("US")) == 0
    assert deadlines.working_days(friday, friday + timedelta(days=3), UTC, Calendar("US")) == 1
    assert deadlines.working_days(friday, friday + timedelta(days=7), UTC, Calendar("US")) == 4  # Thanksgiving


def test_a_quote_of_before_christmas_is_not_due_on_christmas_day(site, time_machine):
    time_machine.move_to("2026-12-23T22:02:00Z", tick=False)
    due = asked().due_utc.astimezone(catalog_site().brand.zone)
    assert (due.date().isoformat(), due.hour) == ("2026-12-28", 17)
