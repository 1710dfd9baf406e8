"""The clock: a jump forward is doubted before it is signed, and the operator's word repairs what was signed wrongly."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner
from procrastinate.contrib.django import app as jobs
from tests.worlds import ALICE, known_person, policy_text

from troth import gate, notes, work
from troth.cli.ledger import ledger_commands
from troth.gate import owner as owners
from troth.records import clocks
from troth.records.clocks import Watch
from troth.records.ledger import history, note
from troth.records.ledger.checkpoints import CheckpointFile, LedgerRefused
from troth.records.ledger.sealing import Sealer, Shift
from troth.records.ledger.verifying import Verification
from troth.security.acts import Act

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
REASON = "The server was a day ahead."


class Moment:
    """What the database's clock says, and how long the machine has run: two clocks of a test."""

    def __init__(self) -> None:
        self.utc, self.elapsed_seconds = datetime.now(UTC), 1_000.0

    def pass_by(self, seconds: float) -> None:
        self.utc += timedelta(seconds=seconds)
        self.elapsed_seconds += seconds

    def jump(self, by: timedelta) -> None:
        self.utc += by


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
def file(tmp_path: Path) -> CheckpointFile:
    return CheckpointFile(tmp_path / "checkpoints")


@pytest.fixture
def sealer(owner: Any, moment: Moment, file: CheckpointFile) -> Iterator[Sealer]:
    key = Path(os.environ["TROTH_LEDGER_KEY_FILE"])
    with psycopg.connect(os.environ["TROTH_SEALER_URL"], autocommit=True) as connection:
        yield Sealer.open(
            connection,
            signer=notes.signer_at(key),
            trusted=notes.verifiers_at(notes.public_file(key)),
            file=file,
            clock=lambda: moment.utc,
            watch=Watch(elapsed=lambda: moment.elapsed_seconds),
        )


@pytest.fixture
def alice(owner: Any) -> Any:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    return known_person(ALICE)


def happen(alice: Any) -> None:
    note(person=alice, kind="signed in", purpose="service", who="person")


def opens(alice: Any) -> bool:
    granted = gate.grant(person=alice, purpose="service", kinds=["email"], who="program:test", reason="to look")
    return isinstance(granted, gate.Grant) and gate.read(granted).values == {"email": ALICE["email"]}


def checkpoints(owner: Any) -> list[datetime]:
    return [at for (at,) in owner.execute("select at_utc from checkpoint order by size").fetchall()]


def word(*more: str) -> Any:
    return CliRunner().invoke(ledger_commands, ["clock", *more])


def test_a_short_jump_of_a_day_is_never_signed_and_locks_nobody_out(
    owner: Any, alice: Any, sealer: Sealer, moment: Moment
) -> None:
    sealer.seal()
    moment.jump(DAY)
    happen(alice)
    for _ in range(3):
        moment.pass_by(1)
        with pytest.raises(LedgerRefused, match="went ahead by 1 day, 0:00:00") as refused:
            sealer.seal()
        assert refused.value.code == "clock forward"

    moment.jump(-DAY)

    assert sealer.seal() is not None
    assert all(at < datetime.now(UTC) + timedelta(minutes=1) for at in checkpoints(owner))
    assert opens(alice)


def test_a_jump_is_seen_at_rest_too_and_a_slow_clock_is_none(alice: Any, sealer: Sealer, moment: Moment) -> None:
    sealer.seal()
    for _ in range(100):  # a clock that is a tenth of a second fast each time
        moment.pass_by(60)
        moment.jump(timedelta(seconds=0.1))
        sealer.seal()
    moment.pass_by(7 * 24 * 3600)  # nothing happens for a week, the machine asleep or not
    assert sealer.seal() is None
    moment.jump(timedelta(seconds=31))
    with pytest.raises(LedgerRefused, match="went ahead"):
        sealer.seal()


def test_a_clock_that_went_back_and_is_right_again_is_not_doubted(alice: Any, sealer: Sealer, moment: Moment) -> None:
    sealer.seal()
    moment.jump(-DAY)
    happen(alice)
    with pytest.raises(LedgerRefused, match="Nothing is signed until the clock is right"):
        sealer.seal()
    moment.jump(DAY)
    assert sealer.seal() is not None


