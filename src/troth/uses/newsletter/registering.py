"""What the form of an installation offers, to visitors and to staff."""

from troth.collection.forms.types import Choices
from troth.site import site
from troth.uses.newsletter.mailings import NOTICES


def list_choices() -> dict[str, Choices]:
    """Products with notices, and editions."""
    return {"product": [(each.id, each.title) for each in NOTICES.topics()], "edition": site().offer_editions()}
