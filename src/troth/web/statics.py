"""Style sheets, scripts and fonts: named by their content, so that browsers keep them for good, and compressed once.

`collect` writes them before the site opens. Where nobody collected them (in tests), they have their plain names.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

_STAMP = "sources.sha256"


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage, which also works before anything was collected.

    What is collected stays while a process runs, and each page names a dozen files: an address is made once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        if not self.hashed_files:
            return str(super().url(name, force))
        if (name or "") not in self._addresses:
            self._addresses[name or ""] = str(super().url(name, force))
        return self._addresses[name or ""]

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name


def collect() -> None:
    """Hashed and compressed copies of all static files in STATIC_ROOT; nothing where they are those of the program.

    Files of the former version stay: a page that someone still has open asks for them."""
    if are_collected():
        return
    root = Path(settings.STATIC_ROOT)
    call_command("collectstatic", interactive=False, verbosity=0)
    (root / _STAMP).write_text(_digest_sources())
    # Other users than the one who collected serve them.
    for path in (root, *root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def are_collected() -> bool:
    """Whether the copies are those of this program."""
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    return stamp.exists() and stamp.read_text() == _digest_sources()


def _digest_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            digest.update(name.encode() + b"\0" + Path(storage.path(name)).read_bytes() + b"\0")
    return digest.hexdigest()
