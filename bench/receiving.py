"""Email that comes in: kept on disk, read in the confined process, sorted and given to its room; 20 kB in the middle.

python -m bench.receiving       this alone, on a database with the reference policy
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email import message_from_bytes, policy
from statistics import median

from bench.figures import Figure, ratio, table
from bench.surroundings import SITE, surroundings

MAILS = 300
_FIRST = 40
"""What connections have taken in before: their first mails take longer, once for as long as mail comes in."""
TARGET_A_SECOND = 100
_WORDS = "pump valve order label press batch screw plant gauge motor quote please Thursday between number lot".split()  # noqa: SIM905


def figures() -> Iterator[Figure]:
    """Mails a second from the first one handed over to the last one settled; and parsed by the library alone."""
    from troth.cases.thread import CaseMessage
    from troth.collection.mailbox import actions, lmtp, sandbox, settling

    threads = _ask(MAILS // 10)
    every = [
        _write(
            random.Random(at), at, threads[at % len(threads)], sender=at % len(threads) if at % 10 < 7 else at + MAILS
        )
        for at in range(MAILS + _FIRST)
    ]
    mails, first = every[:MAILS], every[MAILS:]
    with ThreadPoolExecutor(settling.AT_A_TIME) as pool:  # children are started before, as in a process that lasts
        list(pool.map(sandbox.read, mails[: settling.AT_A_TIME]))
    with settling.lasting(), lmtp.Keepers() as keepers:  # as in `troth work`
        for each in [keepers.take(mail) for mail in first]:  # so are connections
            each.result()
        actions.settle_all(at_utc=datetime.now(UTC))
        before = CaseMessage.objects.filter(way="email").count()
        start = time.perf_counter()
        handed = [keepers.take(mail) for mail in mails]
        while not all(each.done() for each in handed):  # as the job that reads mail: what came by now, beside the rest
            actions.settle_all(at_utc=datetime.now(UTC))
        actions.settle_all(at_utc=datetime.now(UTC))
        done = time.perf_counter()
    assert {each.result() for each in handed} == {lmtp.TAKEN}
    for mail in mails:
        _parse(mail)
    alone = time.perf_counter() - done
    sandbox.close()
    answered = CaseMessage.objects.filter(way="email").count() - before
    assert answered >= 0.7 * MAILS, "All that answers is in its thread."
    size = median(map(len, mails)) / 1000
    rate = MAILS / (done - start)
    note = f"median {size:.0f} kB"
    yield Figure("email taken in", rate, "/s", TARGET_A_SECOND, "higher", note)
    yield ratio("email taken in / parsed by the library alone, unconfined", done - start, alone, note="time")


def _parse(mail: bytes) -> None:
    parsed = message_from_bytes(mail, policy=policy.compat32)
    for part in parsed.walk():
        part.get_payload(decode=True)


def _ask(count: int) -> list[str]:
    """Reply addresses of so many questions that were asked by email; the first is Vera 0's."""
    from troth.collection.mailbox import intake, routing
    from troth.outbox import returns

    found = []
    for at in range(count):
        now = datetime.now(UTC)
        kept = intake.keep(_write(random.Random(at), 7, "", sender=at), way="lmtp", at_utc=now)
        assert kept is not None
        routing.settle(kept.pk, at_utc=now)
        kept.refresh_from_db()
        assert kept.request is not None
        found.append(returns.reply_address(kept.request))
    return found


def _write(choose: random.Random, at: int, thread: str, *, sender: int) -> bytes:
    """Seven of ten answer in a thread, two are new, one is a bounce."""
    head = f"Message-ID: <{at}.{sender}@home.example>\nDate: Mon, 23 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
    words = _text(choose, choose.randint(2_000, 12_000))
    if at % 10 == 9:
        return (
            f"Return-Path: <>\n{head}From: MAILER-DAEMON@mx.home.example\nTo: hello@acme.example\nSubject: No\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nNot delivered.\n--b\n"
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; v@x.example\n"
            "Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\n"
            f"Message-ID: <x{at}@y>\n\n{words}\n--b--\n"
        ).encode()
    answers = at % 10 < 7
    subject, to = ("Re: Quote", thread) if answers else ("A question", "hello@acme.example")
    page = "".join(f"<p>{line}</p>\n" for line in words.splitlines())
    return (
        f"{head}Subject: {subject}\nFrom: Vera {sender} <vera{sender}@home.example>\nTo: {to}\n"
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
        f"{words}\n\n"
        f"On Monday, Acme wrote:\n> {words[:800]}\n--b\nContent-Type: text/html; charset=utf-8\n\n<html><body>{page}"
        f"<blockquote>{page[:2_000]}</blockquote></body></html>\n--b--\n"
    ).encode()


def _text(choose: random.Random, size: int) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        lines.append(" ".join(choose.choice(_WORDS) for _ in range(12)))
    return "\n".join(lines)


def _alone() -> None:
    from troth import prepare

    prepare.adopt_site(SITE, by="staff:bench")
    print(table(figures()))


if __name__ == "__main__":
    with surroundings():
        _alone()
