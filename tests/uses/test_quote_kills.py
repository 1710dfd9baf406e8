"""Killed between T1, T2 and T3: the request is finished on restart, once."""

import os
import signal
import subprocess
import sys

import pytest
from tests.visits import MARISOL, send, visitor

from troth.outbox import QueuedEmail
from troth.records import ledger
from troth.uses.quotes.models import QuoteRequest

# The worker dies for real, in a process of its own, when it comes to the named function.
DYING = """
import os, signal
import django
django.setup()
from datetime import UTC, datetime
from uuid import UUID
from troth import gate, outbox
from troth.uses.quotes import actions
room, name = {where!r}.split(".")
target = {{"gate": gate, "outbox": outbox, "actions": actions}}[room]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(target, name, die)
actions.route(UUID({quote!r}), at_utc=datetime.now(UTC))
"""

PLACES = ["gate.grant", "gate.read", "actions._pass_on", "gate.disclose", "actions._place", "outbox.post"]


@pytest.mark.parametrize("where", PLACES)
def test_a_request_whose_worker_was_killed_is_finished_once(site, run_jobs, too_slow, where):
    assert send(visitor(), "/quote/", MARISOL).status_code == 303
    quote = QuoteRequest.objects.get()

    died = subprocess.run(
        [sys.executable, "-c", DYING.format(where=where, quote=str(quote.pk))], env=os.environ, check=False
    )
    assert died.returncode == -signal.SIGKILL
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
