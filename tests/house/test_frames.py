"""Frames name no room: nothing outside a room but the two indexes imports it, links to it, or knows its forms."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from tests.house.sources import list_nodes, read

from troth.desk import index

SRC = Path(__file__).parent.parent.parent / "src" / "troth"
ROOMS = ("troth.access", "troth.california", "troth.deliveries", "troth.drp", "troth.inbox", "troth.uses")
"""Packages that hold rooms alone; tests/house/test_rooms.py looks into each of them."""
INDEXES = {"rooms.py", "models.py"}
WAYS = {"collection/mailbox"}
"""Ways of collecting that are not forms: the place that they name is their own, whatever room takes what comes there."""
_QUERY = re.compile(r"(?:select|update|insert|delete|with|lock)\b")
LINK = re.compile(r'(?:href|action|src)="(/[^"{#]*)')
PAGE = re.compile(r"\bpages\.(\w+)")
TAG = re.compile(r"""\{%-?\s*(url|include|extends|goto)\s+["']([^"']+)""")


@dataclass(frozen=True)
class Known:
    """What belongs to rooms: names of their addresses, their forms, the folders of their templates, their pages and their tables."""

    addresses: frozenset[str]
    places: frozenset[str]
    folders: frozenset[str]
    pages: frozenset[str]
    tables: frozenset[str]


def known() -> Known:
    folders = {path.name for path in SRC.glob("**/templates/*") if is_of_room(_module_of(path))}
    return Known(
        frozenset(pattern.name for pattern in _list_patterns(get_resolver()) if pattern.name and is_rooms(pattern)),
        frozenset(place for room in index.rooms() for place in (*room.takes, *room.places)),
        frozenset(folders),
        frozenset(page.name for page in index.pages()),
        frozenset(model._meta.db_table for model in apps.get_models() if is_of_room(model.__module__)),
    )


def is_of_room(module: str) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in ROOMS)


def is_rooms(pattern: URLPattern) -> bool:
    return is_of_room(getattr(pattern.callback, "__module__", ""))


def leads_to_room(address: str) -> bool:
    try:
        return is_of_room(resolve(address.partition("?")[0]).func.__module__)
    except Resolver404:
        return False


def list_named(source: str, known: Known) -> list[str]:
    """Where a module names a room: an import, the name of an address, an address, a form, a template."""
    found = []
    for node in list_nodes(source):
        match node:
            case ast.Import():
                found += [each.name for each in node.names if is_of_room(each.name)]
            case ast.ImportFrom():
                modules = {node.module or "", *(f"{node.module}.{each.name}" for each in node.names)}
                found += sorted(module for module in modules if is_of_room(module))
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _is_called(node, "reverse", "redirect"):
                found += [name] if name in known.addresses else []
            case ast.Constant(value=str(text)) if _QUERY.match(text):
                found += list_named_in_sql(text, known)
            case ast.Constant(value=str(text)) if " " not in text:
                found += [text] if text in known.places or is_of_room(text) or _is_address(text, known) else []
    return found


def list_named_in_template(text: str, known: Known) -> list[str]:
    """Where a template names a room: the name of an address, an address, a template."""
    tags = TAG.findall(text)
    names = [name for tag, name in tags if tag == "url" and name in known.addresses]
    parts = [name for tag, name in tags if tag in ("include", "extends") and name.partition("/")[0] in known.folders]
    links = [*LINK.findall(text), *(name for tag, name in tags if tag == "goto")]
    pages = [name for name in PAGE.findall(text) if name in known.pages]
    return [*names, *parts, *pages, *(link for link in links if leads_to_room(link))]


def list_named_in_sql(text: str, known: Known) -> list[str]:
    """Where SQL names a table of a room; what stands in a comment does nothing."""
    return [word for word in re.findall(r"\w+", re.sub(r"--.*", "", text)) if word in known.tables]


def _is_called(node: ast.Call, *names: str) -> bool:
    return (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in names


def _is_address(text: str, known: Known) -> bool:
    return text.startswith("/") and (leads_to_room(text) or leads_to_room(f"{text.rstrip('/')}/"))


def _list_patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _list_patterns(each)
        else:
            yield each


def _module_of(path: Path) -> str:
    return ".".join(("troth", *path.relative_to(SRC).parent.parts))


def frames(ending: str) -> list[Path]:
    found = (path for path in sorted(SRC.glob(f"**/*{ending}")) if "migrations" not in path.parts)
    frames = (path for path in found if str(path.parent.relative_to(SRC)) not in WAYS)
    return [path for path in frames if not is_of_room(_module_of(path)) and str(path.relative_to(SRC)) not in INDEXES]


def test_frames_name_no_room() -> None:
    house = known()
    found = {path: list_named(read(path), house) for path in frames(".py")}
    found |= {path: list_named_in_template(read(path), house) for path in frames(".html")}
    found |= {path: list_named_in_sql(read(path), house) for path in frames(".sql")}
    assert {str(path.relative_to(SRC)): names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "from troth.uses.quotes.actions import QUOTE",
        "from troth.access import actions",
        "import troth.california.answering",
        "from troth.access.procedures import incident",
        "def late() -> None:\n    from troth.drp import views",
        'reverse("account.app")',
        'PAGES = {"form.quote": 1}',
        'HttpResponseRedirect("/account/app/")',
        'path("", include("troth.uses.quotes.urls"))',
        'cursor.execute("update quote_request set need = 1")',
    ],
)
def test_a_module_that_names_a_room_is_found(planted: str) -> None:
    assert list_named(planted, known())


@pytest.mark.parametrize(
    "planted",
    [
        "{% url 'account.app' %}",
        '<a href="/quote/?product=x">',
        '<form method="post" action="/sign-out/">',
        '{% include "quotes/opened.html" %}',
        "{% if pages.contact %}",
        '{% goto "/account/" _("Account") %}',
    ],
)
def test_a_template_that_names_a_room_is_found(planted: str) -> None:
    assert list_named_in_template(planted, known())


def test_sql_that_names_a_table_of_a_room_is_found() -> None:
    assert list_named_in_sql("delete from agent_request r where r.case_id = v_gone;", known()) == ["agent_request"]
    assert list_named_in_sql("-- agent_request\ndelete from request_case c;", known()) == []


def test_what_frames_say_of_themselves_passes() -> None:
    assert list_named('import troth.cases\nreverse("policy")\nHOME = "/console/"', known()) == []
    assert list_named_in_template('<a href="/policy">{% include "web/parts/tabs.html" %}', known()) == []
