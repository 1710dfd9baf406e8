"""The environment: folders, port, URLs, database roles. All errors are reported at once."""

import hmac
import ipaddress
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from troth import agents, database, origins, seal

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TLS = ("tls", "starttls", "none")
"""How the connection to the mail server is encrypted: from its beginning, after a word in plain text, or not at all."""
_TLS_PORT, _USERS_PORT, _PORT = 465, 587, 25
_IMAPS, _IMAP = 993, 143

_YES = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False, "": False}


_MOST_LOCAL = 21
"""Of 64 characters before the @, so that + and the 42 characters of an id still fit."""


_MOST_CONNECTIONS = 50
_HIGHEST_PACE = 10_000_000


class EnvironmentProblem(Exception):
    """One or more variables are wrong; the message has a line for each and says what to do."""


@dataclass(frozen=True)
class MailServer:
    """The mail server and its settings. Beyond this machine, only encrypted unless configured otherwise."""

    host: str
    port: int
    tls: str
    user: str
    password_file: Path | None
    utf8: bool
    mailbox: str = ""
    dkim: tuple[tuple[str, Path], ...] = ()
    connections: int = 4
    update_pace: int = 20_000


@dataclass(frozen=True)
class IncomingMail:
    """Where mail comes from: a mailbox that is read by IMAP, or a mail server that hands it over by LMTP, or both.

    then          what happens with the mail server's copy once ours is kept: "keep", marked as seen, or "delete"
    lmtp          host and port that we listen on, or a socket's path
    authserv_id   our own mail server's, as its Authentication-Results name it: the one that is believed"""

    host: str = ""
    port: int = 0
    tls: str = "tls"
    user: str = ""
    password_file: Path | None = None
    folders: tuple[str, ...] = ("INBOX",)
    then: str = "keep"
    lmtp: str = ""
    authserv_id: str = ""


@dataclass(frozen=True)
class Environment:
    """The variables, typed."""

    var: Path
    site: Path
    port: int
    base_url: str
    master_key_file: Path
    ledger_key_file: Path
    smtp: MailServer
    incoming: IncomingMail
    demo: bool
    files_quota: int
    clamd: str
    proxies: tuple[Network, ...]
    database_url: str
    owner_url: str | None
    sealer_url: str | None
    agents: tuple[agents.Agent, ...]
    business_id: str

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Environment":
        problems: list[str] = []
        var = Path(given.get("TROTH_VAR") or "var").resolve()
        port = _port(given.get("TROTH_PORT") or "8000", name="TROTH_PORT", problems=problems)
        read = cls(
            var=var,
            site=Path(given.get("TROTH_SITE") or var / "site").resolve(),
            port=port,
            base_url=_base_url(given.get("TROTH_BASE_URL") or f"http://localhost:{port}", problems),
            master_key_file=Path(given.get("TROTH_MASTER_KEY_FILE") or var / "master.key").resolve(),
            ledger_key_file=Path(given.get("TROTH_LEDGER_KEY_FILE") or var / "ledger.key").resolve(),
            smtp=_mail_server(given, problems),
            incoming=_incoming(given, problems),
            demo=_switch("TROTH_DEMO", given.get("TROTH_DEMO", ""), problems),
            files_quota=_gigabytes("TROTH_FILES_QUOTA", given.get("TROTH_FILES_QUOTA") or "10", problems),
            clamd=_clamd(given.get("TROTH_CLAMD", ""), problems),
            proxies=_networks("TROTH_PROXIES", given.get("TROTH_PROXIES", ""), problems),
            database_url=_url("DATABASE_URL", given.get("DATABASE_URL") or database.default_url(var), problems),
            owner_url=_url("TROTH_OWNER_URL", given.get("TROTH_OWNER_URL", ""), problems) or None,
            sealer_url=_url("TROTH_SEALER_URL", given.get("TROTH_SEALER_URL", ""), problems) or None,
            agents=_agents(given.get("TROTH_DRP_AGENTS", ""), problems),
            business_id=_business(given, problems),
        )
        if problems:
            raise EnvironmentProblem("\n".join(problems))
        return read

    @property
    def host(self) -> str:
        """The host as browsers name it: brackets are around an IPv6 address."""
        return re.sub(r":\d+$", "", urlsplit(self.base_url).netloc)

    @property
    def keys(self) -> tuple[Path, Path]:
        """The files without which nothing can be read, or nothing be signed."""
        return self.master_key_file, self.ledger_key_file

    @property
    def checkpoint_file(self) -> Path:
        """The file of the ledger's checkpoints outside the database."""
        return self.var / "ledger" / "checkpoints"

    @property
    def journal_file(self) -> Path:
        """The file of opt-outs, restrictions and erasures outside the database."""
        return self.var / "journal" / "acts"

    @property
    def files_folder(self) -> Path:
        """Where stored files lie, encrypted."""
        return self.var / "files"

    @property
    def is_example(self) -> bool:
        """Whether the address is one that nobody can own, such as that of deploy/troth.env.   Source  RFC 2606"""
        return bool(re.search(r"(^|\.)(example(\.(com|net|org))?|invalid|test)$", self.host))

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    def secret_key(self) -> str:
        """What Django signs with, derived from the master key.

            Without a master key it is new in each process, so its signatures are not valid elsewhere; the site doesn't
        start in that case anyway.
        """
        try:
            signing = seal.vault_at(self.master_key_file).signing
        except seal.MissingMasterKey:
            signing = secrets.token_bytes(32)
        return hmac.digest(signing, b"django", "sha256").hex()


