"""django-newsletter beside us: as many emails into the same mail server, by its own way and with its own database.

It signs nothing, asks nobody for each email and notes none; it opens a connection for each. Its packages are pinned by
hash in newsletter.lock and installed into an environment of their own, since its Django need not be ours.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent
_WITHIN_SECONDS = 300


class NotInstalled(Exception):
    """Its packages can't be had here, as on a machine without a network; the message says why."""


def measure(port: int, count: int) -> float:
    """Its emails a second, to the mail server at this port of this machine.   Raises  NotInstalled."""
    with tempfile.TemporaryDirectory() as folder:
        python = _install(Path(folder))
        command = [str(python), "-I", str(_HERE / "newsletter_peer.py"), folder, str(port), str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return count / float(done.stdout)


def _install(folder: Path) -> Path:
    """The Python of a new environment that has it."""
    uv, python = str(Path(sys.executable).with_name("uv")), folder / "env" / "bin" / "python"
    into = [
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--python",
        str(python),
        "-r",
        str(_HERE / "newsletter.lock"),
    ]
    for command in ([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "env")], [uv, *into]):
        try:
            subprocess.run(command, capture_output=True, text=True, check=True, timeout=_WITHIN_SECONDS)
        except subprocess.CalledProcessError as error:
            raise NotInstalled(
                error.stderr.strip().splitlines()[-1] if error.stderr.strip() else "uv failed"
            ) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotInstalled(str(error)) from error
    return python
