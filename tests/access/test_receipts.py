"""Receipts are downloaded where values are shown, by whom the mailed link belongs to, and hold offline."""

import json

import pytest
from tests.access.hers import QUOTE
from tests.access.test_history import address_of, request_sent
from tests.accounts import ALICE, BOB, account
from tests.visits import BROWSER, text, visitor
from tests.worlds import known_person

from troth.records.ledger import history, issuing, receipts

__all__ = ["request_sent"]


@pytest.fixture
def sealed(request_sent, sealer):
    sealer.seal_all()
    return request_sent


def test_receipts_of_all_entries_and_of_one_are_downloaded_and_hold(sealed):
    page = visitor().post(address_of("full"), **BROWSER)
    assert "Download all receipts" in text(page)
    place = address_of("full") + "receipts.json"
    everything = visitor().post(place, **BROWSER)
    assert everything.headers["Content-Disposition"] == 'attachment; filename="receipts.json"'
    assert "no-store" in everything.headers["Cache-Control"]
    found = receipts.read(everything.content.decode())
    known = {entry.id for entry in history(sealed.person_id)}
    assert {receipt.body.id for receipt in found} < known  # the look of a moment ago is not sealed yet
    assert all(receipt.verify(issuing.public_keys()) for receipt in found)

    one = found[0].body.id
    alone = receipts.read(visitor().post(place, {"entry": str(one)}, **BROWSER).content.decode())
    assert [receipt.body.id for receipt in alone] == [one]


def test_an_entry_of_the_last_seconds_has_none_yet_and_the_answer_says_so(sealed):
    visitor().post(address_of("full"), **BROWSER)
    newest = history(sealed.person_id)[0]
    answer = visitor().post(address_of("full") + "receipts.json", {"entry": str(newest.id)}, **BROWSER)
    assert answer.status_code == 409
    assert "The receipt isn’t ready yet" in answer.content.decode()


def test_the_covered_link_and_strangers_get_no_receipt(sealed):
    assert "Download all receipts" not in text(visitor().get(address_of("masked")))
    for place, headers in (
        (address_of("masked"), BROWSER),
        (address_of("full"), {}),
        (address_of("full")[:-9] + "another/", BROWSER),
    ):
        answer = visitor().post(place + "receipts.json", **headers)
        assert answer.status_code == 404
    assert visitor().get(address_of("full") + "receipts.json").status_code == 405


def test_no_receipt_is_given_from_a_corrupt_tree(sealed, owner, caplog):
    owner.execute("update tile set hashes = sha256(hashes) || substring(hashes from 33)")
    answer = visitor().post(address_of("full") + "receipts.json", **BROWSER)
    assert answer.status_code == 503
    assert "the ledger doesn’t verify" in answer.content.decode()
    assert "No receipt is given" in caplog.text


def test_keys_and_latest_checkpoint_are_published(sealed):
    published = json.loads(visitor().get("/.well-known/troth-ledger.json").content)
    assert published["keys"][0]["key"] == str(issuing.public_keys()[0])
    assert published["checkpoint"] == issuing.latest_note()


def test_an_account_filters_its_history_and_downloads_the_same_receipts(site, run_jobs, sealer):
    hers = known_person(QUOTE | {"email": ALICE["email"]})
    alice, stranger = account(ALICE, run_jobs), account(BOB, run_jobs)
    sealer.seal_all()
    page = f"/account/data/{hers}/"
    assert "Download all receipts" in text(alice.get(page))
    assert "No entries found" in text(alice.get(page, {"to": "2001-01-01"}))
    answer = alice.post(page, **BROWSER)
    found = receipts.read(answer.content.decode())
    assert {receipt.body.id for receipt in found} < {entry.id for entry in history(hers)}
    assert "no-store" in answer.headers["Cache-Control"]
    assert alice.post(page, {"do": "choices"}, **BROWSER).status_code == 409
    assert stranger.post(page, **BROWSER).status_code == 404
    assert visitor().post(page, **BROWSER).status_code == 303
    everything = receipts.read(alice.post("/account/data/", **BROWSER).content.decode())
    assert {receipt.body.id for receipt in found} < {receipt.body.id for receipt in everything}


def test_an_account_has_one_history_of_all_its_submissions(site, run_jobs):
    hers = known_person(QUOTE | {"email": ALICE["email"]})
    alice = account(ALICE, run_jobs)
    page = text(alice.get("/account/data/"))
    assert "Create an account" in page, "what it says of the account itself"
    assert "Request a quote" in page, "what the submission says stands in the same list"
    before = len(history(hers))
    alice.get("/account/data/")
    assert len(history(hers)) == before, "reading it uses no data"
