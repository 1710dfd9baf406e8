"""One reminder to each who is silent: so long after their own email left as the policy says.

The first are due that long after the sending began. Each time, those whose time has come are planned, and the next ones
become due, until all emails left that long ago.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from troth import due, in_force, queue
from troth.outbox import batches, emails, many
from troth.policy.lengths import Duration
from troth.policy.selling import find_selling
from troth.records.calls import read_binary
from troth.updates import mailing
from troth.updates.effects import PURPOSE
from troth.updates.models import PolicyUpdate

REMIND = "updates.remind"
_BETWEEN = timedelta(hours=1)
UNDER_WAY = (PolicyUpdate.Phase.SENDING, PolicyUpdate.Phase.SENT)


def remind(id: UUID, *, at_utc: datetime) -> None:
    """One reminder to those whose time for it has come and who answered nothing; the others' comes later."""
    rule = find_rule()
    update = PolicyUpdate.objects.filter(pk=id, state__in=UNDER_WAY, reminded_utc=None).first()
    if update is None or rule is None:
        return
    sent_by = rule.before(at_utc)
    selling = sorted(find_selling(in_force.coming().policy))
    silent = "select bundle, facts, people from update_silent(%s, %s, %s, %s)"
    groups = read_binary(silent, [id, find_batch(id), sent_by, selling])
    if groups:
        batches.reopen(find_batch(id))
        about = [(mailing.make_facts(update, asks, told), people) for asks, told, people in groups]
        parts = (mailing.make_part(people, mailing.REMINDER, PURPOSE, facts, at_utc) for facts, people in about)
        with suppress(batches.BatchStopped):
            many.plan_many(parts, cause=find_batch(id))
    _plan_next(id, rule, sent_by, at_utc)


def plan_first(update: PolicyUpdate) -> None:
    """The first one: of those whose email left first."""
    rule, begun_utc = find_rule(), update.begun_utc
    if rule and begun_utc and update.reminded_utc is None:
        due.plan(REMIND, about=update.pk, steps={"": rule.after(begun_utc)})


def plan_again(update: PolicyUpdate) -> None:
    """Those left out while the reminders were stopped get one now; nobody gets two."""
    PolicyUpdate.objects.filter(pk=update.pk).update(reminded_utc=None)
    queue.defer("updates.remind_silent", update=str(update.pk))


def _plan_next(id: UUID, rule: Duration, sent_by: datetime, at_utc: datetime) -> None:
    """For those whose email left later, or is still to leave; without any, everyone's time has come."""
    with transaction.atomic():
        update = PolicyUpdate.objects.select_for_update().get(pk=id)
        goes_on = update.state == PolicyUpdate.Phase.SENDING
        next_sent = batches.find_sent_after(id, sent_by) or (at_utc if goes_on else None)
        if next_sent is None:
            PolicyUpdate.objects.filter(pk=id).update(reminded_utc=at_utc)
        elif update.state in UNDER_WAY:
            due.plan(REMIND, about=id, steps={"": max(rule.after(next_sent), at_utc + _BETWEEN)})


def find_rule() -> Duration | None:
    """How long after a question was asked its reminder goes out, by the policy in force."""
    rule = emails.rule_of(mailing.REMINDER, purpose=PURPOSE, policy=in_force.policy())
    return rule.after if rule else None


def find_batch(id: UUID) -> UUID:
    """The id of the batch of an update's reminders."""
    return uuid5(id, mailing.REMINDER)
