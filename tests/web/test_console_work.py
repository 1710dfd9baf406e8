"""Work as one list: a request opened beside it, several of different lists changed at once, and its CSV."""

import csv
import re

import pytest
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor

from troth.cases.models import Case

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def numbers(run_jobs):
    """A quote request, an inquiry and a privacy request, as their purposes' numbers."""
    bob = {"name": "Bob", "email": "bob@northgate.example", "note": "Why?"}
    for address, sent in (("/quote/", MARISOL), ("/contact/", bob), ("/privacy/requests/question/", bob)):
        assert send(visitor(), address, sent).status_code == 303
    run_jobs()
    return dict(Case.objects.values_list("purpose", "number"))


def test_a_request_opens_beside_all_work_and_acts_lead_back_there(numbers):
    ines, quote, inquiry = signed_in("ines"), numbers["quotes"], numbers["inquiries"]
    work = ines.get("/console/?sort=received_utc").content.decode()
    assert f'href="/console/work/{quote}/?sort=received_utc"' in work
    assert "Deadlines, last" in work

    page = ines.get(f"/console/work/{quote}/?sort=received_utc").content.decode()
    assert '<aside class="pane" id="opened"' in page
    assert f'href="/console/work/{inquiry}/?sort=received_utc" rel="prev"' in page
    assert f'href="/console/quotes/{quote}/?whole=yes">Open as its own page' in page
    assert "Deadlines, last" not in page

    assigned = ines.post(f"/console/work/{quote}/?sort=received_utc", {"do": "assign"}, **BROWSER)
    assert assigned.url.startswith(f"/console/work/{quote}/?sort=received_utc&")
    assert f"You assigned {quote} to Ines Moreau." in text(ines.get(assigned.url))
    refused = ines.post(f"/console/work/{quote}/", {"do": "note"}, **BROWSER)
    assert (refused.status_code, "aria-invalid" in refused.content.decode()) == (400, True)

    for typed in (f"/console/work/{quote.lower()}/", f"/console/quotes/{quote.lower()}/"):
        assert quote in text(ines.get(typed))
    for number in (numbers["rights"], "Q-99999"):
        assert ines.get(f"/console/work/{number}/").status_code == 404
    pia = signed_in("pia", role="privacy")
    assert pia.get(f"/console/work/{quote}/", **BROWSER).url == f"/console/quotes/{quote}/", "Where others work on it."


def test_requests_of_several_lists_are_changed_at_once(numbers):
    ines, chosen = signed_in("ines"), [numbers["quotes"], numbers["inquiries"]]
    assert "All 2 that match" in text(ines.get("/console/"))
    assert "Select at least one line first." in text(
        ines.post("/console/work/bulk/", {"do": "assign"}, follow=True, **BROWSER)
    )

    sent = {"pick": [*chosen, numbers["rights"]], "do": "assign"}
    preview = ines.post("/console/work/bulk/?sort=received_utc", sent, **BROWSER).content.decode()
    assert "Assign: 2 requests" in preview
    assert re.search(r'href="/console/\?sort=received_utc&amp;pick=[^"]+">Back to Work', preview)

    done = ines.post("/console/work/bulk/", {**sent, "sure": "yes"}, follow=True, **BROWSER)
    assert "All 2 were changed." in text(done)
    assert f'href="/console/work/{chosen[0]}/"' in done.content.decode()
    assert dict(Case.objects.values_list("number", "assigned_to")) == dict.fromkeys(chosen, "ines") | {
        numbers["rights"]: ""
    }

    pia, boss = signed_in("pia", role="privacy"), signed_in("boss", role="admin")
    offered = re.search(r'<select name="do">(.*?)</select>', pia.get("/console/").content.decode())
    assert offered
    assert re.findall('value="([^"]+)"', offered[1]) == ["assign", "note"], "What each of them can have."
    mixed = boss.post("/console/work/bulk/", sent, **BROWSER)
    assert "Only what fits all of them can be chosen." in text(mixed)
    assert re.findall('<option value="(boss|ines|pia)"', mixed.content.decode()) == ["boss"]


def test_work_is_exported_as_it_is_filtered(numbers):
    ines = signed_in("ines")
    found = ines.get("/console/work/requests.csv?kind=quote").content.decode("utf-8-sig")
    [row] = csv.DictReader(found.splitlines())
    assert (row["Number"], row["Kind"]) == (numbers["quotes"], "Quote request")
