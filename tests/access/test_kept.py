"""Until when each value is kept, as its owner reads it: in profile, history and copies."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.access.hers import QUOTE, link_of
from tests.accounts import ALICE, BOB, account
from tests.visits import BROWSER, text, visitor
from tests.worlds import known_person

from troth.access.copy import copy_of
from troth.access.copy.writing import as_json, as_pdf
from troth.security import links

START = datetime(2026, 11, 26, 20, tzinfo=UTC)
UNTIL = "Kept until Nov 26, 2028, 24 months after our last contact"


def test_profile_history_and_copies_say_until_when_and_by_which_section(site: Any, time_machine: Any) -> None:
    time_machine.move_to(START, tick=False)
    alice = known_person(QUOTE)
    section = site.kinds["email"].section

    link = link_of(alice, "full")
    for page in (links.address(link, "profile"), links.address(link)):
        shown = visitor().post(page, **BROWSER)
        assert UNTIL in text(shown)
        assert f"#{section}" in shown.content.decode()
    copied = copy_of([alice], cause=None, at_utc=START)
    (person,) = json.loads(as_json(copied))["people"]
    email = next(value for value in person["data"] if value["kind"] == "email")
    assert (email["kept"], email["kept by section"]) == (UNTIL, section)
    assert as_pdf(copied).startswith(b"%PDF")


def test_the_pages_of_an_account_say_the_later_end_after_she_signs_in(
    site: Any, run_jobs: Any, time_machine: Any
) -> None:
    time_machine.move_to(START, tick=False)
    hers = known_person(QUOTE | {"email": ALICE["email"]})
    time_machine.move_to(datetime(2027, 2, 3, 20, tzinfo=UTC), tick=False)
    alice, stranger = account(ALICE, run_jobs), account(BOB, run_jobs)

    page = alice.get(f"/account/data/{hers}/")

    assert "Kept until Feb 3, 2029, 24 months after our last contact" in text(page)
    assert stranger.get(f"/account/data/{hers}/").status_code == 404
