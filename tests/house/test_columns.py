"""SQL of ours names its columns: in a database that a former version made, they may stand in another order.

The whole row of a table may be taken where it goes into a variable of that table's own type: nothing has a place then.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.house.sources import list_files, list_nodes, read

_SRC = ROOT / "src" / "troth"
_TAKING = re.compile(r"\*|insert|setof", re.IGNORECASE)
_STAR = re.compile(r"(?:select|select distinct|,)\s+(?:\w+\.)?\*(?=[\s,)]|$)")
_ROW = re.compile(r"select (?:(\w+)\.)?\* into (\w+) from (\w+)|for (\w+) in select \* from (\w+)")
_INSERT = re.compile(r'insert into ("?\w++"?+)(?! (?:as \w+ )?\()')
_BY_PLACE = re.compile(
    r"create or replace function (\w+)\([^;$]*?\) returns setof (?!uuid|record)(\w+) language plpgsql"
)


def test_no_sql_of_ours_takes_columns_by_their_place() -> None:
    found = [f"{place}: {problem}" for place, sql in _statements() for problem in problems(sql)]
    assert found == []


@pytest.mark.parametrize(
    "sql",
    [
        "select * from entry where person_id = $1",
        "select e.* from person p join entry e on e.person_id = p.id",
        "select p.id, e.* from person p, entry e",
        "insert into standing select t.id from standing_truth() t",
        "insert into entry values (1, 2)",
        "declare v_rule law_use; begin select * into v_rule from law_purpose l;",
        "create or replace function f(p uuid) returns setof standing language plpgsql as $$ begin return query select 1; end $$",
    ],
)
def test_a_column_taken_by_its_place_is_found(sql: str) -> None:
    assert list(problems(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "declare v_rule law_purpose; begin select * into v_rule from law_purpose l;",
        "declare v_invited invitation; begin for v_invited in select * from invitation i loop",
        "select count(*) from entry",
        "insert into standing as s (person_id) select 1",
        "select e from entry e",
    ],
)
def test_columns_by_name_and_whole_rows_pass(sql: str) -> None:
    assert list(problems(sql)) == []


def problems(sql: str) -> Iterator[str]:
    """What takes columns by place in a text of SQL."""
    if not _TAKING.search(sql):  # of most strings there is nothing else to ask
        return
    flat = " ".join(re.sub(r"--[^\n]*", "", sql).lower().split())
    rows = [match.span() for match in _ROW.finditer(flat) if _is_own_row(match, flat)]
    for star in _STAR.finditer(flat):
        if not any(begin <= star.start() < end for begin, end in rows):
            yield f"a star: {flat[star.start() : star.start() + 60]}"
    yield from (f"an insert without columns: {match[1]}" for match in _INSERT.finditer(flat))
    yield from (f"{match[1]} gives rows of {match[2]} by place" for match in _BY_PLACE.finditer(flat))


def _is_own_row(match: "re.Match[str]", flat: str) -> bool:
    variable, table = match[2] or match[4], match[3] or match[5]
    return bool(re.search(rf"\b{variable} {table}\b", flat))


def _statements() -> Iterator[tuple[str, str]]:
    for file in sorted(_SRC.rglob("sql/*.sql")):
        yield str(file.relative_to(_SRC)), read(file)
    for file in list_files(_SRC, "*.py"):
        if "migrations" not in file.parts:  # applied ones are never edited; tests/upgrade holds them
            yield from ((f"{file.relative_to(_SRC)}:{line}", text) for line, text in _strings(file))


def _strings(file: Path) -> Iterator[tuple[int, str]]:
    """String constants that hold SQL; of an f-string, its constant parts with a word between them."""
    nodes = list_nodes(read(file))
    inside = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "x".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value
