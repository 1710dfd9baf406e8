"""Receipts of choices as JSON-LD: a consent where one was asked for, a choice where it was not."""

import json

import pytest
from tests.access.hers import QUOTE, link_of, reader
from tests.visits import BROWSER, text, visitor
from tests.worlds import kept

from troth import gate
from troth.security import links


@pytest.fixture
def alice(site):
    person = reader()
    gate.choose(person=person, question="content", version=1, yes=False, way="mailed link")
    return person


def place_of(person, power: str = "full") -> str:
    return links.address(link_of(person, power)) + "choices.jsonld"


def test_a_sign_up_is_a_consent_record_and_an_opt_out_a_choice(alice):
    answer = visitor().post(place_of(alice), **BROWSER)
    assert answer["Content-Type"] == "application/ld+json"
    opted, consent = json.loads(answer.content)["@graph"]
    assert consent["@type"] == "dpv:ConsentReceipt"
    record = consent["dpv:hasRecordOfActivity"]
    assert record["dct:conformsTo"] == {"@id": "https://w3id.org/dpv/schema/dpv-27560#record"}
    assert record["dpv:hasConsentStatus"]["@type"] == "dpv:ConsentGiven"
    assert record["dpv:hasConsentStatus"]["dpv:hasIndicationMethod"] == "confirmed by email"
    assert record["dpv:hasNotice"]["dct:hasVersion"] == "1"
    assert record["dpv:hasNotice"]["dct:language"] == "en"
    (process,) = record["dpv:hasProcess"]
    assert process["dpv:hasPurpose"]["@type"] == "dpv:DirectMarketing"
    assert process["dpv:hasRecipient"]
    assert all("dpv:hasStorageCondition" in each for each in process["dpv:hasPersonalData"])
    assert opted["dct:title"] == "Choice receipt (not a consent)"
    assert "Consent" not in opted["@type"]
    assert opted["dpv:hasRecordOfActivity"]["dpv:hasStatus"]["@type"] == "dpv:OptingOutFromProcess"


def test_the_history_offers_them_where_there_is_a_choice(alice, site):
    assert "Download receipts of your choices" in text(visitor().post(links.address(link_of(alice, "full")), **BROWSER))
    without = kept(QUOTE | {"email": "nobody@elsewhere.example"}).person
    assert "Download receipts of your choices" not in text(
        visitor().post(links.address(link_of(without, "full")), **BROWSER)
    )
    assert visitor().post(place_of(without), **BROWSER).status_code == 409


def test_weaker_links_other_pages_and_strangers_get_none(alice):
    for place, headers in (
        (place_of(alice, "masked"), BROWSER),
        (place_of(alice, "choices"), BROWSER),
        (place_of(alice), {}),
        ("/history/" + "A" * 32 + "/choices.jsonld", BROWSER),
    ):
        assert visitor().post(place, **headers).status_code == 404


def test_the_history_is_filtered_by_kind_of_data(alice):
    place = links.address(link_of(alice, "full"))
    page = text(visitor().post(place, {"kind": "industry"}, **BROWSER))
    assert "You gave us your email" in page
    assert "You opted out of" not in page
