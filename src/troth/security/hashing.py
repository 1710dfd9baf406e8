"""Password hashing with Argon2id, in its own pool: guessing uses neither the threads nor the cores for pages.

A view that hashes is marked with `hashes`: the server runs its requests in separate threads (troth.serve). In any other
view hashing is an error, so that no mark is forgotten. Commands and jobs may hash anywhere.

Source  OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.   Policy  #S1
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from queue import SimpleQueue
from typing import Any, Literal, TypeVar

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
Place = Literal["elsewhere", "page", "hashing"]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])

AT_ONCE = max(1, (os.cpu_count() or 1) - 1)
"""One core is left for pages."""

_TURNS = tuple(os.memfd_create(f"turn {number} to hash") for number in range(AT_ONCE))
"""Files without a name. Processes forked from one that has imported this take turns by locking them together."""
_free: SimpleQueue[int] = SimpleQueue()
for _turn in _TURNS:
    _free.put(_turn)
_place: ContextVar[Place] = ContextVar("where passwords are hashed", default="elsewhere")


class HashedInAPage(Exception):
    """A view hashes a password without a mark: mark it with `hashes`, so that it gets the right threads."""


class Argon2id(Argon2PasswordHasher):
    """31 ms and 19 MiB. Django rehashes passwords with other parameters at the next sign-in."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with turn():
            return super().verify(password, encoded)


def hashes(view: View) -> View:
    """Marks a view in which a password may be hashed when something is sent to it. The outermost decorator."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with _in("hashing" if request.method == "POST" else "page"):
            return view(request, *args, **kwargs)

    marked.hashes = True  # type: ignore[attr-defined]
    return marked  # type: ignore[return-value]


def pages_hash_nothing(answer: Answer) -> Answer:
    """Middleware that finds views without the mark."""

    def watched(request: HttpRequest) -> HttpResponseBase:
        with _in("page"):
            return answer(request)

    return watched


@contextmanager
def turn() -> Iterator[None]:
    """Waits for a turn to hash. Raises HashedInAPage."""
    if _place.get() == "page":
        raise HashedInAPage
    taken = _free.get()
    try:
        with _lock(taken):
            yield
    finally:
        _free.put(taken)


@contextmanager
def _lock(file: int) -> Iterator[None]:
    """No other process has it meanwhile. One that is killed leaves it, as it would not leave a semaphore."""
    own = os.open(f"/proc/self/fd/{file}", os.O_RDONLY)  # a lock belongs to an opening, and a fork shares the first one
    try:
        fcntl.flock(own, fcntl.LOCK_EX)
        yield
    finally:
        os.close(own)


@contextmanager
def _in(place: Place) -> Iterator[None]:
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)
