"""The message catalog holds every sentence that pages and errors say, so that a translator misses none."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CATALOG = "locale/en/LC_MESSAGES/django.po"
_MESSAGE = re.compile(r'^msgid ((?:".*"\n)+)', re.MULTILINE)


def messages(catalog: Path) -> set[str]:
    return set(_MESSAGE.findall(catalog.read_text(encoding="utf-8")))


def test_catalog_holds_every_message(tmp_path: Path) -> None:
    copy = tmp_path / "troth"
    shutil.copytree(ROOT / "src/troth", copy, ignore=shutil.ignore_patterns("__pycache__", "static", "*.po"))
    (copy / "locale").mkdir(exist_ok=True)
    done = subprocess.run(
        [Path(sys.executable).parent / "django-admin", "makemessages", "-l", "en", "--no-location", "--no-obsolete"],
        cwd=copy,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found, kept = messages(copy / CATALOG), messages(ROOT / "src/troth" / CATALOG)
    assert found == kept, f"Run: make messages. Differs in {sorted(found ^ kept)[:5]}"
