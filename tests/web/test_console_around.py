"""Where an opened request is in its list, with what is before and after it on the list's other pages."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict

from troth.desk.lists.neighbors import find_place, find_place_among

ROWS = [SimpleNamespace(number=f"Q-{number}", owed=number != 4) for number in range(1, 6)]
QUOTES: Any = SimpleNamespace(address="/console/quotes/", below="/console/quotes/")
WORK: Any = SimpleNamespace(address="/console/", below="/console/work/")


def place(number: str, query: str = "") -> tuple[int, str, str]:
    asked = QueryDict(query)
    page = Paginator(ROWS, 2).get_page(asked.get("page"))
    found = find_place(QUOTES, page, asked, number=number)
    return found.at, found.before.removeprefix("/console/quotes/"), found.after.removeprefix("/console/quotes/")


@pytest.mark.parametrize(
    ("number", "query", "around"),
    [
        ("Q-1", "", (1, "", "Q-2/")),
        ("Q-2", "who=me&done=x", (2, "Q-1/?who=me", "Q-3/?who=me&page=2")),
        ("Q-3", "page=2&whole=yes", (3, "Q-2/?whole=yes", "Q-4/?page=2&whole=yes")),
        ("Q-5", "page=3", (5, "Q-4/?page=2", "")),
        ("Q-9", "page=2", (0, "", "Q-3/?page=2")),
        ("", "page=2", (0, "", "")),
    ],
)
def test_the_requests_around_an_opened_one_are_those_of_its_list(
    number: str, query: str, around: tuple[int, str, str]
) -> None:
    assert place(number, query) == around


@pytest.mark.parametrize(
    ("number", "query", "owed"),
    [("Q-1", "", "Q-2/"), ("Q-2", "", "Q-3/?page=2"), ("Q-3", "page=2", "Q-5/?page=3"), ("Q-5", "page=3", "")],
)
def test_the_next_to_answer_is_not_one_that_waits_for_its_customer(number: str, query: str, owed: str) -> None:
    asked = QueryDict(query)
    page = Paginator(ROWS, 2).get_page(asked.get("page"))
    assert find_place(QUOTES, page, asked, number=number).owed == (f"/console/quotes/{owed}" if owed else "")


def test_an_opened_request_leads_back_to_its_page_of_the_list() -> None:
    asked = QueryDict("page=2&who=me&whole=yes")
    found = find_place(QUOTES, Paginator(ROWS, 2).get_page(2), asked, number="Q-3")
    assert (found.all, found.count) == ("/console/quotes/?who=me&page=2", 5)
    assert found.beside == "/console/quotes/Q-3/?who=me&page=2"
    assert found.whole == "/console/quotes/Q-3/?who=me&page=2&whole=yes"


@pytest.mark.parametrize(
    ("number", "around"),
    [
        ("Q-1", ("", "Q-2", "Q-2")),
        ("Q-3", ("Q-2", "Q-4", "Q-5")),
        ("Q-5", ("Q-4", "", "")),
        ("Q-9", ("", "Q-1", "Q-1")),
    ],
)
def test_among_several_groups_the_next_is_the_next_that_is_shown(number: str, around: tuple[str, str, str]) -> None:
    found = find_place_among(WORK, ROWS, QueryDict("who=me&pick=Q-2"), number=number, whole="/whole")
    links = tuple(f"/console/work/{each}/?who=me" if each else "" for each in around)
    assert (found.before, found.after, found.owed) == links
    assert (found.at, found.all, found.whole) == (0, "/console/?who=me", "/whole")
