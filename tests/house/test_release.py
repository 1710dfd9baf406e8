"""What leaves this house: the package, the locks and the time frames of their libraries, the proxy's file."""

import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from tests.site import site
from tests.visits import visitor
from tools import pins

__all__ = ["site"]

ROOT = Path(__file__).parent.parent.parent
STRANGE = re.compile(
    r"(^|/)(\.(?!well-known)|CVS/|_darcs/|tests?/|test_|conftest|bench/|__pycache__)|\.(pyc|orig|bak|swp|env|key|pem)$"
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of all files of the wheel, built here."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


@pytest.mark.asvs("V13.4.1")
@pytest.mark.asvs("V15.2.3")
@pytest.mark.parametrize(
    "planted",
    [
        "troth/.git/HEAD",
        ".git/config",
        "troth/.svn/entries",
        "troth/tests/test_gate.py",
        "troth/conftest.py",
        "troth/.env",
        "troth/var/master.key",
    ],
)
def test_the_package_holds_the_program_and_nothing_of_its_making(package: list[str], planted: str) -> None:
    assert STRANGE.search(planted)
    assert len(package) > 200
    assert [name for name in package if STRANGE.search(name) or not name.startswith(("troth/", "troth-"))] == []


@pytest.mark.asvs("V13.4.1")
@pytest.mark.parametrize(
    "address", ["/.git/HEAD", "/.git/config", "/static/.git/HEAD", "/.svn/entries", "/.hg/", "/.env"]
)
def test_no_address_of_the_site_leads_to_the_history_of_its_source(site: object, address: str) -> None:
    assert visitor().get(address).status_code == 404


@pytest.mark.asvs("V15.2.4")
@pytest.mark.parametrize("lock", ["requirements-uv.lock", "requirements.lock", "requirements-dev.lock"])
def test_every_library_is_locked_by_version_and_hash_and_installed_by_them(lock: str) -> None:
    wanted = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / lock).read_text().split("\n", 2)[2])
    assert len(wanted) > 30 or lock == "requirements-uv.lock"
    assert [each.partition(" ")[0] for each in wanted if "==" not in each or "--hash=sha256:" not in each] == []
    assert f"--require-hashes -r {lock}" in (ROOT / "Makefile").read_text()


PAGE = (ROOT / "docs/dependencies.md").read_text()
LOCK = "django==5.2.8 \\\n    --hash=sha256:0\npyyaml==6.0.3 \\\n"


def page(*lines: str, renewed: str = "2026-11-01") -> str:
    said = re.sub(r"Renewed last: \S+\d", f"Renewed last: {renewed}", PAGE)
    return said.replace("|---|---|---|---|\n", "|---|---|---|---|\n" + "".join(f"{line}\n" for line in lines))


@pytest.mark.asvs("V15.1.1")
def test_the_time_frames_are_written_down_by_severity_and_shorter_the_worse_it_is() -> None:
    days = [int(found) for _severity, found in re.findall(pins._FRAME, PAGE)]
    assert [severity for severity, _days in re.findall(pins._FRAME, PAGE)] == ["critical", "high", "medium", "low"]
    assert days == sorted(days)
    assert days[0] <= 7
    assert pins._renewed(PAGE)[0].days <= 90


@pytest.mark.asvs("V15.2.1")
@pytest.mark.parametrize(
    ("line", "today", "late"),
    [
        ("| Django | 5.2.9 | critical | 2026-11-10 |", date(2026, 11, 13), []),
        ("| Django | 5.2.9 | critical | 2026-11-10 |", date(2026, 11, 14), ["Django 5.2.8 had to be 5.2.9"]),
        ("| django | 5.2.10 | high | 2026-11-10 |", date(2026, 11, 18), ["django 5.2.8 had to be 5.2.10"]),
        ("| django | 5.2.8 | critical | 2026-11-10 |", date(2026, 12, 14), []),
        ("| pyyaml | 6.1 | low | 2026-11-10 |", date(2026, 12, 14), []),
        ("", date(2027, 1, 30), []),
        ("", date(2027, 1, 31), ["The locks were renewed on 2026-11-01"]),
    ],
)
def test_a_library_past_its_time_frame_is_named(line: str, today: date, late: list[str]) -> None:
    found = list(pins.overdue(page(line), LOCK, today=today))
    assert len(found) == len(late)
    assert all(sentence.startswith(begins) for sentence, begins in zip(found, late, strict=True))


@pytest.mark.asvs("V15.2.1")
def test_nothing_that_is_locked_was_past_its_time_frame_when_the_locks_were_made() -> None:
    """Today's own look is `make overdue`: a suite that fails by the calendar alone would say nothing of the program."""
    lock = (ROOT / "requirements-dev.lock").read_text()
    _every, renewed = pins._renewed(PAGE)
    assert list(pins.overdue(PAGE, lock, today=renewed)) == []
    assert "overdue: .venv/installed-dev\n\t$(BIN)/python tools/pins.py\n" in (ROOT / "Makefile").read_text()
    named = re.search(r"count as one step more.*?: ([^.]+)\.", PAGE, re.DOTALL)
    assert named
    locked = {name.lower() for name, _version in re.findall(pins._PIN, lock)}
    assert {name.strip().lower() for name in named[1].split(",")} <= locked


PROXY = (ROOT / "deploy/Caddyfile").read_text()
NGINX = (ROOT / "deploy/nginx.conf").read_text()
UNSAFE = re.compile(
    r"auto_https|tls\s+internal|http://|insecure|tls1\.[01]|ssl3|protocols(?!\s+tls1\.2 tls1\.3$)", re.MULTILINE
)


@pytest.mark.asvs("V12.1.1")
@pytest.mark.asvs("V12.2.2")
@pytest.mark.parametrize(
    "planted",
    [
        "auto_https off",
        "tls internal",
        "http://portal.example.com {",
        "protocols tls1.1 tls1.3",
        "protocols tls1.0",
        "tls_insecure_skip_verify",
    ],
)
def test_the_proxys_file_speaks_modern_tls_alone_with_a_certificate_of_a_public_authority(planted: str) -> None:
    rules = "\n".join(line for line in PROXY.splitlines() if not line.lstrip().startswith("#"))
    assert UNSAFE.search(planted)
    assert not UNSAFE.search(rules)
    assert "protocols tls1.2 tls1.3" in rules
    assert re.search(r"^\temail \S+@\S+$", rules, re.MULTILINE), "the authority has nobody to write to"
    assert re.findall(r"^[a-z0-9.-]+ \{$", rules, re.MULTILINE) == ["portal.example.com {"]


@pytest.mark.asvs("V12.1.1")
def test_the_other_proxys_file_speaks_modern_tls_alone_and_leads_everybody_to_it() -> None:
    assert re.findall(r"ssl_protocols +(.*);", NGINX) == ["TLSv1.2 TLSv1.3"]
    plain = NGINX.split("server {")[1]
    assert "listen 80;" in plain
    assert "return 301 https://portal.example.com$request_uri;" in plain
    assert "proxy_pass" not in plain


@pytest.mark.asvs("V4.1.3")
def test_the_proxys_file_passes_on_nothing_that_a_visitor_says_of_where_he_comes_from() -> None:
    assert "header_up X-Forwarded-For {remote_host}" in PROXY
    assert "header_up X-Forwarded-Proto {scheme}" in PROXY
    assert re.search(r"proxy_set_header X-Forwarded-For +\$remote_addr;", NGINX)
    assert re.search(r"proxy_set_header X-Forwarded-Proto +\$scheme;", NGINX)
