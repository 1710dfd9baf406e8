"""Copies that take long are made by a job, fetched for an hour by whoever may, and then deleted."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.accounts import ALICE, BOB, account
from tests.visits import BROWSER, saved, send, signed_in, text, visitor

from troth import queue
from troth.access.copy import making
from troth.cases.models import Case
from troth.collection import prepared
from troth.collection.prepared import PreparedFile
from troth.files import Disk
from troth.records import stored
from troth.records.stored import StoredFile

REQUEST = {"name": "Alice Marchetti", "email": ALICE["email"], "note": "All of it, please."}

pytestmark = pytest.mark.usefixtures("site")


def asked(run_jobs: Any) -> tuple[Client, str]:
    """Alice, signed in, with the page of her answered request."""
    alice = account(ALICE, run_jobs)
    send(alice, "/privacy/requests/copy/", REQUEST)
    return alice, f"/account/requests/{Case.objects.get().number}/"


def test_a_pdf_is_prepared_behind_the_page_and_fetched_when_it_is_ready(run_jobs: Any) -> None:
    alice, page = asked(run_jobs)
    answer = alice.post(f"{page}copy.pdf", **BROWSER)
    assert answer.status_code == 303
    progress = answer.headers["Location"]
    assert re.fullmatch(rf"{page}files/[0-9a-f-]+/", progress)

    waiting = alice.get(progress)
    assert "We’re preparing your file." in text(waiting)
    assert waiting.headers["Refresh"] == "3"
    assert "no-store" in waiting.headers["Cache-Control"]
    assert alice.get(f"{progress}download").headers["Content-Type"].startswith("text/html")
    run_jobs()

    ready = alice.get(progress)
    assert "You can download it until" in text(ready)
    assert "Refresh" not in ready.headers
    paper = alice.get(f"{progress}download")
    assert saved(paper).startswith(b"%PDF")
    assert paper.headers["Content-Disposition"].startswith('attachment; filename="my-data-P-')


def test_pressing_eight_times_makes_one_file(run_jobs: Any) -> None:
    alice, page = asked(run_jobs)
    places = {alice.post(f"{page}copy.pdf", **BROWSER).headers["Location"] for _press in range(8)}
    assert len(places) == 1
    assert PreparedFile.objects.count() == 1


def test_files_are_made_one_at_a_time() -> None:
    from procrastinate.contrib.django import app as jobs

    assert jobs.tasks["copy.prepare"].lock == prepared.LOCK
    assert "copy.prepare" in queue.TITLES


def test_the_file_at_rest_is_sealed(run_jobs: Any) -> None:
    alice, page = asked(run_jobs)
    alice.post(f"{page}copy.pdf", **BROWSER)
    run_jobs()
    made = PreparedFile.objects.get()
    at_rest = Disk(Path(settings.TROTH_FILES)).place(made.pk).read_bytes()
    assert b"%PDF" not in at_rest
    assert ALICE["name"].encode() not in at_rest
    assert StoredFile.objects.get().stored == len(at_rest)


def test_a_big_json_is_prepared_and_a_small_one_comes_at_once(run_jobs: Any, monkeypatch: Any) -> None:
    alice, page = asked(run_jobs)
    assert alice.post(f"{page}copy.json", **BROWSER).status_code == 200
    monkeypatch.setattr(making, "MOST_AT_ONCE", 1)
    progress = alice.post(f"{page}copy.json", **BROWSER).headers["Location"]
    run_jobs()
    assert json.loads(saved(alice.get(f"{progress}download")))["format"] == "troth copy 1"


def test_nobody_else_sees_or_fetches_it(run_jobs: Any) -> None:
    alice, page = asked(run_jobs)
    progress = alice.post(f"{page}copy.pdf", **BROWSER).headers["Location"]
    run_jobs()
    bob = account(BOB, run_jobs)
    send(bob, "/privacy/requests/copy/", REQUEST | {"email": BOB["email"]})
    his = Case.objects.exclude(number=page.split("/")[-2]).get().number
    id = PreparedFile.objects.get().pk
    for place in (progress, f"{progress}download", f"/account/requests/{his}/files/{id}/download"):
        assert bob.get(place).status_code == 404
    assert visitor().get(f"{progress}download").status_code == 303
    assert visitor().get(f"/case/{'a' * 32}/files/{id}/download").status_code == 404
    pia = signed_in("pia", role="privacy")
    assert pia.get(f"/console/requests/{page.split('/')[-2]}/files/{id}/download").status_code == 404


def test_after_an_hour_the_file_is_gone(run_jobs: Any) -> None:
    alice, page = asked(run_jobs)
    progress = alice.post(f"{page}copy.pdf", **BROWSER).headers["Location"]
    run_jobs()
    PreparedFile.objects.update(ready_utc=datetime.now(UTC) - prepared.LASTING)
    assert alice.get(f"{progress}download").status_code == 404
    assert "This file was deleted" in text(alice.get(progress))
    assert prepared.tidy(at_utc=datetime.now(UTC)) == 1
    assert not PreparedFile.objects.exists()


def test_an_erasure_leaves_no_file(run_jobs: Any, superuser: Any) -> None:
    alice, page = asked(run_jobs)
    alice.post(f"{page}copy.pdf", **BROWSER)
    run_jobs()
    person = PreparedFile.objects.get().person_id
    assert person
    superuser.execute("select end_in_rooms(%s, null)", [person])
    assert not PreparedFile.objects.exists()
    assert stored.sweep(at_utc=datetime.now(UTC) + 2 * stored.GRACE).deleted == 1


def test_one_that_takes_long_says_so(run_jobs: Any) -> None:
    alice, page = asked(run_jobs)
    progress = alice.post(f"{page}copy.pdf", **BROWSER).headers["Location"]
    PreparedFile.objects.update(asked_utc=datetime.now(UTC) - timedelta(minutes=6))
    assert "This is taking longer than usual." in text(alice.get(progress))