def connection(url: str, *, role: str) -> dict[str, Any]:
    """Django's settings for one role of one database, with the role's time limits.

    Connections and prepared statements are kept: an indexed select then costs 1.2 times a bare one."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "troth"),
        "USER": parts.pop("user", database.APPLICATION),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 5,
            **parts,
            "options": database.options(role),
        },
    }


def _port(text: str, *, name: str, problems: list[str]) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    problems.append(f"{name} is “{text}”; it must be a number from 1 to 65535, e.g. 8000.")
    return 0


def _mail_server(given: Mapping[str, str], problems: list[str]) -> MailServer:
    host, port = origins.split_port(given.get("TROTH_SMTP") or "localhost")
    user, file = given.get("TROTH_SMTP_USER", ""), given.get("TROTH_SMTP_PASSWORD_FILE", "")
    # Port 465 speaks TLS from its first byte; on all others the encryption is asked for.
    usual = "none" if is_local(host) else "tls" if port == str(_TLS_PORT) else "starttls"
    tls = given.get("TROTH_SMTP_TLS") or usual
    if tls not in TLS:
        problems.append(f"TROTH_SMTP_TLS is “{tls}”; it must be one of: {', '.join(TLS)}.")
    if port == str(_TLS_PORT) and tls == "starttls":
        problems.append(
            "TROTH_SMTP_TLS is starttls, but port 465 speaks TLS from the start. Set tls, or delete the line."
        )
    if bool(user) != bool(file):
        problems.append("TROTH_SMTP_USER and TROTH_SMTP_PASSWORD_FILE belong together; set both or neither.")
    if user and tls == "none" and not is_local(host):
        problems.append("TROTH_SMTP_TLS is none: the mail server's password would be sent unencrypted. Set starttls.")
    port = port or str(_TLS_PORT if tls == "tls" else _USERS_PORT if user else _PORT)
    return MailServer(
        host=host,
        port=_port(port, name="The port in TROTH_SMTP", problems=problems),
        tls=tls,
        user=user,
        password_file=Path(file).resolve() if file else None,
        utf8=_switch("TROTH_SMTPUTF8", given.get("TROTH_SMTPUTF8", ""), problems),
        mailbox=_mailbox(given.get("TROTH_MAILBOX", ""), problems),
        connections=_number(given, "TROTH_SMTP_CONNECTIONS", 4, most=_MOST_CONNECTIONS, problems=problems),
        update_pace=_number(given, "TROTH_UPDATE_PACE", 20_000, most=_HIGHEST_PACE, problems=problems),
        dkim=tuple(_signing_key(key, problems) for key in given.get("TROTH_DKIM", "").split()),
    )


def _incoming(given: Mapping[str, str], problems: list[str]) -> IncomingMail:
    host, port = origins.split_port(given.get("TROTH_IMAP", ""))
    user, file = given.get("TROTH_IMAP_USER", ""), given.get("TROTH_IMAP_PASSWORD_FILE", "")
    tls, then = (
        given.get("TROTH_IMAP_TLS") or ("none" if is_local(host) else "tls"),
        given.get("TROTH_IMAP_THEN") or "keep",
    )
    if host and not (user and file):
        problems.append("TROTH_IMAP names a mailbox; set TROTH_IMAP_USER and TROTH_IMAP_PASSWORD_FILE too.")
    if tls not in TLS:
        problems.append(f"TROTH_IMAP_TLS is “{tls}”; it must be one of: {', '.join(TLS)}.")
    if host and tls == "none" and not is_local(host):
        problems.append("TROTH_IMAP_TLS is none: the mailbox's password would be sent unencrypted. Set tls.")
    if then not in ("keep", "delete"):
        problems.append(f"TROTH_IMAP_THEN is “{then}”; it must be keep or delete.")
    return IncomingMail(
        host=host,
        port=_port(port or str(_IMAPS if tls == "tls" else _IMAP), name="The port in TROTH_IMAP", problems=problems),
        tls=tls,
        user=user,
        password_file=Path(file).resolve() if file else None,
        folders=tuple(filter(None, (each.strip() for each in given.get("TROTH_IMAP_FOLDERS", "INBOX").split(",")))),
        then=then,
        lmtp=_lmtp(given.get("TROTH_LMTP", ""), problems),
        authserv_id=given.get("TROTH_AUTHSERV_ID", "").strip().lower(),
    )


def _lmtp(where: str, problems: list[str]) -> str:
    host, _, port = where.rpartition(":")
    if where and not where.startswith("/") and not (is_local(host) and port.isdecimal()):
        problems.append(f"TROTH_LMTP is “{where}”; it must be 127.0.0.1:port, or the path of a socket.")
    return where


def _mailbox(address: str, problems: list[str]) -> str:
    local, _at, domain = address.rpartition("@")
    if address and (not local or not domain or "+" in local or len(local) > _MOST_LOCAL):
        problems.append(
            f"TROTH_MAILBOX is “{address}”; it must be an address such as portal@acme.example: its name has at most "
            f"{_MOST_LOCAL} characters and no +, for we write to it as portal+….@acme.example."
        )
    return address


def _number(given: Mapping[str, str], name: str, usual: int, *, most: int, problems: list[str]) -> int:
    text = given.get(name) or str(usual)
    if text.isdecimal() and len(text) < len(str(most)) + 1 and 1 <= int(text) <= most:
        return int(text)
    problems.append(f"{name} is “{text}”; it must be a number from 1 to {most}.")
    return 1


def _signing_key(key: str, problems: list[str]) -> tuple[str, Path]:
    selector, _colon, file = key.partition(":")
    if not file:
        problems.append(f"TROTH_DKIM has “{key}”; write selector:file, separated by spaces.")
    return selector, Path(file).resolve()


def is_local(host: str) -> bool:
    """Whether traffic to this host stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _agents(file: str, problems: list[str]) -> tuple[agents.Agent, ...]:
    try:
        return agents.read(Path(file)) if file else ()
    except agents.AgentsProblem as problem:
        problems.append(f"TROTH_DRP_AGENTS: {problem}")
        return ()


