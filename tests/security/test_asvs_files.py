"""Files: none is taken anywhere, whatever its name and kind; those that the program writes have names of its own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.security.everything import SEEN, Everything, everything, member
from tests.visits import BROWSER, visitor

pytestmark = pytest.mark.django_db(transaction=True)

INSIDE = b"inside-canary-of-a-file"
FILES = {
    "../../shell-canary-of-a-file.php": b"<?php",
    "scan-canary-of-a-file.pdf": b"%PDF-1.7",
    "picture-canary-of-a-file.png": b"MZ",
    "drawing-canary-of-a-file.svg": b"<svg>",
}
OURS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.eml")


@pytest.fixture
def world(site: Any, run_jobs: Any) -> Everything:
    return everything(run_jobs)


def _sent(name: str, begins: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, begins + INSIDE)


@pytest.mark.asvs("V5.2.2")
@pytest.mark.asvs("V5.3.1")
@pytest.mark.asvs("V1.3.4")
def test_a_file_is_kept_nowhere_whatever_its_name_and_kind(world: Everything, owner: Any) -> None:
    for browser, staff in ((world.alice, False), (member("privacy"), True)):
        browser.raise_request_exception = False
        for route, address in world.addresses.items():
            if "sign-out" not in route and route.startswith("console/") == staff:
                files = {f"file{number}": _sent(*file) for number, file in enumerate(FILES.items())}
                browser.post(address, {**files, "note": _sent("x-canary-of-a-file.txt", b"")}, **BROWSER)
    assert _tables_with(owner, "canary-of-a-file") == []
    assert [path for path in _written() if "canary-of-a-file" in path.name or INSIDE in path.read_bytes()] == []


def _tables_with(owner: Any, words: str) -> list[str]:
    tables = owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    like = [f"%{words}%", f"%{words.encode().hex()}%"]
    found = 'select 1 from "{}" t where t::text ilike %s or t::text ilike %s limit 1'
    return [name for (name,) in tables if owner.execute(found.format(name), like).fetchone()]


def _written() -> Iterator[Path]:
    return (path for path in Path(settings.TROTH_VAR).glob("**/*") if path.is_file())


@pytest.mark.asvs("V5.3.2")
def test_no_name_of_a_file_is_what_somebody_typed(world: Everything) -> None:
    emails = [path for path in _written() if path.suffix == ".eml"]
    assert len(emails) > 3
    assert [path.name for path in emails if not OURS.fullmatch(path.name)] == []
    assert [path for path in _written() if any(canary in str(path) for canary in SEEN)] == []


@pytest.mark.asvs("V5.3.2")
@pytest.mark.parametrize(
    "address",
    [
        "/static/../settings.py",
        "/static/..%2f..%2fsettings.py",
        "/static/troth/%2e%2e/%2e%2e/settings.py",
        "/static//etc/passwd",
        "/static/troth/..\\..\\settings.py",
        "/outbox/..%2f..%2fmaster.key/",
        "/policy/..%2fpolicy.md",
        "/static/troth/",
        "/static/",
    ],
)
def test_no_address_leads_to_a_file_outside_or_lists_a_folder(site: Any, address: str) -> None:
    answer = visitor().get(address)
    assert answer.status_code in (301, 404)
    assert b"SECRET_KEY" not in answer.content


@pytest.mark.asvs("V5.3.1")
@pytest.mark.asvs("V13.4.3")
def test_nothing_that_is_written_while_the_site_runs_lies_where_files_are_served_from(site: Any) -> None:
    served = [Path(folder).resolve() for folder in settings.STATICFILES_DIRS]
    kept = Path(settings.TROTH_VAR).resolve()
    assert served
    assert not [folder for folder in served if kept.is_relative_to(folder) or folder.is_relative_to(kept)]
    kinds = {path.suffix for folder in served for path in folder.glob("**/*") if path.is_file()}
    assert kinds <= {".css", ".js", ".svg", ".woff2", ".md", ".LICENSE", ""}
