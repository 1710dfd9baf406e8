"""Every package that looks like a room is in the index and has the one shape."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from troth.policy import Policy
from troth.policy import compile as compile_policy

ROOT = Path(__file__).parent.parent.parent
SRC = ROOT / "src" / "troth"
_CLAUSES = re.compile(r"\A(?:[A-Z]\d{1,2}(?:, | and )?)+(?=\. )|\bPolicy:?\s+#\w+(?:(?:, | and )#\w+)*")
BROUGHT: Mapping[str, tuple[str, ...]] = {
    "urls.py": ("urls",),
    "desk_urls.py": ("desk_urls",),
    "desk.py": ("work", "panels", "desk"),
    "entries.py": ("entries",),
    "demo.py": ("demo", "demo_after", "demo_sends"),
    "portal.py": ("shown",),
    "done.py": ("done",),
}
"""Module of a room → what its `Room` says with it, one of these."""
_OF_A_USE = {"models.py", "actions.py", "views.py", "urls.py"}


def list_rooms(tree: Path) -> Iterator[Path]:
    """Packages that are rooms by where they are, and those that say so."""
    for init in sorted(tree.glob("**/__init__.py")):
        place = init.parent.relative_to(tree)
        below = len(place.parts) == 2 and place.parts[0] in ("access", "uses")
        says_so = (init.parent / "room.py").exists() and place.as_posix() != "desk"  # where `Room` itself is made
        if below or place.as_posix() in ("access", "california", "drp") or says_so:
            yield init.parent


def list_indexed(tree: Path) -> list[str]:
    """Folders of the rooms that the index imports and names in its tuple."""
    index = ast.parse((tree / "rooms.py").read_text(encoding="utf-8"))
    imported = {
        each.asname: node.module.removeprefix("troth.").removesuffix(".room").replace(".", "/")
        for node in index.body
        if isinstance(node, ast.ImportFrom) and node.module
        for each in node.names
    }
    (named,) = [node.value for node in index.body if isinstance(node, ast.Assign)]
    return [imported[each.id] for each in ast.walk(named) if isinstance(each, ast.Name) and each.id in imported]


def list_faults(tree: Path, room: Path, clauses: set[str]) -> list[str]:
    """Where a room is not as all rooms are."""
    place, faults = room.relative_to(tree).as_posix(), []
    if list_indexed(tree).count(place) != 1:
        faults.append("is not one line of the index")
    doc = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    named = {clause for found in _CLAUSES.findall(doc) for clause in re.findall(r"\w+", found)} - {"Policy", "and"}
    if not named or named - clauses:
        faults.append(f"names no clause of the policy in its docstring: {sorted(named - clauses)}")
    if not (room / "room.py").exists():
        return [*faults, "has no room.py"]
    return [*faults, *_list_faults_of_value(room, room.name), *_list_faults_of_parts(room, place)]


def _list_faults_of_value(room: Path, name: str) -> Iterator[str]:
    body = ast.parse((room / "room.py").read_text(encoding="utf-8")).body
    made = [node.value for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ROOM"]
    if len(made) != 1 or not isinstance(made[0], ast.Call) or ast.unparse(made[0].func) != "Room":
        yield "makes no one value ROOM = Room(…)"
        return
    said = {each.arg: ast.unparse(each.value) for each in made[0].keywords}
    if said.get("name") != repr(name):
        yield f"is called {said.get('name')}"
    for module, fields in BROUGHT.items():
        if (room / module).exists() and not set(fields) & said.keys():
            yield f"has {module}, and its value says no {' or '.join(fields)}"


def _list_faults_of_parts(room: Path, place: str) -> Iterator[str]:
    templates = {path.name for path in (room / "templates").glob("*") if path.is_dir()}
    if templates - {room.name}:
        yield f"has templates of another room: {sorted(templates - {room.name})}"
    if place.startswith("uses/"):
        missing = _OF_A_USE - {path.name for path in room.glob("*.py")}
        if missing or not templates:
            yield f"lacks {sorted(missing) or 'templates'}"


@pytest.fixture(scope="module")
def reference() -> Policy:
    policy = compile_policy((ROOT / "examples/optiproerp/policy.md").read_bytes()).policy
    assert policy is not None
    return policy


@pytest.fixture(scope="module")
def clauses(reference: Policy) -> set[str]:
    return {section.anchor for section in reference.sections}


@pytest.mark.parametrize("room", [*list_rooms(SRC)], ids=lambda room: room.relative_to(SRC).as_posix())
def test_every_room_has_the_one_shape(room: Path, clauses: set[str]) -> None:
    assert list_faults(SRC, room, clauses) == []


def test_the_index_names_nothing_else() -> None:
    assert sorted(list_indexed(SRC)) == sorted(room.relative_to(SRC).as_posix() for room in list_rooms(SRC))


def list_unstated(tree: Path, policy: Policy) -> list[str]:
    """Rooms of a use that is no purpose of the policy, or that names the clause of another one."""
    found = []
    for init in sorted(tree.glob("uses/*/__init__.py")):
        purpose = policy.purposes.get(init.parent.name)
        if purpose is None or not init.read_text(encoding="utf-8").startswith(f'"""{purpose.section}. '):
            found.append(init.parent.name)
    return found


