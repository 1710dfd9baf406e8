"""What a request is called by the person who made it: the beginning of their own first message."""

import re
from collections.abc import Iterable

from django.db.models import F, OuterRef, Q, Subquery

from troth.cases.thread.folding import fold
from troth.cases.thread.hiding import hide_secrets
from troth.cases.thread.models import CaseMessage
from troth.cases.thread.reading import ShownMessage

FIRST_WORDS = Subquery(
    CaseMessage.objects.filter(
        Q(first=None) | Q(first=F("case")), case=OuterRef("pk"), who="person", proven=True, words__isnull=False
    )
    .order_by("at_utc", "id")
    .values("words")[:1]
)
"""The datum with a request's first words of the person who made it, as far as it is sure that these are theirs."""
LONGEST = 60
_SHORTEST = 12
"""Of a sentence: one like “Hello.” says nothing of the request."""
_ENDS = re.compile(r"[.!?…](?=\s|$)")
_ADDRESSING = re.compile(r"^[^\n]{1,40},$")
"""A line of an email before its first sentence, such as “Dear Ines,”."""


def find_title(messages: Iterable[ShownMessage]) -> str:
    """Of a request whose messages were read; nothing where their words aren't held."""
    own = (each for each in messages if not each.by_staff and not each.is_marked and each.words)
    return make_title(next((each.words for each in own), ""))


def make_title(words: str) -> str:
    """The first sentence or line of a message, cut after a word; nothing of one that only quotes."""
    opened = "\n".join(part.text for part in fold(hide_secrets(words), ()) if not part.folded)
    lines = [line for each in opened.splitlines() if (line := " ".join(each.split()))]
    said = next((line for line in lines if not line.startswith(">") and not _ADDRESSING.match(line)), "")
    end = next((found.end() for found in _ENDS.finditer(said) if found.end() >= _SHORTEST), len(said))
    return _cut(said[:end].removesuffix("."))


def _cut(said: str) -> str:
    if len(said) <= LONGEST:
        return said
    whole = said[: LONGEST + 1].rpartition(" ")[0] or said[:LONGEST]
    return f"{whole.rstrip(' ,;:–-')}…"
