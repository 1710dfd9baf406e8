"""Sends a stored file part by part, to be saved and never shown in the browser."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse

from troth.headers import NOTHING_LOADED, make_private, save_as

ANYTHING = "application/octet-stream"
"""What strangers sent gets no type that a browser would do something with."""


class Download(StreamingHttpResponse):
    """The server sends it as it comes and holds one part of it at a time."""


def download(parts: Iterable[bytes], *, name: str, content_type: str = ANYTHING) -> Download:
    """The answer with which a browser saves the parts under this name."""
    response = Download(parts, content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = f"sandbox; {NOTHING_LOADED}"
    return make_private(save_as(response, name))
