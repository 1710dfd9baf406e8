"""What people do with accounts, for tests: sign up, open the email, sign in."""

import re
from collections.abc import Callable, Mapping
from email import message_from_bytes, policy
from typing import Any

from django.test import Client
from tests.visits import BROWSER, opened, visitor

ALICE = {"name": "Alice Marchetti", "email": "alice.marchetti@halden-valve-works.example"}
BOB = {"name": "Bob Ferreira", "email": "bob@northgate-foods.example", "company": "Northgate Foods"}
CHARLIE = {"name": "Charlie Stranger", "email": "charlie@elsewhere.example"}
PASSWORD = "seven brass valves leak"
OTHER_PASSWORD = "nine copper kettles sing"


def sign_up(values: Mapping[str, str], *, client: Client | None = None, password: str = PASSWORD) -> Any:
    """The answer to the sign-up form."""
    client = client or visitor()
    data = {"nonce": opened(client, "/account/new/"), **values, "password": password}
    return client.post("/account/new/", data, **BROWSER)


def account(values: Mapping[str, str], run_jobs: Callable[[], None], *, password: str = PASSWORD) -> Client:
    """A browser in which this person has made her account and is signed in."""
    client = visitor()
    sign_up(values, client=client, password=password)
    run_jobs()
    answer = client.post(link_in(emails_to(values["email"])[-1]), {"password": password}, **BROWSER)
    assert answer.status_code == 303, answer.content.decode()
    return client


def sign_in(address: str, password: str = PASSWORD, *, client: Client | None = None, **headers: Any) -> Any:
    """The answer to the sign-in form; `.client` is the browser."""
    form = {"address": address, "password": password}
    return (client or visitor()).post("/sign-in/", form, **{**BROWSER, **headers})


def post(client: Client, address: str, values: Mapping[str, str] | None = None) -> Any:
    """A form of somebody who is signed in. Django's test client is exempt from its own check."""
    return client.post(address, dict(values or {}), **BROWSER)


def emails_to(address: str) -> list[Any]:
    """The emails that left for this address, oldest first."""
    from troth.outbox import transport

    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in transport.folder().glob("*.eml")]
    mine = [mail for mail in found if mail["To"] == address]
    return sorted(mine, key=lambda mail: mail["Message-ID"])


def link_in(mail: Any) -> str:
    """The path of the private link in an email."""
    body = mail.get_body(("plain",)).get_content()
    found = re.search(r"http://localhost:8000(/account/\S+)", body)
    assert found, body
    return found[1]
