"""Adopted texts mean what they meant: a later compiler reads the same law in them.

`adopted/N.jsonl` holds version N of the reference policy as it was compiled when it was adopted: the hash of its text,
then one term on each line, without fields that have their default value. Run this module to freeze a new version:
`python -m tests.policy.test_adopted`.
"""

import dataclasses
import functools
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from troth.policy import Law, Policy, compile
from troth.records.law.law_rows import list_law_rows

HERE = Path(__file__).parent
EXAMPLE = HERE.parent.parent / "examples" / "optiproerp"
FROZEN = HERE / "adopted"
TERMS = ("kinds", "collects", "purposes", "recipients", "cookies", "promises")
FRONT = ("organization", "short_name", "privacy_email", "postal_address", "language", "version", "effective")


def read_texts() -> dict[int, str]:
    """Every version of the reference policy: its former ones, and the one in the folder."""
    former = (path for path in (EXAMPLE / "versions").glob("*.md") if path.stem.isdigit())  # no translations
    texts = [path.read_text(encoding="utf-8") for path in (*former, EXAMPLE / "policy.md")]
    return {read_draft(text).version: text for text in texts}


@functools.cache
def read_draft(text: str) -> Policy:
    """As the law in force is read: also where a later compiler would find fault with it."""
    draft = compile(text).draft
    assert draft is not None
    return draft


def freeze(text: str, versions: dict[int, Policy]) -> Iterator[str]:
    """The law of a version line by line: its front matter, its terms, and the rows that the gate decides by."""
    draft = read_draft(text)
    yield hashlib.sha256(text.encode()).hexdigest()
    yield in_json({name: getattr(draft, name) for name in (*FRONT, "cookie_switch")})
    for name in TERMS:
        for term in getattr(draft, name).values():
            yield f"{name} {in_json(fold(term))}"
    known = {number: policy for number, policy in versions.items() if number <= draft.version}
    for table, rows in list_law_rows(Law(known, draft.version)).items():
        digest = hashlib.sha256("\n".join(sorted(in_json(row) for row in rows)).encode()).hexdigest()
        yield f"{table}: {len(rows)} rows, {digest}"


def fold(term: Any) -> Any:
    """A term as plain data, without what has its default value: fields that came later don't appear."""
    if not dataclasses.is_dataclass(term) or isinstance(term, type):
        return [fold(each) for each in term] if isinstance(term, tuple) else term
    given = {field.name: getattr(term, field.name) for field in dataclasses.fields(term)}
    defaults = {field.name: field.default for field in dataclasses.fields(term)}
    return {name: fold(value) for name, value in given.items() if value != defaults[name]}


def in_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


@pytest.mark.parametrize("number", sorted(int(path.stem) for path in FROZEN.glob("*.jsonl")))
def test_an_adopted_text_compiles_to_the_law_that_it_was(number: int) -> None:
    texts = read_texts()
    versions = {version: read_draft(text) for version, text in texts.items()}
    frozen = (FROZEN / f"{number}.jsonl").read_text(encoding="utf-8").splitlines()
    assert list(freeze(texts[number], versions)) == frozen


if __name__ == "__main__":
    texts = read_texts()
    for number, text in texts.items():
        lines = freeze(text, {version: read_draft(other) for version, other in texts.items()})
        (FROZEN / f"{number}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
