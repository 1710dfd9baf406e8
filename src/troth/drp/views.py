"""The endpoints. What an agent may not do is 403 without an explanation; errors of a known agent are 400 with one."""

import json
import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth import in_force
from troth.agents import Agent
from troth.drp import actions
from troth.drp.exercise import CannotExercise
from troth.drp.models import AgentRequest
from troth.drp.signing import MOST_BYTES, NotSigned
from troth.drp.status import status_of
from troth.headers import make_private
from troth.security import limits
from troth.text import CannotRead, number
from troth.text.times import lasting

View = Callable[..., HttpResponse]
_FAILING = limits.Limit("agent refused", 60, limits.SIGN_IN.within)
_ASKING = limits.Limit("agent", 1_200, limits.SENT.within)
_OPENAPI = Path(__file__).parent / "openapi.json"
_log = logging.getLogger(__name__)


def answer_agents(view: View) -> View:
    """404 if the site has no agents; refusals are uniform, counted and not cached."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actions.list_agents() or actions.CHANNEL not in in_force.policy().collects:
            raise Http404("No agents are listed here.")
        try:
            number(request.headers.get("Content-Length") or "0", most=MOST_BYTES)
        except CannotRead:
            response = HttpResponse(status=413)
        else:
            response = _judge(view, request, *args, **kwargs)
        return make_private(response)

    return guarded


def _judge(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except NotSigned as refused:
        return _refuse(request, refused.why)
    except (CannotExercise, CannotRead) as problem:
        return JsonResponse({"error": str(problem)}, status=400)


@answer_agents
@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, id: str) -> HttpResponse:
    """POST pairs: a signed body for a bearer token. GET says whether the token still opens."""
    now = timezone.now()
    if request.method == "GET":
        return JsonResponse({}) if _bearer(request).id == id else _refuse(request, "another agent's token")
    known = actions.list_agents().get(id)
    if known is None:
        return _refuse(request, "unknown agent")
    token = actions.pair(known, request.body, at_utc=now)
    return JsonResponse({"agent-id": known.id, "token": token})


@answer_agents
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """A person exercises a right through an agent."""
    return JsonResponse(status_of(actions.ask(_bearer(request), request.body, at_utc=timezone.now())))


@answer_agents
@require_http_methods(["GET", "DELETE"])
def request(request: HttpRequest, id: UUID) -> HttpResponse:
    """GET: the status. DELETE: the person, or their agent, withdraws it."""
    known = _bearer(request)
    found: AgentRequest | None
    if request.method == "DELETE":
        found = actions.revoke(known, id, request.body, at_utc=timezone.now())
    else:
        found = actions.of_agent(known, id)
    return JsonResponse(status_of(found)) if found else _refuse(request, "no request of this agent")


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of /drp for programs."""
    if not actions.list_agents():
        raise Http404("No agents are listed here.")
    described = json.loads(_OPENAPI.read_text(encoding="utf-8"))
    described["servers"] = [{"url": f"{settings.TROTH_BASE_URL}/drp"}]
    return JsonResponse(described)


def _bearer(request: HttpRequest) -> Agent:
    """The agent of the token. Raises NotSigned, and counts how often an agent asks."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = actions.agent_of(token.strip(), at_utc=timezone.now()) if scheme.casefold() == "bearer" else None
    if found is None:
        raise NotSigned("no token of ours")
    try:
        limits.within_name(_ASKING, name=f"agent {found.id}", at_utc=timezone.now())
    except limits.TooMany as problem:
        raise CannotExercise(f"Too many requests in {lasting(_ASKING.within)}. Wait, then go on.") from problem
    return found


def _refuse(request: HttpRequest, why: str) -> HttpResponse:
    """403 without an explanation; 429 for a network that is refused repeatedly."""
    _log.info("An agent was refused: %s", why)
    try:
        limits.within(_FAILING, address=limits.address_of(request), at_utc=timezone.now())
    except limits.TooMany:
        return HttpResponse(status=429, headers={"Retry-After": "900"})
    return HttpResponse(status=403)
