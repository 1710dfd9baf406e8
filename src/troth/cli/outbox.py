"""`troth outbox …`: the console's board of emails at the terminal, and what receivers look up about us."""

import getpass
import socket
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import click
import dns.exception
import dns.resolver
import dns.reversename
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import capfirst

from troth import in_force
from troth.cli.terminal import count, refuse, say
from troth.outbox import QueuedEmail, board, checking, delivery, dkim, pauses, suppression, why_in_words
from troth.outbox.checking import Ask, CheckedRecord
from troth.outbox.emails import MailLane
from troth.outbox.models import MailHold
from troth.outbox.naming import LANES, STATES, explain
from troth.security import acts

State = QueuedEmail.State
_LANES = [lane.value for lane in MailLane]
_VIEWS = {
    "stopped": [State.HELD, State.FAILED, State.UNKNOWN],
    "waiting": [State.PLANNED],
    **{name: [State(name)] for name in ("held", "failed", "unknown", "refused")},
}
_WHYS = {"bounce": "Email came back", "complaint": "Its reader reported spam", "staff": "Staff blocked it"}


@click.group()
def outbox_commands() -> None:
    """Show, search, preview, send and release emails that wait, failed or are held; check SPF, DKIM and DMARC."""


@outbox_commands.command()
@click.option("--emails", "each", is_flag=True, help="Also list each email that is stopped, with its number.")
@click.option("--ids", is_flag=True, help="Print nothing but the numbers, for: troth outbox release $(…)")
@click.option("--state", type=click.Choice(list(_VIEWS)), help="In this state alone.")
@click.option("--lane", type=click.Choice(_LANES), help="Of this lane alone.")
@click.option("--domain", default="", help="To addresses of this domain alone.")
@click.option("--reason", default="", help="Whose reason has these words.")
@click.option("--search", default="", help="Whose title, domain or recipient has these words.")
def show(each: bool, ids: bool, state: str | None, lane: str | None, domain: str, reason: str, search: str) -> None:
    """Show how many emails are in which state, why, and where they go; or those that the options ask for."""
    asked = state or lane or domain or reason or search
    rows = QueuedEmail.objects.filter(state__in=_VIEWS[state] if state else set(State) - {State.SENT})
    rows = rows.filter(**{name: value for name, value in (("lane", lane), ("domain", domain)) if value})
    rows = rows.filter(board.seek(search)) if search else rows
    if reason:
        whys = rows.order_by().values_list("why", flat=True).distinct()
        rows = rows.filter(why__in=[why for why in whys if reason.casefold() in explain(why).casefold()])
    listed = rows if asked else rows.exclude(state__in=[State.PLANNED, State.REFUSED])
    if ids:
        for id in listed.order_by("queued_utc").values_list("pk", flat=True):
            say(str(id))
        return
    _say_counts(rows, none="No such email." if asked else "No email waits.")
    for email in listed.order_by("queued_utc") if each or asked else ():
        say(f"{email.id}  {board.title(email)}, {board.name_recipient(email)}: {_say_state(email)}")


@outbox_commands.command()
@click.argument("id", type=click.UUID)
def preview(id: UUID) -> None:
    """Show an email as its reader gets it, with the titles of personal data in place of the data."""
    email = _find(id)
    shown, problem = board.preview(email)
    say(f"{board.title(email)}, {board.name_recipient(email)}: {_say_state(email)}")
    if shown is None:
        refuse(problem)
    say(f"\n{shown.subject}\n\n{shown.text.strip()}")


@outbox_commands.command()
@click.argument("ids", type=click.UUID, nargs=-1, required=True)
def again(ids: tuple[UUID, ...]) -> None:
    """Send these emails again, also ones that are held. Your user name is recorded."""
    for id in ids:
        held = _find(id).state == State.HELD
        _act(id, delivery.send_again, delivery.RELEASED if held else delivery.SENT_AGAIN, "neither failed nor waits")
    say(_say_leaving(len(ids)))