def _clamd(where: str, problems: list[str]) -> str:
    """As the client takes it: the path of a socket, or host:port."""
    host, colon, port = where.rpartition(":")
    if where and not where.startswith("/") and not (colon and host and port.isdecimal()):
        problems.append(f"TROTH_CLAMD is “{where}”; it must be host:port, or the path of a socket.")
    return where


def _business(given: Mapping[str, str], problems: list[str]) -> str:
    business = given.get("TROTH_DRP_BUSINESS_ID", "").strip()
    if given.get("TROTH_DRP_AGENTS") and not business:
        problems.append("TROTH_DRP_AGENTS names agents; set TROTH_DRP_BUSINESS_ID to the id under which they know you.")
    return business


def _base_url(text: str, problems: list[str]) -> str:
    try:
        return origins.read_origin(text)
    except ValueError:
        problems.append(f"TROTH_BASE_URL is “{text}”; it must look like https://portal.example.com.")
        return ""


def _switch(name: str, text: str, problems: list[str]) -> bool:
    if text.lower() not in _YES:
        problems.append(f"{name} is “{text}”; it must be 1 or 0.")
    return _YES.get(text.lower(), False)


def _gigabytes(name: str, text: str, problems: list[str]) -> int:
    """In bytes."""
    if text.isdecimal() and 0 < int(text) < 1_000_000:
        return int(text) * 10**9
    problems.append(f"{name} is “{text}”; it must be a whole number of gigabytes, e.g. 10.")
    return 0


def _networks(name: str, text: str, problems: list[str]) -> tuple[Network, ...]:
    """Networks separated by commas; none by default."""
    found: list[Network] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            problems.append(
                f"{name} has “{part}”, which is not a network; it must look like 127.0.0.1 or 10.1.0.0/16, "
                "parted by commas."
            )
    return tuple(found)


def _url(name: str, text: str, problems: list[str]) -> str:
    try:
        conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        problems.append(f"{name} cannot be read; it must look like postgresql://troth_app@localhost/troth.")
    return text
