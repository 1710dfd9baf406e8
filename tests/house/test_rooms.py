"""Every room is in the index, has the one shape, and says what it holds; frames name no room."""

import ast
import dataclasses
import re
from collections.abc import Collection
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template
from django.urls import resolve
from tests.visits import SITE

from troth.cases.kinds import CASE_PAGE, CaseKind
from troth.cases.rights import RightsKind
from troth.desk import index
from troth.desk.room import EntryKind, Room
from troth.outbox.emails import Email
from troth.policy import compile as compile_policy
from troth.rooms import ROOMS

OF_NOBODY = {"adopted", "clock set", "restored"}
"""Entries that stand in nobody's history."""

PURPOSES = compile_policy((SITE / "policy.md").read_bytes()).policy.purposes  # type: ignore[union-attr]
SRC = Path(__file__).parent.parent.parent / "src" / "troth"


def packages() -> list[str]:
    """Every package that has a `room.py`."""
    return sorted(str(path.parent.relative_to(SRC)) for path in SRC.glob("**/room.py") if path.parent.name != "desk")


def naming(room: str) -> set[str]:
    """The modules outside the room of a use that import from it."""
    mine = SRC / "uses" / room
    return {
        str(path.relative_to(SRC))
        for path in SRC.glob("**/*.py")
        if mine not in path.parents and re.search(rf"^\s*(?:from|import) troth\.uses\.{room}\b", path.read_text(), re.M)
    }


@pytest.mark.parametrize("package", packages())
def test_each_room_is_one_line_of_the_index(package: str) -> None:
    named = package.replace("/", ".")
    lines = [line for line in (SRC / "rooms.py").read_text().splitlines() if f"troth.{named}.room " in line]
    assert len(lines) == 1


