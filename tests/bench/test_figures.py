"""What a run of measurements says of itself, and keeps."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import RESULTS, Figure, missed, ratio, table, written
from tools import figures

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FAST = Figure("decide", 0.5, "µs", 2.0)
SLOW = ratio("choice / bare", 10, 100, target=0.25, better="higher")
PLAIN = Figure("one durable commit", 480, "µs")


def test_a_figure_holds_on_its_side_of_the_target_and_without_one_says_nothing() -> None:
    assert (FAST.holds, SLOW.holds, PLAIN.holds) == (True, False, None)
    assert missed([FAST, SLOW, PLAIN]) == [SLOW]


def test_the_table_names_value_target_and_what_falls_short() -> None:
    lines = table([FAST, SLOW]).splitlines()

    assert [line.split()[-1] for line in lines] == ["holds", "MISSED"]
    assert "≤ 2" in lines[0]
    assert "≥ 0.25" in lines[1]


def test_a_run_is_kept_as_a_list_of_figures_beside_its_machine(tmp_path: Path) -> None:
    path = written([FAST, replace(SLOW, section="choices")], machine={"cores": 2}, now_utc=NOW, folder=tmp_path)

    kept = json.loads(path.read_text())
    assert (path.name, kept["machine"]) == ("2026-11-23.json", {"cores": 2})
    assert kept["figures"][1] == {
        "name": "choice / bare",
        "value": 0.1,
        "unit": "×",
        "target": 0.25,
        "better": "higher",
        "holds": False,
        "note": "",
        "section": "choices",
    }


def test_the_results_in_the_repository_have_that_shape() -> None:
    found = sorted(RESULTS.glob("*.json"))
    assert found
    for path in found:
        kept = json.loads(path.read_text())
        datetime.fromisoformat(path.stem)
        assert kept["machine"]["cores"] > 0
        for figure in kept["figures"]:
            assert figure.keys() == {"name", "value", "unit", "target", "better", "holds", "note", "section"}
            assert figure["better"] in ("lower", "higher")
            assert (figure["holds"] is None) is (figure["target"] is None)


def test_every_target_of_the_last_run_is_explained() -> None:
    """docs/performance.md says of each figure what it is; a figure's name up to its size or number stands there."""
    newest = json.loads(max(RESULTS.glob("*.json")).read_text())
    page = (RESULTS.parents[1] / "docs" / "performance.md").read_text()
    for figure in newest["figures"]:
        if figure["target"] is not None:
            assert re.split(r",|:| / ", figure["name"])[0] in page, figure["name"]


def test_the_page_of_figures_is_that_of_the_last_run() -> None:
    assert (RESULTS.parents[1] / "docs" / "figures.md").read_text() == figures.document(), "Run: make docs"
