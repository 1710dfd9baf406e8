"""Killed between T1, T2 and T3: the request is finished on restart, once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from tests.visits import MARISOL, send, visitor

from troth.outbox import QueuedEmail
from troth.records import ledger
from troth.uses.quotes.models import QuoteRequest

# Workers die for real, each a process of its own, when they come to the named function. Loading takes longer than dying, so
# one process that has loaded all and opened nothing forks them: a line names function and quote, and is answered how it ended.
DYING = """
import os, signal, sys
import django
django.setup()
from datetime import UTC, datetime
from uuid import UUID
from troth import gate, outbox
from troth.uses.quotes import actions
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
for line in sys.stdin:
    where, quote = line.split()
    child = os.fork()
    if not child:
        room, name = where.split(".")
        setattr({"gate": gate, "outbox": outbox, "actions": actions}[room], name, die)
        actions.route(UUID(quote), at_utc=datetime.now(UTC))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def dies() -> Iterator[Callable[[str, str], int]]:
    """How a worker ended that was killed in the named function while it worked on the quote."""
    with subprocess.Popen(
        [sys.executable, "-c", DYING], env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as loaded:
        assert loaded.stdin
        assert loaded.stdout
        asked, answers = loaded.stdin, loaded.stdout

        def ask(where: str, quote: str) -> int:
            asked.write(f"{where} {quote}\n")
            asked.flush()
            return int(answers.readline())

        yield ask


PLACES = ["gate.grant", "gate.read", "actions._pass_on", "gate.disclose", "actions._place", "outbox.post"]


@pytest.mark.parametrize("where", PLACES)
def test_a_request_whose_worker_was_killed_is_finished_once(site, run_jobs, too_slow, dies, where):
    assert send(visitor(), "/quote/", MARISOL).status_code == 303
    quote = QuoteRequest.objects.get()

    assert dies(where, str(quote.pk)) == -signal.SIGKILL
    quote.refresh_from_db()
    assert quote.stage == "received"
    assert not QueuedEmail.objects.exists()
    assert "disclosed" not in [entry.kind for entry in ledger.history(quote.person_id)]

    run_jobs()

    quote.refresh_from_db()
    kinds = [entry.kind for entry in ledger.history(quote.person_id)]
    assert quote.stage == "routed"
    assert kinds.count("disclosed") == 1
    assert kinds.count("notified") == 2
    assert sorted(QueuedEmail.objects.values_list("template", "state")) == [
        ("quotes/receipt", "sent"),
        ("quotes/request", "sent"),
    ]
