"""An email's HTML as a page of its own: its one style sheet is allowed by hash, and nothing else."""

import base64
import hashlib
import re

from django.http import HttpResponse

from troth.outbox.pictures import show_all_inside


def show_html(html: str, *, framed: bool = False) -> HttpResponse:
    """The page, with the pictures that go inside the email: no script, form or frame.

    Takes  framed: whether one of our pages may show it inside"""
    response = HttpResponse(show_all_inside(html))
    hashes = [f"'sha256-{_hash(style)}'" for style in re.findall(r"<style>(.*?)</style>", html, re.DOTALL)]
    shut: dict[str, object] = {"default-src": ["'none'"], "style-src": hashes or ["'none'"], "sandbox": [True]}
    shut["img-src"] = ["data:"]
    if framed:
        shut["frame-ancestors"] = ["'self'"]
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = shut  # type: ignore[attr-defined]  # what django-csp reads
    return response


def _hash(text: str) -> str:
    """As a browser computes it, for which each line ends in the one way; in an email it ends in two letters."""
    return base64.b64encode(hashlib.sha256(text.replace("\r\n", "\n").encode()).digest()).decode()
