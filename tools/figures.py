"""The text of docs/figures.md: every figure of the last whole quiet run of the bench, as its results have it.

Run: python tools/figures.py > docs/figures.md
"""

import json
import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent.parent / "bench" / "results"
VERDICTS = {True: "holds", False: "**short**", None: ""}

HEAD = """# Figures of the last whole quiet run

Generated from `bench/results/{name}` by `python tools/figures.py > docs/figures.md`; a test keeps it current.
[performance.md](performance.md) says what each figure means, and what is known of those that fall short.

{processor}, {cores} cores, {memory_gb:.0f} GB, Python {python}, PostgreSQL {postgresql}, {measured}.
Load before it {load_before}; {count} figures in {run_seconds:.0f} s; of {targets} with a target {missed} fall short.
"""


def document() -> str:
    """The newest file of the results as tables, one for each section of the run, in its order."""
    newest = max(RESULTS.glob("*.json"))
    kept = json.loads(newest.read_text(encoding="utf-8"))
    figures = kept["figures"]
    judged = [figure["holds"] for figure in figures if figure["holds"] is not None]
    head = HEAD.format(
        **kept["machine"],
        name=newest.name,
        measured=kept["measured_utc"][:16].replace("T", " ") + " UTC",
        count=len(figures),
        targets=len(judged),
        missed=judged.count(False),
    )
    sections = dict.fromkeys(map(itemgetter("section"), figures))
    by_section = groupby(sorted(figures, key=lambda each: list(sections).index(each["section"])), itemgetter("section"))
    return head + "".join(_table(section, rows) for section, rows in by_section)


def _table(section: str, figures: Iterable[Mapping[str, Any]]) -> str:
    head = f"\n## {section.capitalize()}\n\n| figure | measured | target | | |\n|---|---|---|---|---|\n"
    return head + "".join(map(_row, figures))


def _row(figure: Mapping[str, Any]) -> str:
    sign = "≤" if figure["better"] == "lower" else "≥"
    target = "" if figure["target"] is None else f"{sign} {figure['target']:,g}"
    measured = f"{_number(figure['value'])} {figure['unit']}".strip()
    return f"| {figure['name']} | {measured} | {target} | {VERDICTS[figure['holds']]} | {figure['note']} |\n"


def _number(value: float) -> str:
    """Four digits as the results have them; none behind the point of thousands."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


if __name__ == "__main__":
    sys.stdout.write(document())
