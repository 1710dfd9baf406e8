"""§ Introduction: why we ask, and a page that cannot drift from what runs."""

import pytest
from tests.visits import MARISOL, send, text, visitor

from troth.policy import Policy
from troth.records import ledger
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

FORMS = {"/quote/": "form.quote", "/contact/": "form.contact", "/register/": "form.register"}


@pytest.mark.clause("I3")
@pytest.mark.parametrize("address", FORMS)
def test_I3_beside_every_field_stands_what_it_is_for_and_under_which_section(site: Policy, address: str) -> None:
    page = visitor().get(address)
    for ask in site.collects[FORMS[address]].asks:
        assert f'id="{ask.kind}-why"' in page.content.decode()
        assert ask.why in text(page)
    assert '<a class="s" href="/policy#' in page.content.decode()


@pytest.mark.clause("I3")
@pytest.mark.parametrize("address", FORMS)
def test_I3_a_field_that_the_policy_does_not_declare_is_refused_and_not_kept(site: Policy, address: str) -> None:
    typed = [ask.kind for ask in site.collects[FORMS[address]].asks if site.kinds[ask.kind].type != "file"]
    asked = {kind: MARISOL.get(kind, "") for kind in typed}
    answer = send(visitor(), address, {**asked, "birthday": "1990-01-01"})
    assert answer.status_code == 400
    assert "Our privacy policy doesn’t ask for “birthday” here. We only accept what it states" in text(answer)
    assert not QuoteRequest.objects.exists()
    assert not Inquiry.objects.exists()


@pytest.mark.clause("I3")
def test_I3_each_place_asks_its_own(site: Policy) -> None:
    pages = {place: visitor().get(address).content.decode() for address, place in FORMS.items()}
    for place, page in pages.items():
        asked = {ask.kind for ask in site.collects[place].asks}
        assert {kind for kind in site.kinds if f'name="{kind}"' in page} == asked


@pytest.mark.clause("I4")
def test_I4_what_was_collected_is_what_the_page_says_under_forms(site: Policy, run_jobs) -> None:
    send(visitor(), "/quote/", MARISOL)
    (collected,) = [
        entry for entry in ledger.history(QuoteRequest.objects.get().person_id) if entry.kind == "collected"
    ]
    assert set(collected.kinds) <= {ask.kind for ask in site.collects["form.quote"].asks}
    assert collected.section == site.collects["form.quote"].section
    published = text(visitor().get("/policy"))
    for kind in collected.kinds:
        assert site.kinds[kind].title in published


@pytest.mark.clause("I4")
def test_I4_a_place_that_the_policy_does_not_state_is_off(site: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from troth import in_force

    without = {name: collect for name, collect in site.collects.items() if name != "form.quote"}
    monkeypatch.setattr(in_force, "policy", lambda: replace(site, collects=without))
    assert visitor().get("/quote/").status_code == 404
    assert send(visitor(), "/quote/", MARISOL, nonce="any").status_code == 404
    assert not QuoteRequest.objects.exists()
