"""Two agents with keys of their own, and what they sign."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.visits import visitor

from troth.agents import Agent

BUSINESS = "OPTIPROERP"
FRIENDS, OTHERS = "PRIVACY_FRIENDS", "OTHER_AGENT"
KEYS = {name: Ed25519PrivateKey.from_private_bytes(name.ljust(32).encode()) for name in (FRIENDS, OTHERS)}
EMAIL = "alice@halden-valve-works.example"
CALLBACK = "https://drp.friends.example/status"


def listed() -> Mapping[str, Agent]:
    return {
        name: Agent(
            name,
            name.title(),
            key.public_key().public_bytes_raw(),
            "https://friends.example",
            frozenset({"drp.friends.example"}),
        )
        for name, key in KEYS.items()
    }


def body(agent: str = FRIENDS, *, key: str = "", **said: Any) -> bytes:
    """What the agent signs: valid from a minute ago for ten minutes, unless said otherwise."""
    now = datetime.now(UTC)
    whole = {
        "agent-id": agent,
        "business-id": BUSINESS,
        "issued-at": (now - timedelta(minutes=1)).isoformat(),
        "expires-at": (now + timedelta(minutes=10)).isoformat(),
        **{
            name.replace("_at", "-at").replace("_id", "-id") if name in _DASHED else name: it
            for name, it in said.items()
        },
    }
    return signed({name: it for name, it in whole.items() if it is not None}, key or agent)


_DASHED = {"agent_id", "business_id", "issued_at", "expires_at"}


def signed(said: Any, key: str = FRIENDS) -> bytes:
    text = json.dumps(said).encode()
    return base64.b64encode(KEYS[key].sign(text) + text)


def wanted(exercise: str = "access", agent: str = FRIENDS, **said: Any) -> bytes:
    claims = {"drp.version": "1.0", "exercise": exercise, "regime": "ccpa", "name": "Alice Marchetti", "email": EMAIL}
    return body(agent, **{**claims, "nonce": datetime.now(UTC).isoformat(), **said})


def post(path: str, data: bytes, token: str = "") -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return visitor().post(f"/drp/v1/{path}", data, content_type="text/plain", headers=headers)


def get(path: str, token: str = "") -> Any:
    return visitor().get(f"/drp/v1/{path}", headers={"authorization": f"Bearer {token}"} if token else {})


def paired(agent: str = FRIENDS) -> str:
    answer = post(f"agent/{agent}", body(agent))
    assert answer.status_code == 200, answer.content
    return str(answer.json()["token"])


def asked(token: str, exercise: str = "access", agent: str = FRIENDS, **said: Any) -> Any:
    answer = post("data-rights-request/", wanted(exercise, agent, **said), token)
    assert answer.status_code == 200, answer.content
    return answer.json()
