"""Log lines that name routes, never URLs, and contain nothing that came from outside. For every logger.

    django.request: Not Found: /account/reset/hT3…/        →  Not Found: (address) route=account.reset
    KeyError: 'vera@home.example'                          →  KeyError: (text)
    UniqueViolation: … DETAIL: Key (email)=(vera@…)        →  UniqueViolation: … 23505 user_email_key

All handlers use this formatter. It keeps the frames of a traceback, which are our own code, and the class of an
exception; of its message, only the first line without anything that looks like a value.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import psycopg

_OWN = ("troth",)
_QUOTED = re.compile(r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|“[^”]*”|‘[^’]*’)(?!\w)""")
_LOOKS = (
    (re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z0-9+.-]+://\S*"), "(address)"),
    (re.compile(r"(?<![^\s'\"<>()\[\]{},;:=])[^\s'\"<>()\[\]{},;:=]+@[^\s'\"<>()\[\]{},;]+"), "(email)"),
    (re.compile(r"(?<![\w.)])/[^\s'\"<>\])},;]+(?:\?[^\s'\"<>\])},;]*)?"), "(address)"),
    (re.compile(r"\?[\w%.~-]+=\S*"), "(query)"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[G-Zg-z_])[\w-]{20,}={0,2}"), "(secret)"),
    (re.compile(r"(?<![\w-])\+?\d(?:[ ().-]?\d){6,}(?![\w-])"), "(number)"),
)
_MOST = 2_000
"""Characters of a message: the address of a request may have 30,000, and expressions would try each of its letters."""
_AWAY = ("08", "57P")
"""Connections that fail, and a server that shuts down.   Source  PostgreSQL, Appendix A, error codes"""
_CONTROL = {**{code: f"\\x{code:02x}" for code in (*range(32), 127)}, 10: "\\n", 9: " ", 13: "\\r"}


class LogLine(logging.Formatter):
    """One line per record, and the frames of its exception, if it is one of our own."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.split(".")[0] in _OWN
        record.message = clean(_write(record), quoted=not own).translate(_CONTROL) + _route(record)
        record.asctime = self.formatTime(record)
        lines = [self.formatMessage(record)]
        if record.exc_info and record.exc_info[1] and not _of_a_client(record):
            sentence = _find_sentence(record.exc_info[1])
            lines += [sentence] if sentence else write_causes(record.exc_info[1])
        return "\n".join(lines)


def clean(text: str, *, quoted: bool) -> str:
    """The text without anything like an address, a secret or a personal number; `quoted`: without quotations."""
    if len(text) > _MOST:
        text = f"{text[:_MOST].rpartition(' ')[0]} …"  # half a secret or address would not be known as one
    if quoted:
        text = _QUOTED.sub("(text)", text)
    for looks, word in _LOOKS:
        text = looks.sub(word, text)
    return text


def write_causes(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """The exception and its causes, the first cause first, without values. A cycle is written once."""
    seen |= {id(error)}
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from write_causes(before, seen)
        yield "led to"
    for inner in getattr(error, "exceptions", ()):
        if id(inner) not in seen:
            yield from write_causes(inner, seen)
            yield "is part of"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_words(error)}".rstrip(": ")


def database_away(error: BaseException) -> str:
    """That the database doesn't answer, in one sentence, if the error comes from that; else "".

    Frames would say nothing more, and each request would bring them."""
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, psycopg.OperationalError) and (cause.sqlstate or "08")[:3].startswith(_AWAY):
            return f"The database doesn't answer: {_words(cause)}"
        cause = cause.__cause__ or cause.__context__
    return ""


def _find_sentence(error: BaseException) -> str:
    """What is written in place of frames, if they would add nothing; empty otherwise."""
    return _words(error) if getattr(error, "says_all", False) else database_away(error)


def configuration() -> dict[str, Any]:
    """The value of LOGGING: one handler at the root, to which every logger propagates."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": LogLine}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        # These bring handlers of their own.
        "loggers": {
            **{name: {"handlers": [], "level": "NOTSET", "propagate": True} for name in ("django", "django.server")},
            # It would warn at each try while the database is away, which is said once already.
            "psycopg.pool": {"handlers": [], "level": "ERROR", "propagate": True},
            # It would name a setting of Django's; troth.web.errors names the operator's.
            "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": True},
        },
    }


def server() -> dict[str, Any]:
    """The same for the server's own loggers, which are set before ours."""
    stderr = {"class": "logging.StreamHandler", "formatter": "line"}
    kept = {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
    return {
        "formatters": {"line": {"()": LogLine}},
        "handlers": {"stderr": stderr},
        "loggers": {"_granian": dict(kept), "granian.access": dict(kept)},
    }


def watch_uncaught() -> None:
    """Makes uncaught exceptions log lines too, instead of tracebacks with values."""
    sys.excepthook = uncaught
    threading.excepthook = lambda given: uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def uncaught(kind: type[BaseException], error: BaseException | None, frames: TracebackType | None) -> None:
    if error is not None and not isinstance(error, KeyboardInterrupt):
        logging.getLogger("troth").error("ended by an error", exc_info=(kind, error, frames))


def _write(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # the words and their values do not fit; logging has nobody to tell
        return str(record.msg)


def _of_a_client(record: logging.LogRecord) -> bool:
    """Whether the request was wrong, not the program: frames would say nothing, and anyone could fill the disk."""
    return int(getattr(record, "status_code", 500)) < 500


def _route(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is None:
        return ""
    match = getattr(request, "resolver_match", None)
    return f" route={(match.view_name or match.route) if match else 'none'}"


def _words(error: BaseException) -> str:
    """The exception's message in one line without values; for the database, the state and the constraint."""
    lines = str(error).strip().splitlines()
    diagnosis = getattr(error, "diag", None)
    names = (getattr(diagnosis, name, None) for name in ("sqlstate", "table_name", "constraint_name"))
    line = clean(lines[0], quoted=True).translate(_CONTROL) if lines else ""
    return " ".join([line, *filter(None, names)])
