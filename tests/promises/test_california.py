"""§ California: what was given to third parties is answered from the ledger, to whoever proves the address."""

import pytest
from tests.accounts import emails_to
from tests.pressing import buttons
from tests.visits import BROWSER, MARISOL, send, text, visitor

from troth.cases.models import Case
from troth.records import ledger

ASKS = {"name": "Marisol Vega", "email": MARISOL["email"], "note": "Whom did you give my data?"}


def email_page(address: str) -> str:
    body = emails_to(address)[-1].get_body(("plain",)).get_content()
    return f"/california/answer/{body.partition('/california/answer/')[2].split()[0]}"


def asked(run_jobs, values=ASKS) -> str:
    """The page of the answer, proven."""
    assert send(visitor(), "/california/request/", values).status_code == 303
    run_jobs()
    page = email_page(values["email"])
    assert "Confirm request" in text(visitor().get(page))
    assert visitor().post(page, {"do": "verify"}, **BROWSER).status_code == 200
    return page


@pytest.mark.clause("L1")
def test_the_home_page_links_to_the_california_rights(site):
    home = visitor().get("/").content.decode()
    assert 'href="/california/"' in home
    assert "Your California Privacy Rights" in home
    assert "1798.83" in text(visitor().get("/california/"))


@pytest.mark.clause("L1")
def test_nothing_disclosed_is_said_plainly(site, run_jobs):
    page = text(visitor().get(asked(run_jobs)))
    assert "None: in" in page
    case = Case.objects.get(purpose="rights")
    assert (case.state, case.nature) == (Case.ANSWERED, "nothing held")
    assert "requested" in {entry.kind for entry in ledger.history(case.person_id)}


@pytest.mark.clause("L1")
def test_a_disclosure_of_last_year_is_named_with_address_and_label(site, run_jobs, time_machine):
    time_machine.move_to("2026-11-23T18:00:00+00:00")
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    answers = asked(run_jobs, ASKS)
    assert "Other third parties" in text(visitor().get(answers))
    assert "Calder Systems" not in text(visitor().get(answers))  # it was given this year, not in the one before


@pytest.mark.clause("L2")
def test_who_asked_as_the_contact_of_a_business_reads_that_the_answer_is_voluntary(site, run_jobs):
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    page = asked(run_jobs)
    assert "The statute covers personal" in text(visitor().get(page))
    assert visitor().post(page, {"as": "pdf"}, **BROWSER).content.startswith(b"%PDF")
    assert Case.objects.get(purpose="rights").business


def test_a_second_request_in_a_year_gets_the_answer_again(site, run_jobs):
    asked(run_jobs)
    assert "You already asked this calendar year" in text(visitor().get(asked(run_jobs)))


def test_the_link_of_an_earlier_email_leads_to_the_answer_by_a_button(site, run_jobs):
    page = asked(run_jobs).replace("/california/answer/", "/case/")
    onward = visitor().get(page)
    assert page.split("/")[2] not in onward.headers.get("Location", "")
    (press,) = [each for each in buttons(onward) if each.address == "/california/answer/"]
    assert "None: in" in text(press.by(visitor()))


def test_a_guessed_link_and_a_strangers_number_open_nothing(site, run_jobs):
    asked(run_jobs)
    assert visitor().get(f"/california/mine/{Case.objects.get(purpose='rights').number}/").status_code == 404
    assert visitor().get("/california/answer/" + "a" * 32 + "/").status_code == 404
