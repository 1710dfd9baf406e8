"""Every room says what it holds, what its emails are called and who could end its requests."""

import ast
import dataclasses
import functools
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils.safestring import SafeString
from tests.house.sources import list_files, list_nodes, parse, read
from tests.house.test_frames import is_of_room
from tests.visits import SITE

from troth.access.procedures.incident import STEPS
from troth.cases.emails import COPY
from troth.cases.kinds import CASE_PAGE, CaseKind
from troth.cases.rights import RightsKind
from troth.desk import index, jobs
from troth.desk.acts import DeskAct, Doing, Panel, standard
from troth.desk.portal import RequestView
from troth.desk.room import EntryKind, Part, Room
from troth.outbox.emails import Email, EmailKind, WrongFacts, check_facts
from troth.outbox.facts import EmailFacts
from troth.policy import compile as compile_policy
from troth.records.ledger import EntryPayload
from troth.rooms import ROOMS
from troth.security.entrances import Entrance, address_of

PURPOSES = compile_policy((SITE / "policy.md").read_bytes()).policy.purposes  # type: ignore[union-attr]
SRC = Path(__file__).parent.parent.parent / "src" / "troth"


def test_every_table_of_people_is_in_the_copy_or_says_why_not() -> None:
    assert list_uncopied(ROOMS, _tables_of_people()) == set()
    assert list_uncopied(ROOMS, _tables_of_people() | {"gift"}) == {"gift"}
    assert list_uncopied([*ROOMS, Room(name="gifts", tables=("gift",))], _tables_of_people()) == {"gift"}
    assert list_uncopied([*ROOMS, Room(name="gifts", apart={"inquiry": "…"})], _tables_of_people()) == {"inquiry"}


def list_uncopied(rooms: Iterable[Room], tables: set[str]) -> set[str]:
    """Tables of people that no room gives to a copy or says why not, that two do, and others that a room names."""
    named = [table for room in rooms for table in (*room.tables, *room.apart)]
    return {table for table in tables | set(named) if named.count(table) != 1 or table not in tables}


def list_silent(rooms: Iterable[Room]) -> list[str]:
    """Rooms with tables of people that give a copy nothing."""
    return [room.name for room in rooms if room.tables and room.held is None]


def test_every_table_of_people_ends_with_an_erasure_or_says_why_not() -> None:
    assert _unended(ROOMS, _tables_of_people()) == []
    assert _unended([*ROOMS[1:]], _tables_of_people()) != []


def _tables_of_people() -> set[str]:
    models = apps.get_app_config("troth").get_models()
    return {model._meta.db_table for model in models if getattr(model, "holds", "") == "person"}


def _unended(rooms: Iterable[Room], tables: set[str]) -> list[str]:
    """Tables of people that no room ends or two do, and tables of which a room says so and its function does not."""
    named = [table for room in rooms for table in (*room.erase, *room.stays)]
    unnamed = [table for table in sorted(tables | set(named)) if named.count(table) != 1 or table not in tables]
    return unnamed + [f"{room.name}: {table}" for room in rooms for table in room.erase if not _ends(room.name, table)]


def _ends(room: str, table: str) -> bool:
    body = _functions().get(f"ends_in_{room}", "")
    performed = [other for name, other in _functions().items() if f"perform {name}(" in body]
    return any(re.search(rf'\b(?:delete from|update) "?{table}\b', each) for each in (body, *performed))


@functools.cache
def _functions() -> dict[str, str]:
    """The functions by which rooms end what they hold → their text."""
    found = (read(path) for path in SRC.glob("**/sql/ends.sql"))
    return {
        name: body
        for text in found
        for name, body in re.findall(r"create or replace function (\w+)(.*?)^end \$\$;", text, re.DOTALL | re.MULTILINE)
    }


def test_every_function_that_ends_something_is_of_a_room_that_says_so() -> None:
    assert {name for name in _functions() if name.startswith("ends_in_")} == {
        f"ends_in_{room.name}" for room in ROOMS if room.erase
    } | {"ends_in_procedures"}  # it ends requests that are nobody's, in the table of another room


