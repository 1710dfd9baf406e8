"""The web process: granian with two workers, which end when their parent does.

    connections ── granian     headers within 10 s, else closed; so are connections idle for so long,
            │                      and those that read nothing of their response for 30 s
        └── front              bodies received whole, capped, within 20 s; /healthz answered here
              ├── pages        four threads
              └── passwords    four threads; in all workers, one password less than there are cores is hashed at a time

Slow clients don't block threads: a request gets one when it is complete, and its response is sent without one.
"""

import ctypes
import multiprocessing
import os
import resource
import signal
import socket
from contextlib import suppress
from pathlib import Path

import django
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from troth import garbage, logs
from troth.serve import limits

_PR_SET_PDEATHSIG = 1
_OTHER_FILES = 128
"""Beside connections: those of the database, the program's own, and files that are being served."""


def run(*, port: int) -> None:
    """Serves on 127.0.0.1 until stopped. Static files come from the application itself (whitenoise).

    Everything is imported before the workers are forked: one that is started again answers at once."""
    load()
    connections = _open_files() - _OTHER_FILES
    Granian(
        "troth.serve:make_application",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        workers=limits.WORKERS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=limits.HEADERS_WITHIN_SECONDS * 1000, max_buffer_size=limits.MOST_HEADER_BYTES
        ),
        websockets=False,
        backlog=connections,
        backpressure=connections,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=logs.server(),
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()


def load() -> None:
    """Imports what pages need, without asking the database anything; the second time it does nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.settings")
    with garbage.loading():
        django.setup()
        # Here, for what they import are tables, which Django has to be set up for.
        import troth.serve.front
        import troth.serve.site
        import troth.web.urls  # noqa: F401  every page of every room
        from troth.site import SiteHasErrors, site

    with suppress(SiteHasErrors):  # said where it is needed
        site().brand.calendar.load()


def make_application() -> object:
    """Called in each worker, which would otherwise outlive a killed parent and keep the port."""
    die_with_parent()
    load()
    # As above.
    from troth.serve.front import Front
    from troth.serve.site import Site

    return Front(Site(), at_first=leave_who_does_not_read)


def die_with_parent() -> None:
    """Makes this process get SIGKILL when its parent ends, however it ends. Source: prctl(2)."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid != os.getppid():  # ended before that
        os.kill(os.getpid(), signal.SIGKILL)


def leave_who_does_not_read() -> None:
    """Makes the kernel close connections that read nothing for so long, because the server would wait forever.

    Connections inherit settings of the listening socket; the server creates that socket only when it begins to
    listen. Source: tcp(7), TCP_USER_TIMEOUT."""
    for file in list(Path("/proc/self/fd").iterdir()):
        with suppress(OSError), socket.socket(fileno=os.dup(int(file.name))) as found:
            if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, limits.READ_WITHIN_SECONDS * 1000)


def _open_files() -> int:
    """Raises the limit of open files for this process and its worker to what connections need, if allowed."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.MOST_CONNECTIONS + _OTHER_FILES
    reached = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    if now != resource.RLIM_INFINITY and now < reached:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reached, most))
        return reached
    return wanted if now == resource.RLIM_INFINITY else min(wanted, now)
