"""The served site under load: pages, forms, refused sign-ins, slow clients; beside a bare page of the same size.

python -m bench.serving            prints its figures
python -m bench.serving --json     the same as one line of JSON, for the whole run

Server and database are processes of their own; the client is this one, so on two cores it takes its part of them.
"""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import rights
from bench.clients import Connection, Taken, Visit, connected, load, request
from bench.figures import Figure, as_json, table
from bench.surroundings import SITE, surroundings

CONNECTIONS = (1, 32)
SECONDS = 3.0
HOME_PER_SECOND, P99_MS = 40, 1000
QUOTE = "quote, form, sending and receipt"
_PER_SECOND = {"home": 60, "policy": 60, "quote form": 60, "history": 60, QUOTE: 15}
"""At most connections, with two workers and their database on two cores."""
JOBS_SECONDS = 60
SLOW_BODIES, SLOW_HEADERS, GUESSERS = 50, 200, 32
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """The processes that answer on this port."""

    port: int
    workers: tuple[int, ...]

    def processor(self) -> float:
        """Seconds of processor that they have used."""
        return sum(_read_processor(worker) for worker in self.workers)

    def memory(self) -> float:
        """Their size in MB, what they share with each other and with their parent by halves and thirds."""
        return sum(_read_memory(worker) for worker in self.workers)


