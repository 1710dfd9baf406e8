"""What agents may do: pair, send a request, check its status, withdraw it."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.agents import Agent
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.drp import exercise, signing
from troth.drp.models import AgentRequest, AgentToken, SeenBody
from troth.records import Provenance, keep
from troth.seal import token_hash

CHANNEL = "agent.request"
TOKEN_LASTING = timedelta(days=90)
MOST_OF_REASON = 200


def pair(agent: Agent, body: bytes, *, at_utc: datetime) -> str:
    """A new bearer token of the agent that signed. Raises NotSigned."""
    signed = signing.verify_request(body, agent=agent, business=settings.TROTH_DRP_BUSINESS_ID, at_utc=at_utc)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        _only_once(signed)
        AgentToken.objects.create(
            digest=_hash(token, agent), agent=agent.id, made_utc=at_utc, expires_utc=at_utc + TOKEN_LASTING
        )
    return token


def agent_of(token: str, *, at_utc: datetime) -> Agent | None:
    """Whose token it is, if the agent is still on the list, with the key by which it paired."""
    for agent in list_agents().values():
        if AgentToken.objects.filter(digest=_hash(token, agent), agent=agent.id, expires_utc__gt=at_utc).exists():
            return agent
    return None


def _hash(token: str, agent: Agent) -> bytes:
    return token_hash(f"{token} {agent.verify_key.hex()}")


def list_agents() -> Mapping[str, Agent]:
    """Agent's id → agent, from the operator's file."""
    found: Mapping[str, Agent] = settings.TROTH_DRP_AGENTS
    return found


def ask(agent: Agent, body: bytes, *, at_utc: datetime) -> AgentRequest:
    """Stores the request with the data that the policy allows agents to give, and opens its case.

    Raises  NotSigned; CannotExercise."""
    signed = signing.verify_request(body, agent=agent, business=settings.TROTH_DRP_BUSINESS_ID, at_utc=at_utc)
    place = in_force.policy().collects[CHANNEL]
    wanted = exercise.read(signed.claims, agent=agent, place=place)
    id, who = gate.new_id(), f"agent:{agent.id}"
    with transaction.atomic():
        _only_once(signed)
        provenance = Provenance(
            channel=CHANNEL, version=in_force.policy().version, at_utc=at_utc, way="sent by an agent", evidence=agent.id
        )
        kept = keep(values=wanted.values, provenance=provenance, who=who, cause=id)
        opened = cases.open_case(
            wanted.kind,
            cases.CaseArrival(
                id=id,
                person=kept.person,
                manner="agent",
                at_utc=at_utc,
                who=who,
                business=wanted.business,
                callback=bool(wanted.status_callback),
            ),
        )
        case = opened.case
        if wanted.kind.proven and "email" not in wanted.values and not opened.joined:
            case = cases.deny(
                case.id, basis=_no_address(), reason="insuf_verification", at_utc=at_utc, who=cases.PROGRAM
            )
        request = AgentRequest.objects.create(
            id=id,
            agent=agent.id,
            case=case,
            exercise=wanted.exercise,
            received_utc=at_utc,
            agent_request_id=wanted.agent_request_id,
            status_callback=wanted.status_callback,
        )
    return request


def _no_address() -> str:
    """Why a request without an address can't be verified: we only write to the address in the request."""
    return _(
        "We verify a request by email, and this one has no email address. You can submit it again with an email "
        "address."
    )


def of_agent(agent: Agent, id: UUID) -> AgentRequest | None:
    """A request of this agent; None for another agent's."""
    return AgentRequest.objects.select_related("case").filter(pk=id, agent=agent.id).first()


def revoke(agent: Agent, id: UUID, body: bytes, *, at_utc: datetime) -> AgentRequest | None:
    """Withdraws the request; an ended one stays unchanged. Another agent's request for the same continues.

    Raises  NotSigned."""
    claims = signing.plainly_opened(body, agent)
    reason = exercise.reason(claims, most=MOST_OF_REASON)
    with transaction.atomic():
        request = AgentRequest.objects.select_for_update().select_related("case").filter(pk=id, agent=agent.id).first()
        if request is None or request.revoked_utc is not None or request.case.state not in Case.LIVING:
            return request
        request.revoked_utc = at_utc
        request.save(update_fields=["revoked_utc"])
        cases.note(request.case_id, words=reason, at_utc=at_utc, who=f"agent:{agent.id}", what="revoked")
        request.case = cases.withdraw(request.case_id, at_utc=at_utc, who=f"agent:{agent.id}")
    return request


def tidy(*, at_utc: datetime) -> None:
    """Deletes expired tokens and hashes of bodies."""
    AgentToken.objects.filter(expires_utc__lte=at_utc).delete()
    SeenBody.objects.filter(until_utc__lte=at_utc).delete()


def _only_once(signed: signing.SignedRequest) -> None:
    """Raises NotSigned for a body that was accepted before."""
    try:
        with transaction.atomic():
            SeenBody.objects.create(digest=signed.digest, until_utc=signed.expires_utc + signing.LEEWAY)
    except IntegrityError as error:
        raise signing.NotSigned("replayed") from error
