"""Codes of requests in words for the console: states, deadlines, ways and outcomes. Exports keep the codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, "Promise | str"] = {
    # where a privacy request stands
    "unverified": _("not verified yet"),
    "open": _("open"),
    "answered": _("answered"),
    "denied": _("denied"),
    "withdrawn": _("withdrawn"),
    # where a quote request stands
    "received": _("in progress"),
    "routed": _("with a recipient"),
    "queued": _("in the shared queue"),
    "refused": _("refused by the policy"),
    "erased": _("ended: the data was deleted"),
    # whose clock runs
    "ccpa": _("CCPA deadline"),
    "civil code 1798.83": _("California Civil Code 1798.83 deadline"),
    "policy": _("our policy’s deadline"),
    # how it came in
    "form": _("through our form"),
    "account": _("from their account"),
    "link": _("through a private link"),
    "agent": _("through an agent"),
    "post": _("by mail"),
    "phone": _("by phone"),
    "email": _("by email"),
    "program": _("started automatically"),
    "staff": _("entered by staff"),
    # what became of it
    "complied": _("completed"),
    "complied in part": _("partly completed"),
    "nothing held": _("no data held"),
    "told": _("notified"),
    "joined": _("merged with an earlier request"),
}
"""No code stands for two things."""


def in_words(code: str) -> str:
    """The words; a code without words unchanged."""
    return str(WORDS.get(code, code))
