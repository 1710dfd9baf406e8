"""Pauses of a lane: of all of it while our own mail server refuses us, or of one domain whose server is busy.

A pause doubles each time, as an email's own does, and ends with the first email that is taken. While all of a lane is
paused one email tries when the pause is over, and the job that watches fails, which is an alarm in the console.
"""

import logging
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from troth import due, queue
from troth.outbox.models import LanePause
from troth.queries import PreparedQuery, Slot

_log = logging.getLogger(__name__)
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=4)
_MOST_OF_A_LANE = timedelta(minutes=15)
"""Our own mail server may be there again at any moment, and all emails wait for it."""
RESUME = "outbox.resume"
_DOMAINS = PreparedQuery(
    lambda: (
        LanePause.objects.filter(lane=Slot("lane"), until_utc__gt=Slot("at_utc"))
        .exclude(domain="")
        .values_list("domain", "until_utc")
    )
)
_ALL_EVERYWHERE = PreparedQuery(lambda: LanePause.objects.filter(domain="").order_by("since_utc"))
_EVERYWHERE = PreparedQuery(lambda: LanePause.objects.filter(lane=Slot("lane"), domain=""))


class LanePaused(queue.JobStopped):
    """A lane sends nothing, for our mail server refuses us."""


def list_domains(lane: str, *, at_utc: datetime) -> dict[str, datetime]:
    """Domains to which the lane sends nothing, and until when."""
    return dict(_DOMAINS.list(lane=lane, at_utc=at_utc))


def list_everywhere() -> list[LanePause]:
    """Lanes that wait for our own mail server."""
    return _ALL_EVERYWHERE.list()


def find_everywhere(lane: str) -> LanePause | None:
    """The pause of all of the lane, also one whose time is over: the next email tries."""
    return _EVERYWHERE.first(lane=lane)


def raise_if_paused() -> None:
    """Raises LanePaused."""
    if list_everywhere():
        raise LanePaused(_("Our mail server doesn’t take emails. They wait, and we keep trying."))


def begin(lane: str, domain: str, why: str, *, at_utc: datetime) -> None:
    """The lane sends nothing there for as long as it has already sent nothing, at least a minute."""
    with transaction.atomic():
        found, new = LanePause.objects.select_for_update().get_or_create(
            lane=lane,
            domain=domain,
            defaults={"id": uuid4(), "why": why, "since_utc": at_utc, "until_utc": at_utc + SHORTEST},
        )
        if not new:
            longest = LONGEST if domain else _MOST_OF_A_LANE
            found.why, found.until_utc = why, at_utc + min(max(at_utc - found.since_utc, SHORTEST), longest)
            found.save(update_fields=["why", "until_utc"])
        due.plan(RESUME, about=found.id, steps={"": found.until_utc})
    if not domain:
        said = (
            "Our mail server took no email (%s). %s email waits until %s UTC, then tries: troth outbox check says more."
        )
        _log.warning(said, why, lane, f"{found.until_utc:%H:%M}")


def try_now(lane: str, *, at_utc: datetime) -> None:
    """The lane waits no longer for our mail server: one email tries at once."""
    LanePause.objects.filter(lane=lane, domain="").update(until_utc=at_utc)


def end(lane: str) -> None:
    """An email was taken: our mail server is there. What it said of single domains counts until their time is over."""
    LanePause.objects.filter(lane=lane, domain="").delete()


def forget(*, at_utc: datetime) -> None:
    """Domains that were busy a while ago."""
    LanePause.objects.exclude(domain="").filter(until_utc__lt=at_utc - LONGEST).delete()
