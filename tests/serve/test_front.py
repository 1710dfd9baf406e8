"""The front on its own: what it lets through, what it refuses, and that one kind of work never takes the other's threads."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.http import HttpResponse
from tests.visits import visitor

from troth.serve import limits
from troth.serve.front import Front
from troth.serve.lanes import Lane, NoRoom
from troth.serve.site import Site
from troth.web import errors

pytestmark = pytest.mark.usefixtures("site")
Told = TypeVar("Told")


class Stuck:
    """A site whose pages wait until they are let go. `hash`: what is sent there hashes passwords."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.bodies: list[bytes] = []

    def hashes(self, scope: Any) -> bool:
        return bool(scope["path"] == "/hash")

    def answer(self, scope: Any, body: bytes) -> HttpResponse:
        self.bodies.append(body)
        if scope["path"] in ("/hash", "/stuck"):
            self.free.wait(20)
        return HttpResponse(b"a page", status=413 if errors.TOO_LARGE in scope else 200)


def run(story: Coroutine[Any, Any, Told]) -> Told:
    """What the story gives. In a thread of its own: a browser of another test may have an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, story).result()


async def ask(front: Front, path: str, *parts: bytes, method: str = "POST", ends: bool = True, **headers: str) -> Any:
    """Status, headers and body of the answer. The body comes in `parts`."""
    coming, sent = list(parts), []

    async def receive() -> dict[str, Any]:
        if not coming:
            if not ends:
                await asyncio.sleep(30)
            return {"type": "http.disconnect"} if parts else {"type": "http.request", "body": b"", "more_body": False}
        part = coming.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(coming) or not ends or part == b"cut"}

    async def send(message: Any) -> None:
        sent.append(message)

    named = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    await front({"type": "http", "method": method, "path": path, "query_string": b"", "headers": named}, receive, send)
    return (sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"])


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    site = Stuck()
    yield site
    site.free.set()


def test_pages_go_on_while_every_thread_for_passwords_is_taken(stuck: Stuck) -> None:
    async def story() -> None:
        front = Front(stuck)  # type: ignore[arg-type]
        guesses = [asyncio.create_task(ask(front, "/hash", b"x")) for _ in range(32)]
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            assert (await ask(front, "/", method="GET"))[0] == 200
            assert (await ask(front, "/quote/", b"x"))[0] == 200
        stuck.free.set()
        assert {answer[0] for answer in await asyncio.gather(*guesses)} == {200}

    run(story())


def test_the_process_lives_and_says_so_while_every_thread_is_taken(stuck: Stuck, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "PAGES_WAITING", 3)

    async def story() -> None:
        front = Front(stuck)  # type: ignore[arg-type]
        waiting = [asyncio.create_task(ask(front, "/stuck", b"x")) for _ in range(limits.PAGE_THREADS + 3)]
        await asyncio.sleep(0.1)
        status, headers, body = await ask(front, "/healthz", method="GET")
        assert (status, body) == (200, b"ok\n")
        assert (await ask(front, "/healthz", method="HEAD"))[2] == b""
        status, headers, body = await ask(front, "/", method="GET")
        assert status == 503
        assert int(headers[b"retry-after"]) > 0
        assert b"Nothing was saved" in body
        stuck.free.set()
        assert {answer[0] for answer in await asyncio.gather(*waiting)} == {200}
        assert (await ask(front, "/", method="GET"))[0] == 200

    run(story())


def test_a_body_arrives_whole_or_not_at_all(stuck: Stuck) -> None:
    async def story() -> None:
        front = Front(stuck)  # type: ignore[arg-type]
        assert (await ask(front, "/", b"name=", b"Vera", content_length="9"))[0] == 200
        status, headers, _body = await ask(
            front, "/", b"name=", b"cut"
        )  # so the server tells of a body that is none, too
        assert status == 400
        assert b"content-security-policy" in headers

    run(story())
    assert stuck.bodies == [b"name=Vera"]


def test_a_body_that_is_late_is_answered_and_takes_no_thread(stuck: Stuck, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "BODY_WITHIN_SECONDS", 0.1)
    status, _headers, body = run(ask(Front(stuck), "/", b"n", ends=False, content_length="9"))  # type: ignore[arg-type]
    assert status == 408
    assert b"took too long" in body
    assert stuck.bodies == []


@pytest.mark.asvs("V5.2.1")
@pytest.mark.parametrize(
    ("parts", "announced"),
    [
        ([b"x" * 65536] * 3, "196608"),
        ([b"x" * 65536] * 3, ""),
        ([b"x"], str(200 * 1024)),
        ([], str(10**9)),
        ([b"x" * 10**6] * 40, ""),
    ],
)
def test_a_body_that_is_too_large_is_thrown_away(stuck: Stuck, parts: list[bytes], announced: str) -> None:
    async def story() -> None:
        front = Front(stuck)  # type: ignore[arg-type]
        headers = {"content_length": announced} if announced else {}
        assert (await ask(front, "/", *parts, **headers))[0] == 413
        assert front._held_bytes == 0

    run(story())
    assert stuck.bodies == [b""]


def test_all_bodies_together_have_a_limit_and_what_was_held_is_let_go(stuck: Stuck, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MOST_HELD_BYTES", 250_000)
    monkeypatch.setattr(limits, "BODY_WITHIN_SECONDS", 2)

    async def story() -> None:
        front = Front(stuck)  # type: ignore[arg-type]
        slow = [asyncio.create_task(ask(front, "/", b"x" * 100_000, ends=False)) for _ in range(2)]
        await asyncio.sleep(0.05)
        assert (await ask(front, "/", b"x" * 100_000))[0] == 503
        assert {answer[0] for answer in await asyncio.gather(*slow)} == {408}
        assert (await ask(front, "/", b"x" * 100_000))[0] == 200

    run(story())


def test_a_lane_refuses_more_than_may_wait_and_takes_up_again(stuck: Stuck) -> None:
    async def story() -> None:
        lane, free = Lane("short", threads=1, waiting=1), threading.Event()
        first, second = (asyncio.create_task(lane.run(free.wait, 20)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(NoRoom):
            await lane.run(free.wait, 20)
        free.set()
        assert all(await asyncio.gather(first, second))
        assert await lane.run(str, 1) == "1"

    run(story())


@pytest.mark.parametrize("address", ["/", "/nothing-here", "/static/troth/kept.js", "/policy.md", "/quote"])
def test_the_site_behind_the_front_answers_as_under_djangos_own_handler(address: str) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "raw_path": address.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"x_forwarded_for", b"6.6.6.6")],
        "client": ("127.0.0.1", 5),
        "server": None,
    }
    ours, djangos = Site().answer(scope, b""), visitor().get(address)
    assert ours.status_code == djangos.status_code
    assert set(ours.headers) == set(djangos.headers)
    if ours.status_code == 200:
        assert ours.content == (b"".join(djangos) if djangos.streaming else djangos.content)


@pytest.mark.parametrize("query", [b"q=\xff\xfe", b"q=%ff", b"q=\x00", b"\xc3\xa9=1&=&&=", b"q=lot recall", b"q=%"])
def test_a_query_that_is_no_text_gets_a_page(query: bytes) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/products/",
        "query_string": query,
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 5),
        "server": None,
    }
    assert Site().answer(scope, b"").status_code in (200, 400)


@pytest.mark.parametrize(
    "kind", ["charset*=zz''utf-8", "charset*=utf-8''%00", "boundary*=zz''x", "charset*=utf-8''%ff"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_kind_of_content_that_names_no_encoding_is_400(method: str, kind: str) -> None:
    scope = {
        "type": "http",
        "method": method,
        "path": "/contact/",
        "query_string": b"",
        "client": ("127.0.0.1", 5),
        "server": None,
        "headers": [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; " + kind.encode())],
    }
    answer = Site().answer(scope, b"")
    assert answer.status_code == 400
    assert "We can’t read this request" in answer.content.decode()
