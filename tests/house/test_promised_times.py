"""A time that a page or an email states is read from a rule of the policy, or from the setting that keeps it.

A number beside a unit of time in a template, a message or a string is a copy of something that is decided elsewhere: it
stays as it was when the rule changes. `MEANT` lists what is none, each with its reason.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.sources import list_files, list_nodes, read

SRC = Path(__file__).parents[2] / "src" / "troth"
_NUMBER = (
    r"(?:\d[\d,.]*|half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|"
    r"thirty|forty-five|sixty|seventy-two|ninety|the same|same)"
)
_UNIT = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)"
TIME = re.compile(rf"(?<![\w.])({_NUMBER})[ -](?:(?:more|full|business|working|calendar) )?({_UNIT})\b(?! of)", re.I)

MEANT = {
    # Advice, which promises nothing.
    "Nothing was saved. Try again in a minute": "advice to wait",
    "Waiting for a second approval": "the second of two, no time",
    "%(number)s emails an hour": "the unit of a pace",
    "less than an hour left": "what is left of a time that is read",
    "Try again in a minute, after that email is sent": "advice to wait",
    "Go back in a minute and send it again": "advice to wait",
    # What a law or a table of ours says, kept where it says it.
    "The statute requires one answer a year": "Civil Code 1798.83 in our words",
    "That date is more than a year ago": "`refuse_dated` in the database bounds what staff enter",
    # The words for a time that is read.
    "1 hour": "the unit's own word", "1 day": "the unit's own word", "1 business day": "the unit's own word",
    "1 week": "the unit's own word", "1 month": "the unit's own word", "1 year": "the unit's own word",
}  # fmt: skip


def times_in(text: str) -> list[str]:
    """What the text says of times, without what is meant."""
    if not TIME.search(text):
        return []
    for meant in MEANT:
        text = text.replace(meant, "") if len(meant) > 20 else re.sub(rf"^{re.escape(meant)}$", "", text)
    return [" ".join(found.group(0).split()) for found in TIME.finditer(text)]


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted([*SRC.glob("**/templates/**/*.html"), *SRC.glob("**/templates/**/*.txt")]):
        text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", read(path), flags=re.DOTALL)
        yield str(path.relative_to(SRC)), re.sub(r"\s+", " ", text)


def strings() -> Iterator[tuple[str, str]]:
    """Every string of the program that is no docstring, no help for a column and no SQL."""
    for path in list_files(SRC, "*.py"):
        if "migrations" in path.parts or path.name.startswith("demo"):  # invented people promise nothing
            continue
        nodes = list_nodes(read(path))
        said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        said |= {id(node.value) for node in nodes if isinstance(node, ast.keyword) and node.arg == "help_text"}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                yield f"{path.relative_to(SRC)}:{node.lineno}", node.value


@pytest.mark.parametrize("found", [templates, strings], ids=["templates", "strings"])
def test_no_time_is_written_out_that_a_rule_or_a_setting_decides(found: "type[Iterator[tuple[str, str]]]") -> None:
    assert {where: times for where, text in found() if (times := times_in(text))} == {}


@pytest.mark.parametrize(
    "planted",
    ["Someone answers within two business days.", "works for 24 hours", "for ten minutes", "within an hour",
     "Extend by 45 days", "stop the same day you leave", "kept for 24 months", "after one hour"],
)  # fmt: skip
def test_a_planted_time_is_found(planted: str) -> None:
    assert times_in(planted)


@pytest.mark.parametrize("fine", ["within %(time)s", "the first day of a month of", "{{ time }}", "Today", "1 day"])
def test_what_is_read_is_fine(fine: str) -> None:
    assert times_in(fine) == []


def test_every_exception_is_still_needed() -> None:
    everything = " ".join(text for _where, text in (*templates(), *strings()))
    assert [meant for meant in MEANT if meant not in everything] == []
