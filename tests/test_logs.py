"""What stands in a log line, whichever logger writes it: routes, classes and frames; no address, value or secret."""

import io
import logging
import time
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, ValidationError
from django.db import IntegrityError, OperationalError, connection
from django.test import RequestFactory
from django.urls import resolve
from tests.visits import visitor

from troth import logs
from troth.queue import JobStopped

SECRET = "hT3-x_9Kq2LmZ0pRs7VwYb4NcDfGjA8e"
LOGGERS = (
    "django.request",
    "django.security.DisallowedHost",
    "_granian",
    "troth.web",
    "asyncio",
    "procrastinate",
    "psycopg",
    "somebody.elses",
)
OUTSIDE = {
    "path": (f"/account/reset/{SECRET}/", SECRET),
    "path in quotes": (f"'/history/{SECRET}/'", SECRET),
    "query": (f"/quote/?email=vera@home.example&t={SECRET}", "vera"),
    "address of a page": (f"https://portal.example/receipt/{SECRET}/?x=1#y", SECRET),
    "email": ("vera.lindqvist@home.example", "vera"),
    "email in brackets": ("<vera.lindqvist@home.example>,", "vera"),
    "secret alone": (SECRET, SECRET),
    "phone": ("+1 (559) 555-0134", "0134"),
    "card": ("4111 1111 1111 1111", "1111"),
}


@pytest.fixture
def written() -> Any:
    """What a handler of ours writes: given the record's logger, words and values."""

    def write(name: str, words: str, *values: object, **more: Any) -> str:
        logger = logging.getLogger(name)
        record = logger.makeRecord(
            name, logging.ERROR, __file__, 1, words, values, more.pop("exc_info", None), extra=more
        )
        return logs.LogLine().format(record)

    return write


@pytest.mark.parametrize("logger", LOGGERS)
@pytest.mark.parametrize("what", OUTSIDE)
def test_what_came_from_outside_stands_in_no_line(written: Any, logger: str, what: str) -> None:
    said, canary = OUTSIDE[what]
    for line in (written(logger, "Not Found: %s", said), written(logger, f"in the middle {said} of a line")):
        assert canary not in line
        assert logger in line


def test_a_line_names_the_route(written: Any) -> None:
    request = RequestFactory().get(f"/account/reset/{SECRET}/")
    request.resolver_match = resolve(request.path)
    line = written("django.request", "Forbidden (%s): %s", "no cookie", request.path, request=request, status_code=403)
    assert line.endswith("Forbidden (no cookie): (address) route=account.reset")
    request.resolver_match = None
    assert written("django.request", "Not Found: %s", request.path, request=request).endswith("(address) route=none")


def test_plain_words_of_the_program_stay_as_they_are(written: Any) -> None:
    for words in (
        "answered 500, reference 7F3-22C",
        "cookie troth-cart is not declared in the policy and was not set",
        "Started worker-1 runtime-1",
        "job quotes.receive[12] of 3 and/or 4 failed after 0.25 s",
        "person 0b0e6ad6-4b3c-4f52-9b39-6f1f3b0d8a11 was erased",
    ):
        assert written("troth.web", words).endswith(f"troth.web {words}")


@pytest.mark.parametrize(
    "error",
    [
        KeyError("vera@home.example"),
        ValueError("invalid literal for int() with base 10: 'Lindqvist'"),
        ValidationError("“Lindqvist” is no number"),
        FileNotFoundError(2, "No such file", f"/history/{SECRET}/"),
        IntegrityError("duplicate key value violates\nDETAIL:  Key (email)=(Lindqvist) already exists."),
        ExceptionGroup("two", [ValueError("'Lindqvist'")]),
    ],
)
def test_an_exception_keeps_its_class_and_frames_and_no_value(written: Any, error: Exception) -> None:
    try:
        try:
            raise error
        except Exception as first:
            raise RuntimeError(f"after {SECRET}") from first
    except RuntimeError as caught:
        line = written("troth.web", "failed", exc_info=(type(caught), caught, caught.__traceback__))
    assert type(error).__name__ in line
    assert "RuntimeError: after (secret)" in line
    assert "raise error" in line
    for canary in ("Lindqvist", "vera", SECRET):
        assert canary not in line


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_request_that_is_wrong_writes_one_line_and_no_frames(written: Any, status: int) -> None:
    """As Django logs a body that it cannot take apart, or a host that is none."""
    try:
        raise BadRequest("no boundary")
    except BadRequest as caught:
        line = written(
            "django.request",
            "Bad Request: %s",
            "/quote/",
            status_code=status,
            exc_info=(type(caught), caught, caught.__traceback__),
        )
    assert ("\n" in line) is (status == 500)


