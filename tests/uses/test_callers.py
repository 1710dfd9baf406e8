"""Someone who calls is found by what they tell, partly hidden, on the record, and not once they are erased."""

from typing import Any

import pytest
from django.db import connections
from tests.accounts import post
from tests.uses.test_support import ASKED
from tests.visits import send, signed_in, text, visitor

from troth.desk import callers
from troth.gate import owner as gate_owner
from troth.records import ledger
from troth.records.models import DatumMark
from troth.uses.support.models import SupportCase

PAGE = "/console/callers/"
WHO = {"name": "Renée O’Connor-Díaz", "email": "renee@halden-valve-works.example", "phone": "+1 559-555-0134"}


@pytest.fixture
def case(site, run_jobs) -> SupportCase:
    assert send(visitor(), "/support/", ASKED | WHO).status_code == 303
    run_jobs()
    return SupportCase.objects.get()


def find(client: Any, words: str, **more: Any) -> str:
    asked = {"q": words, "purpose": "support", "reason": "to help someone who is calling"}
    return text(post(client, PAGE, asked | more))


def test_a_caller_is_found_partly_hidden_and_it_is_in_their_history(case):
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    page = text(yusuf.get(PAGE))
    assert "Support: you see name" in page
    for told in ("oconnor", "Díaz renee", "5595550134", "(559) 555-0134", "555 0134", case.number.lower()):
        page = find(yusuf, told)
        assert case.number in page, told
        assert "O’Connor" not in page
        assert "555-0134" not in page.partition("Found")[2]
    entries = [entry for entry in ledger.bulk_uses_of(case.person_id) if entry.who == "staff:yusuf"]
    assert len(entries) == 6
    assert {entry.purpose for entry in entries} == {"support"}
    for told in ("conno", "renee vance", "5595550135", "S-2026-9999"):
        assert case.number not in find(yusuf, told), told
    assert "at least three" in find(yusuf, "re")
    assert "Choose what it is for." in find(yusuf, "renee", purpose="quotes")
    assert "at least 10 characters" in find(yusuf, "renee", reason="")


def test_who_asked_twice_is_one_person_with_both_requests(case):
    assert send(visitor(), "/support/", ASKED | WHO | {"name": "Renée Díaz"}).status_code == 303
    page = find(signed_in("yusuf", role="support", name="Yusuf Adeyemi"), "renee")
    assert "Found 1" in page
    assert all(each.number in page for each in SupportCase.objects.all())
    assert SupportCase.objects.count() == 2


def test_nobody_is_found_by_those_who_may_not_read_or_after_an_erasure(case, owner):
    assert signed_in("aud", role="auditor").get(PAGE).status_code == 404
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    owner.execute("select erase(%s, gen_random_uuid(), 'program:test', 'test')", [case.person_id])
    owner.commit()
    assert not DatumMark.objects.exists()
    assert "Nobody whose data may be used for this was found by" in find(yusuf, "oconnor")


def test_a_caller_held_for_another_purpose_is_said_to_be_found_for_that_one(case, monkeypatch):
    monkeypatch.setattr(callers, "list_purposes", lambda _user: [("quotes", "Quotes"), ("support", "Support")])
    ines = signed_in("ines", role="sales", name="Ines Duarte")
    page = find(ines, "oconnor", purpose="quotes")
    assert "You could find someone by it for: Support." in page, page[page.find("Nobody whose") :][:400]
    assert "You could find" not in find(ines, "unheard", purpose="quotes")
    monkeypatch.setattr(callers, "_kinds", lambda _purpose: ["name"])
    assert "Support: you see name. The policy doesn’t let us use phone and company for it." in text(ines.get(PAGE))


def test_twenty_are_shown_and_that_there_are_more_is_said(case):
    from datetime import UTC, datetime

    from troth import in_force
    from troth.gate import new_id
    from troth.records import Provenance, keep

    for _number in range(21):
        provenance = Provenance(
            "form.support", version=in_force.policy().version, at_utc=datetime.now(UTC), way="typed into the form"
        )
        keep(values={"name": "Kim Diaz"}, provenance=provenance, cause=new_id())
    page = find(signed_in("yusuf", role="support", name="Yusuf Adeyemi"), "diaz")
    assert "There are more than 20." in page
    assert "Found 20" in page


def test_what_was_stored_before_is_marked_by_the_next_start(case):
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from datum_mark")
        cursor.execute("delete from progress where step like 'names%'")
    gate_owner.mark_values()
    gate_owner.mark_values()
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    assert case.number in find(yusuf, "oconnor")