def test_a_room_of_a_use_is_a_purpose_of_the_policy_and_names_its_clause(reference: Policy) -> None:
    assert list_unstated(SRC, reference) == []


def plant(tree: Path, place: str = "uses/quotes", **changed: str | None) -> Path:
    """A sound room with one thing changed; None leaves a file out."""
    room = tree / place
    files: dict[str, str | None] = {
        "__init__": '"""U6. Quotes."""',
        "room": f'ROOM = Room(name="{room.name}", urls="troth.x")',
        "models": "",
        "actions": "",
        "views": "",
        "urls": "",
        **changed,
    }
    (room / "templates" / (files.pop("templates", None) or room.name)).mkdir(parents=True)
    index = f"from troth.{place.replace('/', '.')}.room import ROOM as one\n"
    (tree / "rooms.py").write_text(files.pop("index", None) or f"{index}ROOMS = (one,)\n")
    for name, text in files.items():
        if text is not None:
            (room / f"{name}.py").write_text(text)
    return room


@pytest.mark.parametrize("place", ["uses/quotes", "access/quotes"])
def test_a_sound_room_passes(tmp_path: Path, clauses: set[str], reference: Policy, place: str) -> None:
    room = plant(tmp_path, place)
    assert list(list_rooms(tmp_path)) == [room]
    assert list_faults(tmp_path, room, clauses) == []
    assert list_unstated(tmp_path, reference) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"index": "ROOMS = ()\n"}, "index"),
        ({"index": "from troth.uses.quotes.room import ROOM as one\nROOMS = (one, one)\n"}, "index"),
        ({"index": "from troth.uses.quotes.room import ROOM as one\nROOMS = ()\n"}, "index"),
        ({"room": None}, "room.py"),
        ({"room": "ROOMS = [Room(name='quotes')]"}, "no one value"),
        ({"room": "ROOM = Room(name='quotes', urls='x')\nROOM = Room(name='quotes', urls='x')"}, "no one value"),
        ({"room": "ROOM = dict(name='quotes')"}, "no one value"),
        ({"room": "ROOM = Room(name='offers', urls='x')"}, "is called"),
        ({"room": "ROOM = Room(name='quotes')"}, "urls.py"),
        ({"entries": ""}, "entries.py"),
        ({"desk": ""}, "desk.py"),
        ({"demo": ""}, "demo.py"),
        ({"__init__": '"""Quotes."""'}, "clause"),
        ({"__init__": '"""Z99. Quotes."""'}, "clause"),
        ({"templates": "inquiries"}, "templates of another room"),
        ({"views": None}, "views.py"),
    ],
)
def test_a_room_of_another_shape_is_found(
    tmp_path: Path, clauses: set[str], changed: dict[str, str | None], fault: str
) -> None:
    found = list_faults(tmp_path, plant(tmp_path, **changed), clauses)
    assert [each for each in found if fault in each], found


@pytest.mark.parametrize("place", ["access/lost", "uses/lost", "california", "drp", "newroom"])
def test_a_package_that_looks_like_a_room_and_is_in_no_index_is_found(
    tmp_path: Path, clauses: set[str], place: str
) -> None:
    room = plant(tmp_path, place, index="ROOMS = ()\n")
    assert list(list_rooms(tmp_path)) == [room]
    assert "is not one line of the index" in list_faults(tmp_path, room, clauses)


@pytest.mark.parametrize(("name", "doc"), [("gifts", '"""U6. Gifts."""'), ("quotes", '"""U4. Quotes."""')])
def test_a_use_that_the_policy_does_not_state_is_found(tmp_path: Path, reference: Policy, name: str, doc: str) -> None:
    plant(tmp_path, f"uses/{name}", __init__=doc)
    assert list_unstated(tmp_path, reference) == [name]