@pytest.mark.django_db
def test_the_databases_words_are_its_state_and_the_constraint(written: Any) -> None:
    with pytest.raises(Exception, match="invalid") as refused, connection.cursor() as cursor:
        cursor.execute("select %s::uuid", ["Lindqvist"])
    error = refused.value.__cause__ or refused.value
    line = written("django.db", "x", exc_info=(type(error), error, error.__traceback__))
    assert "22P02" in line
    assert "Lindqvist" not in line.split("\n")[-1]


def test_one_record_is_one_line_whatever_it_holds(written: Any) -> None:
    line = written("troth.web", "name %s", "a\r\n2026-01-01 ERROR forged\x1b[2J")
    assert "\n" not in line
    assert "\x1b" not in line


def test_every_handler_there_is_writes_such_lines() -> None:
    """Handlers of other programs would write what they like."""
    logs_configured = settings.LOGGING
    assert logs_configured["formatters"] == {"line": {"()": logs.LogLine}}
    assert {handler["formatter"] for handler in logs_configured["handlers"].values()} == {"line"}
    server = logs.server()
    assert {handler["formatter"] for handler in server["handlers"].values()} == {"line"}
    known = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    ours = [handler for logger in known for handler in logger.handlers if not isinstance(handler, logging.NullHandler)]
    assert [handler for handler in ours if not isinstance(handler.formatter, logs.LogLine)] == []


def test_an_exception_that_nobody_catches_is_such_a_line() -> None:
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logs.LogLine())
    logging.getLogger("troth").addHandler(handler)
    address = "vera@home.example"
    try:
        raise KeyError(address)
    except KeyError as error:
        logs.uncaught(type(error), error, error.__traceback__)
    finally:
        logging.getLogger("troth").removeHandler(handler)
    assert "builtins.KeyError: (text)" in said.getvalue()
    assert "vera" not in said.getvalue()


@pytest.mark.django_db
def test_a_page_that_fails_writes_its_route(monkeypatch: Any, caplog: Any) -> None:
    client = visitor()
    client.raise_request_exception = False
    client.get(f"/account/reset/{SECRET}/")
    lines = [logs.LogLine().format(record) for record in caplog.records]
    assert lines
    assert not [line for line in lines if SECRET in line]


def test_an_exception_that_led_to_itself_is_told_once(written: Any) -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    assert written("troth.work", "failed", exc_info=(type(first), first, None)).splitlines().count("led to") == 1


def test_what_is_explained_and_a_database_that_is_away_are_one_sentence_and_one_that_is_busy_keeps_its_frames(
    written: Any,
) -> None:
    def raised(cause: BaseException) -> OperationalError:
        try:
            raise OperationalError(str(cause)) from cause
        except OperationalError as error:
            return error

    away = raised(psycopg.OperationalError("connection failed: Connection refused"))
    said = written("django.request", "Service Unavailable", exc_info=(type(away), away, away.__traceback__))
    assert said.splitlines()[1:] == ["The database doesn't answer: connection failed: Connection refused"]
    for state in (psycopg.errors.AdminShutdown, psycopg.errors.CannotConnectNow):
        assert logs.database_away(raised(state("shutting down")))
    explained = JobStopped("The mailbox can’t be read.")
    said = written("procrastinate.worker", "Error", exc_info=(JobStopped, explained, None))
    assert said.splitlines()[1:] == ["The mailbox can’t be read."]
    busy = raised(psycopg.errors.QueryCanceled("canceling statement due to statement timeout"))
    assert logs.database_away(busy) == ""
    assert "File " in written("django.request", "failed", exc_info=(type(busy), busy, busy.__traceback__))


@pytest.mark.parametrize("part", ["a", "a.", "1", "1 ", '"a\\', "a@", "/", "x://"])
def test_a_long_message_costs_no_more_than_a_short_one(part: str) -> None:
    """An address of 30,000 letters is a line of the log at each 404."""
    started = time.process_time()
    cleaned = logs.clean(f"Not Found: /{part * 15_000}", quoted=True)
    assert time.process_time() - started < 0.5
    assert len(cleaned) <= 2_002


def test_a_secret_at_which_a_long_message_is_cut_is_left_out_whole() -> None:
    secret = "hT3" * 15
    cleaned = logs.clean(f"{'word ' * 398}{secret} {'word ' * 30}", quoted=False)
    assert "hT3" not in cleaned
    assert cleaned.endswith("word …")
