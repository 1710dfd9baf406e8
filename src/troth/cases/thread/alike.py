"""When a free answer is an email to many: the same text from one member of staff, again and again on one day.

An answer to one person needs no second pair of eyes. A text that many get does, so past the limit it is refused, and
the newsletter's page is the way, with its approval and its unsubscribe link.
"""

import re
from datetime import datetime, timedelta

from django.utils.translation import ngettext

from troth.cases.actions import CaseProblem
from troth.seal import vault
from troth.security import limits
from troth.security.limits import Limit

ANSWERS = Limit("answer with the same text", 20, timedelta(days=1))
_LEAST_WORDS = 15
"""Shorter ones are alike by nature: “Thanks, that is fixed in the next release.”"""
_GREETING_WORDS = 5


def refuse_many(words: str, *, who: str, at_utc: datetime) -> None:
    """Counts one more answer with this text.   Raises  CaseProblem: this member of staff sent it too often today."""
    mark = fingerprint(words)
    if mark and limits.count_try(ANSWERS, name=f"{who} {mark}", at_utc=at_utc):
        raise CaseProblem(_explain(ANSWERS.times), "words")


def fingerprint(words: str) -> str:
    """What is the same for texts that differ in greeting, numbers, spaces or capitals; empty for a short one."""
    lines = [line for line in words.strip().splitlines() if line.strip()]
    if lines and len(lines[0].split()) <= _GREETING_WORDS and lines[0].rstrip().endswith((",", "!", ":")):
        lines = lines[1:]
    found = re.findall(r"[^\W\d_]+", " ".join(lines).casefold())
    return vault().blind_index("answer", " ".join(found)).hex() if len(found) >= _LEAST_WORDS else ""


def _explain(times: int) -> str:
    return ngettext(
        "You sent this text %(times)s time today. What many people get is a newsletter or a notice: write it on the "
        "Newsletters page, where a colleague approves it.",
        "You sent this text %(times)s times today. What many people get is a newsletter or a notice: write it on the "
        "Newsletters page, where a colleague approves it.",
        times,
    ) % {"times": times}
