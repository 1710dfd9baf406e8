"""The journal: what people forbade is outside the database before anybody is told that it is done."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from tests.site import site
from tests.visits import BROWSER
from tests.worlds import ALICE, BOB, kept

from troth import gate
from troth.gate import owner as as_owner
from troth.records import journal, profile
from troth.records.journal import Journal, JournalAct, JournalProblem, Mark

__all__ = ["site"]

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture(autouse=True)
def file(settings: Any, tmp_path: Path) -> Path:
    settings.TROTH_JOURNAL_FILE = tmp_path / "journal" / "acts"
    settings.TROTH_CHECKPOINT_FILE = tmp_path / "checkpoints"
    return Path(settings.TROTH_JOURNAL_FILE)


@pytest.fixture
def alice(site: Any) -> UUID:
    return kept({"email": ALICE["email"], "news": "Product news"}, channel="form.news").person


def says_no(person: UUID, question: str = "marketing") -> UUID:
    return gate.choose(person=person, question=question, version=1, yes=False, way="mailed link")


def entries() -> list[UUID]:
    return [act.entry for act in journal.of_site().acts()]


def test_each_no_and_each_signal_and_each_removed_value_has_its_line(alice: UUID) -> None:
    no = says_no(alice)
    gate.choose(person=alice, question="newsletter", version=1, yes=True, way="confirmed by email")
    profile.note_signals([alice], section="C14", way="mailed link")
    datum = next(each for each in profile.list_data(alice) if each.kind == "news")
    gone = profile.remove_datum(alice, datum.id, because="removed", way="mailed link")
    acts = list(journal.of_site().acts())
    assert [act.kind for act in acts] == ["chose", "signal", "removed"]
    assert (acts[0].entry, acts[2].entry) == (no, gone)
    assert acts[0].details == {"question": "marketing", "version": 1, "way": "mailed link"}


def test_what_is_rolled_back_has_no_line(alice: UUID) -> None:
    with transaction.atomic():
        says_no(alice)
        transaction.set_rollback(True)
    assert entries() == []


def test_what_a_killed_process_did_not_write_is_added_at_the_next_start(alice: UUID, owner: Any) -> None:
    said = says_no(alice)
    as_owner.complete_journal()
    unsaid = gate.new_id()
    owner.execute("select choose(%s, %s, 'newsletter', 1, false, 'mailed link', 'person')", [alice, unsaid])
    assert as_owner.complete_journal() == 1
    assert entries() == [said, unsaid]
    assert as_owner.complete_journal() == 0
    assert as_owner.older_than_journal() == ""


def test_a_site_that_had_no_journal_gets_one_of_all_that_its_ledger_says(alice: UUID, owner: Any, file: Path) -> None:
    said = says_no(alice)
    bob = kept({"email": BOB["email"], "news": "Product news"}, channel="form.news").person
    owner.execute("select erase(%s, %s, 'staff:pia', 'asked to')", [bob, gate.new_id()])
    file.unlink()
    assert as_owner.complete_journal() == 2
    assert said in entries()
    assert [act.kind for act in journal.of_site().acts()] == ["chose", "erased"]


def test_a_torn_or_changed_line_counts_for_nothing_and_is_named(alice: UUID, file: Path) -> None:
    first = says_no(alice)
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])  # the power went in the middle of a line
    second = says_no(alice, "newsletter")
    file.write_bytes(file.read_bytes().replace(b'"newsletter"', b'"convenience"'))
    third = says_no(alice, "newsletter")
    assert entries() == [first, third]
    assert second not in entries()
    assert len(journal.of_site().find_damaged()) == 2


def test_whoever_has_not_the_master_key_writes_no_line_that_counts(alice: UUID, file: Path) -> None:
    from troth.seal import Vault

    stranger = Journal(file, Vault.of(bytes(32)))
    stranger.append(JournalAct(journal.ERASED, alice, gate.new_id(), datetime.now(UTC), {"who": "staff:pia"}))
    stranger.mark(Mark(10**9, 10**9))
    assert entries() == []
    assert as_owner.older_than_journal() == ""


def test_a_journal_that_cannot_be_written_tells_nobody_that_it_is_done(alice: UUID, file: Path) -> None:
    file.parent.mkdir()
    file.mkdir()  # where root, too, can write nothing
    with pytest.raises(JournalProblem, match="nobody is told before the journal has it"):
        says_no(alice)
    file.rmdir()
    assert as_owner.complete_journal() == 1


def test_her_page_says_that_something_went_wrong_rather_than_that_it_is_saved(alice: UUID, file: Path) -> None:
    from tests.access.hers import link_of
    from tests.visits import visitor

    from troth.security import links

    file.parent.mkdir()
    file.mkdir()
    browser = visitor()
    browser.raise_request_exception = False
    page = links.address(link_of(alice, "unsubscribe"), "unsubscribe")
    assert browser.post(page, {"do": "stop"}, **BROWSER).status_code == 500


_SAYS_NO_UNTIL_KILLED = """
import sys
import django
django.setup()
from troth import gate
from uuid import UUID
while True:
    said = gate.choose(person=UUID(sys.argv[1]), question="marketing", version=1, yes=False, way="mailed link")
    print(said, flush=True)
"""


def test_kill_9_loses_no_no_that_was_acknowledged(alice: UUID, file: Path, tmp_path: Path) -> None:
    environ = {**os.environ, "TROTH_VAR": str(tmp_path)}
    child = subprocess.Popen(
        [sys.executable, "-c", _SAYS_NO_UNTIL_KILLED, str(alice)], env=environ, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = [UUID(child.stdout.readline().strip()) for _ in range(40)]
    child.send_signal(signal.SIGKILL)
    told += [UUID(line.strip()) for line in child.stdout if line.endswith("\n")]
    child.wait()
    child.stdout.close()
    assert set(told) <= set(entries())
    as_owner.complete_journal()
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from choice where person_id = %s", [alice])
        assert cursor.fetchone() == (len(entries()),)
