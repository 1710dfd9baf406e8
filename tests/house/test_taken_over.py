"""The page on a taken-over process: each line is a test, and each column that is read without an entry is told."""

import re
from pathlib import Path
from typing import Any

from django.apps import apps
from tests.gate import test_taken_over as tries
from tests.visits import SITE

from troth.policy import compile

PAGE = (Path(__file__).parents[2] / "docs/taken-over.md").read_text(encoding="utf-8")
LINE = re.compile(r"^- (.+?)(?=^- |^\n|\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \| ([\w, ]+) \| (.+) \|$", re.MULTILINE)


def test_each_line_names_a_test_that_exists_and_each_test_has_a_line() -> None:
    lines = LINE.findall(PAGE)
    named = [re.findall(r"`(test_\w+)`", line) for line in lines]
    assert [line for line, names in zip(lines, named, strict=True) if len(names) != 1] == []
    existing = {name for name in dir(tries) if name.startswith("test_")}
    assert sorted(name for names in named for name in names) == sorted(existing)


def test_each_column_that_leads_to_a_person_and_is_read_without_an_entry_is_told(owner: Any) -> None:
    of_people = [model._meta.db_table for model in apps.get_app_config("troth").get_models() if model.holds == "person"]  # type: ignore[attr-defined]
    readable = {
        (table, column)
        for table, column in owner.execute(
            "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
            " and not a.attisdropped where c.relname = any (%s) and c.relnamespace = 'public'::regnamespace"
            " and has_column_privilege('troth_app', c.oid, a.attnum, 'select')",
            [of_people],
        ).fetchall()
    }
    told = [(table, column) for table, columns, _ in ROW.findall(PAGE) for column in columns.split(", ")]
    assert sorted(told) == sorted(readable)


def test_what_the_page_calls_describing_the_policy_calls_describing() -> None:
    kinds = compile((SITE / "policy.md").read_bytes()).policy
    assert kinds is not None
    told = [kind for *_, what in ROW.findall(PAGE) if what.startswith("describing: ") for kind in what[12:].split(", ")]
    assert len(told) >= 5
    assert {kind: kinds.kinds[kind].sensitivity for kind in told} == dict.fromkeys(told, "describing")