@outbox_commands.command()
@click.argument("ids", type=click.UUID, nargs=-1, required=True)
def release(ids: tuple[UUID, ...]) -> None:
    """Release these emails that are held. Your user name is recorded. After a restore, use `troth mail release`."""
    for id in ids:
        if not board.is_released(_find(id)):
            refuse(f"The email {id} isn't held, or its sending is resumed as a whole. See: troth outbox show --emails")
        _act(id, delivery.send_again, delivery.RELEASED, "isn't held")
    say(_say_leaving(len(ids)))


@outbox_commands.command()
@click.argument("ids", type=click.UUID, nargs=-1, required=True)
def cancel(ids: tuple[UUID, ...]) -> None:
    """Don't send these emails, which are held or wait. Your user name is recorded."""
    for id in ids:
        _act(id, delivery.give_up, delivery.GIVEN_UP, "is neither held nor waits, or has to leave")
    say(f"{count(len(ids), 'email', 'emails')} canceled. The history of each reader says so.")


@outbox_commands.command()
@click.argument("lane", type=click.Choice([*_LANES, "all"]))
def retry(lane: str) -> None:
    """Ask our mail server at once, where it refused us and the lane waits for its next try."""
    if not board.ask_again(lane, who=_who(), at_utc=datetime.now(UTC)):
        refuse("No such lane waits for our mail server.")
    say("The next email of the lane is tried as soon as the worker is free.")


@outbox_commands.command()
@click.argument("address")
@click.option("--reason", prompt=True, help="Why, for the activity log: without the address or a name.")
def unblock(address: str, reason: str) -> None:
    """Write to an address again whose emails came back. Its owner may have complained: ask them first."""
    found = suppression.find_suppression(address)
    if found is None:
        refuse("This address isn't blocked.")
    suppression.unblock(bytes(found.mark), who=_who(), reason=reason, at_utc=datetime.now(UTC))
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


def _say_counts(rows: "QuerySet[QueuedEmail]", *, none: str) -> None:
    if hold := MailHold.current():
        say(f"All email is held since {hold.since_utc:%Y-%m-%d %H:%M} UTC. To see why: troth mail show")
    for pause in pauses.list_everywhere():
        say(f"{LANES[pause.lane][0]}: our mail server has taken no email since {pause.since_utc:%Y-%m-%d %H:%M} UTC.")
        say(f"  {capfirst(why_in_words(pause.why))}. Next try at {pause.until_utc:%H:%M} UTC.")
    found = Counter(rows.values_list("lane", "state", "why", "domain"))
    for (lane, state, why, domain), number in sorted(found.items()):
        say(f"{number:>8,}  {LANES[lane][0]}: {STATES[state][0]}{_explain(why)}{f', {domain}' if domain else ''}")
    if not found:
        say(none)


def _say_state(email: QueuedEmail) -> str:
    return f"{STATES[email.state][0]}{_explain(email.why)}"


def _say_leaving(number: int) -> str:
    one = "1 email leaves as soon as the worker is free. It is checked against the policy again."
    many = f"{number:,} emails leave as soon as the worker is free. Each is checked against the policy again."
    return one if number == 1 else many


def _find(id: UUID) -> QueuedEmail:
    return QueuedEmail.objects.filter(pk=id).first() or refuse(
        f"There is no email {id}. See: troth outbox show --emails"
    )


def _act(id: UUID, act: Callable[[UUID], QueuedEmail], what: str, otherwise: str) -> None:
    """The act and its line in the activity log."""
    try:
        with transaction.atomic():
            act(id)
            acts.record(_who(), what, about=f"email {id}", at_utc=datetime.now(UTC))
    except (delivery.NotWaiting, QueuedEmail.DoesNotExist):
        refuse(f"The email {id} {otherwise}. See: troth outbox show --emails")


def _who() -> str:
    return f"terminal:{getpass.getuser()}"


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
        return [CheckedRecord(f"The mail server {host} has no address.", "Check TROTH_SMTP=host:port")]
    addresses = sorted(address for address in found if not address.startswith(("127.", "::1")))
    return list(checking.check_host(host, ask=ask, addresses=addresses))


def _explain(why: str) -> str:
    return f" ({explain(why)})" if why else ""
