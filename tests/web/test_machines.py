"""What programs ask for."""

import json
from datetime import UTC, datetime, timedelta

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


def test_health_is_plain(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_the_policy_is_given_as_linked_data(client: Client) -> None:
    response = client.get("/policy.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json"
    assert json.loads(response.content)["@context"]["dpv"] == "https://w3id.org/dpv#"


def test_pages_can_be_read_and_not_written(client: Client) -> None:
    for address in ("/", "/products/", "/policy", "/cookies/", "/healthz"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
