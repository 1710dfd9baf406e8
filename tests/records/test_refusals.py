"""What the database refuses is said in the reader's language, with its values."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections
from django.utils import translation

from troth.records.calls import Refusal, read_refusal, refusals

pytestmark = pytest.mark.django_db(transaction=True)

GERMAN = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"
msgid "No staff account is named %(name)s. See: troth staff list"
msgstr "Es gibt kein Konto mit dem Namen %(name)s."
msgid "The hold is in force. End it first."
msgstr "Die Sperre gilt. Beenden Sie sie zuerst."
"""


@pytest.fixture
def german(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """A reader's language, by a catalog that translates two refusals."""
    catalog = tmp_path / "de/LC_MESSAGES"
    catalog.mkdir(parents=True)
    (catalog / "django.po").write_text(GERMAN, encoding="utf-8")
    merger = shutil.which("msgfmt") or "msgfmt"
    subprocess.run([merger, "-o", catalog / "django.mo", catalog / "django.po"], check=True)
    settings.LOCALE_PATHS, settings.LANGUAGES = [tmp_path], [("en", "English"), ("de", "Deutsch")]
    with translation.override("de"):
        yield


def test_a_refusal_names_its_values(owner: Any) -> None:
    assert refuse_to_close("nobody") == "No staff account is named nobody. See: troth staff list"


def test_a_refusal_is_said_in_the_readers_language(owner: Any, german: None) -> None:
    assert refuse_to_close("100 %s") == "Es gibt kein Konto mit dem Namen 100 %s."


def refuse_to_close(username: str) -> str:
    with pytest.raises(Refusal) as refused, refusals(), connections["owner"].cursor() as cursor:
        cursor.execute("select staff_closed(%s)", [username])
    assert refused.value.code == "no staff"
    return refused.value.sentence


def test_a_refusal_that_the_database_hands_on_is_translated_too(german: None) -> None:
    assert read_refusal("troth:on hold:The hold is in force. End it first.").sentence == (
        "Die Sperre gilt. Beenden Sie sie zuerst."
    )


def test_what_is_no_refusal_of_ours_is_shown_as_it_is() -> None:
    refused = read_refusal("duplicate key value violates 100% of constraints\nDETAIL: x")

    assert (refused.code, refused.sentence) == (
        "unknown",
        "duplicate key value violates 100% of constraints\nDETAIL: x",
    )
