"""The site under an https address: nothing is said over plain http, and browsers are told to stay with https."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.security.over_https import HOST
from tests.visits import PASSWORD, staff

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def answers(site: Any) -> list[dict[str, Any]]:
    """Of a site at https://portal.example.com, on the same database."""
    if not _asked:
        staff()
        done = subprocess.run(
            [sys.executable, "-m", "tests.security.over_https", "ines", PASSWORD],
            cwd=ROOT,
            env={**os.environ, "TROTH_BASE_URL": f"https://{HOST}", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        _asked.extend(json.loads(done.stdout))
    return _asked


_asked: list[dict[str, Any]] = []


def over(scheme: str, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [answer for answer in answers if answer["scheme"] == scheme]
    assert len(found) > 15
    return found


@pytest.mark.asvs("V3.4.1")
def test_every_answer_whatever_went_wrong_keeps_browsers_with_https_for_two_years(answers):
    said = {each["asked"]: each["headers"].get("Strict-Transport-Security", "") for each in over("https", answers)}
    assert {"failing", "another host", "/nothing-here", "POST /", "/static/troth/css/page.css", "signed in"} <= set(
        said
    )
    wanted = re.compile(r"max-age=(\d+); includeSubDomains(; preload)?")
    two_years = 2 * 365 * 24 * 3600
    short = [
        asked for asked, header in said.items() if not (found := wanted.fullmatch(header)) or int(found[1]) < two_years
    ]
    assert short == []
    assert next(each for each in answers if each["asked"] == "failing")["status"] == 500


@pytest.mark.asvs("V12.2.1")
def test_over_plain_http_nothing_is_said_but_the_way_to_https(answers):
    for each in over("http", answers):
        assert each["status"] == 301, each["asked"]
        assert each["headers"]["Location"].startswith(f"https://{HOST}/"), each["asked"]
        assert (each["body"], each["cookies"]) == ("", {}), each["asked"]


@pytest.mark.asvs("V3.3.1")
@pytest.mark.asvs("V3.3.2")
@pytest.mark.asvs("V3.3.3")
@pytest.mark.asvs("V3.3.4")
def test_every_cookie_is_bound_to_this_host_and_to_https_and_no_script_reads_it(answers):
    given = [(name, cookie) for each in answers for name, cookie in each["cookies"].items()]
    assert {name for name, _cookie in given} == {"__Host-troth-session", "__Host-troth-device"}
    for name, cookie in given:
        assert cookie["secure"] is True, name
        assert cookie["httponly"] is True, name
        assert cookie["samesite"] == "Lax", name
        assert (cookie["path"], cookie.get("domain", "")) == ("/", ""), name
        assert len(name) + len(cookie["value"]) < 4096
        assert not any(cookie["value"] in each["body"] for each in answers)
    assert next(each for each in answers if (each["asked"], each["scheme"]) == ("signed in", "https"))["status"] == 200
