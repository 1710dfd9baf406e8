"""What a visitor does, for tests: opens a form, sends it as a browser would, reads what came back."""

import os
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.test import Client

if TYPE_CHECKING:
    from troth.security.models import User

SITE = Path(os.environ["TROTH_SITE"])
BROWSER = {"HTTP_ORIGIN": "http://localhost", "HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_HOST": "localhost"}
PASSWORD = "correct-horse-battery-staple"

MARISOL = {
    "name": "Marisol Vance",
    "email": "marisol.vance@halden-valve-works.example",
    "phone": "(559) 555-0134",
    "company": "Halden Valve Works",
    "country": "US",
    "state": "CA",
    "zip": "93721",
    "need": "quote",
    "product": "optipro-process",
    "users": "40",
    "note": "We blend our own sealants and need lot recall.",
}


def visitor() -> Client:
    """A browser of somebody who is not signed in."""
    return Client(headers={"host": "localhost"})


def opened(client: Client, address: str) -> str:
    """The nonce of a form that was just opened."""
    page = client.get(address, **BROWSER).content.decode()
    found = re.search(r'name="nonce" value="([^"]+)"', page)
    assert found, page
    return found[1]


def send(client: Client, address: str, values: Mapping[str, str], *, nonce: str | None = None, **headers: Any) -> Any:
    """The answer to a form that was filled in and sent."""
    data = {"nonce": nonce if nonce is not None else opened(client, address), **values}
    return client.post(address, data, **{**BROWSER, **headers})


def led_to(response: Any) -> str:
    """The page that a redirect leads to, without what says there what was done."""
    return str(response["Location"]).partition("?")[0]


def text(response: Any) -> str:
    """What a person reads on the page, in one line."""
    body = re.sub(r"<head>.*?</head>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def saved(response: Any) -> bytes:
    """What a browser saves of a download."""
    assert response.headers["Content-Disposition"].startswith("attachment;"), response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return b"".join(response.streaming_content)


def staff(username: str = "ines", *, role: str = "sales", name: str = "Ines Moreau") -> "User":
    from troth.security.models import User

    found = User.objects.filter(username=username).first()
    return found or User.objects.create_staff(username=username, display_name=name, role=role, password=PASSWORD)


def signed_in(username: str = "ines", *, role: str = "sales", name: str = "Ines Moreau") -> Client:
    """A browser of a member of staff, who typed the password."""
    from tests.acting import seat

    client, user = visitor(), staff(username, role=role, name=name)
    client.force_login(user)
    seat(client.session.session_key, user.pk)
    return client
