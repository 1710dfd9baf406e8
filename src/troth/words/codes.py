"""Codes of requests in the words of the console: states, clocks, ways and answers. Exports keep the codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, "Promise | str"] = {
    # where a privacy request stands
    "unverified": _("not proven yet"),
    "open": _("open"),
    "answered": _("answered"),
    "denied": _("denied"),
    "withdrawn": _("withdrawn"),
    # where a quote request stands
    "received": _("on its way"),
    "routed": _("with a recipient"),
    "queued": _("in the common queue"),
    "refused": _("refused by the policy"),
    "erased": _("ended: the data was deleted"),
    # whose clock runs
    "ccpa": _("California’s privacy act (CCPA)"),
    "civil code 1798.83": _("California Civil Code 1798.83"),
    "policy": _("our own policy"),
    # how it came in
    "form": _("by our form"),
    "account": _("from the account"),
    "link": _("through a private link"),
    "agent": _("through an agent"),
    "post": _("by post"),
    "phone": _("by phone"),
    "email": _("by e-mail"),
    "program": _("begun by the program"),
    "staff": _("entered by staff"),
    # what became of it
    "complied": _("done in whole"),
    "complied in part": _("done in part"),
    "nothing held": _("we hold nothing"),
    "told": _("told"),
    "joined": _("joined an earlier request"),
}
"""No code stands for two things."""


def in_words(code: str) -> str:
    """The words; a code that has none says itself."""
    return str(WORDS.get(code, code))