def test_beginning_again_forgets_no_doubt(owner: Any, alice: Any, file: CheckpointFile, moment: Moment) -> None:
    """The database's own clock, with a machine's beside it that stands still: as if the first had jumped."""
    key, said = Path(os.environ["TROTH_LEDGER_KEY_FILE"]), list[str]()
    pauses = iter([False] * 6 + [True])

    def pause(seconds: float, /) -> bool:
        moment.elapsed_seconds -= 60 if moment.elapsed_seconds > 900 else 0  # once a minute ahead, then as it goes
        return next(pauses)

    Shift(
        connect=lambda: psycopg.connect(os.environ["TROTH_SEALER_URL"], autocommit=True),
        signer=notes.signer_at(key),
        trusted=notes.verifiers_at(notes.public_file(key)),
        file=file,
        say=said.append,
        pause=pause,
        watch=Watch(elapsed=lambda: moment.elapsed_seconds),
    ).run()

    signs, refuses = said
    assert signs.startswith("The ledger is being signed as ")
    assert refuses.startswith("The ledger is not sealed (clock forward): T")
    assert owner.execute("select who, payload ->> 'code' from entry where kind = 'refused'").fetchall() == [
        ("program:sealer", "clock forward")
    ]


def test_the_operators_word_ends_the_doubt_and_stands_in_the_ledger(
    owner: Any, alice: Any, sealer: Sealer, moment: Moment
) -> None:
    sealer.seal()
    moment.jump(DAY)
    happen(alice)
    with pytest.raises(LedgerRefused):
        sealer.seal()

    assert word("--right").exit_code == 1
    assert "clock is confirmed" in word("--right", "--reason", REASON, "--by", "olga").output

    assert sealer.seal() is not None
    nobody = history(UUID(int=0))
    assert (nobody[0].kind, nobody[0].who, nobody[0].reason) == ("clock set", "staff:olga", REASON)


@pytest.mark.parametrize("jumped", ["database", "machine"])
def test_nothing_is_deleted_because_its_time_is_over_while_a_clock_is_in_doubt(
    owner: Any, alice: Any, monkeypatch: pytest.MonkeyPatch, jumped: str
) -> None:
    moment = Moment()
    monkeypatch.setitem(clocks._WATCHES, jumped, Watch(lambda: moment.elapsed_seconds, doubted=timedelta(hours=1)))
    assert gate.find_doubt() == ""
    owner.execute("update datum set kept_until_utc = now(); update standing set settled_until = now()")
    moment.pass_by(-DAY.total_seconds())  # as if the clock beside it had gone a day ahead

    let_go = jobs.configure_task("work.let_go").defer(timestamp=0)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work.run_until_empty).result()
        assert owner.execute("select count(*) from datum").fetchone() != (0,)
        assert "The clock went ahead by 1 day, 0:00:00" in Act.objects.get(about=f"job {let_go}").words
        word("--right", "--reason", REASON)
        owner.execute("update procrastinate_jobs set scheduled_at = now()")
        thread.submit(work.run_until_empty).result()
    assert owner.execute("select count(*) from datum").fetchone() == (0,)


def test_what_was_signed_a_day_ahead_is_repaired_by_a_word_and_verifies(
    owner: Any, alice: Any, sealer: Sealer, moment: Moment, file: CheckpointFile
) -> None:
    moment.jump(DAY)  # before the sealer ever looked
    sealer.seal()
    moment.jump(-DAY)
    assert not opens(alice)
    assert "no data is read and nothing is signed" in word().output

    word("--right", "--reason", REASON)

    assert opens(alice)
    happen(alice)
    moment.pass_by(1)
    assert sealer.seal() is not None
    first, second = checkpoints(owner)
    assert second < first
    keys = notes.verifiers_at(notes.public_file(Path(os.environ["TROTH_LEDGER_KEY_FILE"])))
    with owner.transaction():
        assert list(Verification(owner, keys, file).findings()) == []
    with owner.transaction():
        owner.execute("delete from clock_word")
        assert [finding.code for finding in Verification(owner, keys, file).findings()] == ["clock backward"]
