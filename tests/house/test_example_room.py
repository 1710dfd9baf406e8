"""A room is plugged in by its folder and its lines in the two indexes; every frame of the house then knows it."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.urls import clear_url_caches
from tests.access.hers import told as told_by
from tests.accounts import emails_to
from tests.conftest import ROOT
from tests.site import site
from tests.visits import BROWSER, send, signed_in, text, visitor

from troth.access.copy import copy_of
from troth.access.copy.writing import as_json, as_pdf
from troth.cases.models import Case
from troth.desk import index
from troth.records import privileges
from troth.rooms import ROOMS

__all__ = ["site"]

EXAMPLE = Path(__file__).parent / "example"
ALICE = {"name": "Alice Ashby", "email": "alice@ashby.example", "product": "optipro-process", "note": "It stopped."}


@pytest.fixture
def table(site: Any, owner: Any) -> Iterator[None]:
    """What a migration does for the room's line in the index of tables, as the owner: table, function and privileges."""
    from tests.house.example.models import Plea

    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        editor.create_model(Plea)
    owner.execute("\n".join(editor.collected_sql))
    owner.execute((EXAMPLE / "sql" / "ends.sql").read_text(encoding="utf-8"))
    owner.execute(f"grant {privileges.rights_of('plea')} on table plea to {privileges.APPLICATION}")
    yield
    owner.execute("drop table plea; drop function ends_in_support")


@pytest.fixture
def plugged_in(table: None) -> Iterator[None]:
    """The one line of the index of rooms, and what the settings do for a folder under src/troth."""
    from tests.house.example.room import ROOM

    folders = engines["django"].engine.dirs  # type: ignore[attr-defined]
    folders.insert(0, EXAMPLE / "templates")
    _read_templates_again()
    index.open_rooms([*(room for room in ROOMS if room.name != ROOM.name), ROOM])  # in place of the house's own
    _read_addresses_again()
    yield
    index.open_rooms(ROOMS)
    _read_addresses_again()
    folders.remove(EXAMPLE / "templates")
    _read_templates_again()


def _read_templates_again() -> None:
    for loader in engines["django"].engine.template_loaders:  # type: ignore[attr-defined]
        loader.reset()


def _read_addresses_again() -> None:
    for module in ("troth.web.console.urls", "troth.web.urls"):
        importlib.reload(importlib.import_module(module))
    clear_url_caches()


def test_a_room_appears_everywhere(plugged_in: None, run_jobs: Any) -> None:
    from tests.house.example import actions

    # The policy's check knows its form and its email.
    assert "form.support" in index.offer().places
    assert [email.name for email in index.offer().owed["support"]] == ["receipt"]

    # The menu offers its page, and its form is taken.
    assert "Get support" in text(visitor().get("/", **BROWSER))
    sent = send(visitor(), "/support/", ALICE)
    plea = Case.objects.get(kind="plea")
    assert plea.number in text(visitor().get(sent.headers["Location"], **BROWSER))  # the receipt

    # Its email leaves, and the history calls it by its title.
    actions.confirm(plea.pk, at_utc=datetime.now(UTC))
    run_jobs()
    (mail,) = emails_to(ALICE["email"])
    assert mail["Subject"] == f"We have your request {plea.number}"
    assert "the receipt of your support request" in " ".join(told_by(plea.person_id))

    # The console lists it, reads the contact with a reason, and closes it; the history says who.
    console = signed_in("sam", role="support", name="Sam Okoro")
    assert plea.number in text(console.get("/console/", **BROWSER))
    one = f"/console/support/{plea.number}/"
    read = console.post(one, {"do": "contact", "reason": "to answer the request"}, **BROWSER)
    assert ALICE["note"] in text(read)
    console.post(one, {"do": "assign"}, **BROWSER)
    console.post(one, {"do": "note", "words": "Called back, they are waiting."}, **BROWSER)
    opened = text(console.get(one, **BROWSER))
    assert "Assigned: Sam Okoro" in opened
    assert "Note: Called back, they are waiting." in opened
    console.post(one, {"do": "answer", "sure": "yes"}, **BROWSER)
    assert "Sam Okoro helped you." in told_by(plea.person_id)

    # Her copy has its row.
    copy = copy_of([plea.asker], cause=None, at_utc=datetime.now(UTC))
    (held,) = json.loads(as_json(copy))["people"][0]["held"]
    assert held["title"] == plea.number
    assert "optipro-process" in json.dumps(held)
    assert as_pdf(copy).startswith(b"%PDF")


def test_what_is_open_in_it_ends_with_an_erasure(plugged_in: None, run_jobs: Any, superuser: Any) -> None:
    from tests.house.example.models import Plea

    send(visitor(), "/support/", ALICE)
    person = Case.objects.get().person_id
    assert Plea.objects.get().person_id == person
    superuser.execute("select end_in_rooms(%s, null)", [person])
    assert not Plea.objects.exists()
    assert Case.objects.get().stage == "erased"
    assert "Your request ended because your data was deleted." in " ".join(told_by(person))


def test_its_clause_and_its_table_are_in_the_map(monkeypatch: Any) -> None:
    spec = importlib.util.spec_from_file_location("map", ROOT / "tools" / "map.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "map", tool)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "SRC", EXAMPLE.parent)
    page = tool.document()
    assert "| U1 | Support | `example` | `plea` |" in page
    assert "| `plea` | `example.models` | U1 | yes | What a request for support is about. |" in page
