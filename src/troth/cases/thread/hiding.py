"""Private links of our emails, left out of what a reply quotes: who reads it must not act as whom they open for."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

_BREAK = r"(?:=?\r?\n[>| \t]*)?"
"""Programs break a long link within its line, and quote what follows."""
_UNGUESSABLE = rf"(?=(?:[a-z0-9_-]{_BREAK})*[A-Z])(?:[\w-]{_BREAK}){{27,}}[\w-]"  # none of our pages has such a name
_SLASH, _COLON = r"(?:/|%(?:25)*2F)", r"(?::|%(?:25)*3A)"
"""Also encoded, once or more: so a link is in the address of a page that checks it first, such as Safe Links."""


def hide_secrets(words: str) -> str:
    """The same words, with … for what nobody can guess of a link to this site."""
    for links in _find_links(settings.TROTH_BASE_URL):
        words = links.sub(r"\1…", words)
    return words


@lru_cache(maxsize=1)
def _find_links(base_url: str) -> tuple[re.Pattern[str], ...]:
    """Links as we write them or with signs encoded, and as Proofpoint writes them.

    https-3A__acme.example_case_…"""
    base = urlsplit(base_url)
    host, below = re.escape(base.netloc).replace(":", _COLON), re.escape(base.path.rstrip("/")).replace("/", _SLASH)
    named = re.escape(base.netloc.replace("-", "-2D").replace(":", "-3A"))
    return (
        re.compile(rf"((?i:https?{_COLON}{_SLASH}{{2}}{host}{below}{_SLASH}(?:[\w.-]+{_SLASH})*?)){_UNGUESSABLE}"),
        re.compile(rf"((?i:https?-3A__{named}_(?:[a-z]+_)*?))(?:[A-Za-z0-9]|-[0-9A-F]{{2}}){{28,}}"),
    )
