"""When something is wrong: a clear page, a number to tell, and nothing half-kept."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import JobDeferrer
from tests.visits import MARISOL, opened, send, text, visitor

from troth.records.law import versions
from troth.web import context, errors, middleware
from troth.web.pages import home

NUMBER = re.compile(r"\b[0-9A-F]{3}-[0-9A-F]{3}\b")


@pytest.fixture
def client(site: Any) -> Client:
    client = visitor()
    client.raise_request_exception = False
    return client


@pytest.fixture
def database_away(transactional_db: None) -> Iterator[None]:
    """The server cannot be reached: the next query has to connect, and there is nobody there."""
    connection.close()
    known = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nonexistent"
    yield
    connection.close()
    connection.settings_dict["HOST"] = known


def test_our_fault_says_that_nothing_was_saved_and_gives_a_number(
    client: Client, monkeypatch: Any, caplog: Any
) -> None:
    monkeypatch.setattr(home, "newest", lambda products: 1 // 0)
    response = client.get("/")
    assert response.status_code == 500
    page = text(response)
    assert "This is a problem on our side. Nothing was saved." in page
    found = NUMBER.search(page)
    assert found
    assert found[0] in caplog.text
    assert "ZeroDivisionError" not in page


@pytest.mark.parametrize(("method", "address"), [("get", "/sign-out/"), ("put", "/"), ("delete", "/quote/")])
def test_an_address_that_is_asked_another_way_has_a_page(client: Client, method: str, address: str) -> None:
    response = getattr(client, method)(address)
    assert response.status_code == 405
    assert response.headers["Allow"]
    assert "Nothing was changed." in text(response)


@pytest.mark.parametrize("address", ["/policy", "/cookies/", "/privacy-choices/", "/quote/"])
def test_a_database_that_is_away_is_said_plainly(client: Client, database_away: None, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 503
    assert "Our database isn’t responding" in text(response)
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert not response.cookies


@pytest.mark.parametrize("address", ["/", "/products/", "/products/optipro-process/"])
def test_what_is_sold_can_be_read_without_the_database(client: Client, database_away: None, address: str) -> None:
    assert "OptiPro Process" in text(client.get(address))


def test_a_form_sent_to_a_database_that_is_away_keeps_nothing(client: Client, site: Any) -> None:
    nonce = opened(client, "/quote/")
    connection.close()
    known, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nonexistent"
    response = send(client, "/quote/", MARISOL, nonce=nonce)
    connection.settings_dict["HOST"] = known
    connection.close()
    assert response.status_code == 503
    assert "Nothing was saved, not even in part" in text(response)
    assert send(client, "/quote/", MARISOL, nonce=nonce).status_code == 303


def test_a_queue_of_jobs_that_is_locked_is_a_busy_database_too(client: Client, monkeypatch: Any) -> None:
    def wait_in_vain(*_given: Any, **_more: Any) -> None:
        raise ConnectorException from psycopg.errors.LockNotAvailable("canceling statement due to lock timeout")

    nonce = opened(client, "/quote/")
    monkeypatch.setattr(JobDeferrer, "defer", wait_in_vain)
    response = send(client, "/quote/", MARISOL, nonce=nonce)
    assert (response.status_code, "Our database is busy" in text(response)) == (503, True)


@pytest.mark.parametrize("address", ["/policy", "/quote/"])
def test_a_page_waits_for_its_policy_once_and_the_page_that_says_so_does_not(
    client: Client, monkeypatch: Any, address: str
) -> None:
    tries: list[int] = []

    def wait_in_vain() -> None:
        tries.append(1)
        raise OperationalError("canceling statement due to lock timeout") from psycopg.errors.LockNotAvailable()

    monkeypatch.setattr(versions, "_load", wait_in_vain)
    response = client.get(address)
    assert (response.status_code, "Our database is busy" in text(response)) == (503, True)
    assert len(tries) == 1


def test_while_the_database_is_away_the_site_lives_and_is_not_ready(client: Client, database_away: None) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"the database is away\n")
    assert client.get("/healthz").status_code == 200


def test_without_even_the_site_folder_there_is_a_bare_page(client: Client, monkeypatch: Any) -> None:
    def away() -> None:
        raise AttributeError("no site folder")

    monkeypatch.setattr(context, "site", away)
    response = client.get("/")
    assert response.status_code == 500
    assert NUMBER.search(response.content.decode())


@pytest.mark.parametrize(
    ("view", "problem", "status", "words"),
    [
        (errors.bad_request, SuspiciousOperation(), 400, "We can’t read this request"),
        (errors.forbidden, PermissionDenied(), 403, "You don’t have access"),
    ],
)
def test_refusals_say_what_is_the_case(site: Any, view: Any, problem: Exception, status: int, words: str) -> None:
    response = view(RequestFactory().get("/"), problem)
    assert response.status_code == status
    assert words in text(response)
    assert NUMBER.search(text(response))


def test_a_form_from_elsewhere_is_told_what_to_do(site: Any) -> None:
    page = text(errors.show_forged(RequestFactory().post("/console/"), reason="no cookie"))
    assert "reload the page" in page
    assert "no cookie" not in page


@pytest.mark.clause("C8")
def test_a_cookie_that_the_policy_does_not_declare_never_leaves(site: Any, caplog: Any) -> None:
    def tracking(request: Any) -> HttpResponse:
        response = HttpResponse("hello")
        response.set_cookie("_tracker", "1")
        response.set_cookie("troth-session", "1")
        response.set_cookie("troth-cart", "1")
        return response

    response = middleware.drop_undeclared_cookies(tracking)(RequestFactory().get("/"))
    assert set(response.cookies) == {"troth-session", "troth-cart"}
    assert "_tracker is not declared" in caplog.text


def test_an_address_with_an_unknown_host_is_refused_and_leads_to_ours(client: Client, caplog: Any) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert f'<a href="{settings.TROTH_BASE_URL}/">' in answer.content.decode()
    assert "TROTH_BASE_URL" in caplog.text
