"""Who of the staff sits behind a session, as the database knows it."""

from troth.records.acting import session_token
from troth.records.calls import rows


def knows(username: str, proof: bytes, *, session: str | None = None) -> bool:
    """Whether the proof is that of the password; with a session's token, it has a seat from now on."""
    return bool(rows("select staff_knows(%s, %s, %s)", [username, proof, session])[0][0])


def move(session: str, to: str) -> bool:
    """Whether the session had a seat, which goes on under the token `to`."""
    return bool(rows("select staff_move(%s, %s)", [session, to])[0][0])


def sits(session: str | None, username: str) -> bool:
    """Whether this member of staff has a living seat behind the token."""
    return bool(rows("select (staff_of(%s)).username is not distinct from %s", [session, username])[0][0])


def set_password(username: str, proof: bytes, *, stored: str, verifier: bytes) -> bool:
    """Whether the new password stands: only by the proof of the present one."""
    return bool(rows("select staff_password(%s, %s, %s, %s)", [username, proof, stored, verifier])[0][0])


def close(username: str, *, who: str) -> int:
    """How many sessions ended; nobody signs in by this account any more. Raises Refusal: not signed in, the last."""
    return int(rows("select staff_close(%s, %s, %s)", [username, who, session_token()])[0][0])


def forget_acts() -> int:
    """How many lines of the activity log were deleted because their time is over."""
    return int(rows("select forget_acts()")[0][0])
