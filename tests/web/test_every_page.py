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


@pytest.mark.clause("C6")
@pytest.mark.parametrize("address", [*PAGES, *MACHINES])
def test_nobody_gets_a_cookie_for_merely_looking(client: Client, address: str) -> None:
    response = client.get(address)
    assert not response.cookies
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("address", [*PAGES, *MACHINES])
def test_headers_tell_the_browser_to_be_strict(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "no-" in headers["Cache-Control"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_script_or_style_of_its_own_and_names_the_hash_of_what_it_loads(
    client: Client, address: str
) -> None:
    page = read(client, address)
    assert not {element.tag for element in page.elements} & {"style", "iframe", "object"}
    scripts = [element.attributes for element in page.elements if element.tag == "script"]
    assert scripts
    for script in scripts:
        assert set(script) == {"src", "integrity", "defer"}
        plain = re.sub(r"\.[0-9a-f]{12}(?=\.js$)", "", str(script["src"]))  # where another test collected them
        loaded = Path(f"src/troth/web{plain}").read_bytes()
        assert script["integrity"] == "sha384-" + base64.b64encode(hashlib.sha384(loaded).digest()).decode()
    assert not [element for element in page.elements if "style" in element.attributes]
    assert not [
        name for element in page.elements for name in element.attributes if name.startswith("on") and name != "on"
    ]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_heading_a_language_and_no_id_twice(client: Client, address: str) -> None:
    page = read(client, address)
    count = Counter(element.tag for element in page.elements)
    assert (count["h1"], count["main"], count["title"]) == (1, 1, 1)
    assert page.elements[0].attributes["lang"] == "en"
    assert [name for name, times in Counter(page.ids()).items() if times > 1] == []


@pytest.mark.asvs("V14.2.3")
@pytest.mark.asvs("V3.6.1")
@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_nothing_from_elsewhere(client: Client, address: str) -> None:
    page = read(client, address)
    loaded = [
        each.attributes.get("src") or each.attributes.get("href", "") for each in page.elements if each.tag != "a"
    ]
    assert not [link for link in loaded if link.startswith(("http", "//"))]


def test_all_links_inside_lead_somewhere(client: Client) -> None:
    found = {link for address in PAGES for link in read(client, address).links()}
    inside = {link for link in found if link.startswith("/") and not link.startswith(("/static/", "/outbox/"))}
    missing = {link: status for link in inside if (status := client.get(link.partition("#")[0]).status_code) != 200}
    assert missing == {}


def test_all_section_marks_lead_to_a_section(client: Client) -> None:
    anchors = set(read(client, "/policy").ids())
    marks = {link for address in PAGES for link in read(client, address).links() if link.startswith("/policy#")}
    assert marks
    assert {mark for mark in marks if mark.removeprefix("/policy#") not in anchors} == set()


def test_footer_leads_to_policy_choices_and_california(client: Client) -> None:
    links = set(read(client, "/").links())
    assert {"/policy", "/privacy-choices/", "/cookies/", "/california/"} <= links


def test_a_page_asks_the_database_for_the_policy_once(client: Client, django_assert_max_num_queries: Any) -> None:
    client.get("/products/optipro-process/")
    with django_assert_max_num_queries(2):
        client.get("/products/optipro-process/")


def read(client: Client, address: str) -> Reader:
    return Reader(client.get(address).content.decode())


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