def test_a_planted_table_that_no_room_ends_is_found() -> None:
    assert _unended(ROOMS, _tables_of_people() | {"planted_order"}) == ["planted_order"]
    says_so = Room(name="planted", erase=("planted_order",))
    assert _unended([*ROOMS, says_so], _tables_of_people() | {"planted_order"}) == ["planted: planted_order"]


def test_what_is_past_its_time_is_deleted_in_each_room_and_one_that_fails_delays_no_other(monkeypatch: Any) -> None:
    left = [2, 1, 0]

    def fail() -> int:
        raise ValueError

    planted = (Room(name="broken", retention=(fail,)), Room(name="planted", retention=(lambda: left.pop(0),)))
    monkeypatch.setattr(index, "rooms", lambda: planted)
    with pytest.raises(ValueError):
        jobs.expire(timestamp=0)
    assert left == []


def test_a_room_with_tables_gives_them_to_the_copy() -> None:
    assert list_silent(ROOMS) == ["access"]  # values, choices and entries are what the copy itself is made of
    assert list_silent([Room(name="gifts", tables=("gift",))]) == ["gifts"]


def list_missing_templates(rooms: Iterable[Room]) -> list[str]:
    """Templates that emails and parts of rooms need and nobody has."""
    wanted = [
        f"{room.name}/emails/{email.name}{end}"
        for room in rooms
        for email in room.emails
        for end in (".subject.txt", ".txt", ".html")
    ]
    return [name for name in [*wanted, *(part.template for room in rooms for part in room.parts)] if not _exists(name)]


def _exists(template: str) -> bool:
    try:
        return bool(get_template(template))
    except TemplateDoesNotExist:
        return False


def test_every_email_and_part_of_a_room_has_its_templates() -> None:
    assert list_missing_templates(ROOMS) == []
    planted = Room(name="quotes", emails=(Email("gift", "gift", "quotes"),), parts=(Part("home", "quotes/gift.html"),))
    assert len(list_missing_templates([planted])) == 4


def list_slots(tree: Path) -> set[str]:
    """The places that pages of the house leave to rooms."""
    pages = (read(path) for path in tree.glob("**/templates/**/*.html"))
    return {slot for page in pages for slot in re.findall(r'\{% parts "([^"]+)"', page)}


def test_every_part_stands_at_a_place_that_a_page_leaves() -> None:
    """A part whose slot no page has would never be seen; a slot that no room fills is not needed."""
    assert list_unmatched(ROOMS, list_slots(SRC)) == set()
    planted = Room(name="gifts", parts=(Part("attic", "gifts/part.html"),))
    assert list_unmatched([*ROOMS, planted], {*list_slots(SRC), "cellar"}) == {"attic", "cellar"}


def list_unmatched(rooms: Iterable[Room], slots: set[str]) -> set[str]:
    return {part.slot for room in rooms for part in room.parts} ^ slots


def unknown_facts(text: str, facts: type[EmailFacts]) -> set[str]:
    """What a template reads of facts that the type of the email's facts does not have."""
    return set(re.findall(r"\bfacts\.(\w+)", text)) - {field.name for field in dataclasses.fields(facts)}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_template_of_an_email_reads_only_facts_that_it_has(room: Room) -> None:
    for email in room.emails:
        for path in SRC.glob(f"**/templates/{room.name}/emails/{email.name}.*"):
            assert unknown_facts(read(path), email.facts) == set(), path.name


def test_a_planted_fact_and_facts_of_another_email_are_found() -> None:
    assert unknown_facts("{{ facts.number }} {{ facts.link }}", EmailFacts) == {"number"}
    with pytest.raises(WrongFacts):
        check_facts("quotes/receipt", EmailFacts())


def list_untitled(tree: Path, titled: Collection[str]) -> list[str]:
    """Templates of emails that no room has a title for."""
    found = (
        f"{path.parent.parent.name}/{path.name.removesuffix('.subject.txt')}"
        for path in tree.glob("**/emails/*.subject.txt")
    )
    return sorted(name for name in found if name not in titled)


def test_every_template_of_an_email_has_a_title(tmp_path: Path) -> None:
    assert list_untitled(SRC, index.emails()) == []
    (tmp_path / "quotes" / "emails").mkdir(parents=True)
    (tmp_path / "quotes" / "emails" / "gift.subject.txt").touch()
    assert list_untitled(tmp_path, index.emails()) == ["quotes/gift"]


