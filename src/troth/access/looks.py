"""Ways in which people look at their own data: codes that the ledger stores as the reason."""

from django.utils.translation import gettext as _

LINK, COVERED, SIGNED_IN = "private link", "private link, covered", "signed in"
COPY, COPY_SHOWN = "copy", "copy on a page"


def sentence_of(reason: str) -> str:
    """The sentence for a look, with a place for the kinds. Older looks don't say how the person got there."""
    match reason:
        case "private link":
            return _("Through your private link, you viewed {}.")
        case "private link, covered":
            return _("Through your private link, you viewed {}, partly hidden.")
        case "signed in":
            return _("While signed in, you viewed {}.")
        case "copy":
            return _("You downloaded a copy of {}.")
        case "copy on a page":
            return _("You opened a copy of {} on a page.")
    return _("You viewed {}.")
