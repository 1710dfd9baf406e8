"""Codes of requests in words for the console and its exports: states, deadlines, ways and outcomes.

Those that every kind of request may have are here; a room hands in its own.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from troth.wording import Words

WORDS: Mapping[str, Words] = {
    # where a request is
    "unverified": _("not verified yet"),
    "open": _("open"),
    "answered": _("answered"),
    "closed": _("closed"),
    "denied": _("denied"),
    "withdrawn": _("withdrawn"),
    # where one is that no law gives a clock
    "received": _("in progress"),
    "refused": _("refused by the policy"),
    "erased": _("ended: the data was deleted"),
    # whose clock runs
    "ccpa": _("CCPA deadline"),
    "gdpr": _("GDPR deadline"),
    "policy": _("our policy’s deadline"),
    # how it came in
    "form": _("through our form"),
    "page": _("on the request’s page"),
    "console": _("in the console"),
    "visit": _("in person"),
    "account": _("from their account"),
    "link": _("through a private link"),
    "post": _("by mail"),
    "phone": _("by phone"),
    "email": _("by email"),
    "program": _("started automatically"),
    "staff": _("entered by staff"),
    # what happened to it
    "complied": _("completed"),
    "complied in part": _("partly completed"),
    "nothing held": _("no data held"),
    "told": _("notified"),
    "joined": _("merged with an earlier request"),
    # how it was verified
    "mailed link": _("through the link that we emailed"),
    "signed in": _("signed in to the account"),
    # what two of the staff approve
    "erase": _("deletion"),
    "disclose": _("disclosure"),
    "export": _("copy of the data"),
}
"""No code stands for two things."""

_of_rooms: dict[str, Words] = {}


def know(words: Mapping[str, Words]) -> None:
    """These are the codes of the site's rooms."""
    _of_rooms.clear()
    _of_rooms.update(words)


def in_words(code: str) -> str:
    """The words; a code without words unchanged."""
    return str(WORDS.get(code) or _of_rooms.get(code, code))
