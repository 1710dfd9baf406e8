"""Whose fault it is that a mail server did not take an email: ours, the content's, their server's or their address's.

One function sorts what servers answer while we send and what bounces say later. Most of what begins with 5 speaks of
spam, rules, reputation or a full mailbox, which people still read; only words that say that nobody is there
make a fault hard. What the words leave open, the status decides; what that leaves open, the reply code.

Source  RFC 3463 and RFC 7505 (statuses), RFC 5321, 4.2 (codes); the words are in `troth.outbox.replies`.
"""

import re
from dataclasses import dataclass

from troth.outbox import replies
from troth.outbox.replies import Whose

NOBODY = "nobody there"
"""The code of a hard fault; of all others, whose they are."""


@dataclass(frozen=True)
class Fault:
    """Why an email was not taken.

    hard   nobody is there, nor will be: user unknown, host unknown, moved, accepts no mail
    lasts  the same email will not be taken later either"""

    whose: Whose
    hard: bool = False
    lasts: bool = True

    @property
    def code(self) -> str:
        """As emails keep it."""
        return NOBODY if self.hard else str(self.whose)


def sort_reply(code: int, status: str, text: str, *, final: bool = False) -> Fault:
    """The fault that a reply or a bounce speaks of.

    Takes   code: of the reply, or 0; status: enhanced status code, or empty; text: the server's words, or a bounce's;
            final: a server gave up, so that what it calls temporary lasted for days"""
    status = status or _find_status(text)
    lasts = final or _lasts(code, status)
    found = _sort_words(_strip(text), status.partition(".")[2]) or _sort_status(code, status.partition(".")[2], text)
    return Fault(found.whose, hard=found.hard and lasts, lasts=lasts)


def sort_bounce(status: str, text: str) -> Fault:
    """As `sort_reply` for what a bounce quotes; the reply code is read from its words."""
    code = _CODE.search(text)
    return sort_reply(int(code[1]) if code else 0, status, text, final=True)


def _sort_words(words: str, detail: str) -> Fault | None:
    special = replies.BY_STATUS.get(detail)
    if special and special.compile().search(words):
        return Fault(special.whose, hard=special.hard)
    for kind, pattern in _WORDS:
        if pattern.search(words) and not (kind.vague and detail[:2] in _OF_RULES):
            return Fault(kind.whose, hard=kind.hard)
    return None


def _sort_status(code: int, detail: str, text: str) -> Fault:
    for whose, hard, statuses in replies.STATUSES:
        if detail in statuses:
            return Fault(whose, hard=hard)
    if code in replies.HARD_CODES or (
        code == 550 and not detail and not re.search(r"[^\W\d]{3}", _strip(text).replace("address", ""))
    ):
        return Fault(Whose.ADDRESS, hard=True)  # a bare 550: RFC 5321 gives it to a mailbox that is not there
    if code in replies.OUR_CODES:
        return Fault(Whose.US)
    return Fault(replies.SUBJECTS.get(detail[:1], Whose.SERVER))


def _lasts(code: int, status: str) -> bool:
    return status.startswith("5") if status else code == 0 or code >= 500


def _find_status(text: str) -> str:
    found = re.search(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])", text)
    return found[1] if found else ""


def _strip(text: str) -> str:
    """The words alone: addresses of people and pages may hold any word, and lines are broken anywhere."""
    text = re.sub(r"https?://\S+|www\.\S+", " ", text[:_READ].replace("’", "'"))
    text = re.sub(r"(?m)^\s*\d{3}(?:-|\s|$)(?:#?\d\.\d{1,3}\.\d{1,3})?", " ", text)
    text = re.sub(r"[<(\[{\"']*[^\s<>()\[\]{}:;,\"']+@[^\s<>()\[\]{}:;,\"']+[>)\]}\"']*", " address ", text)
    return " ".join(text.replace("_", " ").replace("<", " ").replace(">", " ").lower().split())


_READ = 4_000
"""Characters of a reply that are read: a server may answer with anything."""
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[-\s#]|$)")
_WORDS = [(kind, kind.compile()) for kind in replies.IN_ORDER]
_OF_RULES = ("3.", "6.", "7.")
