"""Authorized agents who may send requests by the Data Rights Protocol: a file of the site's operator.

[{"id": "PRIVACY_FRIENDS", "name": "Privacy Friends", "verify_key": "<base64, 32 bytes>",
  "web_url": "https://friends.example", "callback_hosts": ["drp.friends.example"]}]
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from troth.opening import explain_file_error

_KEY_BYTES = 32
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")
"""It is in an address, which drp/openapi.json describes."""
_FIELDS = frozenset({"id", "name", "verify_key", "web_url", "callback_hosts"})


class AgentsProblem(Exception):
    """The file of agents is not valid; the sentence says where and what to change."""


@dataclass(frozen=True)
class Agent:
    """`verify_key`: the Ed25519 key of its signatures. `callback_hosts`: to which hosts its statuses may be sent."""

    id: str
    name: str
    verify_key: bytes
    web_url: str
    callback_hosts: frozenset[str]


def read(path: Path) -> tuple[Agent, ...]:
    """All agents of the file. Raises AgentsProblem."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AgentsProblem(f"Can't read the agents file {path}: {explain_file_error(error)}.") from error
    except ValueError as error:
        raise AgentsProblem(f"The agents file {path} isn't valid JSON: {error}.") from error
    if not isinstance(listed, list):
        raise AgentsProblem(f"The agents file {path} must contain a list of agents.")
    agents = tuple(_agent(each, f"{path}, agent {number}") for number, each in enumerate(listed, 1))
    twice = {agent.id for agent in agents if sum(other.id == agent.id for other in agents) > 1}
    if twice:
        raise AgentsProblem(f"{path}: the id {min(twice)} is used twice. Each agent needs its own id.")
    return agents


def _agent(entry: Any, where: str) -> Agent:
    if not isinstance(entry, dict) or not entry.keys() >= _FIELDS:
        missing = ", ".join(sorted(_FIELDS - (entry.keys() if isinstance(entry, dict) else frozenset())))
        raise AgentsProblem(f"{where}: missing {missing}.")
    return Agent(
        id=_id(_text(entry, "id", where), where),
        name=_text(entry, "name", where),
        verify_key=_key(_text(entry, "verify_key", where), where),
        web_url=_text(entry, "web_url", where),
        callback_hosts=frozenset(_hosts(entry["callback_hosts"], where)),
    )


def _text(entry: Mapping[str, Any], field: str, where: str) -> str:
    if not isinstance(entry[field], str) or not entry[field].strip():
        raise AgentsProblem(f"{where}: {field} must be text.")
    return str(entry[field]).strip()


def _id(text: str, where: str) -> str:
    if not _ID.fullmatch(text):
        raise AgentsProblem(f"{where}: id must be letters, digits, dots, dashes, underscores or tildes, at most 100.")
    return text


def _key(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise AgentsProblem(f"{where}: verify_key must be base64 of {_KEY_BYTES} bytes, an Ed25519 public key.")
    return key


def _hosts(listed: Any, where: str) -> Iterator[str]:
    if not isinstance(listed, Iterable) or isinstance(listed, str | Mapping):
        raise AgentsProblem(f"{where}: callback_hosts must be a list of host names.")
    for host in listed:
        if not isinstance(host, str) or not host or urlsplit(f"https://{host}").hostname != host.lower():
            raise AgentsProblem(f"{where}: {host!r} isn't a host name, such as drp.friends.example.")
        yield host.lower()