def has_title(email: Email) -> bool:
    return bool(str(email.title).strip())


def test_every_email_has_a_title() -> None:
    assert [name for name, email in index.emails().items() if not has_title(email)] == []
    assert not has_title(Email("gift", "", "quotes"))


def test_two_of_a_kind_are_refused() -> None:
    kind: EntryKind[EntryPayload] = EntryKind("used", "used", lambda entry, said, policy, names: SafeString(""))
    for twice in (
        [Room(name="a"), Room(name="a")],
        [Room(name="a", entries=(kind,)), Room(name="b", entries=(kind,))],
        [Room(name="a", entrances={Entrance.ACCOUNT: "/a/"}), Room(name="b", entrances={Entrance.ACCOUNT: "/b/"})],
        [Room(name="a", codes={"open": "open"})],
        [Room(name="a", emails=(Email("x", "x", "a"), Email("x", "y", "a")))],
    ):
        with pytest.raises(index.TwoOfAKind):
            index.open_rooms(twice)
    assert index.rooms() == ROOMS


def test_no_two_modules_name_an_act_alike() -> None:
    """A room joins what its modules have: of two of one id, the later one would be told and undone for both."""
    loaded = [vars(module).get("DONE") for name, module in [*sys.modules.items()] if name.startswith("troth.")]
    made = {id(acts): acts for acts in loaded if isinstance(acts, Mapping)}.values()  # some modules hand theirs on
    named = [act for acts in made for act in acts]
    assert len(made) > 15
    assert sorted(named) == sorted(set(named))


def list_lacking(kind: CaseKind[Any]) -> list[str]:
    """What a kind of request lacks: a title, facts that are read back as they were written, an end, a page and, where
    anybody may ask for it, a form."""
    lacks = {
        "title": not str(kind.title).strip(),
        "facts": not (dataclasses.is_dataclass(kind.facts) and kind.facts.__dataclass_params__.frozen),  # type: ignore[attr-defined]
        "purpose": kind.purpose not in PURPOSES,
        "emails": not {(kind.purpose, name) for name in kind.emails} <= _list_emails(),
        "answers": kind.talks and (kind.purpose, COPY) not in _list_emails(),
        "end": not (kind.outcomes or kind.finish or kind.approves),
        "page": not _leads_somewhere(f"/{kind.page}/x/" if kind.page != CASE_PAGE else "/case/x/"),
        "form": kind.public and not (isinstance(kind, RightsKind) and _leads_somewhere(kind.form)),
    }
    return [what for what, is_lacking in lacks.items() if is_lacking]


def _list_emails() -> set[tuple[str, str]]:
    return {(email.purpose, email.name) for email in index.emails().values()}


def _leads_somewhere(address: str) -> bool:
    try:
        return bool(resolve(address))
    except Resolver404:
        return False


KINDS = [kind for room in ROOMS for kind in room.cases]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_kind_of_request_has_what_the_house_asks_of_it(kind: CaseKind[object]) -> None:
    assert list_lacking(kind) == []


@dataclasses.dataclass
class _Changeable:
    """Facts that somebody could change behind the case's back."""


@pytest.mark.parametrize(
    ("planted", "lacking"),
    [
        ({"title": " "}, "title"),
        ({"facts": dict}, "facts"),
        ({"facts": _Changeable}, "facts"),
        ({"purpose": "gifts", "emails": ()}, "purpose"),
        ({"purpose": "security", "emails": ("reply",)}, "emails answers"),
        ({"emails": ("gift",)}, "emails"),
        ({"outcomes": (), "finish": None, "approves": ""}, "end"),
        ({"page": "gifts"}, "page"),
        ({"asked_at": "/gifts/ask/"}, "form"),
    ],
)
def test_a_kind_of_request_that_lacks_something_is_found(planted: dict[str, Any], lacking: str) -> None:
    sound = next(kind for kind in KINDS if kind.public)
    assert list_lacking(dataclasses.replace(sound, **planted)) == lacking.split()