@pytest.mark.parametrize("package", packages())
def test_a_room_module_makes_one_value(package: str) -> None:
    tree = ast.parse((SRC / package / "room.py").read_text())
    made = [node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ROOM"]
    assert len(made) == 1


def test_every_package_of_a_use_is_a_room() -> None:
    uses = {f"uses/{path.parent.name}" for path in (SRC / "uses").glob("*/__init__.py")}
    assert uses <= set(packages())


def test_every_table_of_people_is_in_the_copy_or_says_why_not() -> None:
    tables = {
        model._meta.db_table
        for model in apps.get_app_config("troth").get_models()
        if getattr(model, "holds", "") == "person"
    }
    named = [table for room in ROOMS for table in (*room.tables, *room.apart)]
    assert sorted(named) == sorted(tables)


def test_a_room_with_tables_gives_them_to_the_copy() -> None:
    silent = [room.name for room in ROOMS if room.tables and room.held is None]
    assert silent == ["access"]  # values, choices and entries are what the copy itself is made of


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_email_of_a_room_has_its_templates(room: Room) -> None:
    for email in room.emails:
        for end in (".subject.txt", ".txt", ".html"):
            get_template(f"{room.name}/emails/{email.name}{end}")


def test_every_template_of_an_email_has_a_title() -> None:
    found = {
        f"{path.parent.parent.name}/{path.name.removesuffix('.subject.txt')}"
        for path in SRC.glob("**/emails/*.subject.txt")
    }
    assert found == set(index.emails())


def test_every_kind_of_entry_that_the_program_writes_has_a_sentence() -> None:
    written = {
        kind
        for path in SRC.glob("**/*.py")
        for kind in re.findall(r'\bkind="([a-z ]+)", purpose=', path.read_text(encoding="utf-8"))
    } | {
        kind
        for path in SRC.glob("**/*.sql")
        for kind in re.findall(r"\.kind := '([a-z ]+)'", path.read_text(encoding="utf-8"))
    }
    assert written
    assert written - OF_NOBODY <= set(index.entry_kinds())


def test_two_of_a_kind_are_refused() -> None:
    kind = EntryKind("used", "used", lambda entry, policy, names: "")  # type: ignore[arg-type,return-value]
    for twice in (
        [Room(name="a"), Room(name="a")],
        [Room(name="a", entries=(kind,)), Room(name="b", entries=(kind,))],
        [Room(name="a", emails=(Email("x", "x", "a"), Email("x", "y", "a")))],
    ):
        with pytest.raises(index.TwoOfAKind):
            index.open_rooms(twice)
    assert index.rooms() == ROOMS


@pytest.mark.parametrize("kind", [kind for room in ROOMS for kind in room.cases], ids=lambda kind: kind.id)
def test_every_kind_of_request_has_what_the_house_asks_of_it(kind: CaseKind[object]) -> None:
    """A title, facts that are read back as they were written, a clock, and a page where somebody may ask for it."""
    assert str(kind.title)
    assert dataclasses.is_dataclass(kind.facts)
    assert kind.facts.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.purpose in PURPOSES
    assert all(template in index.emails() for template in kind.emails.values())
    assert kind.outcomes or kind.finish or kind.approves, "nobody could end it"
    assert resolve(f"/{kind.page}/x/" if kind.page != CASE_PAGE else "/case/x/")
    if kind.public:
        assert isinstance(kind, RightsKind)
        assert resolve(kind.form)


def test_two_kinds_of_requests_share_no_row_and_each_panel_has_a_kind() -> None:
    ids = {kind.id for room in ROOMS for kind in room.cases}
    assert {id for room in ROOMS for id in room.panels} <= ids


def compares_kinds(source: str, ids: Collection[str]) -> list[str]:
    """Where code looks which kind of request a thing is by its name: `.kind == "erasure"`, `match case.kind: case …`."""
    found = []
    sides: list[ast.AST]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Compare():
                sides = [node.left, *node.comparators]
            case ast.Match():
                sides = [node.subject, *(pattern for case in node.cases for pattern in ast.walk(case.pattern))]
            case ast.Call() if any(each.arg == "kind" for each in node.keywords):
                sides = [ast.Attribute(ast.Name("row"), "kind"), *(each.value for each in node.keywords)]
            case _:
                continue
        asks = any(isinstance(side, ast.Attribute) and side.attr == "kind" for side in sides)
        named = [each for side in sides for each in ast.walk(side) if isinstance(each, ast.Constant)]
        if asks and any(each.value in ids for each in named):
            found.append(ast.unparse(node).partition("\n")[0])
    return found


@pytest.mark.parametrize("path", sorted(SRC.glob("**/*.py")), ids=lambda path: str(path.relative_to(SRC)))
def test_no_code_asks_which_kind_a_request_is(path: Path) -> None:
    """What a kind is to somebody, it says itself: in its own module, and nowhere else by its name."""
    ids = {kind.id for room in ROOMS for kind in room.cases}
    assert compares_kinds(path.read_text(encoding="utf-8"), ids) == []


@pytest.mark.parametrize(
    "planted",
    [
        'if case.kind == "erasure":\n    pass',
        'if found.kind in ("access", "copy"):\n    pass',
        'match case.kind:\n    case "opt-out":\n        pass',
        'Case.objects.filter(kind="disclosure")',
    ],
)
def test_a_kind_that_is_asked_for_by_name_is_found(planted: str) -> None:
    assert compares_kinds(planted, {"erasure", "access", "copy", "opt-out", "disclosure"})


def test_frames_name_no_room() -> None:
    for room in (path.parent.name for path in (SRC / "uses").glob("*/room.py")):
        assert naming(room) <= {"rooms.py", "models.py"}


def test_every_email_is_of_a_purpose_of_its_room_and_what_is_owed_has_a_time() -> None:
    for room in ROOMS:
        for email in room.emails:
            assert email.must_be_stated or email.when
            assert email.purpose in {purpose for each in ROOMS for purpose in each.purposes}
