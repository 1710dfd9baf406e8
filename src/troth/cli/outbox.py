"""`troth outbox …`: emails that wait, failed or are held, and what receivers look up about us."""

import getpass
import socket
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import click
import dns.exception
import dns.resolver
import dns.reversename
from django.conf import settings
from django.db import transaction
from django.utils.text import capfirst

from troth import in_force
from troth.cli.terminal import refuse, say
from troth.outbox import QueuedEmail, checking, delivery, dkim, emails, pauses, suppression, why_in_words
from troth.outbox.checking import Ask, CheckedRecord
from troth.outbox.models import MailHold
from troth.outbox.naming import LANES, STATES, explain
from troth.security import acts

State = QueuedEmail.State
_WHYS = {"bounce": "Email came back", "complaint": "Its reader reported spam", "staff": "Staff blocked it"}


@click.group()
def outbox_commands() -> None:
    """Show emails that wait, failed or are held; send them again; check SPF, DKIM and DMARC."""


@outbox_commands.command()
@click.option("--emails", "each", is_flag=True, help="Also list each email that is stopped, with its number.")
def show(each: bool) -> None:
    """Show how many emails are in which state, why, and where they go."""
    for hold in MailHold.objects.filter(released_utc=None):
        say(f"All email is held since {hold.since_utc:%Y-%m-%d %H:%M} UTC. To see why: troth mail show")
    for pause in pauses.list_everywhere():
        say(f"{LANES[pause.lane][0]}: our mail server has taken no email since {pause.since_utc:%Y-%m-%d %H:%M} UTC.")
        say(f"  {capfirst(why_in_words(pause.why))}. Next try at {pause.until_utc:%H:%M} UTC.")
    rows = QueuedEmail.objects.exclude(state=State.SENT)
    found = Counter(rows.values_list("lane", "state", "why", "domain"))
    for (lane, state, why, domain), count in sorted(found.items()):
        say(f"{count:>8,}  {LANES[lane][0]}: {STATES[state][0]}{_explain(why)}{f', {domain}' if domain else ''}")
    if not found:
        say("No email waits.")
    for email in rows.exclude(state__in=[State.PLANNED, State.REFUSED]).order_by("queued_utc") if each else ():
        say(f"{email.id}  {capfirst(emails.title_of(email.template))}: {STATES[email.state][0]}{_explain(email.why)}")


@outbox_commands.command()
@click.argument("ids", type=click.UUID, nargs=-1, required=True)
def again(ids: tuple[UUID, ...]) -> None:
    """Send these emails again, also ones that are held. Your user name is recorded."""
    who, at_utc = f"terminal:{getpass.getuser()}", datetime.now(UTC)
    for id in ids:
        try:
            with transaction.atomic():
                delivery.send_again(id)
                acts.record(who, delivery.SENT_AGAIN, about=f"email {id}", at_utc=at_utc)
        except (delivery.NotWaiting, QueuedEmail.DoesNotExist):
            refuse(f"The email {id} neither failed nor waits. See: troth outbox show --emails")
    say(f"{len(ids):,} emails leave as soon as the worker is free. Each is checked against the policy again.")


@outbox_commands.command()
@click.argument("address")
@click.option("--reason", prompt=True, help="Why, for the activity log: without the address or a name.")
def unblock(address: str, reason: str) -> None:
    """Write to an address again whose emails came back. Its owner may have complained: ask them first."""
    found = suppression.find_suppression(address)
    if found is None:
        refuse("This address isn't blocked.")
    who, at_utc = f"terminal:{getpass.getuser()}", datetime.now(UTC)
    suppression.unblock(bytes(found.mark), who=who, reason=reason, at_utc=at_utc)
    say(f"Emails may go there again. {_WHYS[found.why]} on {found.since_utc:%Y-%m-%d}.")


@outbox_commands.command()
def check() -> None:
    """Check what receivers look up about us: SPF, DKIM, DMARC, our mail server's name; and its encryption."""
    found = [*_check_records(), *([] if settings.TROTH_DEMO else checking.check_server())]
    for checked in found:
        say(f"{'wrong' if checked.fix else 'right':>6}  {checked.says}")
        say(f"        {checked.fix}") if checked.fix else None
    if any(checked.fix for checked in found):
        raise SystemExit(1)


def _check_records() -> list[CheckedRecord]:
    domain = in_force.policy().privacy_email.partition("@")[2]
    try:
        return [*checking.check_domain(domain, ask=ask), *_check_our_host(ask)]
    except dkim.NoSigningKey as problem:
        return [CheckedRecord(str(problem), "Set TROTH_DKIM; docs/operating.md says how.")]
    except dns.exception.DNSException:
        says = "The DNS doesn't answer, so SPF, DKIM, DMARC and the name of our mail server weren't checked."
        return [CheckedRecord(says, "Check /etc/resolv.conf and the network of this machine, then try again.")]


def ask(name: str, kind: str) -> list[str]:
    """The texts of the records with this name; an address for a PTR record."""
    wanted = dns.reversename.from_address(name) if kind == "PTR" else name
    try:
        answer = dns.resolver.resolve(wanted, kind, lifetime=10)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    if kind == "TXT":
        return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]
    return [row.to_text().rstrip(".") for row in answer]


def _check_our_host(ask: Ask) -> list[CheckedRecord]:
    host = settings.TROTH_SMTP_HOST
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, None)}
    except OSError:
        return [CheckedRecord(f"The mail server {host} has no address.", "Set TROTH_SMTP=host:port")]
    addresses = sorted(address for address in found if not address.startswith(("127.", "::1")))
    return list(checking.check_host(host, ask=ask, addresses=addresses))


def _explain(why: str) -> str:
    return f" ({explain(why)})" if why else ""
