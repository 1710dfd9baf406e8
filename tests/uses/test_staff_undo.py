"""Acts of staff on a case, said on the next page and undone there, as far as the case is still as they left it."""

import re
from typing import Any

import pytest
from tests.accounts import post
from tests.uses.test_support import ASKED, answer, here, read
from tests.visits import BROWSER, send, signed_in, text, visitor

from troth.uses.support.models import SupportCase


@pytest.fixture
def yusuf(site) -> Any:
    return signed_in("yusuf", role="support", name="Yusuf Adeyemi")


def press(client: Any, case: SupportCase, do: str, **more: Any) -> Any:
    done = post(client, f"{here(case)}?state=open", {"do": do, **more})
    assert done.status_code == 303, text(done)
    return client.get(done["Location"])


def undo(client: Any, page: Any) -> Any:
    found = re.search(r'name="done" value="([^"]+)"', page.content.decode())
    assert found, text(page)
    undone = post(client, "/account/undo/", {"done": found[1], "do": "undo"})
    assert undone.status_code == 303
    return client.get(undone["Location"])


def test_assigning_putting_off_and_changing_are_said_and_undone(case, yusuf):
    page = press(yusuf, case, "assign", to="")
    assert f"You assigned {case.number} to Yusuf Adeyemi." in text(page)
    assert "state=open" in page.request["QUERY_STRING"]
    assert "is assigned to no one" in text(undo(yusuf, page))
    case.refresh_from_db()
    assert case.assigned_to == ""
    due = case.due_utc
    page = press(yusuf, case, "wait", until="2027-01-11")
    assert f"No answer to {case.number} is due until" in text(page)
    assert f"{case.number} no longer waits." in text(undo(yusuf, page))
    case.refresh_from_db()
    assert (case.waits_for, case.waits_until_utc, case.due_utc) == ("", None, due)
    page = press(yusuf, case, "change", priority="urgent", product="", release="12.4")
    assert "about OptiPro Process 12.4 now, with urgent priority" in text(page)
    assert "12.3.4 now, with normal priority" in text(undo(yusuf, page))
    case.refresh_from_db()
    assert (case.priority, case.release) == ("normal", "12.3.4")


def test_a_note_is_undone_by_who_wrote_it_and_what_was_emailed_is_not(case, yusuf):
    page = press(yusuf, case, "note", words="Called the plant, nobody there.")
    assert f"You added a note to {case.number}." in text(page)
    press(yusuf, case, "note", words="Called the plant, nobody there.")
    assert case.events.filter(what="note").count() == 1, "Pressed twice, it is one note."
    assert "You added a note" not in text(yusuf.get(f"{here(case)}?state=open"))
    assert f"Your note on {case.number} is deleted." in text(undo(yusuf, page))
    assert not case.events.filter(what="note").exists()
    page = press(yusuf, case, "answer", sure="yes")
    assert f"You closed {case.number}." in text(page)
    assert 'name="done"' not in page.content.decode()
    assert f"You opened {case.number} again." in text(press(yusuf, case, "reopen"))


def test_who_answers_a_case_that_nobody_has_is_assigned_it_and_undo_means_the_answer(case, yusuf):
    read(yusuf, case)
    page = yusuf.get(answer(yusuf, case, "Restart it.")["Location"])
    assert f"Your answer to {case.number} leaves in a few seconds. It’s assigned to you." in text(page)
    case.refresh_from_db()
    assert case.assigned_to == "yusuf"
    page = undo(yusuf, page)
    assert f"Your answer to {case.number} wasn’t sent. It’s a draft." in text(page)
    assert "Restart it." in page.content.decode()
    assert case.messages.count() == 1
    post(yusuf, here(case), {"do": "assign", "to": ""})
    signed_in("hana", role="support", name="Hana Sato")
    press(yusuf, case, "assign", to="hana")
    read(yusuf, case)
    assert answer(yusuf, case, "And once more.").status_code == 303
    case.refresh_from_db()
    assert case.assigned_to == "hana", "who has it keeps it"


def test_nothing_is_undone_that_was_changed_since_or_by_someone_else(case, yusuf):
    page = press(yusuf, case, "assign", to="yusuf")
    hana = signed_in("hana", role="support", name="Hana Sato")
    press(hana, case, "assign", to="hana")
    assert "There was nothing to undo." in text(undo(yusuf, page))
    found = re.search(r'name="done" value="([^"]+)"', page.content.decode())
    assert found
    post(hana, "/account/undo/", {"done": found[1], "do": "undo"})
    case.refresh_from_db()
    assert case.assigned_to == "hana"
    assert "Undo" not in text(yusuf.get(here(case)))


