"""The threads that take mail in, beside the jobs of `troth work`: one for each folder, one for all of LMTP."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from troth.collection.mailbox import imap, lmtp, sandbox
from troth.environment import IncomingMail

_log = logging.getLogger(__name__)
_ENDS_WITHIN_SECONDS = 5


@contextmanager
def taking_mail(incoming: IncomingMail) -> Iterator[None]:
    """Inside it, mail comes in as the settings say; none does where they name nothing."""
    stopped = threading.Event()
    threads = [threading.Thread(target=each, daemon=True) for each in _list_ways(incoming, stopped)]
    for thread in threads:
        thread.start()
    try:
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
    try:
        asyncio.run(_listen(where, stopped))
    except OSError as error:
        _log.error("Nobody can hand over mail by LMTP: %s.", error.strerror)


async def _listen(where: str, stopped: threading.Event) -> None:
    async with await lmtp.listen(where):
        await asyncio.to_thread(stopped.wait)
