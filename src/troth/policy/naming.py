"""Names of files: `policy.de.md` is the German translation of `policy.md` in the same folder."""

import re
from pathlib import Path

_TRANSLATION = re.compile(r"(?P<of>.+)\.(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.md")


def find_original(file: Path) -> Path | None:
    """The text that a file translates; None of a file that isn't named as a translation."""
    found = _TRANSLATION.fullmatch(file.name)
    return file.with_name(f"{found['of']}.md") if found else None


def list_translations(file: Path) -> list[Path]:
    """The translations beside a policy, by language."""
    return sorted(each for each in file.parent.glob(f"{file.stem}.*.md") if find_original(each) == file)
