"""The program's own phrases in the languages that policies are translated into, from `phrasebooks/<language>.yaml`."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .own_yaml import load_own_yaml
from .phrases import Say


def find_say(language: str) -> Say:
    """Says a phrase of `phrases` in a language; as it is where that language has no phrasebook or not this phrase."""
    book = _read(language.partition("-")[0])
    return lambda text: book.get(text, text)


@cache
def _read(language: str) -> Mapping[str, str]:
    if not re.fullmatch("[a-z]{2,3}", language):
        return {}
    file = files(__package__) / "phrasebooks" / f"{language}.yaml"
    return load_own_yaml(file.read_text(encoding="utf-8")) if file.is_file() else {}
