"""Promises that every answer keeps, whichever room it comes from."""

import logging
from collections.abc import Callable
from types import MappingProxyType

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.http import escape_leading_slashes

from troth.security.cookies import declared_as
from troth.web import reference

logger = logging.getLogger("troth.web")

Answer = Callable[[HttpRequest], HttpResponseBase]

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: it turns Origin into "null", and our forms look at Origin.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), payment=(), publickey-credentials-get=(self), usb=()"
    ),
}
"""Strict everywhere; a view that needs another value sets it itself."""


def one_policy(answer: Answer) -> Answer:
    """The whole request under one version of the policy."""

    def under_one(request: HttpRequest) -> HttpResponseBase:
        with reference.one_policy():
            return answer(request)

    return under_one


def vendors_time(answer: Answer) -> Answer:
    """Shows every moment as the vendor's clock does, by whose closing time answers are due."""

    def in_zone(request: HttpRequest) -> HttpResponseBase:
        with timezone.override(reference.site().brand.zone):
            return answer(request)

    return in_zone


def security_headers(answer: Answer) -> Answer:
    """Adds what browsers need to be told, and keeps pages out of shared caches."""

    def with_headers(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # A page may change with the next adopted policy: it may be kept, but not shown without asking.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return with_headers


def slash_forgiven(answer: Answer) -> Answer:
    """Leads to the page of the same name with or without the slash at the end, where only that one exists."""

    def with_either(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        other = request.path_info[:-1] if request.path_info.endswith("/") else f"{request.path_info}/"
        if is_valid_path(request.path_info) or not is_valid_path(other):
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(escape_leading_slashes(f"{other}?{query}" if query else other))

    return with_either


def declared_cookies(answer: Answer) -> Answer:
    """Takes away each cookie that the policy does not declare, and says so in the log. Policy: #C8, #C11."""

    def without_undeclared(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        for name in _undeclared(response):
            del response.cookies[name]
            logger.error("cookie %s is not declared in the policy and was not set", name)
        return response

    return without_undeclared


def _undeclared(response: HttpResponseBase) -> list[str]:
    if not response.cookies:
        return []
    policy = reference.policy_if_known()
    declared = policy.cookies if policy else MappingProxyType({})
    return [name for name in response.cookies if not declared_as(name, declared)]
