"""The message catalog holds every sentence that pages, errors and the database say, so that a translator misses none."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.sources import read
from tools.messages import NoLiteral, list_refusals

ROOT = Path(__file__).parent.parent.parent
CATALOG = "locale/en/LC_MESSAGES/django.po"
_MESSAGE = re.compile(r'^msgid ((?:".*"\n)+)', re.MULTILINE)


def messages(catalog: Path) -> set[str]:
    return set(_MESSAGE.findall(catalog.read_text(encoding="utf-8")))


def test_catalog_holds_every_message(tmp_path: Path) -> None:
    copy = tmp_path / "troth"
    shutil.copytree(ROOT / "src/troth", copy, ignore=shutil.ignore_patterns("__pycache__", "static", "*.po"))
    (copy / "locale").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, ROOT / "tools/messages.py", copy],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found, kept = messages(copy / CATALOG), messages(ROOT / "src/troth" / CATALOG)
    assert found == kept, f"Run: make messages. Differs in {sorted(found ^ kept)[:5]}"


def test_a_refusal_of_the_database_is_a_message() -> None:
    said = "perform refuse('on hold', 'It isn''t open'\n    ' yet.');\nperform refuse('x', 'No %(kind)s.', jsonb_build_object());"
    assert list_refusals(said, "holds.sql") == ["It isn't open yet.", "No %(kind)s."]


@pytest.mark.parametrize("sentence", ["'No ' || p_kind || '.'", "v_sentence", "case when v then 'No.' else 'Yes.' end"])
def test_a_refusal_made_of_parts_is_no_message(sentence: str) -> None:
    with pytest.raises(NoLiteral, match=r"holds.sql, line 2"):
        list_refusals(f"begin\n    perform refuse('on hold', {sentence});", "holds.sql")


def test_a_refusal_is_given_the_values_that_its_sentence_names() -> None:
    calls = [
        call
        for path in (ROOT / "src/troth").glob("**/*.sql")
        for call in re.findall(r"perform refuse\((.*?)\);", read(path), re.DOTALL)
    ]
    assert len(calls) > 80
    for call in calls:
        sentence, _, values = call.partition("jsonb_build_object(")
        assert set(re.findall(r"%\((\w+)\)s", sentence)) == set(re.findall(r"'(\w+)', ", values)), call
