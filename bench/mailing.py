"""Emails: planned for many people, and sent through a local mail server that takes everything.

The other side is a loop over messages that were built before: it signs each inside the loop, as we do, and hands it
over by the same connections. It asks nobody and writes nothing down.

python -m bench.mailing                         sending alone, on a database of its own
python -m bench.mailing plan PEOPLE              plans, in a run's surroundings; prints people, seconds, MB
python -m bench.mailing sink MILLISECONDS      the mail server; prints its port
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import MISSING, fields
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from bench import newsletter
from bench.figures import Figure, ratio, table
from bench.people import People, templates
from bench.surroundings import superuser, surroundings

PLAN_PEOPLE, PLAN_SECONDS, PLAN_MB = 500_000, 10, 200
LOOP_RATIO, SLOW_A_SECOND = 0.5, 200
_EMAILS, _TURNS = 600, 3
_SLOW_MILLISECONDS, _SLOW_CONNECTIONS, _FAST_CONNECTIONS = 40, 50, 4
PURPOSE = "quotes"


def planning(people: People) -> Iterator[Figure]:
    """One email to half a million of those whom a purpose may reach, in a process of its own."""
    command = [sys.executable, "-m", "bench.mailing", "plan", str(PLAN_PEOPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    count, seconds, megabytes = (float(word) for word in done.stdout.split())
    yield Figure(f"planning one email to {count:,.0f} people", seconds, "s", PLAN_SECONDS)
    yield Figure("the same, peak of the whole process", megabytes, "MB", PLAN_MB)


def sending(people: People) -> Iterator[Figure]:
    """Each email asks the law, writes its entries, is filled in, signed, handed over and noted."""
    with superuser(people.cluster) as connection:
        connection.execute("delete from letter where state = 'planned'")  # what other figures planned would go first
    from troth.outbox import lanes

    with _signing(), lanes.lasting():  # as in `troth work`
        with _sink(0):
            first, *turns = [_take_turn(people) for _each in range(1 + _TURNS)]
            ours, prebuilt = (median(rates) for rates in zip(*turns, strict=True))
            beside = list(_beside(ours))
        name = "signed emails a second / prebuilt ones signed in a loop"
        note = f"{ours:.0f} / {prebuilt:.0f} a second, {_FAST_CONNECTIONS} connections"
        yield ratio(name, ours, prebuilt, target=LOOP_RATIO, better="higher", note=note)
        note = f"{first[0]:.0f} / {first[1]:.0f} a second"
        yield ratio("the same, the first turn of a process", *first, better="higher", note=note)
        yield from beside
        with _sink(_SLOW_MILLISECONDS):
            slow = _send(people, _EMAILS, _SLOW_CONNECTIONS)
        name = f"emails a second, {_SLOW_MILLISECONDS} ms a reply, {_SLOW_CONNECTIONS} connections"
        yield Figure(name, slow, "", SLOW_A_SECOND, better="higher")


def _take_turn(people: People) -> tuple[float, float]:
    """Emails a second of ours and of the loop."""
    prebuilt = _loop(_EMAILS, _FAST_CONNECTIONS)
    return _send(people, _EMAILS, _FAST_CONNECTIONS), prebuilt


def _beside(ours: float) -> Iterator[Figure]:
    """django-newsletter into the same mail server; nothing where it can't be installed."""
    from django.conf import settings

    try:
        theirs = newsletter.measure(settings.TROTH_SMTP_PORT, _EMAILS)
    except newsletter.NotInstalled as error:
        print(f"django-newsletter can't be installed here, so its figure is left out: {error}", file=sys.stderr)
        return
    note = f"{ours:.0f} / {theirs:.0f} a second; it signs nothing"
    yield ratio("signed emails a second / those of django-newsletter", ours, theirs, better="higher", note=note)


