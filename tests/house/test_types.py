"""A type of kinds is one value: its module and its line of the index bring it to forms, storage, copies and pages."""

import ast
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from tests.house.sources import list_files, list_nodes, read
from tests.site import site
from tests.visits import MARISOL, SITE

from troth import in_force
from troth.access.copy.making import copy_of
from troth.access.copy.writing import as_json
from troth.catalog import load_cast
from troth.collection.demo import make_persona, type_values
from troth.collection.forms.fields import field_for
from troth.collection.forms.form import PolicyForm
from troth.collection.forms.nonce import issue_nonce
from troth.collection.forms.types import TYPES, Asked, KindType, Typed
from troth.policy import Policy, diff
from troth.policy import compile as compile_policy
from troth.policy.types import KIND_TYPES, TypeRule
from troth.records import Provenance, keep, keeping
from troth.seal import vault
from troth.site import site as site_of
from troth.words.values import in_words

__all__ = ["site"]

SRC = Path(__file__).parents[2] / "src" / "troth"


def _field(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=9, widget=forms.TextInput(attrs={"type": "color"}))


def _normalize(typed: Typed) -> str:
    return typed.text.strip()


COLOR = KindType(
    id="color",
    field=_field,
    most=9,
    normalize=_normalize,
    words=lambda kind, value: f"the color {value}",
    comparable=str.lower,
    said=lambda value: value.upper(),
    group=lambda: "Colors",
)
"""What stands in the one module of a new type."""


@pytest.fixture
def planted(monkeypatch: Any) -> Policy:
    """Its line of the index, what reading the folder does with its module, and a policy whose `phone` is of the type."""
    monkeypatch.setitem(KIND_TYPES, "color", TypeRule())
    monkeypatch.setitem(TYPES, "color", COLOR)
    text = (SITE / "policy.md").read_text(encoding="utf-8")
    changed = re.sub(r"(kind: phone\n(?:[^`].*\n)*?type: )phone", r"\1color", text, count=1)
    assert changed != text
    compiled = compile_policy(changed.encode())
    assert [finding for finding in compiled.findings if finding.id == "unknown-value"] == []
    draft = compiled.policy or compiled.draft
    assert draft is not None
    return draft


def test_a_planted_type_is_asked_and_checked_by_the_form(planted: Policy) -> None:
    collect = planted.collects["form.quote"]
    form = PolicyForm(
        policy=planted,
        collect=replace(collect, asks=tuple(ask for ask in collect.asks if ask.kind == "phone")),
        lists={},
        data={"phone": "  #FFaa00 ", "nonce": issue_nonce(collect.id)},
    )
    assert form.is_valid(), form.errors
    assert form.values == {"phone": "#FFaa00"}
    assert [group.title for group in form.groups] == ["Colors"]
    assert 'type="color"' in str(form["phone"])


