"""What receivers look up about us in the DNS: SPF, DKIM, DMARC, and the name of our mail server; and how we reach it.

The resolver is given, so that tests answer for it. Nothing is sent.

Source  RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC)
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from troth.environment import is_local
from troth.outbox import dkim, transport

Ask = Callable[[str, str], Sequence[str]]
"""Name and type of a record → its texts; nothing where there is none."""


_RENEWED = timedelta(days=14)
"""A certificate that ends sooner wasn't renewed in time."""


_FIXES = {
    "no encryption": "Ask its operator, or correct TROTH_SMTP and TROTH_SMTP_TLS in troth.env.",
    "no sign-in": "Correct TROTH_SMTP_USER, or the password in the file that TROTH_SMTP_PASSWORD_FILE names.",
}


@dataclass(frozen=True)
class CheckedRecord:
    """One thing that was looked up. `fix`: what to do, empty if it is right."""

    says: str
    fix: str = ""


def check_domain(domain: str, *, ask: Ask) -> Iterator[CheckedRecord]:
    """All of them for the domain that our emails come from.   Raises  NoSigningKey."""
    yield _check_spf(domain, ask)
    yield from _check_keys(domain, ask)
    yield _check_dmarc(domain, ask)


def check_server() -> Iterator[CheckedRecord]:
    """Connects to our mail server and signs in as for an email, and sends none."""
    where = f"{settings.TROTH_SMTP_HOST}:{settings.TROTH_SMTP_PORT}"
    try:
        with transport.connect() as server:
            code, _said = server.noop()
            socket = server.sock
            ends_utc = _read_end(socket) if isinstance(socket, ssl.SSLSocket) else None
            version = socket.version() if isinstance(socket, ssl.SSLSocket) else ""
    except transport.NotEntered as problem:
        yield CheckedRecord(str(problem), _FIXES[problem.code])
        return
    except smtplib.SMTPResponseException as error:
        yield CheckedRecord(f"The mail server {where} answers {error.smtp_code}.", "Try again; else ask its operator.")
        return
    except (OSError, smtplib.SMTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        yield CheckedRecord(f"The mail server {where} doesn't answer: {why}.", "Check TROTH_SMTP=host:port")
        return
    way = {"tls": "by TLS", "starttls": "by STARTTLS"}.get(settings.TROTH_SMTP_TLS, "unencrypted")
    how = f"{way} ({version})" if version else way
    who = f", signed in as {settings.TROTH_SMTP_USER}" if settings.TROTH_SMTP_USER else ""
    if code != 250:
        yield CheckedRecord(f"The mail server answers {code}.", "Ask its operator.")
    else:
        open_to_all = not version and not is_local(settings.TROTH_SMTP_HOST)
        fix = "Anyone on the way can read it. Set TROTH_SMTP_TLS=starttls" if open_to_all else ""
        yield CheckedRecord(f"The mail server {where} answers {how}{who}.", fix)
    if ends_utc is not None:
        yield _check_certificate(where, ends_utc)


def check_host(host: str, *, ask: Ask, addresses: Sequence[str]) -> Iterator[CheckedRecord]:
    """The name of each address from which our own mail server sends: it has to lead back to the address."""
    for address in addresses:
        names = ask(address, "PTR")
        if not names:
            yield CheckedRecord(f"{address} of {host} has no name.", "Ask your provider for a PTR record.")
        elif not any(address in ask(name, "AAAA" if ":" in address else "A") for name in names):
            says = f"{names[0]} doesn't lead back to {address}."
            yield CheckedRecord(says, f"Add an address record for {names[0]}.")
        else:
            yield CheckedRecord(f"{address} is {names[0]}, and back.")


def _check_spf(domain: str, ask: Ask) -> CheckedRecord:
    found = [text for text in ask(domain, "TXT") if re.match(r"v=spf1( |$)", text)]
    if len(found) != 1:
        several = "several SPF records, so receivers use none" if found else "no SPF record"
        return CheckedRecord(f"{domain} has {several}.", f"Publish one, such as: {domain} TXT “v=spf1 mx -all”.")
    if not re.search(r"[~-]all\b|redirect=", found[0]):
        return CheckedRecord(f"The SPF record of {domain} lets everybody send: {found[0]}", "End it with -all or ~all.")
    return CheckedRecord(f"{domain} says by SPF who may send: {found[0]}")


def _check_keys(domain: str, ask: Ask) -> Iterator[CheckedRecord]:
    keys = dkim.list_keys()
    if not keys:
        yield CheckedRecord("Emails leave without a DKIM signature.", "Set TROTH_DKIM; docs/operating.md says how.")
    for key in keys:
        name = f"{key.selector}._domainkey.{domain}"
        published = [_read_key(text) for text in ask(name, "TXT")]
        if _read_key(key.record) in published:
            yield CheckedRecord(f"{name} has our key ({key.algorithm}).")
        else:
            had = "another key than ours" if published else "no key"
            yield CheckedRecord(f"{name} has {had}.", f"Publish: {name} TXT “{key.record}”")


def _check_dmarc(domain: str, ask: Ask) -> CheckedRecord:
    name = f"_dmarc.{domain}"
    found = next((text for text in ask(name, "TXT") if text.startswith("v=DMARC1")), "")
    policy = re.search(r"\bp=(\w+)", found)
    if not policy:
        fix = f"Publish: {name} TXT “v=DMARC1; p=quarantine; rua=mailto:…”"
        return CheckedRecord(f"{name} has no DMARC record.", fix)
    if policy[1] == "none":
        return CheckedRecord(f"{name} asks receivers for nothing (p=none).", "Raise it to p=quarantine.")
    return CheckedRecord(f"{name} asks receivers to {policy[1]} what isn't ours.")


def _read_end(socket: ssl.SSLSocket) -> datetime:
    """When the certificate of the server ends; it was verified by now."""
    certificate = socket.getpeercert()
    assert certificate
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)


def _check_certificate(where: str, ends_utc: datetime) -> CheckedRecord:
    says = f"The certificate of {where} is valid until {ends_utc:%Y-%m-%d}."
    soon = ends_utc < datetime.now(UTC) + _RENEWED
    return CheckedRecord(says, "Renew it: when it has ended, no email leaves." if soon else "")


def _read_key(record: str) -> str:
    found = re.search(r"\bp=([A-Za-z0-9+/=\s]+)", record)
    return "".join(found[1].split()) if found else ""
