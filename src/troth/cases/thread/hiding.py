"""Private links of our emails, left out of what a reply quotes: who reads it must not act as whom they open for."""

import re

from django.conf import settings

_UNGUESSABLE = r"(?=[a-z0-9_-]*[A-Z])[\w-]{28,}"  # none of our pages has such a name


def hide_secrets(words: str) -> str:
    """The same words, with … for what nobody can guess of a link to this site."""
    ours = re.escape(str(settings.TROTH_BASE_URL).rstrip("/"))
    return re.sub(rf"({ours}/(?:[\w.-]+/)*?){_UNGUESSABLE}", r"\1…", words)
