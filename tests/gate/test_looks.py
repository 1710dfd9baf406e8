"""Where a session keeps the grants of its looks."""

from typing import Any
from uuid import uuid4

from troth.gate.looks import MOST_LOOKS, SessionLook, forget_looks


def test_a_look_finds_its_own_grant_and_no_other() -> None:
    session: dict[str, Any] = {}
    first, second = uuid4(), uuid4()

    SessionLook(session, "access alice").store(first)
    SessionLook(session, "access bob").store(second)
    SessionLook(session, "access alice").store(second)

    assert SessionLook(session, "access alice").find() == second
    assert SessionLook(session, "access carol").find() is None
    forget_looks(session)
    assert session == {}


def test_a_session_keeps_its_latest_looks() -> None:
    session: dict[str, Any] = {}

    for number in range(MOST_LOOKS + 2):
        SessionLook(session, f"access {number}").store(uuid4())

    kept = [number for number in range(MOST_LOOKS + 2) if SessionLook(session, f"access {number}").find()]
    assert kept == list(range(2, MOST_LOOKS + 2))
