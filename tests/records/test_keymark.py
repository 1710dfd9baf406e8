"""Another master key opens no site: the known value that the first start sealed tells it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.worlds import ALICE, known_person, policy_text

from troth import gate, seal, serve, work
from troth.cli.web import web
from troth.gate import owner as owners
from troth.records.keymark import WrongMasterKey

pytestmark = pytest.mark.django_db(transaction=True)

SAYS = "The master key is not the one that this database was sealed with. Nothing was changed."


@pytest.fixture
def another_key(tmp_path: Path, settings: Any) -> Callable[[], None]:
    """From now on this process has another key than before."""

    def take() -> None:
        file = tmp_path / "another.key"
        seal.make_master_key(file)
        settings.TROTH_MASTER_KEY_FILE = file

    return take


def test_the_right_key_is_accepted_as_often_as_one_starts(owner: Any) -> None:
    for _ in range(2):
        owners.seal_key_mark()
        gate.verify_key()
    assert owner.execute("select count(*) from key_mark").fetchone() == (1,)


def test_another_key_is_refused_by_preparing_jobs_and_pages(
    owner: Any, another_key: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    owners.seal_key_mark()
    another_key()

    with pytest.raises(WrongMasterKey, match=SAYS):
        owners.seal_key_mark()
    with pytest.raises(WrongMasterKey, match=SAYS):
        work.run()
    from django.conf import settings

    monkeypatch.setitem(os.environ, "TROTH_MASTER_KEY_FILE", str(settings.TROTH_MASTER_KEY_FILE))
    monkeypatch.setattr(serve, "run", lambda port: pytest.fail("The pages were opened."))
    ended = CliRunner().invoke(web)
    assert isinstance(ended.exception, WrongMasterKey)


def test_a_database_from_before_is_not_marked_by_another_key(owner: Any, another_key: Callable[[], None]) -> None:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    known_person(ALICE)
    another_key()

    with pytest.raises(WrongMasterKey, match=SAYS):
        owners.seal_key_mark()
    assert owner.execute("select count(*) from key_mark").fetchone() == (0,)


def test_no_pages_and_no_jobs_before_the_first_start_was_prepared(owner: Any) -> None:
    with pytest.raises(WrongMasterKey):
        gate.verify_key()
