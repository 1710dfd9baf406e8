"""Outside the console no page asks which role someone of the staff has: they are a visitor or a customer there.

Walks of every page rely on it: tests/web/test_strangers.py and tests/security/test_canaries.py send one role, not all.
"""

import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

ASKS = re.compile(r"\bmay\(|\bRole\.|\.role ?(?:==|!=|in)|has_role|get_role")
OF_MEMBERS = {"troth.access.organization.views": "a member's role in their organization, not the staff's"}


def list_views(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from list_views(pattern, path)
        else:
            yield path, inspect.unwrap(pattern.callback)


def test_no_page_outside_the_console_asks_for_a_role() -> None:
    modules = {view.__module__ for path, view in list_views() if not path.startswith("console")}
    ours = {name for name in modules if name.startswith("troth.")} - OF_MEMBERS.keys()
    assert len(ours) > 20
    assert [name for name in sorted(ours) if ASKS.search(inspect.getsource(importlib.import_module(name)))] == []
    assert ASKS.search("if may(user, WORK):")
