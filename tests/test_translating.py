"""Translations that are found faster are those that Django finds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.template import engines
from django.utils.translation import deactivate, get_language, gettext, override, trans_real

from troth.translating import open_translating


def test_each_thread_and_each_task_speaks_its_own_language() -> None:
    async def speak(language: str) -> str:
        with override(language):
            await asyncio.sleep(0)
            return f"{get_language()} {gettext('Yes')}"

    async def speak_both() -> list[str]:
        return list(await asyncio.gather(speak("de"), speak("fr")))

    with override("de"), ThreadPoolExecutor(1) as pool:
        assert gettext("Yes") == "Ja"
        assert pool.submit(get_language).result() == "en"
        with override("fr"):
            assert gettext("Yes") == "Oui"
        assert get_language() == "de"
        assert pool.submit(asyncio.run, speak_both()).result() == ["de Ja", "fr Oui"]
        deactivate()
        assert get_language() == "en"
    assert get_language() == "en"


def test_a_text_is_looked_up_once_in_the_language_of_the_site() -> None:
    open_translating()  # again: nothing is wrapped twice
    catalog: Any = trans_real.translation("en")
    with override("en"):  # a test of other settings may leave the default of a catalog that is gone
        gettext("Looked up once")
        before = catalog.gettext.cache_info()
        assert gettext("Looked up once") == "Looked up once"
        assert catalog.gettext.cache_info().hits == before.hits + 1


def test_a_template_says_a_text_in_the_language_of_each_rendering() -> None:
    said = "{% translate '100% <b>' %}|{% translate 'Yes' %}|{% translate said %}"
    template = engines["django"].from_string("{% load i18n %}" + said + "|{% translate 'Yes' as word %}{{ word }}")
    for _again in range(2):
        for language, yes in (("en", "Yes"), ("de", "Ja"), ("fr", "Oui")):
            with override(language):
                assert template.render({"said": "<Yes>"}) == f"100% <b>|{yes}|&lt;Yes&gt;|{yes}"
