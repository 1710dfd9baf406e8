"""One POST to one public IP address, with one deadline for everything, from the look-up of its name to the response.

The name is resolved once, every result must be a public address, and the connection goes to the address that was
checked: a name that points elsewhere a moment later, or into our own network, reaches nothing. Redirects are not
followed. Only the status of the response matters, so at most 16 kB of it are read.
"""

import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from urllib.parse import quote

WITHIN_SECONDS = 10
MOST_ANSWER_BYTES = 16 * 1024
Clock = Callable[[], float]

# Source: IANA IPv4 and IPv6 Special-Purpose Address Registries. Of IPv6 only 2000::/3 is handed out at all, so what
# lies outside (among it 64:ff9b::/96 and 64:ff9b:1::/48, behind which a NAT64 has the IPv4 network) is never public.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo, benchmarking, ORCHID and the other protocol assignments
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


class NotReached(Exception):
    """Nothing was delivered. `lasting`: trying again would not help."""

    def __init__(self, why: str, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.why, self.lasting = why, lasting


def post(host: str, path: str, body: bytes, *, clock: Clock = time.monotonic) -> int:
    """The status of the response. Raises NotReached."""
    deadline = _Deadline(clock() + WITHIN_SECONDS, clock)
    address = public_address(host, within=WITHIN_SECONDS)
    try:
        with _connect(host, address, deadline) as connection:
            connection.settimeout(deadline.seconds())
            connection.sendall(_request(host, path, body))
            return _status(connection, deadline)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise NotReached(f"not reached: {type(error).__name__}") from error


def public_address(host: str, *, within: float) -> str:
    """One address of the host, all of which must be public. Raises NotReached."""
    found = _look_up(host, within=within)
    if not all(is_public(address) for address in found):
        raise NotReached("no public address", lasting=True)
    return min(found)


def _look_up(host: str, *, within: float) -> set[str]:
    """The addresses of the host. The system's resolver takes no deadline: past ours, its thread ends by itself."""
    answers: queue.SimpleQueue[set[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put({str(each[4][0]) for each in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)})
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=within)
    except queue.Empty as error:
        raise NotReached("its name was not looked up in time") from error
    if isinstance(answer, Exception):
        raise NotReached("no such host") from answer
    return answer


def is_public(text: str) -> bool:
    """Whether the address is public and not reserved for a special purpose."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_V6:
        return False
    return address.is_global and not any(address in special for special in _SPECIAL)


class _Deadline:
    """The remaining time for everything. Raises TimeoutError if none is left."""

    def __init__(self, at: float, clock: Clock) -> None:
        self._at, self._clock = at, clock

    def seconds(self) -> float:
        left = self._at - self._clock()
        if left <= 0:
            raise TimeoutError
        return left


def _connect(host: str, address: str, deadline: _Deadline) -> ssl.SSLSocket:
    """TLS to the checked address, with the certificate for the host name."""
    plain = socket.create_connection((address, 443), deadline.seconds())
    try:
        plain.settimeout(deadline.seconds())
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _request(host: str, path: str, body: bytes) -> bytes:
    target = quote(path, safe="/?%:=&~+!$,;'@()*[]")  # no blank, no sign of control: those end a line
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


def _status(connection: ssl.SSLSocket, deadline: _Deadline) -> int:
    with http.client.HTTPResponse(_Answering(connection, deadline), method="POST") as answer:  # type: ignore[arg-type]
        answer.begin()
        return answer.status


class _Answering:
    """The connection as http.client reads it, with the deadline and the size limit."""

    def __init__(self, connection: ssl.SSLSocket, deadline: _Deadline) -> None:
        self._file = _Capped(connection, deadline)

    def makefile(self, *_mode: object) -> io.BufferedReader:
        return io.BufferedReader(self._file, 1024)


class _Capped(io.RawIOBase):
    """Each read waits at most for the remaining time; past the size limit it returns nothing."""

    def __init__(self, connection: ssl.SSLSocket, deadline: _Deadline) -> None:
        self._connection, self._deadline, self._left = connection, deadline, MOST_ANSWER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, into: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        if self._left <= 0:
            raise http.client.HTTPException("The answer is too long.")
        self._connection.settimeout(self._deadline.seconds())
        got = self._connection.recv_into(memoryview(into)[: self._left])
        self._left -= got
        return got
