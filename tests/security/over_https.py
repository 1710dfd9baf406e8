"""What the site answers when its address is an https one: run as a program, since settings are read once.

Prints a list of {asked, scheme, status, headers, cookies, body} as JSON."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.test import Client

HOST = "portal.example.com"
LOOKED_AT = (
    "/",
    "/policy",
    "/quote/",
    "/sign-in/",
    "/console/",
    "/nothing-here",
    "/static/troth/css/page.css",
    "/static/troth/nothing.css",
    "/policy.md",
    "/robots.txt",
)
CHANGED = ("POST", "PUT", "DELETE", "TRACE", "OPTIONS")


def main() -> None:
    django.setup()
    username, password = sys.argv[1:]
    found = [*_looks("https"), *_looks("http"), *_signs_in(username, password), *_fails()]
    sys.stdout.write(json.dumps(found))


def _browser(scheme: str, host: str = HOST) -> Client:
    """Behind a proxy that says how the visitor came."""
    return Client(raise_request_exception=False, headers={"host": host, "x-forwarded-proto": scheme})


def _looks(scheme: str) -> Iterator[dict[str, Any]]:
    browser = _browser(scheme)
    for address in LOOKED_AT:
        yield _said(address, scheme, browser.get(address))
    for method in CHANGED:
        yield _said(f"{method} /", scheme, browser.generic(method, "/"))
    if scheme == "https":
        yield _said("another host", scheme, _browser(scheme, "evil.example").get("/"))


def _signs_in(username: str, password: str) -> Iterator[dict[str, Any]]:
    for scheme in ("http", "https"):
        browser, form = _browser(scheme), {"username": username, "password": password}
        ours = {"origin": f"{scheme}://{HOST}", "sec-fetch-site": "same-origin"}
        yield _said("signing in", scheme, browser.post("/console/sign-in", form, headers=ours))
        yield _said("signed in", scheme, browser.get("/console/"))


def _fails() -> Iterator[dict[str, Any]]:
    from troth.web import middleware

    def away() -> None:
        raise AttributeError("no site folder")

    middleware.site = away  # type: ignore[assignment, attr-defined]
    yield _said("failing", "https", _browser("https").get("/"))


def _said(asked: str, scheme: str, answer: Any) -> dict[str, Any]:
    body = b"".join(answer) if answer.streaming else answer.content
    cookies = {
        name: {key: value for key, value in cookie.items() if value} | {"value": cookie.value}
        for name, cookie in answer.cookies.items()
    }
    return {
        "asked": asked,
        "scheme": scheme,
        "status": answer.status_code,
        "headers": dict(answer.headers),
        "cookies": cookies,
        "body": body.decode("utf-8", "replace"),
    }


if __name__ == "__main__":
    main()
