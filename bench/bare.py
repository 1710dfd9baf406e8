"""Settings and address list of a bare Django page, served as the site is: what pages cost beside it is our own doing.

TROTH_BENCH_BYTES says how large the page is.
"""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import path

from troth.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
MIDDLEWARE = []

_page = b""


def fill(size: int) -> None:
    """Makes the page so many bytes long."""
    global _page
    _page = b"x" * size


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page)


fill(int(os.environ.get("TROTH_BENCH_BYTES", "0")))


urlpatterns = [path("", page)]
