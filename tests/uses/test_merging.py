"""Two cases of a customer made one and two again, with nothing lost of where each message came from."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from tests.accounts import post
from tests.uses.test_replies_by_email import mail, take_mail
from tests.uses.test_staff_undo import press as press_undoable
from tests.uses.test_staff_undo import undo
from tests.uses.test_support import ASKED, answer, here, link_of, read
from tests.visits import send, signed_in, text, visitor

from troth.cases.actions import CaseProblem
from troth.cases.thread import CaseMessage, merging
from troth.records import ledger
from troth.uses.support.models import SupportCase

SECOND = "One more thing: labels print twice since then."


@pytest.fixture
def two(site, run_jobs) -> tuple[SupportCase, SupportCase]:
    """An older case and a newer one of the same address, each of a person of its own as forms make them."""
    assert send(visitor(), "/support/", ASKED).status_code == 303
    assert send(visitor(), "/support/", ASKED | {"note": SECOND}).status_code == 303
    run_jobs()
    older, newer = SupportCase.objects.order_by("number")
    return older, newer


@pytest.fixture
def yusuf(two) -> Any:
    return signed_in("yusuf", role="support", name="Yusuf Adeyemi")


def press(client: Any, case: SupportCase, do: str, **more: Any) -> Any:
    return post(client, here(case), {"do": do, **more})


def refresh(*cases: SupportCase) -> None:
    for case in cases:
        case.refresh_from_db()


def test_merged_cases_read_as_one_say_so_and_can_be_parted_again(two, yusuf, run_jobs):
    older, newer = two
    assert "no request with this number" in text(press(yusuf, newer, "merge", number="S-2026-9999"))
    assert "this very request" in text(press(yusuf, newer, "merge", number=newer.number))
    assert press(yusuf, newer, "merge", number=older.number.lower()).status_code == 303
    refresh(older, newer)
    assert (newer.stage, newer.joined, older.messages.count()) == ("joined", older.number, 2)
    page = text(read(yusuf, older))
    assert SECOND in page
    assert f"from {newer.number}" in page
    assert page.count(f"{ASKED['name']} · Customer ·") == 2, "Each message names who wrote it."
    assert SECOND in text(yusuf.get(here(older))), "It stays open while the reading lasts."
    take_mail(mail(newer.pk, text="And a third thing.\n"))
    late = older.messages.last()
    assert (late.first_id, late.person) == (newer.pk, newer.person_id), "What answers the merged one reaches the other."
    client, address = visitor(), link_of(newer)
    page = text(post(client, "/conversation/", {"secret": address.split("/")[2], "do": "show"}))
    assert "seat not released" in page
    assert SECOND in page
    assert f"We merged your request {newer.number} into this one." in page
    seen = len(ledger.history(older.person_id)), len(ledger.history(newer.person_id))
    post(client, "/conversation/", {"secret": address.split("/")[2], "do": "show"})
    assert seen == (len(ledger.history(older.person_id)), len(ledger.history(newer.person_id))), "It is the same look."
    client.get(address)
    assert press(yusuf, newer, "unmerge").status_code == 303
    refresh(older, newer)
    assert (newer.state, newer.joined, newer.messages.count(), older.messages.count()) == ("open", "", 2, 1)
    assert not CaseMessage.objects.exclude(first=None).exists()


def test_merging_and_moving_lead_to_the_other_request_and_are_undone_from_there(two, yusuf):
    older, newer = two
    page = press_undoable(yusuf, newer, "merge", number=older.number)
    assert f"{newer.number} was merged. It continues as {older.number}." in text(page)
    assert f'href="{here(older)}"' in page.content.decode()
    assert f"{newer.number} is a request of its own again." in text(undo(yusuf, page))
    take_mail(mail(older.pk, text="A printer question, too.\n"))
    page = press_undoable(yusuf, older, "split", parts=str(older.messages.last().pk))
    new = SupportCase.objects.order_by("number").last()
    assert f"You moved messages of {older.number} to {new.number}, a new request." in text(page)
    assert f'href="{here(new)}"' in page.content.decode()
    assert f"{new.number} was merged. It continues as {older.number}." in text(undo(yusuf, page))
    assert older.messages.count() == 2


def test_an_erased_person_leaves_nothing_in_what_their_case_was_merged_into(two, yusuf, owner):
    older, newer = two
    press(yusuf, newer, "merge", number=older.number)
    owner.execute("select erase(%s, gen_random_uuid(), 'program:test', 'test')", [newer.person_id])
    owner.commit()
    assert [message.first_id for message in older.messages.all()] == [None]


def test_nobody_comes_to_see_what_someone_else_wrote(two, yusuf, run_jobs):
    older, _newer = two
    send(visitor(), "/support/", ASKED | {"email": "pavel@halden-valve-works.example"})
    run_jobs()
    other = SupportCase.objects.order_by("number").last()
    assert "different people" in text(press(yusuf, older, "merge", number=other.number))
    with pytest.raises(CaseProblem), transaction.atomic():
        merging.unmerge(older.pk, at_utc=datetime.now(UTC), who="staff:yusuf")


def test_messages_become_a_case_of_their_own_and_go_back_by_merging(two, yusuf, run_jobs):
    older, newer = two
    read(yusuf, older)
    assert "Move the selected messages" not in text(yusuf.get(here(older))), "There is nothing to leave behind."
    answer(yusuf, older)
    assert "Please stop the service" in text(yusuf.get(here(older))), "What they wrote themselves is read, too."
    take_mail(mail(older.pk, text="A printer question, too.\n"))
    first, _ours, question = older.messages.all()
    assert "Choose at least one message of the person." in text(press(yusuf, older, "split"))
    assert press(yusuf, older, "split", parts=str(question.pk)).status_code == 303
    new = SupportCase.objects.order_by("number").last()
    refresh(question, older)
    assert (question.case_id, question.first_id, new.person_id) == (new.pk, older.pk, older.person_id)
    assert (new.product, new.release, new.kind) == (older.product, older.release, "support")
    assert "A printer question, too." in text(read(yusuf, new))
    assert f"Begun with messages of: {older.number}" in text(yusuf.get(here(new)))
    assert f"Messages moved to: {new.number}" in text(yusuf.get(here(older)))
    press(yusuf, new, "merge", number=older.number)
    assert older.messages.count() == 3
    assert "A printer question, too." in text(read(yusuf, older))
    assert first.pk == older.messages.first().pk
    assert newer.messages.count() == 1