def test_a_planted_type_is_kept_found_copied_and_read(
    planted: Policy, site: Any, superuser: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(keeping, "policy_at", lambda version: planted)
    now = datetime.now(UTC)
    kept = keep(
        values={"phone": "#FFaa00"}, provenance=Provenance("form.quote", in_force.policy().version, now, "typed")
    )
    (index,) = superuser.execute("select blind_index from datum where person_id = %s", [kept.person]).fetchone()
    assert bytes(index) == vault().blind_index("phone", "#ffaa00")
    assert in_words(planted.kinds["phone"], "#FFaa00") == "the color #FFaa00"
    monkeypatch.setattr(in_force, "policy", lambda: planted)
    assert b"#FFAA00" in as_json(copy_of([kept.person], cause=None, at_utc=now))


def test_the_folder_has_a_module_for_each_line_of_the_index() -> None:
    assert TYPES.keys() == KIND_TYPES.keys()
    assert field_for is not None


def compares_types(source: str, ids: Collection[str]) -> list[str]:
    """Where code looks of which type a kind is by its name: `.type == "file"`, or a variable that was made from `.type`."""
    if ".type" not in source:
        return []
    nodes = list_nodes(source)
    made = {
        name.id
        for node in nodes
        if isinstance(node, ast.Assign) and any(_is_type(part) for part in ast.walk(node.value))
        for name in ast.walk(node.targets[0])
        if isinstance(name, ast.Name)
    }
    found = []
    for node in nodes:
        match node:
            case ast.Compare():
                sides: list[ast.AST] = [node.left, *node.comparators]
            case ast.Match():
                sides = [node.subject, *(case.pattern for case in node.cases)]
            case _:
                continue
        parts = [part for side in sides for part in ast.walk(side)]
        asks = any(_is_type(part) or (isinstance(part, ast.Name) and part.id in made) for part in parts)
        if asks and any(isinstance(part, ast.Constant) and part.value in ids for part in parts):
            found.append(ast.unparse(node).partition("\n")[0])
    return found


def _is_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "type"


def _outside() -> list[Path]:
    return [path for path in list_files(SRC, "*.py") if path.parent.name not in ("types", "migrations")]


def test_nothing_outside_asks_of_which_type_a_kind_is() -> None:
    found = {
        str(path.relative_to(SRC)): asked
        for path in _outside()
        if (asked := compares_types(read(path), KIND_TYPES.keys()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        'if kind.type == "file":\n    pass',
        'x = kind.type in ("choice", "text")',
        'of, to = old.type, new.type\nif "file" in (of, to):\n    pass',
        'match kind.type:\n    case "email":\n        pass',
    ],
)
def test_a_type_that_is_asked_for_by_name_is_found(planted: str) -> None:
    assert compares_types(planted, KIND_TYPES.keys())


def test_no_template_asks_of_which_type_a_kind_is() -> None:
    asked = re.compile(rf"\.type [!=]= [\"'](?:{'|'.join(KIND_TYPES)})[\"']")
    assert asked.search('{% if kind.type == "file" %}')
    assert [path.name for path in SRC.glob("**/*.html") if asked.search(read(path))] == []


OTHER_NAMES = {"name": "called", "email": "mail", "company": "firm", "country": "land", "state": "part", "zip": "code"}


def call_otherwise(policy: Policy, place: str) -> Policy:
    """The same policy, with other ids for kinds that are in every form."""
    kinds = {(id := OTHER_NAMES.get(each.id, each.id)): replace(each, id=id) for each in policy.kinds.values()}
    purposes = {
        id: replace(each, may_use=tuple(OTHER_NAMES.get(kind, kind) for kind in each.may_use))
        for id, each in policy.purposes.items()
    }
    asks = tuple(replace(ask, kind=OTHER_NAMES.get(ask.kind, ask.kind)) for ask in policy.collects[place].asks)
    collects = {**policy.collects, place: replace(policy.collects[place], asks=asks)}
    return replace(policy, kinds=kinds, purposes=purposes, collects=collects)


def test_a_form_and_the_demonstration_know_kinds_by_their_types_and_by_no_name(site: Any) -> None:
    policy = call_otherwise(in_force.policy(), "form.quote")
    collect = policy.collects["form.quote"]
    typed = {OTHER_NAMES.get(kind, kind): value for kind, value in MARISOL.items()}
    form = PolicyForm(
        policy=policy,
        collect=collect,
        lists={"product": [(typed["product"], "Process")]},
        data=typed | {"called": "see evil.example", "code": "10001", "nonce": issue_nonce(collect.id)},
    )
    assert form.errors.keys() == {"called", "code"}
    assert [group.title for group in form.groups][:3] == ["About you", "Your company", "Your request"]
    assert 'autocomplete="organization"' in str(form["firm"])
    cast = load_cast(SITE).cast
    assert cast is not None
    product = next(iter(site_of().products.values()))
    persona = make_persona("Ana Björk", cast.organizations[0], product=product, choose=lambda listed: listed[0])
    invented = type_values(persona, policy, "form.quote")
    assert (invented["called"], invented["firm"]) == ("Ana Björk", cast.organizations[0].name)
    assert invented["mail"] == f"ana.bjork@{cast.organizations[0].domain}"


def test_a_policy_of_before_these_types_says_text_and_means_them() -> None:
    text = (SITE / "policy.md").read_text(encoding="utf-8")
    older = re.sub(r"type: (name|company|password)\n", "type: text\n", text)
    assert older != text
    then, now = (compile_policy(each.encode()).policy for each in (older, text))
    assert then
    assert now
    assert diff(then, now) == ()
    assert {id: kind.type for id, kind in then.kinds.items()} == {id: kind.type for id, kind in now.kinds.items()}
