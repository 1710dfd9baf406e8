"""§ Support, § Inquiries: what someone writes is used to help or answer them, and for nothing else."""

from datetime import UTC, datetime

import pytest
from tests.accounts import post
from tests.visits import send, signed_in, text, visitor

from troth import gate
from troth.cases.models import Case
from troth.outbox import QueuedEmail
from troth.policy import Policy
from troth.records import ledger
from troth.words.promises import answer_due

BOB = {"name": "Bob Ferreira", "email": "bob@northgate-foods.example", "product": "optipro-process"}
NOTE = "Our lot trace stops at the second level."


def uses_of(case: Case) -> set[tuple[str, str]]:
    """Who used data of the case's person, and for which purpose, beside what the program mailed."""
    entries = [entry for entry in ledger.history(case.asker) if entry.kind in ("used", "disclosed")]
    return {(entry.who, entry.purpose) for entry in entries if entry.who != "program:outbox"}


@pytest.mark.clause("U1")
def test_U1_what_someone_writes_about_a_product_is_answered_by_support_in_time(site: Policy, run_jobs) -> None:
    assert send(visitor(), "/support/", {**BOB, "note": NOTE}).status_code == 303
    run_jobs()
    case = Case.objects.get()
    assert case.due_utc == answer_due("support.answer", case.received_utc)
    support, sales = signed_in("yusuf", role="support", name="Yusuf Adeyemi"), signed_in("ines", role="sales")
    here, asks = f"/console/support/{case.number}/", {"do": "contact", "reason": "to answer this case"}
    assert NOTE not in text(post(sales, here, asks)), "The policy names support alone."
    assert NOTE in text(post(support, here, asks))
    assert uses_of(case) == {("staff:yusuf", "support")}
    assert gate.decide(case.asker, "newsletter", ["email"])["email"].allowed is False
    receipt = QueuedEmail.objects.get(template="support/received")
    assert (receipt.purpose, receipt.state) == ("support", "sent")


@pytest.mark.clause("U4")
def test_U4_an_answer_to_a_message_uses_it_for_nothing_else(site: Policy, run_jobs) -> None:
    assert send(visitor(), "/contact/", {**BOB, "note": NOTE}).status_code == 303
    run_jobs()
    case = Case.objects.get()
    assert case.due_utc == answer_due("inquiries.answer", case.received_utc)
    support, here = signed_in("yusuf", role="support", name="Yusuf Adeyemi"), f"/console/inquiries/{case.number}/"
    assert NOTE in text(post(support, here, {"do": "contact", "reason": "to answer this message"}))
    last = str(case.messages.get().pk)
    answer = post(support, here, {"do": "reply", "words": "Choose “All descendants”.", "last": last})
    assert answer.status_code == 303, text(answer)
    assert uses_of(case) == {("staff:yusuf", "inquiries")}
    assert not any(
        gate.decide(case.asker, use, ["email"])["email"].allowed for use in ("newsletter", "quotes", "content")
    )
    case.refresh_from_db()
    assert (case.waits_for, case.due_utc > datetime.now(UTC)) == ("person", True)