def test_two_kinds_of_requests_share_no_row_and_each_panel_has_a_kind() -> None:
    assert list_unknown(ROOMS) == set()
    assert list_unknown([Room(name="gifts", panels={"gift": Panel()}, shown={"present": RequestView()})]) == {
        "gift",
        "present",
    }


REPEATABLE = {
    "assign": "it can be assigned again",
    "note": "only staff read it, and who wrote it deletes it",
    "reply": "it can be undone before it leaves",
    "reply-next": "it can be undone before it leaves",
    "draft": "nobody else sees it",
    "undo": "the answer is a draft again",
    "insert": "it stands in the answer that is not sent yet",
    "merge": "it can be undone",
    "unmerge": "it can be merged again",
    "split": "the new request can be merged back",
    "wait": "it can be stopped, and a message ends it",
    "resume": "it can wait again",
    "reopen": "it can be closed again",
    "change": "it can be changed again",
    **dict.fromkeys((f"step-{step}" for step in STEPS), "another note of the step replaces it"),
    "keep": "the account stays as it is",
    "begin": "a hold can be ended at any time",
    "review": "a hold can be reviewed again",
    "ask": "a colleague decides, and nothing else follows from it",
    "give": "it can be assigned back",
    "keep-it": "a colleague can ask for it again",
}


def list_acts() -> list[DeskAct]:
    of_rooms = (act for room in ROOMS for panel in room.panels.values() for act in panel.acts)
    return [*standard.STANDARD, *of_rooms]


def test_an_act_that_cannot_be_undone_is_confirmed_and_says_its_effect() -> None:
    acts = list_acts()
    assert list_unconfirmed(acts) == set()
    assert {each.do for each in acts} >= REPEATABLE.keys()
    burn = DeskAct(do="burn", button="Burn", run=lambda doing: None)
    assert list_unconfirmed([burn, dataclasses.replace(burn, do="melt", once=True)]) == {"burn", "melt"}


SHOWN_WHERE_THEY_ARE_DONE = {"draft", "insert", "undo"}
"""Acts of the answer that is being written: it is there, or on its way with an undo."""


def test_every_act_leads_to_a_page_that_says_what_was_done() -> None:
    acts = list_acts()
    assert list_untold(acts) == SHOWN_WHERE_THEY_ARE_DONE

    def burn(doing: Doing) -> None: ...

    assert list_untold([DeskAct(do="burn", button="Burn", run=burn)]) == {"burn"}


def list_untold(acts: Iterable[DeskAct]) -> set[str]:
    """Acts without a sentence and without a page of their own."""
    return {act.do for act in acts if not act.told and get_type_hints(act.run)["return"] is not HttpResponse}


def list_unconfirmed(acts: Iterable[DeskAct]) -> set[str]:
    """Acts that nothing undoes and nobody says can be repeated, done without a word of their effect or a second press."""
    lasting = (act for act in acts if act.do not in REPEATABLE and act.reverse is None)
    return {act.do for act in lasting if not (act.once and act.effect)}


def list_unknown(rooms: Iterable[Room]) -> set[str]:
    """Kinds of requests that a panel or a view of the portal is for, and no room has."""
    ids = {kind.id for room in rooms for kind in room.cases}
    return {id for room in rooms for id in (*room.panels, *room.shown)} - ids


def compares_kinds(source: str, ids: Collection[str]) -> list[str]:
    """Where code looks which kind of request a thing is by its name: `.kind == "erasure"`, `.kind != ERASURE.id`,
    `kind_of(case) is ERASURE`, `match case.kind: case …`, `filter(kind=ERASURE.id)`."""
    found = []
    sides: list[ast.AST]
    for node in list_nodes(source):
        match node:
            case ast.Compare():
                sides = [node.left, *node.comparators]
            case ast.Match():
                sides = [node.subject, *(pattern for case in node.cases for pattern in ast.walk(case.pattern))]
            case ast.Call() if any(each.arg in _OF_KIND for each in node.keywords):
                sides = [ast.Attribute(ast.Name("row"), "kind")]
                sides += [each.value for each in node.keywords if each.arg in _OF_KIND]
            case _:
                continue
        parts = [each for side in sides for each in ast.walk(side)]
        asks = {"kind", "kind_of"} & {_name(part) for part in parts}
        if asks and any(
            _name(each) in _constants() or (isinstance(each, ast.Constant) and each.value in ids) for each in parts
        ):
            found.append(ast.unparse(node).partition("\n")[0])
    return found


