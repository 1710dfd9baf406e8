"""What the migrations of past releases were: `python -m tests.upgrade.hashes` adds those of the release being closed.

`migrations.sha256` has a line for each, as `sha256sum` writes it. A migration that was released is never edited, for
databases exist that ran it as it was; what should be otherwise is a new migration.
"""

import hashlib
import sys
from pathlib import Path

FILE = Path(__file__).parent / "migrations.sha256"
FOLDER = Path(__file__).parents[2] / "src" / "troth" / "migrations"


def released() -> dict[str, str]:
    """File name → SHA-256 of each migration that a release had."""
    lines = FILE.read_text().splitlines() if FILE.exists() else []
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def present() -> dict[str, str]:
    """As `released`, of the files that are here."""
    files = sorted(FOLDER.glob("[0-9]*.py"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def changed() -> list[str]:
    """Names of released migrations that are not what they were, or gone."""
    here = present()
    return sorted(name for name, digest in released().items() if here.get(name) != digest)


if __name__ == "__main__":
    if changed():
        sys.exit(f"Released migrations were changed: {', '.join(changed())}. Put them back, and write a new one.")
    FILE.write_text("".join(f"{digest}  {name}\n" for name, digest in present().items()))
