"""The Status for an agent, from the case of its request. It reveals nothing about the data we hold."""

from typing import Any

from django.conf import settings

from troth.cases import emails
from troth.cases.denials import OTHER
from troth.cases.duties import NOT_VERIFIED
from troth.cases.kinds import ERASE, kind_of
from troth.cases.models import Case
from troth.drp.models import AgentRequest
from troth.outbox import QueuedEmail

ON_ITS_WAY = QueuedEmail.ON_ITS_WAY


def status_of(request: AgentRequest) -> dict[str, Any]:
    """All fields of the protocol; what is not known is null."""
    case = follow(request.case)
    state, reason = _state(request, case)
    waits = reason == "need_user_verification"
    return {
        "request_id": str(request.id),
        "received_at": request.received_utc.isoformat(),
        "status": state,
        "expected_by": case.due_utc.isoformat() if case.state in Case.LIVING else None,
        "reason": reason,
        "processing_details": _details(case, waits=waits),
        "user_verification_url": f"{settings.TROTH_BASE_URL}/privacy/requests/" if waits else None,
        "expires_at": case.due_utc.isoformat() if waits else None,
        "agent_request_id": request.agent_request_id or None,
        "results_url": None,  # What we hold goes to the person, by the link in their email.
    }


def follow(case: Case) -> Case:
    """The case in which the work is done: another one, if the same was asked before."""
    if case.nature == Case.JOINED:
        return Case.objects.filter(number=case.joined).first() or case
    return case


def _state(request: AgentRequest, case: Case) -> tuple[str, str | None]:
    if request.revoked_utc is not None:
        return "revoked", None
    match case.state:
        case Case.UNVERIFIED:
            return "in_progress", "need_user_verification"
        case Case.OPEN:
            return "in_progress", None
        case Case.WITHDRAWN if case.nature == Case.ERASED:  # nobody took it back: it ended with the person's data
            return ("fulfilled", None) if kind_of(case).approves == ERASE else ("denied", "no_match")
        case Case.WITHDRAWN:
            return "revoked", None
        case Case.DENIED if case.basis == NOT_VERIFIED:
            return "expired", None
        case Case.DENIED:
            return "denied", case.denial or OTHER
    return ("denied", "no_match") if case.nature == "nothing held" else ("fulfilled", None)


def _details(case: Case, *, waits: bool) -> str:
    """Details next to the status: the delivery status of the email with the link."""
    if waits:
        return f"Request {case.number}. {_how_confirmed(case)}"
    if case.state == Case.DENIED and case.basis not in ("", NOT_VERIFIED):
        return f"Request {case.number}. {case.basis}"
    return f"Request {case.number}."


def _how_confirmed(case: Case) -> str:
    mailed = emails.find_email(case, "received")
    if mailed is None and case.events.filter(what=emails.NO_EMAIL).exists():
        return "We could not write to the person; it expires unless our staff can verify it."
    if mailed is None or mailed.state in ON_ITS_WAY:
        return "The person will confirm it by a link that we send by email."
    if mailed.sent:
        return "The person confirms it by the link that we sent by email."
    return "Our email with the link could not be delivered; it expires unless our staff can verify it."
