"""Telling an agent of each change: a POST to the address that it gave, and to nowhere else.

The address was checked when it came; it is checked again when it is used. Its name is looked up once, every answer
must be a public address, and the connection goes to the address that was looked at: a name that points elsewhere a
moment later, or into our own network, reaches nothing. Redirects are not followed.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from troth.agents import Agent
from troth.cases import events
from troth.cases.actions import JOINED
from troth.cases.models import Case
from troth.drp.actions import listed
from troth.drp.exercise import CannotExercise, callback
from troth.drp.models import AgentRequest
from troth.drp.status import status_of

TIMEOUT_SECONDS = 10
PROGRAM = "program:drp"


class NotTold(Exception):
    """The agent did not take the status. `lasting`: trying again would not help."""

    def __init__(self, why: str, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.why, self.lasting = why, lasting


def told(case: UUID) -> list[UUID]:
    """The requests whose agents want to hear of this case, those that joined it included."""
    found = Case.objects.get(pk=case)
    joined = Case.objects.filter(nature=JOINED, facts__joined=found.number).values("pk")
    wanted = AgentRequest.objects.exclude(status_callback="")
    return [
        *wanted.filter(case=found).values_list("pk", flat=True),
        *wanted.filter(case__in=joined).values_list("pk", flat=True),
    ]


def tell(id: UUID, *, at_utc: datetime) -> None:
    """The Status as it is now sent to the request's agent, and an event that says so. Raises NotTold to try again."""
    request = AgentRequest.objects.select_related("case").get(pk=id)
    agent = listed().get(request.agent)
    try:
        if agent is None:
            raise NotTold("agent not listed", lasting=True)
        post(request.status_callback, status_of(request), agent=agent)
    except NotTold as problem:
        events.add(request.case, "agent not told", who=PROGRAM, at_utc=at_utc, words=f"{request.agent}: {problem.why}")
        if not problem.lasting:
            raise
    else:
        events.add(request.case, "agent told", who=PROGRAM, at_utc=at_utc, words=request.agent)


def post(url: str, said: Mapping[str, Any], *, agent: Agent) -> None:
    """Raises NotTold."""
    try:
        callback(url, agent=agent)
    except CannotExercise as problem:
        raise NotTold("host not listed", lasting=True) from problem
    parts = urlsplit(url)
    host = parts.hostname or ""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(host, public_address(host), timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", path, json.dumps(said), {"Content-Type": "application/json"})
        with connection.getresponse() as answer:
            status = answer.status
    except (OSError, http.client.HTTPException) as error:
        raise NotTold(f"not reached: {type(error).__name__}") from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotTold(f"answered {status}", lasting=300 <= status < 500 and status != 429)


def public_address(host: str) -> str:
    """One address of the host, all of which must be public. Raises NotTold."""
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise NotTold("no such host") from error
    if not all(_is_public(address) for address in found):
        raise NotTold("no public address", lasting=True)
    return min(found)


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (mapped is None or mapped.is_global)


class _Pinned(http.client.HTTPSConnection):
    """HTTPS to one address that was looked at, with the certificate of the host's name."""

    def __init__(self, host: str, address: str, *, timeout: float) -> None:
        self._own_context = ssl.create_default_context()
        super().__init__(host, 443, timeout=timeout, context=self._own_context)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, 443), self.timeout)
        self.sock = self._own_context.wrap_socket(plain, server_hostname=self.host)
