"""The web process: granian with one worker of four threads, which ends when its parent does."""

import ctypes
import signal

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

_PR_SET_PDEATHSIG = 1
THREADS = 4


def run(*, port: int) -> None:
    """Serve on 127.0.0.1 until told to stop. Static files come from the application itself (whitenoise)."""
    Granian(
        "troth.serve:make_application",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()


def make_application() -> object:
    """Called in the worker, which would otherwise outlive a killed parent and keep the port."""
    die_with_parent()
    from troth.web.wsgi import application

    return application


def die_with_parent() -> None:
    """This process gets SIGKILL when the one that started it ends, however it ends. Source: prctl(2)."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