def test_priority_and_waiting_are_changed_for_several_with_a_preview(case, yusuf, run_jobs):
    send(visitor(), "/support/", ASKED | {"email": "pavel@halden-valve-works.example"})
    run_jobs()
    numbers = list(SupportCase.objects.values_list("number", flat=True))
    page = text(yusuf.get("/console/support/"))
    assert "Wait until a date" in page
    assert "Change product or priority" in page
    chosen = {"do": "change", "pick": numbers, "priority": "high", "product": "", "release": ""}
    preview = post(yusuf, "/console/support/bulk/", chosen)
    assert all(number in text(preview) for number in numbers)
    assert set(SupportCase.objects.values_list("priority", flat=True)) == {"normal"}
    done = post(yusuf, "/console/support/bulk/", chosen | {"sure": "yes"})
    assert done.status_code == 303, text(done)
    assert set(SupportCase.objects.values_list("priority", flat=True)) == {"high"}
    assert "Change product or priority" in text(yusuf.get(done["Location"]))
    assert "Changed: priority high" in text(read(yusuf, case))


def test_figures_tell_age_and_first_answer_and_letter_keys_can_be_turned_off(case, yusuf):
    page = text(yusuf.get("/console/support-figures/"))
    assert "Open cases by business days since received 1" in page
    assert "none yet 1" in page
    read(yusuf, case)
    answer(yusuf, case)
    assert "≤ 1 h 1" in text(yusuf.get("/console/support-figures/"))
    assert signed_in("aud", role="auditor").get("/console/support-figures/").status_code == 200, (
        "as the list that leads there"
    )
    assert "Turn off letter keys" in text(yusuf.get("/console/support/"))
    post(yusuf, "/console/support/", {"keys": "off"})
    page = yusuf.get("/console/support/")
    assert "Turn on letter keys" in text(page)
    assert 'data-keys="off"' in page.content.decode()
    post(yusuf, "/console/support/", {"keys": "on"})
    assert "Turn off letter keys" in text(yusuf.get("/console/support/"))


def test_a_case_has_a_page_of_its_own_that_names_others_about_the_same_product(case, yusuf, run_jobs):
    send(visitor(), "/support/", ASKED | {"email": "pavel@halden-valve-works.example"})
    run_jobs()
    other = SupportCase.objects.exclude(pk=case.pk).get()
    page = text(yusuf.get(f"{here(case)}?whole=yes"))
    assert f"{case.number} · Show beside the list" in page
    assert "Similar requests" in page
    assert other.number in page
    assert "Search and filter" not in page
    kept = post(yusuf, f"{here(case)}?whole=yes", {"do": "note", "words": "Same pattern as before."})
    assert "whole=yes" in kept["Location"], "an act stays on the page"
    assert post(yusuf, f"{here(case)}?whole=yes", {"do": "note", "words": ""}).status_code == 400


def test_a_run_of_changes_or_waits_is_undone_as_one_of_them(case, yusuf):
    press(yusuf, case, "change", priority="high", product="", release="12.1")
    case.refresh_from_db()
    lower = {"do": "change", "priority": "low", "product": "", "release": ""}
    assert list_stages(yusuf, case, lower) == [("high", "12.1", ""), ("low", "12.1", ""), ("high", "12.1", "")]
    due = case.due_utc
    later = {"do": "wait", "until": "2027-01-11"}
    assert list_stages(yusuf, case, later) == [("high", "12.1", ""), ("high", "12.1", "later"), ("high", "12.1", "")]
    assert case.due_utc == due
    page = run(yusuf, case, lower)
    press(yusuf, case, "change", priority="low", product="", release="12.2")
    assert "It was changed again since, and stays as it is." in text(undo_run(yusuf, page))


def list_stages(client: Any, case: SupportCase, sent: dict[str, str]) -> list[tuple[str, str, str]]:
    """Before a run, after it, and after it was undone."""
    found = [(case.priority, case.release, case.waits_for)]
    page = run(client, case, sent)
    for undoing in (False, True):
        if undoing:
            undo_run(client, page)
        case.refresh_from_db()
        found.append((case.priority, case.release, case.waits_for))
    return found


def run(client: Any, case: SupportCase, sent: dict[str, str]) -> Any:
    sent = {"pick": case.number, "sure": "yes", **sent}
    return client.post("/console/support/bulk/", sent, follow=True, **BROWSER)


def undo_run(client: Any, page: Any) -> Any:
    return client.post(page.request["PATH_INFO"], {"do": "undo"}, follow=True, **BROWSER)
