"""Which session this process acts for: the database accepts `staff:x` only with the token of a valid session.

with acting(request.session.session_key):       the middleware, around each page
    gate.grant(person=…, who="staff:pia", …)    the database checks whose token it is
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_token: ContextVar[str | None] = ContextVar("token of this request's session", default=None)


@contextmanager
def acting(token: str | None) -> Iterator[None]:
    """Inside it, everything written as staff is written for the session of this token."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)


def session_token() -> str | None:
    """The token of the acting session; nothing if the program acts by itself."""
    return _token.get()
