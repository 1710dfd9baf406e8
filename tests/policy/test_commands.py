"""What an author of a next version reads before adopting it."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.policy.texts import changed

from troth.cli import troth

V2 = ("version: 1", "version: 2")
LATER = ("effective: 2026-10-01", "effective: 2026-11-01")


def compared(folder: Path, old: str, new: str) -> str:
    former, next_ = folder / "former.md", folder / "next.md"
    former.write_text(old, encoding="utf-8")
    next_.write_text(new, encoding="utf-8")
    said = CliRunner().invoke(troth, ["policy", "diff", str(former), str(next_)])
    assert said.exit_code == 0
    return said.output


def test_diff_says_what_keeps_the_new_version_from_following(base: str, tmp_path: Path) -> None:
    said = compared(tmp_path, changed(base), changed(base, V2))
    assert "Cannot be adopted after the former version:" in said
    assert "effective-not-later" in said
    assert "version-not-next" not in said


def test_diff_says_nothing_of_that_where_the_new_version_may_follow(base: str, tmp_path: Path) -> None:
    assert "Cannot be adopted" not in compared(tmp_path, changed(base), changed(base, V2, LATER))


@pytest.mark.django_db(transaction=True)
def test_adopting_shows_first_what_will_be_refused(base: str, tmp_path: Path) -> None:
    document = tmp_path / "policy.md"
    document.write_text(changed(base), encoding="utf-8")
    adopt = ["policy", "adopt", str(document)]
    assert CliRunner().invoke(troth, [*adopt, "--yes"]).exit_code == 0
    document.write_text(changed(base, V2), encoding="utf-8")
    said = CliRunner().invoke(troth, adopt, input="n\n")
    assert "effective-not-later" in said.output.partition("Put version 2 in force?")[0]
