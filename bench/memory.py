"""Memory of a fresh process like the web's: what the gate keeps of people, and what a selection needs at its peak.

python -m bench.memory gate | select      inside the surroundings of a run; prints one number, in MB
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

GATE_MB = 64
SELECT_MB = 200
PEOPLE = 100_000
_BATCH = 2_000
_PURPOSES = ("newsletter", "quotes", "inquiries")


def figures(count: int) -> Iterator[Figure]:
    """For so many people in the database."""
    yield Figure(
        f"gate state in the web process, {count:,} people",
        _measured("gate", count),
        "MB",
        GATE_MB,
        note=f"growth over {PEOPLE:,} decisions about as many of them",
    )
    yield Figure(f"select of {count:,} ids, peak of the whole process", _measured("select", count), "MB", SELECT_MB)


def _measured(what: str, count: int) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "bench.memory", what, str(count)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _gate(count: int) -> float:
    from bench.people import person
    from troth import gate

    people = [person(1_100 + (count - 1_100) * number // PEOPLE) for number in range(PEOPLE)]
    gate.decide_many(people[:_BATCH], "newsletter", "email")
    before = _kilobytes("VmRSS")
    for start in range(0, PEOPLE, _BATCH):
        purpose = _PURPOSES[start // _BATCH % len(_PURPOSES)]
        found = gate.decide_many(people[start : start + _BATCH], purpose, "email")
        assert "not held" not in {decision.code for decision in found.values()}
    return (_kilobytes("VmRSS") - before) / 1024


def _select(count: int) -> float:
    from troth import gate

    chosen = gate.select("legal", "email")
    assert len(chosen) >= count * 0.99, f"{len(chosen)} of {count}"
    return peak_megabytes()


def peak_megabytes() -> float:
    """Of this process since it began."""
    return _kilobytes("VmHWM") / 1024


def _kilobytes(what: str) -> int:
    """Of this process, from the kernel: resource usage would begin with our parent's peak."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1])
    raise LookupError(what)


def main() -> None:
    import django

    django.setup()
    what, count = sys.argv[1:]
    print({"gate": _gate, "select": _select}[what](int(count)))


if __name__ == "__main__":
    main()
