"""Support from both sides: a request by the form, the staff's answer in the console, and the person's reply by email.

python -m bench.supporting       these figures alone, on a database with the reference policy

Of each step the processor time of our process and of PostgreSQL, the median of several requests. Jobs are not counted,
and neither is the confined process that parses an email.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

from bench import pages
from bench.figures import Figure, table
from bench.people import templates
from bench.surroundings import surroundings

_REQUESTS, _WARM = 25, 3
_BROWSER: Any = {"headers": {"host": "localhost", "sec-fetch-site": "same-origin"}}
_WORDS = "The report server stops ten minutes after it starts, and the log ends with “seat not released”.\n" * 10


def figures() -> Iterator[Figure]:
    """One row for each step."""
    staff = pages.staff("support")
    found = [_run(staff, number) for number in range(_WARM + _REQUESTS)][_WARM:]
    for step in found[0]:
        ours, postgres = (median(each[step][at] for each in found) for at in (0, 1))
        yield Figure(f"support, {step}: processor of our process", ours, "ms", note=f"PostgreSQL {postgres:.1f} ms")


def _run(staff: Any, number: int) -> dict[str, tuple[float, float]]:
    """Step → milliseconds of ours and of PostgreSQL, for a request of someone new."""
    from troth.cases.models import Case

    visitor, address = pages.visitor(), f"reader{number}@firm{number}.example"
    asked = _measure(partial(visitor.post, "/support/", _fill_in(visitor, number, address), **_BROWSER))
    case = Case.objects.latest("received_utc")
    last = str(case.messages.latest("at_utc").pk)
    answer = {"do": "reply", "words": "Stop the service and start it again.", "last": last}
    answered = _measure(partial(staff.post, f"/console/support/{case.number}/", answer, **_BROWSER))
    replied = _measure(partial(_reply, case.pk, address, number))
    assert case.messages.count() == 3, "All three are in its thread."
    return {"request by the form": asked, "staff’s answer": answered, "reply by email": replied}


def _measure(step: Callable[[], Any]) -> tuple[float, float]:
    backend = pages.backend()
    before, start = pages.postgres_ns(backend), time.process_time()
    step()
    return (time.process_time() - start) * 1000, (pages.postgres_ns(backend) - before) / 1e6


def _fill_in(visitor: Any, number: int, address: str) -> dict[str, str]:
    found = re.search(r'name="nonce" value="([^"]+)"', visitor.get("/support/").content.decode())
    assert found
    known = {"name": f"Reader {number}", "product": "optipro-process", "installation": "12.3.4", "note": _WORDS}
    return {"nonce": found[1], "email": address, **known}


def _reply(case: UUID, address: str, number: int) -> None:
    from troth.collection.mailbox import intake, routing
    from troth.outbox import returns

    mail = (
        f"Message-ID: <reply{number}@firm.example>\nFrom: Reader {number} <{address}>\n"
        f"To: {returns.reply_address(case)}\nSubject: Re: Your request\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{_WORDS}"
    )
    now = datetime.now(UTC)
    kept = intake.keep(mail.encode(), way="lmtp", at_utc=now)
    assert kept is not None
    routing.settle(kept.pk, at_utc=now)


def main() -> None:
    with surroundings() as cluster:
        templates(cluster)
        print(table(figures()))


if __name__ == "__main__":
    main()
