"""Mozilla's HTTP Observatory scores every kind of page over https, behind a proxy, as an operator runs it.

135 of the 140 that a site without a cookie can have: five more are for standing in the browsers' own preload list.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.accounts import ALICE, account
from tests.served import Served, Shared, shared
from tests.tls import Proxy, proxy
from tests.visits import send, signed_in, visitor

__all__ = ["shared"]

TOOL = Path(__file__).parent.parent.parent / "tools" / "observatory"
FULL = 135
PUBLIC = (
    "/",
    "/products/",
    "/products/optipro-process/",
    "/policy",
    "/policy/versions",
    "/cookies/",
    "/privacy-choices/",
    "/quote/",
    "/contact/",
    "/register/",
    "/privacy/requests/",
    "/privacy/requests/copy/",
    "/california/",
    "/sign-in/",
    "/sign-in/forgotten/",
    "/account/new/",
    "/console/sign-in",
    "/outbox/",
)
HERS = ("/account/", "/account/profile/", "/account/data/", "/account/again/", "/quote/", "/policy")
STAFF = ("/console/", "/console/quotes/", "/console/requests/", "/console/people/", "/console/policy")


@pytest.fixture(scope="module")
def front(tmp_path_factory: Any) -> Iterator[tuple[Proxy, Path]]:
    """The proxy, and the folder of its certificate."""
    folder = tmp_path_factory.mktemp("tls")
    with proxy(folder) as opened:
        yield opened, folder


@pytest.fixture
def behind_tls(site: Any, shared: Shared, front: tuple[Proxy, Path]) -> tuple[Served, Proxy]:
    opened, folder = front
    running = shared.server(folder, environ={"TROTH_BASE_URL": f"https://localhost:{opened.port}"})
    opened.upstream, opened.cookies = running.port, {}
    return running, opened


def scores(front: tuple[Proxy, Path], *pages: str) -> dict[str, Any]:
    """What the Observatory says of each page, by its path."""
    opened, folder = front
    if not (TOOL / "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json").exists():
        pytest.fail("The HTTP Observatory is not installed. Install it: make .venv/observatory", pytrace=False)
    places = {f"localhost:{opened.port}{page}": page for page in pages}
    patient = {"ABORT_TIMEOUT": "60000", "CLIENT_TIMEOUT": "60000"}
    known = {**os.environ, **patient, "NODE_EXTRA_CA_CERTS": str(folder / "localhost.pem")}
    command = [Path(sys.executable).with_name("node"), TOOL / "scan.mjs", *places]
    done = subprocess.run(command, env=known, capture_output=True, text=True, timeout=150, check=True)
    return {places[place]: told for place, told in json.loads(done.stdout.splitlines()[-1]).items()}


def lost(scored: Mapping[str, Any]) -> dict[str, Any]:
    """The pages below the full score, with what the Observatory found."""
    return {page: told for page, told in scored.items() if told["score"] < FULL or told["grade"] != "A+"}


def test_every_kind_of_page_has_the_full_score(behind_tls: Any, front: Any, run_jobs: Any) -> None:
    _running, opened = behind_tls
    receipt = send(visitor(), "/contact/", {"name": "Ada", "email": "ada@valves.example", "note": "Hello"})["Location"]
    scored = scores(front, *PUBLIC, receipt)
    assert lost(scored) == {}
    assert {told["status"] for told in scored.values()} == {200}

    customer = account(ALICE, run_jobs)
    for client, pages in ((customer, HERS), (signed_in("rafael", role="privacy"), STAFF)):
        opened.cookies = {"__Host-troth-session": client.cookies[settings.SESSION_COOKIE_NAME].value}
        scored = scores(front, *pages)
        assert lost(scored) == {}
        assert {told["status"] for told in scored.values()} == {200}


def test_pages_that_the_observatory_does_not_score_have_the_same_headers(behind_tls: Any) -> None:
    """It stops at an error. What it scores stands in headers, which are those of a page that has the full score."""
    running, _front = behind_tls
    named = (
        "content-security-policy",
        "strict-transport-security",
        "referrer-policy",
        "x-frame-options",
        "x-content-type-options",
        "cross-origin-resource-policy",
        "cross-origin-opener-policy",
    )
    asked = {path: _headers(running.get(path, X_Forwarded_Proto="https")[1]) for path in ("/", "/nothing", "/a%00b")}
    for headers in asked.values():
        assert {name: headers.get(name) for name in named} == {name: asked["/"][name] for name in named}


def _headers(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
