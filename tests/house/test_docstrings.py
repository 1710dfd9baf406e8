"""Docstrings and comments are plain sentences: the words of docs/glossary.md, and a first line that can be read once."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.sources import list_nodes, read
from tests.house.test_names import SRC, modules
from tests.house.test_voice import IN_DOCS, dialect

DIALECT = (
    r"\A(?:Of|By|Under|With|In|At) (?:what|which|whom)\b",
    r"\b(?:can|may|must|is to) be told\b(?! apart)",
    r"\bstands?\b(?! for)",
    r"\bwhoever\b",
)
"""A noun phrase without its noun ("By which name …"), and verbs that say *is* or *knows* another way."""
# A docstring may name what docs call an email: a former release's columns and the policy's own word.
_BANNED = re.compile("|".join(f"(?:{each})" for each in (*IN_DOCS, *DIALECT) if "letters?" not in each), re.IGNORECASE)
_ENDS = re.compile(r"[.:?!”\")]\Z| Policy: #|  (?:Cost|Raises|Policy|Source|Takes|Gives)  ")
_QUOTED = re.compile(r"`[^`]*`|“[^”]*”|\"[^\"]*\"")


def docstrings(text: str) -> Iterator[str]:
    """Those of modules, classes and functions, and the strings below constants and fields."""
    for node in list_nodes(text):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            said = (each.value for each in node.body if isinstance(each, ast.Expr))
            yield from (each.value for each in said if isinstance(each, ast.Constant) and isinstance(each.value, str))


def comments(text: str) -> Iterator[str]:
    if "#" not in text:
        return
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    yield from (token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT)


def list_stiff(text: str) -> list[str]:
    """Phrases of a module's docstrings and comments that have a plainer form. What is quoted may be anyone's words."""
    said = (_QUOTED.sub("", each) for each in (*docstrings(text), *comments(text)))
    return [phrase for each in said for phrase in dialect(each, _BANNED)]


def list_unfinished(text: str) -> list[str]:
    """First lines that run on into the second, or are longer than a line of code."""
    firsts = (each.partition("\n")[0] for each in docstrings(text))
    return [first for first in firsts if len(first) > 120 or not _ENDS.search(first)]


def read_all() -> list[tuple[Path, str]]:
    return [(path.relative_to(SRC), read(path)) for path in modules()]


def test_docstrings_and_comments_are_in_plain_words() -> None:
    assert {str(path): found for path, text in read_all() if (found := list_stiff(text))} == {}


def test_the_first_line_of_a_docstring_is_whole() -> None:
    assert {str(path): found for path, text in read_all() if (found := list_unfinished(text))} == {}


@pytest.mark.parametrize(
    "planted",
    ['"""By which name people know it."""', '"""Where it stands."""', "# somebody asked", "x = 1  # it may be told"],
)
def test_a_planted_phrase_is_found(planted: str) -> None:
    assert list_stiff(planted)


@pytest.mark.parametrize("planted", ['"""It runs on into\nthe next line."""', f'"""{"Long " * 25}."""'])
def test_a_planted_first_line_is_found(planted: str) -> None:
    assert list_unfinished(planted)


def test_plain_sentences_and_quotations_are_not() -> None:
    plain = '"""The name by which people know it, as in “Where it stands”."""\n# ß stands for ss\nx = 1'
    assert list_stiff(plain) == list_unfinished(plain) == []
