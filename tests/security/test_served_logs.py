"""Living secrets and values go through the served site in every way that fails; then all that it logged is read."""

import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.accounts import ALICE, emails_to, link_in, sign_up
from tests.served import Served, served
from tests.visits import send, visitor

from troth import database

CANARIES = {"name": "Qvorxa Canary-71f0", "email": "qvorxa.71f1@canary-works.example", "note": "canary-note-71f3"}
SEEN = ("qvorxa", "canary", "71f1", "alice.marchetti", "halden")


@pytest.fixture
def site_served(site: Any, tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running


@pytest.fixture
def secrets(run_jobs: Any) -> list[str]:
    """Addresses with a secret that is alive: of a new account, and of a receipt."""
    sign_up(ALICE)
    receipt = send(visitor(), "/contact/", CANARIES)["Location"]
    run_jobs()
    return [link_in(emails_to(ALICE["email"])[-1]), receipt]


def spoiled(address: str) -> list[bytes]:
    """The address asked for in every way that is refused or fails."""
    form = urllib.parse.urlencode(CANARIES).encode()
    head = b"Host: localhost\r\nConnection: close\r\n"
    sent = b"%sContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
    path = address.encode()
    return [
        b"GET %s HTTP/1.1\r\n%s\r\n" % (path, head),
        b"GET %sx/ HTTP/1.1\r\n%s\r\n" % (path, head),
        b"GET %s?%s HTTP/1.1\r\n%s\r\n" % (path.rstrip(b"/"), form, head),
        b"GET %s?%s HTTP/1.1\r\nHost: %s.example\r\nConnection: close\r\n\r\n"
        % (path, form, path.strip(b"/").replace(b"/", b".")),
        b"GET /static/..%s%%00 HTTP/1.1\r\n%s\r\n" % (path, head),
        b"POST %s HTTP/1.1\r\n" % path + sent % (head, len(form), form),
        b"POST %s HTTP/1.1\r\n" % path
        + sent % (head + b"Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n", len(form), form),
        b"POST %s HTTP/1.1\r\n%sContent-Length: 999999999\r\n\r\n" % (path, head),
        b"POST %s HTTP/1.1\r\n%sContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: 5\r\n\r\nxxxxx"
        % (path, head, form),
        b"PUT %s HTTP/1.1\r\n%sContent-Length: 0\r\n\r\n" % (path, head),
        b"GET %s HTTP/1.1\r\n%sCookie: troth-session=%s\r\nReferer: http://localhost%s\r\n\r\n"
        % (path, head, form, path),
        b"GET %s HTTP/9.9\r\n%s\r\n" % (path, head),
    ]


def test_no_log_holds_a_living_secret_or_a_value(
    site_served: Served, secrets: list[str], owner: Any, cluster: database.Cluster
) -> None:
    before = cluster.log.stat().st_size
    for address in secrets:
        answers = [site_served.answer(each) for each in spoiled(address)]
        assert {400, 403, 404, 405, 413} & {int(answer.split(b" ", 2)[1]) for answer in answers if answer}
    with _away(owner, "proof"), _away(owner, "private_link"):
        broken = [site_served.get(address)[0] for address in secrets]
    assert broken == [500, 500]
    row = "insert into \"user\" (username, display_name, role, password, is_active) values (%s, '', '', '', true)"
    owner.execute(row, [CANARIES["name"]])
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute(row, [CANARIES["name"]])
    lines = site_served.log.read_text() + cluster.log.read_bytes()[before:].decode(errors="replace")
    for expected in (
        "django.request",
        "route=account.confirm",
        "route=receipt",
        "answered 500",
        "UndefinedTable",
        "duplicate key",
    ):
        assert expected in lines
    for address in secrets:
        assert address.strip("/").split("/")[-1] not in lines
    for canary in SEEN:
        assert canary not in lines.lower()


@contextmanager
def _away(owner: Any, table: str) -> Iterator[None]:
    """A failure of our own: the table is not there."""
    owner.execute(f"alter table {table} rename to {table}_away")
    try:
        yield
    finally:
        owner.execute(f"alter table {table}_away rename to {table}")
