"""Adopting a draft: proposed by one of the privacy staff, approved by another, in force at its effective time.

The database checks both sign-ins and writes the rules that both rehearsed; this process only carries them there.
"""

import json
from collections.abc import Mapping
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from troth import due, gate, in_force, queue
from troth.records.acting import session_token
from troth.records.calls import rows
from troth.security import acts
from troth.site import site
from troth.updates import drafts, sending
from troth.updates.models import Adoption, PolicyDraft

ADOPT = "updates.adopt"
PROPOSED, APPROVED, WITHDRAWN = "updates/proposed", "updates/approved", "updates/withdrawn"


def find_open() -> Adoption | None:
    """The draft that waits for its second person or its time."""
    return Adoption.objects.filter(withdrawn_utc=None, adopted_utc=None).select_related("draft").first()


def propose(draft: PolicyDraft, declared: Mapping[str, str], *, who: str, at_utc: datetime) -> Adoption:
    """The first of two people.

    Takes   declared: section → "wording" or "material", for prose that changed where no rule did.
    Raises  CannotAdopt; Refusal: another adoption is open, or another version was adopted meanwhile."""
    made = in_force.prepare(draft.text, today=drafts.today())
    id, effective = gate.new_id(), made.policy.effective
    with transaction.atomic():
        rows(
            "select adoption_propose(%s, %s, %s, %s::jsonb, %s, %s, %s::jsonb, %s, %s)",
            [
                id,
                draft.pk,
                made.policy.version,
                made.law,
                effective,
                datetime.combine(effective, time(), tzinfo=site().brand.zone),
                json.dumps(dict(declared)),
                who,
                session_token(),
            ],
        )
        acts.record(who, PROPOSED, about=f"policy version {made.policy.version}", at_utc=at_utc)
    return Adoption.objects.get(pk=id)


def approve(adoption: Adoption, *, sha256: str, who: str, at_utc: datetime) -> None:
    """The second person: it is announced now and in force at its effective time, or in force now if that has passed.

    Raises  CannotAdopt: its date is too soon by now; Refusal: the same person, another text, or no longer open."""
    in_force.prepare(adoption.draft.text, today=drafts.today())
    with transaction.atomic():
        rows("select adoption_approve(%s, %s, %s, %s)", [adoption.pk, sha256, who, session_token()])
        plan(adoption.pk, at_utc=max(adoption.effective_utc, at_utc))
        if adoption.effective_utc > at_utc:
            queue.defer("updates.begin", timestamp=0)
        acts.record(who, APPROVED, about=f"policy version {adoption.number}", at_utc=at_utc)


def plan(id: UUID, *, at_utc: datetime) -> None:
    """When an adoption is put in force; nothing happens then to one that is withdrawn, or was never approved."""
    due.plan(ADOPT, about=id, steps={"": at_utc})


def withdraw(adoption: Adoption, *, who: str, at_utc: datetime) -> None:
    """Nothing of it happens, and those who got an email about it hear so.   Raises  Refusal: it is in force by now."""
    with transaction.atomic():
        rows("select adoption_withdraw(%s, %s, %s)", [adoption.pk, who, session_token()])
        due.cancel(ADOPT, about=adoption.pk)
        sending.settle()
        acts.record(who, WITHDRAWN, about=f"policy version {adoption.number}", at_utc=at_utc)


def run(id: UUID) -> bool:
    """Whether the draft is in force now; then everyone is notified."""
    ((done,),) = rows("select adoption_run(%s, %s)", [id, gate.new_id()])
    if done:
        queue.defer("updates.begin", timestamp=0)
    return bool(done)
