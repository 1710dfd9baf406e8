"""Bodies with files wait on the disk, downloads go part by part: neither is ever whole in memory."""

import os
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from tests.serve.test_front import run
from tests.served import Shared, shared

from troth.collection.downloads import Download, download
from troth.serve import limits
from troth.serve.front import Front
from troth.serve.spool import Spool
from troth.web import errors

__all__ = ["shared"]

PART = os.urandom(64 * 1024)
MULTIPART = [(b"content-type", b"multipart/form-data; boundary=x")]


class Counting:
    """A site that counts what comes, and answers with a download."""

    def __init__(self) -> None:
        self.came, self.closed = 0, False

    def hashes(self, scope: Any) -> bool:
        return False

    def takes_files(self, scope: Any) -> bool:
        return bool(scope["path"] == "/contact/")

    def answer(self, scope: Any, body: Any) -> Download | HttpResponse:
        if errors.TOO_LARGE in scope:
            return HttpResponse(status=413)
        while part := body.read(50_000) if hasattr(body, "read") else b"":
            self.came += len(part)
        answer = download(self._parts(), name="ü.log")
        answer._resource_closers.append(self._close)  # type: ignore[attr-defined]
        return answer

    def _parts(self) -> Iterator[bytes]:
        for _ in range(800):
            yield PART

    def _close(self) -> None:
        self.closed = True


async def send(front: Front, path: str, parts: int) -> tuple[int, int]:
    """Status and bytes of the answer to so many parts."""
    left, status, came = parts, 0, 0

    async def receive() -> dict[str, Any]:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": PART, "more_body": left > 0}

    async def take(message: Any) -> None:
        nonlocal status, came
        status = message.get("status", status)
        came += len(message.get("body", b""))

    headers = [*MULTIPART, (b"host", b"localhost"), (b"content-length", str(parts * len(PART)).encode())]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    await front(scope, receive, take)
    return status, came


def test_fifty_megabytes_come_and_go_in_the_memory_of_a_few_parts() -> None:
    site = Counting()
    front = Front(site)  # type: ignore[arg-type]
    tracemalloc.start()
    assert run(send(front, "/contact/", 800)) == (200, 800 * len(PART))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert site.came == 800 * len(PART)
    assert site.closed
    assert most < 8_000_000
    assert front._spooled_bytes == 0


@pytest.mark.asvs("V5.2.1")
def test_what_is_larger_than_any_form_with_files_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MOST_UPLOAD_BYTES", 10 * len(PART))
    assert run(send(Front(Counting()), "/contact/", 11))[0] == 413
    monkeypatch.setattr(limits, "MOST_SPOOLED_BYTES", 5 * len(PART))
    assert run(send(Front(Counting()), "/contact/", 9))[0] == 503


def test_the_waiting_body_stands_in_no_file_that_has_a_name_or_can_be_read() -> None:
    spool = Spool()
    spool.write(b"a drawing of a valve" * 10_000)
    spool._file.flush()
    at_rest = os.pread(spool._file.fileno(), 10_000, 0)
    assert at_rest
    assert b"valve" not in at_rest
    assert os.fstat(spool._file.fileno()).st_nlink == 0
    assert spool.reader().read() == b"a drawing of a valve" * 10_000
    spool.close()


@pytest.mark.usefixtures("filed")
def test_a_file_goes_through_the_real_server(shared: Shared, tmp_path: Any) -> None:
    from tests.visits import opened, visitor

    from troth.records.stored import StoredFile

    content = b"22:14 pump 3 stopped\n" * 40_000
    parts = {"nonce": opened(visitor(), "/contact/"), "name": "Bob", "email": "bob@northgate.example", "note": "Help."}
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in parts.items()
    )
    body += (
        b'--x\r\nContent-Disposition: form-data; name="attachment"; filename="pump.log"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    server = shared.server(tmp_path)
    origin = f"http://localhost:{server.port}"
    head = (
        f"POST /contact/ HTTP/1.1\r\nHost: localhost:{server.port}\r\nOrigin: {origin}\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    answer = server.answer(head.encode() + body)
    assert answer.startswith(b"HTTP/1.1 303"), answer[:2000]
    assert StoredFile.objects.get().stored > len(content)
