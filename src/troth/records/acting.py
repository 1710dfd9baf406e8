"""By which session this process acts just now: the database believes `staff:x` only with the token of a living one.

with acting(request.session.session_key):       the middleware, around each page
    gate.grant(person=…, who="staff:pia", …)    the database looks who sits behind the token
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_token: ContextVar[str | None] = ContextVar("token of this request's session", default=None)


@contextmanager
def acting(token: str | None) -> Iterator[None]:
    """Inside it, what is written as staff is written by the session of this token."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)


def session_token() -> str | None:
    """The token of the session that acts here; nothing for the program by itself."""
    return _token.get()
