"""How someone came to look at their own data: codes that the ledger holds as the reason of a look."""

from django.utils.translation import gettext as _

LINK, COVERED, SIGNED_IN, COPY = "private link", "private link, covered", "signed in", "copy"


def sentence_of(reason: str) -> str:
    """What they did, with a place for the kinds. Looks of an earlier time do not say how they came."""
    match reason:
        case "private link":
            return _("You viewed {} through your private link.")
        case "private link, covered":
            return _("You viewed {} through your private link, partly hidden.")
        case "signed in":
            return _("You viewed {} while signed in.")
        case "copy":
            return _("You downloaded a copy of {}.")
    return _("You viewed {}.")
