"""Snippets: written, inserted with their fields filled, and never sent with a field that nobody filled."""

import re

from tests.accounts import post
from tests.uses.test_support import answer, here, read
from tests.visits import signed_in, text

from troth.desk.models import Snippet

PAGE = "/console/snippets/"


def test_a_snippet_is_written_inserted_filled_and_sent_only_whole(case):
    yusuf = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    words = "Hello {name},\nwe look into {number} about {product} {release} of {company}.\n{staff}"
    typed = {"do": "save", "name": "Looking", "language": "en", "words": words}
    wrong = post(yusuf, PAGE, typed | {"words": "Hello {nickname}"})
    assert wrong.status_code == 400
    assert "There is no field {nickname}." in text(wrong)
    assert "Choose a language" in text(post(yusuf, PAGE, typed | {"language": "xx"}))
    assert post(yusuf, PAGE, typed).status_code == 303
    assert "a snippet of this name already" in text(post(yusuf, PAGE, typed))
    snippet = Snippet.objects.get()
    read(yusuf, case)
    assert "Looking" in text(yusuf.get(here(case)))
    inserted = post(yusuf, here(case), {"do": "insert", "snippet": snippet.pk, "words": "First of all:"})
    assert inserted.status_code == 303, text(inserted)
    page = yusuf.get(here(case)).content.decode()
    draft = re.search(r"<textarea id=\"answer-words\"[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    assert draft.startswith("First of all:\n\nHello Marisol Vance,")
    assert f"{case.number} about OptiPro Process 12.3.4 of {{company}}.\nYusuf Adeyemi" in draft
    refused = answer(yusuf, case, draft)
    assert refused.status_code == 400
    assert "Fill in {company}, or delete it" in text(refused)
    was = {"id": snippet.pk, "was-saved": snippet.saved_utc.isoformat()}
    assert post(yusuf, PAGE, {"do": "save", **was, **typed, "words": "Hello."}).status_code == 303
    assert Snippet.objects.get().words == "Hello."
    for stale in (typed | {"words": "Good day."}, {"do": "delete"}):
        assert "It’s now “Hello.”" in text(post(yusuf, PAGE, stale | was))
    deleted = post(yusuf, PAGE, {"do": "delete", "id": snippet.pk})
    assert "You deleted the snippet “Looking”." in text(yusuf.get(deleted["Location"]))
    assert not Snippet.objects.exists()
    gone = post(yusuf, PAGE, typed | was)
    assert "A colleague deleted this snippet meanwhile." in text(gone)
    assert "It’s now" not in text(gone)
    assert signed_in("aud", role="auditor").get(PAGE).status_code == 404
