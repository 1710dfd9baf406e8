"""What programs ask for."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.visits import visitor

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def client() -> Client:
    return visitor()


@pytest.mark.clause("C14")
def test_gpc_support_is_declared(client: Client) -> None:
    response = client.get("/.well-known/gpc.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {"gpc": True, "lastUpdate": "2026-11-01"}


def test_security_txt_says_whom_to_tell_and_has_not_expired(client: Client) -> None:
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert lines["Contact"] == "mailto:privacy@optiproerp.com"
    assert lines["Canonical"] == "http://localhost:8000/.well-known/security.txt"
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=366)


def test_robots_stay_out_of_private_pages(client: Client) -> None:
    rules = client.get("/robots.txt").content.decode()
    assert "Disallow: /receipt/" in rules
    assert "Disallow: /console/" in rules


@pytest.mark.parametrize(("address", "words"), [("/healthz", b"ok\n"), ("/readyz", b"ready\n")])
@pytest.mark.parametrize("host", ["localhost", "10.42.0.7:8000", "portal.internal"])
def test_probes_are_answered_plainly_under_any_name_and_without_https(
    client: Client, settings: Any, address: str, words: bytes, host: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client(headers={"host": host}).get(address)
    assert (response.status_code, response.content) == (200, words)


def test_health_needs_no_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/healthz")


def test_the_policy_is_given_as_linked_data(client: Client) -> None:
    response = client.get("/policy.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json"
    assert json.loads(response.content)["@context"]["dpv"] == "https://w3id.org/dpv#"


def test_pages_can_be_read_and_not_written(client: Client) -> None:
    for address in ("/", "/products/", "/policy", "/cookies/", "/healthz", "/readyz"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