def _read_processor(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _read_memory(process: int) -> float:
    """Source: proc(5), Pss."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def main() -> None:
    if "--json" in sys.argv[1:]:
        print(json.dumps([as_json(figure) for figure in figures()]))
        return
    for figure in figures():
        print(table([figure]), flush=True)


def apart() -> Iterator[Figure]:
    """The figures, measured in a process and a database of their own."""
    done = subprocess.run([sys.executable, "-m", "bench.serving", "--json"], capture_output=True, text=True, check=True)
    for found in json.loads(done.stdout.splitlines()[-1]):
        found.pop("holds")
        yield Figure(**found)


def figures() -> Iterator[Figure]:
    os.environ["TROTH_DEMO"] = "1"  # emails are written and stay here
    with surroundings():
        cookie = _somebody_signed_in()
        with _served({"TROTH_PROXIES": "127.0.0.1"}) as site:
            size = len(asyncio.run(_once(site, _home)))
            before = site.memory()
            for name, visit in _visits(cookie).items():
                yield from _loaded(site, name, visit)
                if name == QUOTE:
                    yield _jobs_done()
            yield from _beside_slow(site)
            yield from _beside_guessers(site)
            yield Figure("memory of the web workers, before", before, "MB")
            yield Figure("memory of the web workers, after all that", site.memory(), "MB", note="freed memory is kept")
        bare = {"DJANGO_SETTINGS_MODULE": "bench.bare", "TROTH_BENCH_BYTES": str(size)}
        with _served(bare) as django:
            yield from _loaded(django, f"bare Django page of {size:,} bytes", _home)


def _jobs_done() -> Figure:
    """How long the jobs of these requests take a worker that begins once all are sent."""
    queued, start = _count_jobs(), time.monotonic()
    worker = _started(["-m", "troth", "work"], {})
    try:
        while (left := _count_jobs()) and time.monotonic() - start < 2 * JOBS_SECONDS:
            time.sleep(0.25)
        note = f"{queued:,} jobs, {left:,} left; the worker's own start included"
        return Figure(f"{QUOTE}: its jobs done", time.monotonic() - start, "s", JOBS_SECONDS, note=note)
    finally:
        worker.terminate()
        worker.wait(20)


def _count_jobs() -> int:
    """Those that wait or run; without what is planned for later, and what is queued by the clock alone."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        return int(cursor.fetchone()[0])


_JOBS = """
    select count(*) from procrastinate_jobs j where status in ('todo', 'doing')
    and (scheduled_at is null or scheduled_at <= now()) and not args ? 'timestamp'
"""


def _visits(cookie: str) -> Mapping[str, Visit]:
    async def history(connection: Connection) -> None:
        page = request("GET", "/account/data/", visitor=Connection.number(), cookie=cookie)
        assert b'id="happened-h"' in await connection.ask(page)

    return {
        "home": _home,
        "policy": _policy,
        "quote form": _form,
        QUOTE: _quote,
        "history": history,
        "refused sign-in": _guess,
    }


async def _home(connection: Connection) -> bytes:
    return await connection.ask(request("GET", "/", visitor=Connection.number()))


async def _policy(connection: Connection) -> bytes:
    return await connection.ask(request("GET", "/policy", visitor=Connection.number()))


async def _form(connection: Connection) -> bytes:
    return await connection.ask(request("GET", "/quote/", visitor=Connection.number()))


async def _quote(connection: Connection) -> None:
    """The form opened, filled in and sent by somebody new, who gets the receipt."""
    visitor = Connection.number()
    page = (await connection.ask(request("GET", "/quote/", visitor=visitor))).decode()
    found = re.search(r'name="nonce" value="([^"]+)"', page)
    assert found
    values = {
        "nonce": found[1],
        "name": f"Visitor {visitor}",
        "email": f"visitor{visitor}@firm{visitor}.example",
        "phone": "(559) 555-0134",
        "company": f"Firm {visitor}",
        "country": "US",
        "state": "CA",
        "zip": "93721",
        "need": "quote",
        "product": "optipro-process",
        "users": "40",
        "note": "Lot recall.",
    }
    body = urllib.parse.urlencode(values).encode()
    await connection.ask(request("POST", "/quote/", visitor=visitor, body=body), expected=(303,))
    await connection.ask(request("GET", connection.location, visitor=visitor))


async def _guess(connection: Connection) -> None:
    visitor = Connection.number()
    values = {"address": f"somebody{visitor}@bench.example", "password": f"guess number {visitor}"}
    body = urllib.parse.urlencode(values).encode()
    await connection.ask(request("POST", "/sign-in/", visitor=visitor, body=body), expected=(400,))


def _loaded(server: Server, name: str, visit: Visit) -> Iterator[Figure]:
    for connections in CONNECTIONS:
        before = server.processor()
        taken = asyncio.run(load(server.port, visit, connections=connections, seconds=SECONDS))
        each = (server.processor() - before) / (len(taken.each) + connections)  # the first of each is not in `taken`
        yield Figure(
            f"{name}, {connections} connections",
            taken.per_second,
            "/s",
            _PER_SECOND.get(name) if connections == CONNECTIONS[-1] else None,
            "higher",
            note=f"{_spread(taken)}, {1000 * each:.1f} ms of processor each",
        )


def _beside_slow(site: Server) -> Iterator[Figure]:
    with _slow(site.port):
        taken = asyncio.run(load(site.port, _home, connections=8, seconds=2 * SECONDS))
    name = f"home beside {SLOW_BODIES} slow bodies and {SLOW_HEADERS} slow headers: p99"
    yield Figure(name, 1000 * taken.at(0.99), "ms", P99_MS, note=f"{taken.per_second:.0f}/s at 8 connections")


def _beside_guessers(site: Server) -> Iterator[Figure]:
    async def both() -> tuple[Taken, Taken]:
        guesses = load(site.port, _guess, connections=GUESSERS, seconds=2 * SECONDS)
        homes = load(site.port, _home, connections=4, seconds=2 * SECONDS)
        return await asyncio.gather(homes, guesses)

    homes, guesses = asyncio.run(both())
    name = f"home while {GUESSERS} clients send wrong passwords"
    yield Figure(
        name,
        homes.per_second,
        "/s",
        HOME_PER_SECOND,
        "higher",
        f"at 4 connections; {guesses.per_second:.0f} sign-ins/s refused",
    )
    yield Figure(f"{name}: p99", 1000 * homes.at(0.99), "ms", P99_MS)


def _spread(taken: Taken) -> str:
    return f"p50 {1000 * taken.at(0.5):.0f} ms, p99 {1000 * taken.at(0.99):.0f} ms"


@contextmanager
def _slow(port: int) -> Iterator[None]:
    """Clients that send a byte now and then, until the end of the block."""
    body = b"POST /quote/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
    slow = [_opened(port, body) for _ in range(SLOW_BODIES)]
    slow += [_opened(port, b"GET / HTTP/1.1\r\nX: ") for _ in range(SLOW_HEADERS)]
    stopped = threading.Event()

    def drip() -> None:
        while not stopped.wait(0.5):
            for each in slow:
                with suppress(OSError):  # its time was over: the server has closed it
                    each.send(b"n")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        for each in slow:
            each.close()


def _opened(port: int, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(sent)
    return connection


@contextmanager
def _served(environ: Mapping[str, str]) -> Iterator[Server]:
    """`troth web` with these variables besides, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = f"from troth import serve; serve.run(port={port})"
    process = _started(["-c", program], {"TROTH_BASE_URL": f"http://localhost:{port}", **environ})
    try:
        _await(port, process)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Server(port, tuple(map(int, children)))
    finally:
        process.terminate()
        process.wait(20)


def _started(words: list[str], environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """A process of the program, which says nothing here."""
    known = {**os.environ, **environ}
    return subprocess.Popen([sys.executable, *words], env=known, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), _opened(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as connection:
            if connection.recv(100).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.05)
    raise AssertionError("The site to measure does not answer.")


async def _once(server: Server, visit: Visit) -> Any:
    async with connected(server.port) as connection:
        return await visit(connection)


def _somebody_signed_in() -> str:
    """The cookie of a customer with 25 data and 50 entries, under the reference policy."""
    from django.conf import settings

    from troth import prepare
    from troth.gate import owner

    prepare.adopt_site(SITE, by="staff:bench")
    owner.seal_key_mark()  # which a worker asks for
    person = rights.somebody("dora", 25)
    rights.noted(person, 45)
    client = rights.signed_in(rights.Dora(person, rights.account(person), person))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    main()
