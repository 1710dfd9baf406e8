"""Which time frame of docs/dependencies.md is past: a sentence for each, and exit 1; nothing if all are kept.

python tools/pins.py              today
python tools/pins.py --renewed    sets the day on which the locks were resolved anew to today
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PAGE, LOCK = ROOT / "docs/dependencies.md", ROOT / "requirements-dev.lock"
_FRAME = re.compile(r"^\| (critical|high|medium|low) \| (\d+) days \|$", re.MULTILINE)
_OPEN = re.compile(r"^\| ([\w.-]+) \| ([\w.]+) \| (critical|high|medium|low) \| (\d{4}-\d\d-\d\d) \|$", re.MULTILINE)
_RENEWED = re.compile(r"at least every (\d+) days.*?Renewed last: (\d{4}-\d\d-\d\d)", re.DOTALL)
_PIN = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)


def overdue(page: str, lock: str, *, today: date) -> Iterator[str]:
    """A sentence for each time frame that is past."""
    frames = {severity: timedelta(days=int(days)) for severity, days in _FRAME.findall(page)}
    pins = {name.lower(): Version(version) for name, version in _PIN.findall(lock)}
    for name, fixed, severity, known in _OPEN.findall(page):
        end = date.fromisoformat(known) + frames[severity]
        if name.lower() in pins and pins[name.lower()] < Version(fixed) and today > end:
            yield f"{name} {pins[name.lower()]} had to be {fixed} by {end}: {severity}, known since {known}."
    every, renewed = _renewed(page)
    if today > renewed + every:
        yield f"The locks were renewed on {renewed}, and had to be renewed again by {renewed + every}. Run: make renew"


def _renewed(page: str) -> tuple[timedelta, date]:
    found = _RENEWED.search(page)
    if found is None:
        sys.exit("docs/dependencies.md says no longer when the locks were renewed.")
    return timedelta(days=int(found[1])), date.fromisoformat(found[2])


def main() -> None:
    today, page = datetime.now(UTC).date(), PAGE.read_text(encoding="utf-8")
    if "--renewed" in sys.argv:
        PAGE.write_text(re.sub(r"Renewed last: \S+\d", f"Renewed last: {today}", page), encoding="utf-8")
    elif late := list(overdue(page, LOCK.read_text(encoding="utf-8"), today=today)):
        sys.exit("\n".join(late))


if __name__ == "__main__":
    main()
