"""A mailbox read by IMAP: each folder by a connection of its own, which waits for what comes and reconnects.

A folder is read by UIDVALIDITY and UID, never by what is unread: someone else may read it, too. A mail is kept before
the server's copy is touched; read twice, it is the same one.
"""

import errno
import logging
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from django.db import transaction
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from troth.collection.mailbox import intake
from troth.collection.mailbox.models import KeptMail, MailFolder
from troth.collection.mailbox.parser.caps import MOST_BYTES
from troth.environment import IncomingMail
from troth.seal import vault

_log = logging.getLogger(__name__)
_WITHIN_SECONDS = 60
_WAITS_SECONDS = 10 * 60
"""How long the server may be silent before it is asked: RFC 2177 lets it end a wait after half an hour."""
_POLLS_SECONDS = 60
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_A_LOOK_SECONDS = 1.0
_AT_ONCE = 20
"""Mails that one commit keeps."""
SIGN_IN, ENCRYPTION, CONNECTION, ANSWER, PASSWORD = "sign-in", "encryption", "connection", "answer", "password"
DISK = "disk"
"""Why a folder can't be read: codes of `MailFolder.problem`."""


def watch(incoming: IncomingMail, folder: str, stopped: threading.Event) -> None:
    """Reads the folder until told to stop; whatever goes wrong is noted, and tried again after growing pauses."""
    pause = _SHORTEST_PAUSE
    while not stopped.is_set():
        try:
            with connect(incoming) as server:
                for _ in _follow(server, incoming, folder, stopped):
                    pause = _SHORTEST_PAUSE
        except Exception as error:  # whatever it is: a mailbox that is down for a day is read on the day after
            _note(incoming, folder, problem=tell_problem(error))
            _log.warning("The mailbox can't be read: %s.", tell_problem(error))
            stopped.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        finally:
            transaction.get_connection().close()


def connect(incoming: IncomingMail) -> IMAPClient:
    """A connection, encrypted and signed in as the settings say. Raises IMAPClientError, OSError, ValueError."""
    trusted = ssl.create_default_context()
    server = IMAPClient(
        incoming.host, incoming.port, ssl=incoming.tls == "tls", ssl_context=trusted, timeout=_WITHIN_SECONDS
    )
    try:
        if incoming.tls == "starttls":
            server.starttls(trusted)
        assert incoming.password_file is not None
        password = incoming.password_file.read_text(encoding="utf-8").strip()
        # LOGIN takes ASCII alone; other letters go as UTF-8.   Source  RFC 4616, § 2
        (server.login if password.isascii() else server.plain_login)(incoming.user, password)
    except BaseException:
        with suppress(OSError):  # what is wrong is said by the first error, not by closing what broke
            server.shutdown()
        raise
    return server


def take_new(server: IMAPClient, incoming: IncomingMail, folder: str) -> int:
    """How many mails are kept now that were not: all beyond the last UID, in their order, several by one commit."""
    validity = int(server.select_folder(folder)[b"UIDVALIDITY"])
    place = _find_place(incoming, folder, validity)
    new = sorted(each for each in server.search(["UID", f"{place.last + 1}:*"]) if each > place.last)
    count = sum(_take(server, place, some, size=size, then=incoming.then) for some, size in _divide(server, new))
    _note(incoming, folder, problem="")
    return count


def tell_problem(error: BaseException) -> str:
    """A code, and nothing of the server's own words."""
    match error:
        case LoginError():
            return SIGN_IN
        case ssl.SSLError():
            return ENCRYPTION
        case FileNotFoundError() | PermissionError() | UnicodeDecodeError():
            return PASSWORD
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return DISK
        case OSError():
            return CONNECTION
        case IMAPClientError():
            return ANSWER
    return type(error).__name__


def _follow(server: IMAPClient, incoming: IncomingMail, folder: str, stopped: threading.Event) -> Iterator[None]:
    """Looks each time that something came, or a while is over."""
    while not stopped.is_set():
        take_new(server, incoming, folder)
        yield
        if server.has_capability("IDLE"):
            _idle(server, stopped)
        else:
            stopped.wait(_POLLS_SECONDS)
            server.noop()