_OF_KIND = ("kind", "kind__in", "kind__exact")


@functools.cache
def _constants() -> set[str]:
    """What kinds of requests are called in code, such as ERASURE."""
    return {
        node.targets[0].id
        for path in list_files(SRC, "*.py")
        for node in parse(read(path)).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Call)
        if ast.unparse(node.value.func) in ("CaseKind", "RightsKind", "Procedure")
    }


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_no_code_asks_which_kind_a_request_is() -> None:
    """What a kind is to somebody, it says itself: in its own module, and nowhere else by its name."""
    ids = {kind.id for room in ROOMS for kind in room.cases}
    found = {
        str(path.relative_to(SRC)): asked
        for path in list_files(SRC, "*.py")
        if "migrations" not in path.parts and (asked := compares_kinds(read(path), ids))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        'if case.kind == "erasure":\n    pass',
        'if found.kind in ("access", "copy"):\n    pass',
        'match case.kind:\n    case "opt-out":\n        pass',
        'Case.objects.filter(kind="disclosure")',
        'Case.objects.exclude(kind__in=["access"])',
        "if case.kind != ERASURE.id:\n    pass",
        "if kind_of(case) is kinds.ERASURE:\n    pass",
        "Case.objects.filter(pk=case, kind=answering.DISCLOSURES.id)",
    ],
)
def test_a_kind_that_is_asked_for_by_name_is_found(planted: str) -> None:
    assert compares_kinds(planted, {"erasure", "access", "copy", "opt-out", "disclosure"})


def kinds_in_sql(text: str, ids: Collection[str]) -> list[str]:
    """The ids of kinds of requests that SQL has as literals. Comments and the keys of JSON are none."""
    text = re.sub(r"--.*|->>?\s*'[^']*'", "", text)
    text = re.sub(r"jsonb_build_object\([^;]*?\)", "", text)
    return [literal for literal in re.findall(r"'([^'\n]*)'", text) if literal in ids]


@pytest.mark.parametrize("path", sorted(SRC.glob("**/sql/*.sql")), ids=lambda path: str(path.relative_to(SRC)))
def test_no_sql_asks_which_kind_a_request_is(path: Path) -> None:
    """The database reads what is asked for from the request's row, such as `approves`."""
    ids = {kind.id for room in ROOMS for kind in room.cases}
    assert kinds_in_sql(read(path), ids) == []


@pytest.mark.parametrize(
    "planted",
    [
        "select 1 from request_case c where c.kind = 'erasure'",
        "if (c.kind, c.state) = ('disclosure', 'open') then",
        "elsif p_what not in ('erasure', 'export') then",
        "perform f(jsonb_build_object('question', 1), 'access');",
    ],
)
def test_a_kind_that_sql_asks_for_is_found(planted: str) -> None:
    assert kinds_in_sql(planted, {"erasure", "disclosure", "access", "question"})


def is_sendable(email: Email) -> bool:
    """Whether it has a time by the policy or of its own, and is of a purpose that some room serves."""
    return bool(email.must_be_stated or email.when) and email.purpose in {
        purpose for room in ROOMS for purpose in room.purposes
    }


def test_every_email_is_of_a_purpose_of_a_room_and_what_is_owed_has_a_time() -> None:
    assert [name for name, email in index.emails().items() if not is_sendable(email)] == []
    assert not is_sendable(Email("gift", "gift", "gifts"))
    assert not is_sendable(Email("gift", "gift", "quotes", EmailKind.SECURITY))


def test_every_entrance_leads_to_a_page_of_a_room() -> None:
    """What the house links and redirects to is there, and is a room's."""
    gaps = {"number": "x", "kind": "access", "what": "confirm", "token": "x"}
    assert [entrance for entrance in Entrance if not _is_page_of_room(address_of(entrance, **gaps))] == []
    assert not _is_page_of_room("/gifts/")
    assert not _is_page_of_room("/policy"), "a page of the house is no room's"


def _is_page_of_room(address: str) -> bool:
    return _leads_somewhere(address) and is_of_room(resolve(address).func.__module__)
