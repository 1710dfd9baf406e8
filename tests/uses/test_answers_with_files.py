"""Staff attach files to an answer, where the policy states that answers have them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.accounts import emails_to, post
from tests.filed import PDF
from tests.site import site
from tests.uses.test_support import ASKED, answer, here, last_of, leave, link_of, read
from tests.visits import send, signed_in, text, visitor

from troth.records import ledger
from troth.records.stored import StoredFile
from troth.uses.support.models import SupportCase

__all__ = ["site"]


@pytest.fixture
def asked(site, run_jobs):
    """A case under the reference policy, whose answers may have attachments."""
    sent = send(visitor(), "/support/", ASKED)
    assert sent.status_code == 303, text(sent)
    run_jobs()
    return SupportCase.objects.get()


def guide(name="restart guide.pdf", content=PDF):
    return {"attachment": SimpleUploadedFile(name, content)}


def test_a_file_goes_with_an_answer_and_the_customer_downloads_it(asked, run_jobs):
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    opened = read(yusuf, asked).content.decode()
    assert 'enctype="multipart/form-data"' in opened
    assert re.search(r'<input type="file"[^>]* name="attachment"', opened)
    assert answer(yusuf, asked, **guide()).status_code == 303
    leave(run_jobs)
    mail = emails_to(ASKED["email"])[-1].get_body(("plain",)).get_content()
    assert "This answer has attachments. Download them from the page of your request." in mail
    customer, secret = visitor(), link_of(asked).split("/")[2]
    shown = post(customer, "/conversation/", {"secret": secret, "do": "show"}).content.decode()
    assert "Download restart guide.pdf" in shown
    found = re.search(r'name="file" value="([^"]+)"', shown)
    assert found
    fetched = post(customer, "/conversation/", {"secret": secret, "do": "file", "file": found[1]})
    assert b"".join(fetched.streaming_content) == PDF
    assert fetched["Content-Disposition"].startswith("attachment")
    stranger = post(visitor(), "/conversation/", {"secret": "x" * len(secret), "do": "file", "file": found[1]})
    assert b"%PDF" not in stranger.content
    whose = {entry.who for entry in ledger.history(asked.person_id) if entry.kind == "collected"}
    assert whose == {"person", "staff:yusuf"}


def test_an_undone_answer_leaves_no_file(asked):
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    read(yusuf, asked)
    answer(yusuf, asked, **guide())
    assert StoredFile.objects.count() == 1
    undone = post(yusuf, here(asked), {"do": "undo", "message": last_of(asked)})
    assert undone.status_code == 303
    assert not StoredFile.objects.exists()


def test_a_file_that_is_not_what_its_name_says_is_refused_and_nothing_is_sent(asked):
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    read(yusuf, asked)
    refused = answer(yusuf, asked, words="Please read this.", **guide(content=b"MZ no pdf at all"))
    assert refused.status_code == 400
    page = text(refused)
    assert "This isn’t a PDF file" in page
    assert "Please read this." in page, "Nothing typed is lost."
    assert asked.messages.count() == 1
    assert not StoredFile.objects.exists()
