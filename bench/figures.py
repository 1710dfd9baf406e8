"""Figures: what was measured, against what, and how a run is shown and kept.

figure = Figure("decide", 0.9, "µs", target=2.0)
figure.holds                       # True
print(table([figure]))
"""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One measured number. A ratio has the unit "×" and `note` says of what to what; no target: for information.

    section  the part of the run that it belongs to, which the run itself adds"""

    name: str
    value: float
    unit: str
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"
    note: str = ""
    section: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target


def ratio(
    name: str,
    ours: float,
    other: float,
    *,
    target: float | None = None,
    better: Literal["lower", "higher"] = "lower",
    note: str = "",
) -> Figure:
    """The figure of ours divided by the other."""
    return Figure(name, ours / other, "×", target, better, note)


def table(figures: Iterable[Figure]) -> str:
    """One line a figure: name, value, target, whether it holds, and the note."""
    return "\n".join(_line(figure) for figure in figures)


def missed(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.holds is False]


def written(
    figures: Sequence[Figure], *, machine: Mapping[str, Any], now_utc: datetime, folder: Path = RESULTS
) -> Path:
    """The file <date>.json with a description of the machine and all figures; the last run of a day stays."""
    path = folder / f"{now_utc:%Y-%m-%d}.json"
    kept = {
        "measured_utc": now_utc.isoformat(timespec="seconds"),
        "machine": dict(machine),
        "figures": [as_json(figure) for figure in figures],
    }
    folder.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def as_json(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": float(f"{figure.value:.4g}"),
        "unit": figure.unit,
        "target": figure.target,
        "better": figure.better,
        "holds": figure.holds,
        "note": figure.note,
        "section": figure.section,
    }


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system and Python; what the database is, its own part adds."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _line(figure: Figure) -> str:
    sign = "≤" if figure.better == "lower" else "≥"
    target = "" if figure.target is None else f"{sign} {_number(figure.target)}"
    verdict = {True: "holds", False: "MISSED", None: ""}[figure.holds]
    return f"{figure.name:<58}{_number(figure.value):>10} {figure.unit:<6}{target:>10}  {verdict:<7}{figure.note}"


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"


def _first(file: str, key: str) -> str:
    for line in Path(file).read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return ""
