"""Creates a new site folder: small, complete, and without findings but what its author alone can say."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from pathlib import Path

import yaml

from troth.policy import confirm
from troth.policy.regions import EEA

from .brand import HOME
from .calendar import UnknownPlace, calendar_of
from .territory import country_name, find_places, is_country
from .zones import zone_of

_TEMPLATE = Path(__file__).parent / "template"
_PLACEHOLDERS = (
    "Street and number",
    "City, state and ZIP code",
    "One sentence that says what you make.",
    "# The country of your email provider.",
)
_LAWS = {**dict.fromkeys(EEA, ("gdpr", "GDPR")), "GB": ("uk gdpr", "UK GDPR")}
"""Country → the law that protects its people, in the front matter and in prose."""
_GDPR = "«gdpr»"
"""Begins the lines of the template that only a site under such a law has."""


class FolderNotEmpty(Exception):
    """The folder already holds something; its text is a sentence to show."""

    def __init__(self, folder: Path) -> None:
        has = "already holds files" if folder.is_dir() else "is a file, not a folder"
        super().__init__(f"{folder} {has}. Name a new folder, or an empty one; nothing was changed.")


def new(
    folder: Path, *, organization: str, today: date, domain: str = "example.com", place: str = HOME
) -> tuple[Path, ...]:
    """Writes the files of a new site; version 1 of the policy takes effect today.

    Takes   domain: for email addresses; place: the vendor's country, or a state of one, such as US-CA
    Raises  FolderNotEmpty: anything is there already; OSError: a file can't be written. Then nothing is left behind.
    """
    refuse_filled(folder)
    country = place.partition("-")[0]
    law, law_name = _LAWS.get(country, ("", ""))
    filled = {
        "organization": _in_yaml(" ".join(organization.split()) or "Our Company"),
        "today": today.isoformat(),
        "domain": domain,
        "place": place,
        "country": country,
        "law": law,
        "law name": law_name,
        "zone": zone_of(place) or "UTC",
        "country name": _in_yaml(country_name(country)),
    }
    sources = sorted(path for path in _TEMPLATE.rglob("*") if path.is_file())
    targets = {source: folder / source.relative_to(_TEMPLATE) for source in sources}
    try:
        return tuple(_write(source, target, filled) for source, target in targets.items())
    except OSError:
        _remove(targets.values(), folder)
        raise


def refuse_filled(folder: Path) -> None:
    """Raises FolderNotEmpty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder)


def _remove(files: Collection[Path], folder: Path) -> None:
    """What was written, and the folders that are empty without it: so that the same command can be tried again."""
    made = {parent for file in files for parent in file.parents if parent.is_relative_to(folder)}
    with suppress(OSError):
        for file in files:
            file.unlink(missing_ok=True)
        for each in sorted(made, reverse=True):
            each.rmdir()


def is_place(text: str) -> bool:
    """Whether it is a country, or a state of one, whose holidays are known."""
    try:
        calendar_of(text)
    except UnknownPlace:
        return False
    return is_country(text.partition("-")[0])


def suggest_places(name: str) -> list[str]:
    """The codes of countries and states with this English name: of "Georgia" GE and US-GA."""
    return [code for code in find_places(name) if is_place(code)]


def placeholders(text: str) -> list[str]:
    """Placeholders of `troth new` that nobody has replaced yet."""
    return [words for words in _PLACEHOLDERS if words in text]


def _write(source: Path, target: Path, filled: dict[str, str]) -> Path:
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line.removeprefix(_GDPR) for line in lines if filled["law"] or not line.startswith(_GDPR))
    for name, value in filled.items():
        text = text.replace(f"«{name}»", value)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Its paragraphs have the vendor's domain now, so their rules are bound to them again.
    target.write_text(confirm(text) if target.name == "policy.md" else text, encoding="utf-8")
    return target


def _in_yaml(name: str) -> str:
    """The name as a YAML scalar, whatever characters it contains."""
    return str(yaml.safe_dump(name, default_style='"', allow_unicode=True, width=10_000)).strip()
