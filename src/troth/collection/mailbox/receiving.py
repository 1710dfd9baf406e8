"""The threads that take mail in, beside the jobs of `troth work`: one for each folder, one for all of LMTP."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import transaction

from troth.collection.mailbox import imap, lmtp, sandbox, settling
from troth.environment import IncomingMail

_log = logging.getLogger(__name__)
_ENDS_WITHIN_SECONDS = 5
_LOOKS_SECONDS = 60.0
_TRIES_AGAIN_SECONDS = 30.0


@contextmanager
def taking_mail(incoming: IncomingMail) -> Iterator[None]:
    """Inside it, mail comes in as the settings say; none does where they name nothing."""
    stopped = threading.Event()
    threads = [threading.Thread(target=each, daemon=True) for each in _list_ways(incoming, stopped)]
    for thread in threads:
        thread.start()
    try:
        with settling.lasting():
            yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join(_ENDS_WITHIN_SECONDS)
        sandbox.close()


def _list_ways(incoming: IncomingMail, stopped: threading.Event) -> "Iterator[partial[None]]":
    if incoming.host:
        for folder in incoming.folders:
            yield partial(imap.watch, incoming, folder, stopped)
    if incoming.lmtp:
        yield partial(_serve, incoming.lmtp, stopped)


def _serve(where: str, stopped: threading.Event) -> None:
    """Listens until told to stop. Where it can't, it says so and tries again: the mail server keeps mail meanwhile."""
    while not stopped.is_set():
        try:
            asyncio.run(_listen(where, stopped))
        except OSError as error:
            lmtp.note(problem=imap.CONNECTION)
            _log.warning("Nobody can hand over mail by LMTP: %s.", error.strerror)
            stopped.wait(_TRIES_AGAIN_SECONDS)
        finally:
            transaction.get_connection().close()


async def _listen(where: str, stopped: threading.Event) -> None:
    with lmtp.Keepers() as keepers:
        async with await lmtp.listen(where, keepers):
            while not await asyncio.to_thread(stopped.wait, 0):
                await asyncio.to_thread(_look, where)
                await asyncio.to_thread(stopped.wait, _LOOKS_SECONDS)


def _look(where: str) -> None:
    """Greets our own listener as a mail server would: one that answers nobody is one that takes nothing."""
    try:
        lmtp.note(problem="" if lmtp.answers(where) else imap.ANSWER)
    finally:
        transaction.get_connection().close()
