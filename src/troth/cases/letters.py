"""Letters about a request: received, notice of day 25, more time, answered, denied, and the last one before erasing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from troth import gate, outbox
from troth.cases import events
from troth.cases.actions import PROGRAM, PURPOSE
from troth.cases.kinds import KINDS
from troth.cases.models import Case
from troth.collection.site import site
from troth.outbox import delivery
from troth.security import links

LETTERS = ("received", "notice", "extended", "answered", "denied", "erasing")
NO_LETTER = "no letter possible"


def write(case: UUID, letter: str, *, at_utc: datetime, more: Mapping[str, Any] | None = None) -> None:
    """The letter queued, once for each case; an event instead where the policy or a missing address forbids it."""
    found = Case.objects.get(pk=case)
    if found.person_id is None:
        return
    grant = gate.grant(
        person=found.person_id,
        purpose=PURPOSE,
        kinds=["name", "email"],
        who=PROGRAM,
        reason=_("to write to you about your request %(number)s") % {"number": found.number},
        request=found.id,
    )
    given = gate.read(grant) if isinstance(grant, gate.Grant) else None
    if given is None or "email" not in given.values:
        events.add(found, NO_LETTER, who=PROGRAM, at_utc=at_utc, words=letter)
        return
    with transaction.atomic():
        facts = {**_facts(found), **_way(found, at_utc=at_utc)}
        outbox.post(
            permit=given, template=f"cases/{letter}", facts={**facts, **(more or {})}, kinds=["name"], request=found.id
        )


def send_now(case: UUID, letter: str) -> None:
    """The letter handed over before anything else happens. Raises NotTaken: the mail server does not take it now."""
    waiting = outbox.Letter.objects.filter(request=case, template=f"cases/{letter}", state=outbox.Letter.State.QUEUED)
    for id in waiting.values_list("pk", flat=True):
        delivery.deliver(id)


def gone_out(case: UUID, letter: str) -> bool:
    """Whether the letter needs the person's data no more: sent, held or failed, or never possible."""
    waiting = [outbox.Letter.State.QUEUED, outbox.Letter.State.CLAIMED]
    return not outbox.Letter.objects.filter(request=case, template=f"cases/{letter}", state__in=waiting).exists()


def _way(case: Case, *, at_utc: datetime) -> dict[str, str]:
    """How the reader gets to the case: by a link that proves the address, or by the sign-in that proved her already.

    An address that somebody signed in typed is not proven, so no link to her data goes there."""
    if case.account is not None:
        return {"url": f"{str(settings.TROTH_BASE_URL).rstrip('/')}/account/requests/{case.number}/"}
    return {"link": str(_link(case, at_utc=at_utc).id), "page": KINDS[case.kind].page}


def _link(case: Case, *, at_utc: datetime) -> links.Link:
    """One link a case: whoever reads mail at the address opens it."""
    assert case.person_id is not None
    id = uuid5(case.id, links.Link.CASE)
    found = links.Link.objects.filter(pk=id).first()
    return found or links.make(link=id, person=case.person_id, power=links.Link.CASE, request=case.id, at_utc=at_utc)


def _facts(case: Case) -> dict[str, Any]:
    """What may stand in a letter: the number, what was asked, dates in the vendor's zone."""
    return {
        "number": case.number,
        "kind": str(KINDS[case.kind].title),
        "state": case.state,
        "due": _day(case.due_utc),
        "received": _day(case.received_utc),
        "why": case.extended_why,
        "nature": case.nature,
        "basis": case.basis,
        "problem": case.facts.get("problem", ""),
    }


def _day(at_utc: datetime) -> str:
    """The day that ends there: a clock's midnight belongs to the day before."""
    return formats.date_format(timezone.localtime(at_utc - timedelta(microseconds=1), site().brand.zone), "D j M Y, T")
