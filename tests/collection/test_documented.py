"""docs/fields.md and docs/limits.md say what the code does: each row is compared, each example is tried."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.collection.test_forms import errors_of, filled, policy

from troth.access.account.joining import check_new
from troth.collection.forms.types import TYPES
from troth.collection.forms.types.texts import MOST_OF_PASSWORD
from troth.policy import Policy
from troth.policy.types import KIND_TYPES
from troth.security.limits import Limit

__all__ = ["policy"]

DOCS = Path(__file__).parent.parent.parent / "docs"
SRC = DOCS.parent / "src"
ROW = re.compile(r"^\| ([a-z ]+) \| ([^|]+) \| (`[^`]*`|—) \| (`[^`]*`|—) \| (`[^`]*`|—) \|$", re.MULTILINE)
FIELDS = {row[0]: row[1:] for row in ROW.findall((DOCS / "fields.md").read_text())}
TRIED = [kind for kind, row in FIELDS.items() if row[1] != "—"]


@pytest.mark.asvs("V2.1.1")
def test_every_type_of_field_has_its_rule_written_down_with_its_length(policy: Policy) -> None:
    assert set(FIELDS) == set(TYPES) == set(KIND_TYPES)
    asked = {policy.kinds[ask.kind].type for collect in policy.collects.values() for ask in collect.asks}
    assert asked <= set(FIELDS)
    said = {kind: int(found[1]) for kind, row in FIELDS.items() if (found := re.match(r"(\d+) characters", row[0]))}
    assert said == {each.id: each.most for each in TYPES.values() if each.most}
    number: Any = TYPES["number"].field(None)  # type: ignore[arg-type]
    assert f"from 1 to {number.max_value}" == FIELDS["number"][0]


@pytest.mark.asvs("V2.1.1")
@pytest.mark.asvs("V2.2.1")
@pytest.mark.parametrize("kind_type", TRIED)
def test_what_the_page_says_of_a_type_is_what_its_field_takes_and_refuses(policy: Policy, kind_type: str) -> None:
    _most, typed, kept, refused = (_word(cell) for cell in FIELDS[kind_type])
    kind = next(ask.kind for ask in policy.collects["form.quote"].asks if policy.kinds[ask.kind].type == kind_type)
    taken = filled(policy, {kind: typed})
    assert taken.is_valid(), errors_of(taken)
    assert taken.values[kind] == kept
    assert kind in errors_of(filled(policy, {kind: refused}))


def _word(cell: str) -> str:
    return cell.strip("`").encode().decode("unicode_escape") if "\\u" in cell else cell.strip("`")


@pytest.mark.asvs("V2.1.1")
@pytest.mark.usefixtures("site")
def test_what_the_page_says_of_passwords_is_so() -> None:
    said = re.search(r"at least (\d+) characters and at most (\d+)", (DOCS / "fields.md").read_text())
    assert said
    least, most = map(int, said.groups())
    assert most == MOST_OF_PASSWORD
    word = "qzvbnwkrtplm" * 30
    check_new(word[:least], words=[])
    with pytest.raises(ValidationError, match="short"):
        check_new(word[: least - 1], words=[])


def _limits() -> dict[str, Limit]:
    """Where it stands → every limit of the program."""
    modules = [path for path in SRC.glob("troth/**/*.py") if "Limit(" in path.read_text()]
    names = [".".join(path.relative_to(SRC).with_suffix("").parts) for path in modules]
    return {
        f"{name.removeprefix('troth.')}.{word}": it
        for name in names
        for word, it in vars(import_module(name)).items()
        if isinstance(it, Limit)
    }


@pytest.mark.asvs("V6.1.1")
@pytest.mark.asvs("V2.1.3")
def test_every_limit_is_written_down_with_its_numbers() -> None:
    rows = re.findall(
        r"^\| ([^|]+) \| (\d+) \| (\d+) \| `([\w.]+)` \|$", (DOCS / "limits.md").read_text(), re.MULTILINE
    )
    said = {where: (what, int(times), int(minutes)) for what, times, minutes, where in rows}
    real = {
        where: (limit.what, limit.times, int(limit.within.total_seconds() // 60)) for where, limit in _limits().items()
    }
    assert len(real) > 8
    assert said == real
