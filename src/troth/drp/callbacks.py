"""Sends an agent each change of status: a POST to the URL it gave, and nowhere else.

The URL was checked when it came in; it and the IP address of its host are checked again when used.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from troth.agents import Agent
from troth.cases import events
from troth.cases.models import Case
from troth.drp import delivery
from troth.drp.actions import list_agents
from troth.drp.exercise import CannotExercise, callback
from troth.drp.models import AgentRequest
from troth.drp.status import status_of

PROGRAM = "program:drp"


def list_requests_to_call(case: UUID) -> list[UUID]:
    """The requests whose agents want status updates about this case, including those that joined it."""
    found = Case.objects.get(pk=case)
    joined = Case.objects.filter(nature=Case.JOINED, joined=found.number).values("pk")
    wanted = AgentRequest.objects.exclude(status_callback="")
    return [
        *wanted.filter(case=found).values_list("pk", flat=True),
        *wanted.filter(case__in=joined).values_list("pk", flat=True),
    ]


def tell(id: UUID, *, at_utc: datetime) -> None:
    """Sends the current Status to the request's agent and records an event. Raises NotReached to try again."""
    request = AgentRequest.objects.select_related("case").get(pk=id)
    agent = list_agents().get(request.agent)
    try:
        if agent is None:
            raise delivery.NotReached("agent not listed", lasting=True)
        post(request.status_callback, status_of(request), agent=agent)
    except delivery.NotReached as problem:
        events.add(request.case, "agent not told", who=PROGRAM, at_utc=at_utc, words=f"{request.agent}: {problem.why}")
        if not problem.lasting:
            raise
    else:
        events.add(request.case, "agent told", who=PROGRAM, at_utc=at_utc, words=request.agent)


def post(url: str, message: Mapping[str, Any], *, agent: Agent) -> None:
    """Raises NotReached."""
    try:
        callback(url, agent=agent)
    except CannotExercise as problem:
        raise delivery.NotReached("host not listed", lasting=True) from problem
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    status = delivery.post(parts.hostname or "", path, json.dumps(message).encode())
    if not 200 <= status < 300:
        raise delivery.NotReached(f"answered {status}", lasting=300 <= status < 500 and status != 429)
