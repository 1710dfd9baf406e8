"""Creates a new site folder: small, complete and without findings."""

from datetime import date
from pathlib import Path

import yaml

_TEMPLATE = Path(__file__).parent / "template"


class FolderNotEmpty(Exception):
    """The folder already holds something; its text is a sentence to show."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} already holds files. Name a new folder, or an empty one; nothing was changed.")


def new(folder: Path, *, organization: str, today: date) -> tuple[Path, ...]:
    """Writes the files of a new site; version 1 of the policy takes effect today.

    Raises  FolderNotEmpty if anything is there already; then nothing is written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder)
    name = " ".join(organization.split()) or "Our Company"
    sources = sorted(path for path in _TEMPLATE.rglob("*") if path.is_file())
    return tuple(_write(source, folder / source.relative_to(_TEMPLATE), name, today) for source in sources)


def _write(source: Path, target: Path, organization: str, today: date) -> Path:
    text = source.read_text(encoding="utf-8")
    text = text.replace("«organization»", _in_yaml(organization)).replace("«today»", today.isoformat())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def _in_yaml(name: str) -> str:
    """The name as a YAML scalar, whatever characters it contains."""
    return str(yaml.safe_dump(name, default_style='"', allow_unicode=True, width=10_000)).strip()
