"""No view and no function takes text from outside around the gate: each word of a request is compared with what we
know, or read by a function that judges it.

What is found here is every `request.POST.get("x")` and its like; what becomes of it is followed to where it is used.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.house.sources import list_children, list_files, list_nodes, read

SRC = Path(__file__).parent.parent.parent / "src" / "troth"
SENT = {"POST", "GET", "COOKIES"}
NAMED = {"sent", "query"}
"""How functions call what a view hands on of a request."""
TAKEN = re.compile(rf"\b(?:request\.(?:{'|'.join(SENT)})|{'|'.join(NAMED)})\b")
GATE = {
    "line",
    "lines",
    "name",
    "paragraph",
    "code",
    "read_search",
    "number",
    "day",
    "moment",
    "read_json",
    "email",
    "_day",
    "_moment",
    "read_moment",
    "_words",
    "_read_received",
    "read_trial",
    "read_typed",
    "read_when",
    "read_id",
    "read_new",
    "read_received",
    "_address",
}
COMPARED = {
    "read_answer",
    "UUID",
    "_uuid",
    "get",
    "get_page",
    "check",
    "read",
    "find",
    "authenticate",
    "check_password",
    "confirm",
    "prove",
    "accept",
    "url_has_allowed_host_and_scheme",
    "done",
    "decide",
    "startswith",
    "len",
    "find_declared",
    "token_hash",
    "knows",
    "sit",
    "with_content",
    "find_changes",
    "loads",
    "set",
    "sorted",
    "dict",
    "map",
}
"""What looks the text up, checks its signature or hashes it, and keeps none of it."""
SHOWN_AGAIN = {
    "typed",
    "then_chosen",
    "remind",
    "address",
    "username",
    "sent",
    "asked",
    "next",
    "chosen",
    "reason",
    "token",
    "did",
}
"""Where a refused form shows what was typed, to whoever typed it."""
PASSWORDS = {"password", "present"}
"""Under which names a password goes on as it was typed: whoever hashes it composes it, and older ones were not composed."""
WHOLE = {
    "build",
    "form",
    "form_for",
    "PasswordForm",
    "reason_in",
    "enter",
    "found",
    "wanted",
    "read",
    "_kept",
    "_read_answers",
    "narrow",
    "sort",
    "_form",
    "_new",
    "_find_refusal",
    "_refused",
    "choose_filter",
    "filters_in",
    "list_views",
    "find_place",
    "find_place_among",
    "_Links",
    "_count_found",
    "choose_counted",
    "choose_rows",
    "find_wanted",
    "arrange",
    "ListedRows",
    "choose_order",
    "choose_sort",
    "describe_history",
    "place_work",
    "check_arrival",
    "find_problems",
}
"""What takes a whole request: forms of the policy, and functions that are looked at here themselves."""
ALLOWED: dict[tuple[str, str], str] = {
    (
        "access/account/guards.py",
        "find_next_page",
    ): "an address of ours, checked by Django, and only ever redirected to",
    ("access/account/desk_entering.py", "_find_next_page"): "as above",
    ("access/account/guards.py", "by_device"): "a cookie that is known by its hash, hashed for counting",
    ("security/devices.py", "_cookie"): "a cookie, hashed",
    ("security/form_owner.py", "read_secret"): "a secret, compared with a code of its account",
    ("web/retyping.py", "find_sealed"): "sealed by us, and opened before anything of it is used",
    ("web/retyping.py", "_list_fields"): "sealed and shown again to whoever typed it, in the form that judges it",
    ("web/retyping.py", "_turn"): "sets what was sent, and reads nothing of it",
    (
        "uses/support/snippet_views.py",
        "_save",
    ): "read field by field by `desk.acts.snippets.read_snippet`, which judges each",
    (
        "uses/newsletter/desk_views.py",
        "_show_limits",
    ): "shown again in its field, judged by `segments` when it is saved",
    ("web/middleware.py", "judged"): "as below",
    ("web/middleware.py", "readable_text"): "the gate's own look at everything that came",
    ("web/middleware.py", "_list_untyped"): "as above",
    ("web/middleware.py", "_list_typed"): "as above",
    ("web/middleware.py", "_mark_broken"): "as above",
    ("web/pages/cookies.py", "cookies"): "names of cookies, shown to their own browser",
}


def parents(source: str) -> dict[Any, Any]:
    return {child: node for node in list_nodes(source) for child in list_children(node)}


def reads(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Every place where a function takes one text, or the whole, of what was sent."""
    given = {each.arg for each in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr in SENT and isinstance(node.value, ast.Name):
            if node.value.id == "request":
                yield node
        elif isinstance(node, ast.Name) and node.id in NAMED & given and isinstance(node.ctx, ast.Load):
            yield node


def judged(node: Any, above: dict[Any, Any], function: ast.FunctionDef, *, whole: bool = True) -> bool:
    """Whether what becomes of this expression is compared, shown again, or read by the gate."""
    parent = above.get(node)
    match parent:
        case None:
            return False
        case ast.Attribute() if parent.attr in ("get", "getlist", "items", "pop", "copy", "urlencode", "keys"):
            return parent.attr in ("copy", "urlencode", "pop") or judged(above[parent], above, function, whole=False)
        case ast.Attribute():  # .strip(), .split(): still the same text
            return parent.attr in COMPARED or judged(above[parent], above, function, whole=whole)
        case ast.Subscript() if parent.value is node and not isinstance(parent.slice, ast.Slice):
            return judged(parent, above, function, whole=False)
        case ast.Compare() | ast.match_case() | ast.Match() | ast.Assert():
            return True
        case ast.If() | ast.IfExp() | ast.While() if parent.test is node:
            return True
        case ast.UnaryOp() if isinstance(parent.op, ast.Not):
            return True
        case ast.Call():
            if whole and isinstance(parent.func, ast.Call):
                return True  # a step of a table of this file, looked at by itself
            called = parent.func.attr if isinstance(parent.func, ast.Attribute) else getattr(parent.func, "id", "")
            if node is parent.func:
                return judged(parent, above, function, whole=whole)
            if called in GATE | COMPARED or (whole and (called in WHOLE or called.startswith("_"))):
                return True
            return called in ("str", "join", "fromkeys", "list") and judged(parent, above, function, whole=whole)
        case ast.keyword():
            called = above[parent]
            name = getattr(called.func, "attr", getattr(called.func, "id", "")) if isinstance(called, ast.Call) else ""
            return parent.arg in SHOWN_AGAIN | PASSWORDS | {"data"} or name in GATE | COMPARED
        case ast.Dict():
            key = parent.keys[parent.values.index(node)] if node in parent.values else None
            return isinstance(key, ast.Constant) and key.value in SHOWN_AGAIN | PASSWORDS
        case ast.NamedExpr() | ast.Assign() | ast.AnnAssign():
            return _uses_are_judged(parent, above, function, whole=whole)
        case ast.comprehension() | ast.For():
            return _uses_are_judged(parent, above, function, whole=whole)
        case ast.Tuple() if isinstance(above.get(parent), ast.Compare):  # the word that is looked for among these
            return True
        case ast.Tuple() if isinstance(above.get(parent), ast.Assign):
            at = parent.elts.index(node)
            names: Any = above[parent].targets[0]
            named: Any = names.elts[at] if isinstance(names, ast.Tuple) else names
            return _are_judged(named.id, above, function, whole=whole)
        case (
            ast.BoolOp()
            | ast.IfExp()
            | ast.BinOp()
            | ast.Subscript()
            | ast.Starred()
            | ast.Set()
            | ast.FormattedValue()
        ):
            return judged(parent, above, function, whole=whole)
    return False


def _uses_are_judged(node: Any, above, function, *, whole: bool) -> bool:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if not isinstance(target, ast.Name):
        return False
    if isinstance(node, ast.NamedExpr):
        if _is_of_a_list(above.get(node)):
            return True
        if not judged(node, above, function, whole=whole):
            return False
    return _are_judged(target.id, above, function, whole=whole)


def _are_judged(name: str, above, function, *, whole: bool) -> bool:
    uses = _loads(name, function)
    listed = any(_is_of_a_list(above.get(use)) for use in uses)
    return listed or all(judged(use, above, function, whole=whole) for use in uses)


def _is_of_a_list(node: ast.AST | None) -> bool:
    """A comparison with what we know: what is not among it goes no further."""
    return isinstance(node, ast.Compare) and any(isinstance(each, ast.In | ast.NotIn) for each in node.ops)


def _loads(name: str, function: ast.AST) -> list[ast.Name]:
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]


