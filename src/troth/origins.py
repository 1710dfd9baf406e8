"""Where a server is reached, as an operator writes it.

    read_origin("HTTPS://Portal.Acme.example:443/")   https://portal.acme.example
    read_origin("https://büro.example")               https://xn--bro-hoa.example
    read_origin("http://[::1]:8000")                  itself
    split_port("[::1]:25")                            ("::1", "25")

An origin is in the form in which browsers send it, so that comparing needs no more.   Source  RFC 6454 § 6.2
"""

import ipaddress
import re
from urllib.parse import urlsplit

from troth.addresses import comparable_domain

_USUAL = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


def read_origin(text: str) -> str:
    """The origin of a site's address. Raises ValueError for an address with more in it: a user, a folder, a query."""
    parts = urlsplit(text.strip())
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _USUAL or more or parts.port == 0:
        raise ValueError(text)
    port = "" if parts.port in (None, _USUAL[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{_read_host(parts.hostname or '')}{port}"


def split_port(where: str) -> tuple[str, str]:
    """Host and port, "" if there is none; the long form of an IP address has brackets around it before a port."""
    if found := re.fullmatch(r"\[([^\]]*)\](?::(.*))?", where):
        return found[1], found[2] or ""
    if where.count(":") > 1:
        return where, ""
    host, _colon, port = where.partition(":")
    return host, port


def _read_host(host: str) -> str:
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    name = comparable_domain(host)
    if not _NAME.fullmatch(name) or ".." in name:
        raise ValueError(host)
    return name
