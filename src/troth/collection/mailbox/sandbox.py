"""Foreign mail read in a pooled child process. One that dies, hangs or raves takes its mail to the quarantine with it.

A child reads one mail at a time and is used again; after a thousand it is replaced, so that nothing adds up.
"""

import atexit
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from troth.collection.mailbox.parsed import BadAnswer, ChildAnswer, ParsedMail, add_contents, read_answer
from troth.collection.mailbox.parser.asked import READ, SHOW, VERIFY, pack
from troth.collection.mailbox.parser.caps import CPU_SECONDS, MEMORY_BYTES, MOST_BYTES

WITHIN_SECONDS = 4 * CPU_SECONDS
"""On a machine that is busy, five seconds of computing take longer."""
_STARTS_WITHIN_SECONDS = 60
_MAILS_A_CHILD = 1_000
_MOST_ANSWER = MEMORY_BYTES
_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "PYTHONDONTWRITEBYTECODE")
_HEAD = struct.Struct("!QQ")


class Unreadable(Exception):
    """A mail that can't be read here and now. `code`: "time", "memory", "died", "too large", or an error's name."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(raw: bytes, *, with_page: bool = False) -> ParsedMail:
    """What is in a mail.   Raises  Unreadable.   Cost  at most 5 s of CPU and 512 MB, in another process.

    Takes   with_page: whether its HTML is wanted, and what was left out of it."""
    if len(raw) > MOST_BYTES:
        raise Unreadable("too large")
    said, contents = _ask(SHOW if with_page else READ, raw)
    if said.mail is None:
        raise Unreadable("bad answer")
    try:
        return add_contents(said.mail, contents)
    except BadAnswer as error:
        raise Unreadable("bad answer") from error


def list_signers(raw: bytes, keys: dict[str, str]) -> Sequence[str]:
    """The domains whose DKIM signature of this mail is right by these keys: name in the DNS → TXT record."""
    return _ask(VERIFY, pack(raw, keys))[0].signed_by


def close() -> None:
    """Ends the children that wait for mail."""
    with _lock:
        idle, _idle[:] = list(_idle), []
    for child in idle:
        child.end()


@dataclass
class _Child:
    process: "subprocess.Popen[bytes]"
    mails: int = 0
    filtered: bool = False
    _left: bytearray = field(default_factory=bytearray)

    @classmethod
    def start(cls) -> "_Child":
        command = [sys.executable, "-P", "-m", "troth.collection.mailbox.parser.child"]
        known = {name: os.environ[name] for name in _KEPT if name in os.environ}
        made = cls(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=known
            )
        )
        assert made.process.stdin is not None
        os.set_blocking(made.process.stdin.fileno(), False)
        said, _ = made._receive(time.monotonic() + _STARTS_WITHIN_SECONDS)
        made.filtered = said.filtered
        return made

    def ask(self, what: bytes, raw: bytes) -> tuple[ChildAnswer, bytes]:
        """Raises Unreadable; the child is of no use then."""
        deadline = time.monotonic() + WITHIN_SECONDS
        self.mails += 1
        self._send(what + struct.pack("!Q", len(raw)) + raw, deadline)
        return self._receive(deadline)

    def end(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self.process.wait()

    def _send(self, data: bytes, deadline: float) -> None:
        assert self.process.stdin is not None
        left, pipe = memoryview(data), self.process.stdin.fileno()
        while left:
            _wait(pipe, select.POLLOUT, deadline)
            try:
                left = left[os.write(pipe, left[: 1 << 20]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise Unreadable(self._say_why()) from error

    def _receive(self, deadline: float) -> tuple[ChildAnswer, bytes]:
        said, contents = _HEAD.unpack(self._take(_HEAD.size, deadline))
        if said + contents > _MOST_ANSWER:
            raise Unreadable("bad answer")
        data = self._take(said, deadline)
        try:
            told = read_answer(data)
        except BadAnswer as error:
            raise Unreadable("bad answer") from error
        return told, self._take(contents, deadline)

    def _take(self, count: int, deadline: float) -> bytes:
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        while len(self._left) < count:
            _wait(pipe, select.POLLIN, deadline)
            part = os.read(pipe, 1 << 20)
            if not part:
                raise Unreadable(self._say_why())
            self._left += part
        taken = bytes(self._left[:count])
        del self._left[:count]
        return taken

    def _say_why(self) -> str:
        """Of a child that ended: the kernel stops one whose time is over."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        return "time" if self.process.returncode == -24 else "died"


def _wait(pipe: int, what: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, what)
    if not poll.poll(max(0, deadline - time.monotonic()) * 1000):
        raise Unreadable("time")


_idle: list[_Child] = []
_lock = threading.Lock()


def _ask(what: bytes, raw: bytes) -> tuple[ChildAnswer, bytes]:
    with _borrow() as child:
        said, contents = child.ask(what, raw)
    if said.error:
        raise Unreadable(said.error)
    return said, contents


@contextmanager
def _borrow() -> Iterator[_Child]:
    """A child for one mail. It goes back to the others only if it answered."""
    with _lock:
        child = _idle.pop() if _idle else None
    child = child or _Child.start()
    try:
        yield child
    except BaseException:
        child.end()
        raise
    if child.mails >= _MAILS_A_CHILD:
        child.end()
        return
    with _lock:
        _idle.append(child)


atexit.register(close)
