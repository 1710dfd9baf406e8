"""The policy page: the prose with the rules that run, its versions and what changed between them."""

import hashlib
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from tests.visits import SITE, text, visitor
from tests.web.reading import Reader

from troth import policy as document
from troth.records.law import versions

CLAUSES = [
    *(f"I{number}" for number in range(1, 5)),
    *(f"C{number}" for number in range(1, 15)),
    *(f"U{number}" for number in range(1, 9)),
    *(f"A{number}" for number in range(1, 5)),
    *("S1", "S2", "L1", "L2"),
    *(f"P{number}" for number in range(1, 7)),
]


@pytest.fixture
def client(site: Any) -> Client:
    return visitor()


@pytest.fixture
def second(site: Any) -> str:
    """A second version: quotes may also use what came by registering interest, and one sentence reads differently."""
    first = (SITE / "policy.md").read_text(encoding="utf-8")
    changed = first.replace("version: 1\n", "version: 2\n").replace("effective: 2026-11-01", "effective: 2026-11-20")
    changed = changed.replace("Each form asks its own questions,", "Each form here asks its own questions,")
    changed = changed.replace('"Each form asks its own questions"', '"asks its own questions"')
    head, quotes = changed.split("purpose: quotes\n")
    quotes = quotes.replace("collected by: [", "collected by: [form.register, ", 1)
    text = document.confirm(head + "purpose: quotes\n" + quotes)
    versions.adopt(text, by="staff:test", using=connections["owner"])
    return text


@pytest.mark.clause("I4")
def test_every_clause_of_the_policy_can_be_linked_to(client: Client) -> None:
    assert set(CLAUSES) <= set(Reader(client.get("/policy").content.decode()).ids())


def test_the_text_is_rendered_once_for_all_readers_and_anew_for_a_new_version(client: Client, site: Any) -> None:
    from troth.web.pages import policy

    policy._render_text.cache_clear()
    client.get("/policy")
    client.get("/policy")
    assert policy._render_text.cache_info()[:2] == (1, 1)


@pytest.mark.clause("I4")
def test_a_rule_stands_under_its_prose_with_the_four_columns(client: Client) -> None:
    page = text(client.get("/policy"))
    quotes = page[page.index("# Quotes") : page.index("# Fixes")]
    prose = quotes.index("contact details to the salesperson")
    assert prose < quotes.index("Kind Purpose Choice Kept for") < quotes.index("The rule")
    assert "24 months after last contact" in quotes
    assert "purpose: quotes" in quotes


def test_without_a_script_no_text_of_the_policy_is_folded(client: Client) -> None:
    """A link to a section must find it in any browser, and print must have all of it."""
    page = client.get("/policy").content.decode()
    assert page.count('<details class="rest" open>') == page.count('<details class="rest"') > 4


def test_the_file_is_given_as_it_was_adopted_with_its_fingerprint(client: Client) -> None:
    source = client.get("/policy.md")
    assert source.content == (SITE / "policy.md").read_bytes()
    assert source.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert hashlib.sha256(source.content).hexdigest() in text(client.get("/policy"))


@pytest.mark.parametrize(
    "address",
    ["/policy/0", "/policy/2", "/policy/99999999999", "/policy/2.md", "/policy/1..1", "/policy/1..2", "/policy/x"],
)
def test_versions_that_do_not_exist_are_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.clause("P5")
def test_a_new_version_opens_with_what_changed_in_words(client: Client, second: str) -> None:
    page = text(client.get("/policy"))
    assert "What changed from version 1" in page
    assert "asks you Off until you say yes" in page
    assert page.index("What changed from version 1") < page.index("# Your preferences come first")


def test_every_change_leads_to_its_section(client: Client, second: str) -> None:
    for address in ("/policy", "/policy/1..2"):
        page = Reader(client.get(address).content.decode())
        marks = {link.removeprefix("/policy#") for link in page.links() if link.startswith("/policy#")}
        inside = {link.removeprefix("#") for link in page.links() if link.startswith("#")}
        assert (marks | inside) - set(page.ids()) == set()


@pytest.mark.clause("P3")
def test_every_page_points_at_the_new_version(client: Client, second: str, time_machine: Any) -> None:
    time_machine.move_to("2026-11-19T12:00:00Z")
    early = text(client.get("/products/"))
    assert "Our privacy policy is now version 2, dated November 20, 2026." in early
    assert "Version 2, in force, dated November 20, 2026." in early
    time_machine.move_to("2026-11-23T12:00:00Z")
    page = client.get("/products/")
    assert "Our privacy policy is now version 2, in force since November 20, 2026." in text(page)
    assert 'href="/policy/1..2"' in page.content.decode()
    time_machine.move_to("2027-02-01T12:00:00Z")
    assert "is now version 2" not in text(client.get("/products/"))


@pytest.mark.clause("P5")
def test_the_difference_marks_added_and_removed_words(client: Client, second: str) -> None:
    response = client.get("/policy/1..2")
    page = response.content.decode()
    assert "<ins>" in page
    assert "<del>" in page
    assert "Dated November 1, 2026 and November 20, 2026" in text(response)


def test_an_old_version_stays_readable_and_says_that_it_is_old(client: Client, second: str) -> None:
    page = text(client.get("/policy/1"))
    assert "You’re reading version 1, which is no longer in force. Read version 2" in page
    assert "Each form asks its own questions" in page
    assert client.get("/policy/1.md").content == (SITE / "policy.md").read_bytes()
    assert client.get("/policy.md").content == second.encode()
    assert client.get("/policy/2..1").status_code == 404


def test_all_versions_are_listed_newest_first(client: Client, second: str) -> None:
    page = text(client.get("/policy/versions"))
    assert page.index("Version 2 in force") < page.index("The first version")
    assert "Compare with version 1" in page
