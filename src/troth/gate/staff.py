"""Which member of staff a session belongs to, as the database knows it."""

from troth.records.acting import session_token
from troth.records.calls import rows


def knows(username: str, proof: bytes, *, session: str | None = None) -> bool:
    """Whether the proof matches the password; with a session's token, that session has a seat from now on."""
    return bool(rows("select staff_knows(%s, %s, %s)", [username, proof, session])[0][0])


def move(session: str, to: str) -> bool:
    """Whether the session had a seat, which moves to the token `to`."""
    return bool(rows("select staff_move(%s, %s)", [session, to])[0][0])


def sits(session: str | None, username: str) -> bool:
    """Whether this member of staff has a valid seat with this token."""
    return bool(rows("select (staff_of(%s)).username is not distinct from %s", [session, username])[0][0])


def set_password(username: str, proof: bytes, *, stored: str, verifier: bytes) -> bool:
    """Whether the new password was set, which needs the proof of the current one."""
    return bool(rows("select staff_password(%s, %s, %s, %s)", [username, proof, stored, verifier])[0][0])


def close(username: str, *, who: str) -> int:
    """Closes the account and returns how many sessions ended. Raises Refusal: not signed in, the last administrator."""
    return int(rows("select staff_close(%s, %s, %s)", [username, who, session_token()])[0][0])


def forget_acts() -> int:
    """How many entries of the activity log were deleted because their retention period is over."""
    return int(rows("select forget_acts()")[0][0])
