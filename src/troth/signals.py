"""What a browser says of privacy with each request. Nothing here is stored."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


@dataclass(frozen=True)
class Signals:
    gpc: bool  # Global Privacy Control
    dnt: bool  # Do Not Track


def signals_of(request: HttpRequest) -> Signals:
    """Only the exact value 1 counts.   Source  GPC, § 3.2 The Sec-GPC Header Field; DNT, § 5.2"""
    return Signals(gpc=request.headers.get("Sec-GPC") == "1", dnt=request.headers.get("DNT") == "1")


def varies(response: HttpResponse) -> HttpResponse:
    """The response, marked as one that another signal would change."""
    patch_vary_headers(response, ["Sec-GPC", "DNT"])
    return response
