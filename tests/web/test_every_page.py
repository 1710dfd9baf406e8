"""What every public page keeps to, whatever it shows."""

import base64
import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.visits import visitor
from tests.web.reading import Reader

PAGES = (
    "/",
    "/products/",
    "/products/?q=lot&line=Software",
    "/products/?q=nothing-has-this-name",
    "/products/optipro-process/",
    "/policy",
    "/policy/1",
    "/policy/versions",
    "/cookies/",
    "/privacy/requests/",
    "/privacy/requests/copy/",
    "/california/",
    "/california/request/",
    "/privacy-choices/",
    "/quote/",
    "/contact/",
    "/register/",
    "/nothing-here",
)
MACHINES = (
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/.well-known/gpc.json",
    "/.well-known/security.txt",
    "/policy.md",
    "/policy.jsonld",
)

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def client() -> Client:
    return visitor()


@pytest.fixture
def answers(client: Client) -> dict[str, Any]:
    """Of each address; asked once for all tests of this file."""
    if not _answers:
        _answers.update({address: client.get(address) for address in (*PAGES, *MACHINES)})
    return _answers


_answers: dict[str, Any] = {}


@pytest.fixture
def pages(answers: dict[str, Any]) -> dict[str, Reader]:
    return {address: Reader(answers[address].content.decode()) for address in PAGES}


@pytest.mark.clause("C6")
def test_nobody_gets_a_cookie_for_merely_looking(answers: dict[str, Any]) -> None:
    assert [address for address, answer in answers.items() if answer.cookies or "Set-Cookie" in answer.headers] == []


def test_headers_tell_the_browser_to_be_strict(answers: dict[str, Any]) -> None:
    for address, answer in answers.items():
        headers = answer.headers
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert headers["Referrer-Policy"] == "same-origin", address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["X-Frame-Options"] == "DENY", address
        assert "camera=()" in headers["Permissions-Policy"], address
        assert "default-src 'none'" in headers["Content-Security-Policy"], address
        assert "unsafe" not in headers["Content-Security-Policy"], address
        assert "no-" in headers["Cache-Control"], address


def test_a_page_has_no_script_or_style_of_its_own_and_names_the_hash_of_what_it_loads(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        assert not {element.tag for element in page.elements} & {"style", "iframe", "object"}, address
        scripts = [element.attributes for element in page.elements if element.tag == "script"]
        assert scripts, address
        for script in scripts:
            assert set(script) == {"src", "integrity", "defer"}, address
            plain = re.sub(r"\.[0-9a-f]{12}(?=\.js$)", "", str(script["src"]))  # where another test collected them
            loaded = Path(f"src/troth/web{plain}").read_bytes()
            digest = base64.b64encode(hashlib.sha384(loaded).digest()).decode()
            assert script["integrity"] == f"sha384-{digest}", address
        names = [name for element in page.elements for name in element.attributes]
        assert not [name for name in names if name == "style" or (name.startswith("on") and name != "on")], address


def test_a_page_has_one_heading_a_language_and_no_id_twice(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        count = Counter(element.tag for element in page.elements)
        assert (count["h1"], count["main"], count["title"]) == (1, 1, 1), address
        assert page.elements[0].attributes["lang"] == "en", address
        assert [name for name, times in Counter(page.ids()).items() if times > 1] == [], address


@pytest.mark.asvs("V14.2.3")
@pytest.mark.asvs("V3.6.1")
def test_a_page_loads_nothing_from_elsewhere(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        others = [each.attributes for each in page.elements if each.tag != "a"]
        loaded = [attributes.get("src") or attributes.get("href", "") for attributes in others]
        assert not [link for link in loaded if link.startswith(("http", "//"))], address


def test_all_links_inside_lead_somewhere(client: Client, pages: dict[str, Reader]) -> None:
    found = {link for page in pages.values() for link in page.links()}
    inside = {link for link in found if link.startswith("/") and not link.startswith(("/static/", "/outbox/"))}
    missing = {link: status for link in inside if (status := client.get(link.partition("#")[0]).status_code) != 200}
    assert missing == {}


def test_all_section_marks_lead_to_a_section(pages: dict[str, Reader]) -> None:
    anchors = set(pages["/policy"].ids())
    marks = {link for page in pages.values() for link in page.links() if link.startswith("/policy#")}
    assert marks
    assert {mark for mark in marks if mark.removeprefix("/policy#") not in anchors} == set()


def test_footer_leads_to_policy_choices_and_california(pages: dict[str, Reader]) -> None:
    links = set(pages["/"].links())
    assert {"/policy", "/privacy-choices/", "/cookies/", "/california/"} <= links


def test_a_page_asks_the_database_for_the_policy_once(client: Client, django_assert_max_num_queries: Any) -> None:
    client.get("/products/optipro-process/")
    with django_assert_max_num_queries(2):
        client.get("/products/optipro-process/")


@pytest.mark.parametrize("address", ["/", "/policy", "/products/"])
def test_a_page_without_a_secret_is_compressed(client: Client, address: str) -> None:
    answer = client.get(address, HTTP_ACCEPT_ENCODING="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("address", ["/quote/", "/contact/", "/sign-in/"])
def test_a_page_with_a_nonce_is_not_compressed(client: Client, address: str) -> None:
    assert "Content-Encoding" not in client.get(address, HTTP_ACCEPT_ENCODING="gzip").headers


def test_static_files_are_collected_once_named_by_their_content_and_compressed(settings: Any, tmp_path: Path) -> None:
    from troth.web import statics

    settings.STATIC_ROOT = str(tmp_path / "static")
    statics.collect()
    css = tmp_path / "static/troth/css"
    plain, hashed = css / "page.css", next(css.glob("page.*.css"))
    assert hashed.stem.split(".")[1] == hashlib.md5(hashed.read_bytes(), usedforsecurity=False).hexdigest()[:12]
    assert {each.name for each in css.glob("page.*")} >= {plain.name, f"{hashed.name}.gz", f"{hashed.name}.br"}
    assert {oct(each.stat().st_mode & 0o777) for each in css.iterdir()} == {"0o644"}
    made = plain.stat().st_mtime_ns
    statics.collect()
    assert plain.stat().st_mtime_ns == made
