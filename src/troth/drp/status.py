"""The Status that an agent is told, from the case that its request led to. It tells nothing of what we hold."""

from typing import Any

from django.conf import settings

from troth.cases.actions import JOINED
from troth.cases.denials import OTHER
from troth.cases.duties import NOT_VERIFIED
from troth.cases.models import Case
from troth.drp.models import AgentRequest


def status_of(request: AgentRequest) -> dict[str, Any]:
    """All fields of the protocol; what is not known is null."""
    case = followed(request.case)
    state, reason = _state(request, case)
    waits = reason == "need_user_verification"
    return {
        "request_id": str(request.id),
        "received_at": request.received_utc.isoformat(),
        "status": state,
        "expected_by": case.due_utc.isoformat() if case.state in Case.LIVING else None,
        "reason": reason,
        "processing_details": _details(case, waits=waits),
        "user_verification_url": f"{str(settings.TROTH_BASE_URL).rstrip('/')}/privacy/requests/" if waits else None,
        "expires_at": case.due_utc.isoformat() if waits else None,
        "agent_request_id": request.agent_request_id or None,
        "results_url": None,  # What we hold goes to the person, by the link in her letter.
    }


def followed(case: Case) -> Case:
    """The case in which the work is done: another one, if the same was asked before."""
    if case.nature == JOINED:
        return Case.objects.filter(number=case.facts.get("joined")).first() or case
    return case


def _state(request: AgentRequest, case: Case) -> tuple[str, str | None]:
    if request.revoked_utc is not None:
        return "revoked", None
    match case.state:
        case Case.UNVERIFIED:
            return "in_progress", "need_user_verification"
        case Case.OPEN:
            return "in_progress", None
        case Case.WITHDRAWN:
            return "revoked", None
        case Case.DENIED if case.basis == NOT_VERIFIED:
            return "expired", None
        case Case.DENIED:
            return "denied", str(case.facts.get("denial", OTHER))
    return ("denied", "no_match") if case.nature == "nothing held" else ("fulfilled", None)


def _details(case: Case, *, waits: bool) -> str:
    if waits:
        return f"Request {case.number}. The person confirms it by the link in the letter that we sent by e-mail."
    return f"Request {case.number}."