def _idle(server: IMAPClient, stopped: threading.Event) -> None:
    server.idle()
    try:
        for _ in range(int(_WAITS_SECONDS / _A_LOOK_SECONDS)):
            if stopped.is_set() or server.idle_check(timeout=_A_LOOK_SECONDS):
                break
    finally:
        server.idle_done()


def _divide(server: IMAPClient, uids: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Mails that are kept together, with their size: no larger than one that is read, but for one alone that is."""
    for at in range(0, len(uids), _AT_ONCE):
        told = server.fetch(uids[at : at + _AT_ONCE], ["RFC822.SIZE"])
        some: list[int] = []
        total = 0
        for uid in uids[at : at + _AT_ONCE]:
            size = told.get(uid, {}).get(b"RFC822.SIZE", 0)
            if some and total + size > MOST_BYTES:
                yield some, total
                some, total = [], 0
            some.append(uid)
            total += size
        yield some, total


def _take(server: IMAPClient, place: MailFolder, uids: list[int], *, size: int, then: str) -> int:
    """How many of them are new to us. Where one commit can't keep them, each is taken by itself, until one fails."""
    too_large = size > MOST_BYTES
    try:
        count = _keep(server, uids, too_large=too_large)
    except Exception as error:
        if len(uids) > 1:
            return sum(_take(server, place, [uid], size=size, then=then) for uid in uids)
        if not isinstance(error, intake.TooLarge):
            raise
        too_large = True  # the server told a smaller size than it is
        count = _keep(server, uids, too_large=True)
    MailFolder.objects.filter(pk=place.pk, validity=place.validity).update(last=uids[-1])
    _touch(server, uids, then="keep" if too_large else then)  # of those, the server's copy is the only one
    return count


def _keep(server: IMAPClient, uids: list[int], *, too_large: bool) -> int:
    """How many are new to us. Of one beyond what is ever read, its head alone is kept, for someone to see."""
    what = "BODY.PEEK[HEADER]" if too_large else "BODY.PEEK[]"
    found = server.fetch(uids, [what])
    each = (found.get(uid, {}).get(what.replace(".PEEK", "").encode()) for uid in uids)
    mails = [raw for raw in each if raw is not None]  # someone may have deleted one meanwhile
    state, why = (KeptMail.QUARANTINED, "too large") if too_large else (KeptMail.NEW, "")
    kept = intake.keep_all(mails, way="imap", at_utc=datetime.now(UTC), state=state, why=why)
    return sum(mail is not None for mail in kept)


def _touch(server: IMAPClient, uids: list[int], *, then: str) -> None:
    if then == "delete":
        server.delete_messages(uids)
        server.expunge(uids) if server.has_capability("UIDPLUS") else server.expunge()
    else:
        server.add_flags(uids, [rb"\Seen"], silent=True)


def _find_place(incoming: IncomingMail, folder: str, validity: int) -> MailFolder:
    """How far it was read. With another UIDVALIDITY all UIDs are new ones: what was kept is known by its content."""
    with transaction.atomic():
        place, _new = MailFolder.objects.select_for_update().get_or_create(pk=name_of(incoming, folder))
        if place.validity != validity:
            place.validity, place.last = validity, 0
            place.save(update_fields=["validity", "last"])
    return place


def _note(incoming: IncomingMail, folder: str, *, problem: str) -> None:
    told = {"problem": problem} if problem else {"problem": "", "looked_utc": datetime.now(UTC)}
    try:
        MailFolder.objects.update_or_create(pk=name_of(incoming, folder), defaults=told)
    except Exception:  # the database may be what failed
        _log.warning("How far the mailbox was read could not be noted.")


def name_of(incoming: IncomingMail, folder: str) -> str:
    """The folder's key: an address of someone may be in its name."""
    return vault().blind_index("folder", f"{incoming.user}@{incoming.host}|{folder}").hex()[:32]
