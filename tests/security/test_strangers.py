"""A file that was prepared for one person. Every address that names an object is tried in tests/web/test_strangers.py."""

from typing import Any

import pytest
from tests.access.hers import link_of
from tests.accounts import ALICE, BOB, CHARLIE, account, post
from tests.visits import MARISOL, send, text, visitor

from troth.cases.models import Case
from troth.collection.prepared import PreparedFile
from troth.security import links


@pytest.mark.clause("S1")
@pytest.mark.asvs("V8.2.2")
def test_a_file_is_fetched_with_the_secret_of_its_own_case_and_no_other(site: Any, run_jobs: Any) -> None:
    cases, bob = {}, account(BOB, run_jobs)
    for person in (ALICE, CHARLIE):
        browser = account(person, run_jobs)
        send(browser, "/privacy/requests/copy/", {**person, "note": MARISOL["note"]})
        case = Case.objects.filter(purpose="rights").order_by("received_utc").last()
        assert case
        secret = links.address(link_of(case.person_id, links.Link.CASE, cause=case.id), "case").split("/")[-2]
        cases[person["email"]] = {"secret": secret}
    hers, his = cases[ALICE["email"]], cases[CHARLIE["email"]]
    shown = post(visitor(), "/case/copy.pdf", hers)
    assert shown.status_code == 200, shown
    run_jobs()
    (file,) = PreparedFile.objects.all()
    here = f"/case/files/{file.pk}/"
    for sent in ({}, {"secret": ""}, {"secret": "x" * 32}, his):
        for address in (here, f"{here}download"):
            for client in (visitor(), bob):
                answer = post(client, address, sent)
                assert (answer.status_code, answer.headers["Content-Type"][:9]) == (404, "text/html"), (address, sent)
                assert not _is_of_alice(answer)
            assert "Open the link in your email again" in text(visitor().get(address, sent))
    assert post(visitor(), f"{here}download", hers).headers["Content-Type"] == "application/pdf"


def _is_of_alice(response: Any) -> bool:
    page = response.content.decode()
    return any(hers in page for hers in (MARISOL["email"], MARISOL["note"], ALICE["email"], ALICE["name"]))
