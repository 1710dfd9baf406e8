"""Mozilla's HTTP Observatory scores every kind of page over https, behind a proxy, as an operator runs it.

135 of the 140 that a site without a cookie can have: five more are for standing in the browsers' own preload list.
"""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
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
SCORED = ("/", "/policy", "/quote/", "/outbox/")
PUBLIC = (
    "/products/",
    "/products/optipro-process/",
    "/policy/versions",
    "/cookies/",
    "/privacy-choices/",
    "/contact/",
    "/register/",
    "/privacy/requests/",
    "/privacy/requests/copy/",
    "/california/",
    "/sign-in/",
    "/sign-in/forgotten/",
    "/account/new/",
    "/console/sign-in",
)
HERS = ("/account/", "/quote/")
ALSO_HERS = ("/account/profile/", "/account/data/", "/account/again/", "/policy")
STAFF = ("/console/", "/console/requests/")
ALSO_STAFFS = ("/console/quotes/", "/console/people/", "/console/policy")
JUDGED = (
    "content-security-policy",
    "strict-transport-security",
    "referrer-policy",
    "x-frame-options",
    "x-content-type-options",
    "cross-origin-resource-policy",
    "cross-origin-opener-policy",
)
"""What the Observatory scores stands in these; scoring a page takes a second of processor time, comparing them none."""


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
    """Some of each kind are scored, the others have the same headers as they."""
    running, opened = behind_tls
    receipt = send(visitor(), "/contact/", {"name": "Ada", "email": "ada@valves.example", "note": "Hello"})["Location"]
    scored = scores(front, *SCORED, receipt)
    assert lost(scored) == {}
    assert {told["status"] for told in scored.values()} == {200}
    assert_alike(running, "/", *SCORED, *PUBLIC)

    customer = account(ALICE, run_jobs)
    for client, pages, others in (
        (customer, HERS, ALSO_HERS),
        (signed_in("rafael", role="privacy"), STAFF, ALSO_STAFFS),
    ):
        name = "__Host-troth-session"
        opened.cookies = {name: client.cookies[settings.SESSION_COOKIE_NAME].value}
        scored = scores(front, *pages)
        assert lost(scored) == {}
        assert {told["status"] for told in scored.values()} == {200}
        assert_alike(running, *pages, *others, Cookie=f"{name}={opened.cookies[name]}")


def assert_alike(running: Served, *paths: str, statuses: Collection[int] = (200,), **headers: str) -> None:
    """Each page has the judged headers of the first one, of which none is missing."""
    asked = {path: running.get(path, X_Forwarded_Proto="https", **headers) for path in paths}
    told = {path: _headers(answer) for path, (_status, answer) in asked.items()}
    judged = {path: {name: found.get(name) for name in JUDGED} for path, found in told.items()}
    assert {path: status for path, (status, _answer) in asked.items() if status not in statuses} == {}
    assert {path: found for path, found in judged.items() if found != judged[paths[0]]} == {}
    assert None not in judged[paths[0]].values()


def test_pages_that_the_observatory_does_not_score_have_the_same_headers(behind_tls: Any) -> None:
    """It stops at an error. What it scores stands in headers, which are those of a page that has the full score."""
    running, _front = behind_tls
    assert_alike(running, "/", "/nothing", "/a%00b", statuses=(200, 400, 404))


def _headers(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
