"""Every kind of entry that the program writes has a sentence, whoever writes it: a room, a frame or the database."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.sources import list_files, list_nodes, parse, read

from troth.cases.entries import AnswerNoted
from troth.desk import index
from troth.records.ledger import payloads
from troth.records.ledger.payloads import ID_KEYS

SRC = Path(__file__).parent.parent.parent / "src" / "troth"
OF_NOBODY = {"adopted", "clock set", "readdressed", "restored", "translated"}
"""Entries that stand in nobody's history."""
_WRITTEN = re.compile(r"\.kind\s*:=\s*([^;]+);")
_LITERAL = re.compile(r"'([^']*)'")


def list_in_module(source: str) -> set[str]:
    """The kinds of the entries that a module writes; one that cannot be read is given as it stands in the code."""
    tree = parse(source)
    return {kind for call in list_nodes(source) if isinstance(call, ast.Call) for kind in _kinds_of(call, tree)}


def list_in_sql(text: str) -> set[str]:
    """The kinds of the entries that functions of the database write; of a parameter, what each call in `text` gives."""
    found: set[str] = set()
    for name, parameters, body in _functions(text):
        for written in _WRITTEN.findall(body):
            if "p_kind" not in written:
                found |= set(_LITERAL.findall(written)) or {written}
            elif stated := re.search(r"p_kind not in \(([^)]*)\)", body):
                found |= set(_LITERAL.findall(stated[1]))
            else:
                place = [each.split()[0] for each in parameters.split(",")].index("p_kind")
                found |= {kind for call in _calls(name, text) for kind in _literals_at(call, place)}
    return found


def list_untold(written: set[str], told: set[str]) -> set[str]:
    return written - OF_NOBODY - told


def _kinds_of(call: ast.Call, tree: ast.Module) -> set[str]:
    """Of gate.note(…, kind=…), and of the one function that upgrades call in the database."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    given = {each.arg: each.value for each in call.keywords}
    if name == "note" and "kind" in given:
        return _read(given["kind"], tree)
    match call.args:
        case [ast.Constant(value=str(sql)), ast.List(elts=[_, _, kind, *_])] if "entry_of_owner(" in sql:
            return _read(kind, tree)
    return set()


def _read(value: ast.expr, tree: ast.Module) -> set[str]:
    match value:
        case ast.Constant(value=str(kind)):
            return {kind}
        case ast.IfExp():
            return _read(value.body, tree) | _read(value.orelse, tree)
        case ast.Name():
            made = [node.value for node in tree.body if isinstance(node, ast.Assign) and _is_named(node, value.id)]
            passed = made or list(_passed(value, tree))
            if passed:
                return {kind for each in passed for kind in _read(each, tree)}
    return {ast.unparse(value)}


def _is_named(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _passed(value: ast.Name, tree: ast.Module) -> Iterator[ast.expr]:
    """What the callers in the module pass for a parameter."""
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        names = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
        if value.id in names and any(node is value for node in ast.walk(function)):
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                if getattr(call.func, "id", "") == function.name:
                    by_name = {each.arg: each.value for each in call.keywords}
                    place = names.index(value.id)
                    yield by_name[value.id] if value.id in by_name else call.args[place]


def _functions(text: str) -> Iterator[tuple[str, str, str]]:
    starts = [*re.finditer(r"create or replace function (\w+)\(([^)]*(?:\([^)]*\)[^)]*)*)\)", text)]
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        yield start[1], start[2], text[start.end() : following.start() if following else len(text)]


def _calls(name: str, text: str) -> Iterator[list[str]]:
    """The arguments of each call, as text."""
    for found in re.finditer(rf"(?:perform|select) {name}\(", text):
        arguments, depth, at = [""], 0, found.end()
        while depth >= 0:
            sign = text[at]
            depth += (sign == "(") - (sign == ")")
            if sign == "," and depth == 0:
                arguments.append("")
            elif depth >= 0:
                arguments[-1] += sign
            at += 1
        yield arguments


def _literals_at(arguments: list[str], place: int) -> set[str]:
    return set(_LITERAL.findall(arguments[place])) or {arguments[place].strip()}


def test_every_kind_of_entry_that_the_program_writes_has_a_sentence() -> None:
    modules = (path for path in list_files(SRC, "*.py") if "migrations" not in path.parts)
    written = {kind for path in modules for kind in list_in_module(read(path))}
    stored = list_in_sql("\n".join(read(path) for path in SRC.glob("**/sql/*.sql")))
    assert {"not delivered", "signed in", "requested"} <= written
    assert {"collected", "invited", "corrected", "not shared", "held back"} <= stored
    assert list_untold(written | stored, set(index.entry_kinds())) == set()


@pytest.mark.parametrize(
    "planted",
    [
        'gate.note(\n    person=person,\n    kind="support/lost",\n    purpose=PURPOSE,\n    payload={},\n)',
        'LOST = "support/lost"\ngate.note(person=person, kind=LOST, purpose=PURPOSE)',
        'gate.note(person=person, kind="used" if found else "support/lost", purpose=PURPOSE)',
        'def tell(case, kind):\n    gate.note(kind=kind)\ndef lose(case):\n    tell(case, "support/lost")',
        'def tell(case, *, kind):\n    gate.note(kind=kind)\ndef lose(case):\n    tell(case, kind="support/lost")',
        'cursor.execute("select entry_of_owner(%s, %s, %s)", [person, new_id(), "support/lost"])',
        "gate.note(person=person, kind=make_up(case), purpose=PURPOSE)",
    ],
)
def test_an_entry_without_a_sentence_is_found(planted: str) -> None:
    assert list_untold(list_in_module(planted), set(index.entry_kinds()))


@pytest.mark.parametrize(
    "planted",
    [
        "create or replace function f(p uuid) returns void as $$ begin v_entry.kind := 'lost'; end $$;",
        "create or replace function f(p uuid) returns void as $$ begin\n"
        "v_entry.kind := case when p_yes then 'used' else 'lost' end; end $$;",
        "create or replace function f(p uuid, p_kind text) returns void as $$ begin v.kind := p_kind; end $$;\n"
        "create or replace function g() returns void as $$ begin perform f(h(1, 2), 'lost'); end $$;",
        "create or replace function f(p uuid) returns void as $$ begin v_entry.kind := v_other.kind; end $$;",
    ],
)
def test_an_entry_of_the_database_without_a_sentence_is_found(planted: str) -> None:
    assert list_untold(list_in_sql(planted), set(index.entry_kinds()))


def test_an_entry_says_what_its_kind_says_and_reads_what_older_releases_left_out() -> None:
    with pytest.raises(payloads.WrongPayload):
        payloads.write("signed in", AnswerNoted(number="P-2026-0001"))
    assert payloads.write("answered", AnswerNoted(number="P-2026-0001")) == '{"number": "P-2026-0001"}'
    assert payloads.read(AnswerNoted, '{"way": "of a former release"}') == AnswerNoted()


def list_read(source: str) -> set[str]:
    """The attributes that a module reads, apart from an object's own."""
    read = (node for node in list_nodes(source) if isinstance(node, ast.Attribute))
    return {node.attr for node in read if not (isinstance(node.value, ast.Name) and node.value.id == "self")}


def test_no_sentence_says_what_entries_that_say_the_same_differ_in() -> None:
    """Such entries are put into words once: see Teller.say."""
    assert list_read("said.email, said.name") & set(ID_KEYS) == {"email"}
    told = {inspect.getsourcefile(kind.sentence) for kind in index.entry_kinds().values()}
    assert {path: found for path in told if (found := list_read(Path(path or "").read_text()) & set(ID_KEYS))} == {}