def _send(people: People, count: int, connections: int) -> float:
    from django.conf import settings

    from troth import outbox
    from troth.outbox import lanes
    from troth.outbox.emails import MailLane
    from troth.outbox.models import QueuedEmail
    from troth.uses.quotes.actions import QuoteFacts

    said = {field.name: "" for field in fields(QuoteFacts) if field.default is MISSING}
    facts = QuoteFacts(**(said | {"number": "Q-1"}))  # type: ignore[arg-type]
    settings.TROTH_SMTP_CONNECTIONS = connections
    posted = [
        outbox.post(person=person, purpose=PURPOSE, email="quotes/receipt", cause=uuid4(), facts=facts).id
        for person in _reachable(people, count)
    ]
    start = time.perf_counter()
    lanes.run(MailLane.SERVICE)
    while QueuedEmail.objects.filter(pk__in=posted, state="planned").exists():
        lanes.run(MailLane.SERVICE)
    seconds = time.perf_counter() - start
    sent = QueuedEmail.objects.filter(pk__in=posted, state="sent").count()
    assert sent == count
    return sent / seconds


def _reachable(people: People, count: int) -> list[UUID]:
    """People whom the purpose may write to, some of them several times."""
    from troth import gate

    decided = gate.decide_many(people.templates, PURPOSE, "email")
    found = [person for person, decision in decided.items() if decision.allowed]
    return [found[number % len(found)] for number in range(count)]


def _loop(count: int, connections: int) -> float:
    from troth.outbox.transport import Lines
    from troth.outbox.written import lay_out

    messages = [lay_out(_message(number)) for number in range(count)]
    with Lines() as lines, ThreadPoolExecutor(connections) as threads:
        start = time.perf_counter()
        list(threads.map(lambda message: lines.hand_over(message, uuid4()), messages))
        return count / (time.perf_counter() - start)


def _message(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = f"Receipt {number}", "privacy@acme.example", f"r{number}@acme.example"
    mail["Message-ID"], mail["Date"] = f"<{number}@acme.example>", "Fri, 27 Nov 2026 04:00:00 +0000"
    mail.set_content("Hello,\n\nwe received your request.\n" * 40)
    mail.add_alternative("<p>Hello, we received your request.</p>" * 40, subtype="html")
    return mail


@contextmanager
def _signing() -> Iterator[None]:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from django.conf import settings

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rsa"
        key = generate_private_key(65537, 2048)
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        settings.TROTH_DKIM = (("bench", file),)
        yield
        settings.TROTH_DKIM = ()


@contextmanager
def _sink(milliseconds: int) -> Iterator[None]:
    from django.conf import settings

    command = [sys.executable, "-m", "bench.mailing", "sink", str(milliseconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        settings.TROTH_DEMO, settings.TROTH_SMTP_TLS = False, "none"
        settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = "127.0.0.1", int(process.stdout.readline())
        yield
    finally:
        settings.TROTH_DEMO = True
        process.terminate()
        process.wait()


class _Taker(asyncio.Protocol):
    """A mail server in thirty lines: what is measured is not it."""

    def __init__(self, pause: float) -> None:
        self.pause, self.data, self.left = pause, False, b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.left += data
        while True:
            ends = b"\r\n.\r\n" if self.data else b"\r\n"
            line, found, rest = self.left.partition(ends)
            if not found:
                return
            self.left = rest
            self._answer(line.upper())

    def _answer(self, line: bytes) -> None:
        if self.data:
            self.data = False
            self._say(b"250 taken\r\n")
        elif line.startswith(b"DATA"):
            self.data = True
            self._say(b"354 go on\r\n")
        else:
            self._say(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")

    def _say(self, words: bytes) -> None:
        asyncio.get_running_loop().call_later(self.pause, self.transport.write, words)


async def _take(pause: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Taker(pause), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _plan(most: int) -> None:
    """Prints how many were planned, in how many seconds, and the peak in MB."""
    from bench.memory import peak_megabytes
    from troth import gate
    from troth.outbox.facts import EmailFacts
    from troth.outbox.many import SendingPart, plan_many

    found = gate.select("legal", "email", reason="to measure")
    people = found.packed[: gate.ID_BYTES * most]
    start = time.perf_counter()
    part = SendingPart(people, purpose="legal", email="bench/notice", facts=EmailFacts())
    new = plan_many([part], cause=uuid4())
    print(new, time.perf_counter() - start, peak_megabytes())


def _alone() -> None:
    with surroundings() as cluster:
        print(table(sending(templates(cluster))))


if __name__ == "__main__":
    if not sys.argv[1:]:
        _alone()
    elif sys.argv[1] == "sink":
        asyncio.run(_take(int(sys.argv[2]) / 1000))
    else:
        import django

        django.setup()
        _plan(int(sys.argv[2]))
