"""Translations found faster: which language is spoken now, and what a text is in it.

A page asks for some hundred and fifty translated texts. For each, Django finds the active language behind a lock and
goes through the catalogs of all apps, and where none has the text, as in its own language, through their fallbacks.
"""

from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

_MOST_TEXTS = 8_192
_spoken: ContextVar[Any] = ContextVar("active translation", default=None)


class _Spoken:
    """The translation that is active, of each thread, and under an event loop of each context: as Django's own."""

    @property
    def value(self) -> Any:
        found = _spoken.get()
        if found is None:
            raise AttributeError("value")  # Django asks whether there is one
        return found

    @value.setter
    def value(self, translation: Any) -> None:
        _spoken.set(translation)

    @value.deleter
    def value(self) -> None:
        _spoken.set(None)


def open_translating() -> None:
    """For this process, once its apps are known."""
    django: Any = trans_real
    if not isinstance(django._active, _Spoken):
        django._active = _Spoken()
    for code, _name in settings.LANGUAGES:
        translation = django.translation(code)
        if "gettext" not in vars(translation):
            translation.gettext = lru_cache(_MOST_TEXTS)(translation.gettext)
