"""Viruses, looked for by ClamAV's daemon where the setting names one.

Without a verdict no file is taken: a daemon that is away stops attachments, and forms go on without them.
"""

import logging
from enum import StrEnum
from typing import BinaryIO

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

_SECONDS = 60
_log = logging.getLogger(__name__)


class Verdict(StrEnum):
    CLEAN = "clean"
    FOUND = "found"
    UNKNOWN = "unknown"


def scan(file: BinaryIO) -> Verdict:
    """What the daemon says of the file; clean where the site has none."""
    if not settings.TROTH_CLAMD:
        return Verdict.CLEAN
    try:
        state, _name = _connect(settings.TROTH_CLAMD).instream(file)["stream"]
    except (ClamdError, OSError, KeyError, TypeError, ValueError) as error:
        _log.error("ClamAV gave no verdict, so an attachment was not taken: %s.", type(error).__name__)
        return Verdict.UNKNOWN
    return {"OK": Verdict.CLEAN, "FOUND": Verdict.FOUND}.get(state, Verdict.UNKNOWN)


def ask_version(where: str) -> str:
    """The daemon's version, as it says it; "" if it doesn't answer."""
    try:
        return str(_connect(where).version()).partition("/")[0]
    except (ClamdError, OSError, ValueError):
        return ""


def _connect(where: str) -> ClamdUnixSocket | ClamdNetworkSocket:
    if where.startswith("/"):
        return ClamdUnixSocket(path=where, timeout=_SECONDS)
    host, _colon, port = where.rpartition(":")
    return ClamdNetworkSocket(host=host, port=int(port), timeout=_SECONDS)