def around(path: str, source: str) -> list[str]:
    """Where a file takes text that nobody judges."""
    if not TAKEN.search(source):
        return []
    above = parents(source)
    found = []
    for function in list_nodes(source):
        if not isinstance(function, ast.FunctionDef) or (path, function.name) in ALLOWED:
            continue
        for node in reads(function):
            if not judged(node, above, function):
                found.append(f"{path}:{node.lineno} {function.name}: {ast.unparse(above[node])}")
    return found


FILES = {str(path.relative_to(SRC)): path for path in list_files(SRC, "*.py") if "request" in read(path)}


def test_no_text_from_outside_goes_around_the_gate() -> None:
    found = {path: gone for path, file in FILES.items() if (gone := around(path, read(file)))}
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        'def view(request):\n    actions.found(request.POST.get("name", ""))',
        'def view(request):\n    words = " ".join(request.POST.get("words", "").split())[:500]\n    actions.note(words=words)',
        'def view(request):\n    Case.objects.filter(number=request.GET["number"])',
        'def step(case, sent):\n    actions.extend(case, why=sent.get("words"))',
        'def view(request):\n    text = request.GET.get("q")\n    if text:\n        found.append(text)',
        'def view(request):\n    for kind in request.POST.getlist("kinds"):\n        keep(kind)',
        'def view(request):\n    given = {"words": request.POST.get("password", "")}\n    actions.note(given)',
        'def view(request):\n    first, second = (request.GET.get("a"), request.GET.get("b"))\n    actions.note(first)',
    ],
)
def test_what_goes_around_it_is_found(planted):
    assert around("planted.py", planted)


@pytest.mark.parametrize(
    "planted",
    [
        'def view(request):\n    actions.found(name(request.POST.get("name", "")))',
        'def view(request):\n    if request.POST.get("do") == "answer":\n        pass',
        'def view(request):\n    return "pdf" in (request.GET.get("as"), request.POST.get("as"))',
        'def view(request):\n    given = {"password": request.POST.get("password", "")}\n    opened(request, given=given)',
        'def view(request):\n    kinds = [kind for kind in request.POST.getlist("kinds") if kind in known]\n    return kinds == []',
    ],
)
def test_what_goes_through_it_is_not(planted):
    assert not around("planted.py", planted)


def test_json_is_read_by_the_gate_alone():
    """Bodies from outside: other JSON is our own, from files and tables."""
    own = {"text/bodies.py", "drp/views.py", "agents.py"}
    for path in list_files(SRC, "*.py"):
        name = str(path.relative_to(SRC))
        if (
            name.split("/")[0] in ("web", "access", "drp", "california", "uses", "outbox", "collection")
            and name not in own
        ):
            assert "json.loads(" not in read(path), name
