"""What the frame of every page needs of policy and site, also while the database is away."""

from django.db import Error as DatabaseError

from troth import in_force
from troth.policy.terms import Policy
from troth.site import site


def policy_if_known() -> Policy | None:
    """The adopted policy; None while the database is away, so that even the page that says so has a frame."""
    try:
        return in_force.policy()
    except DatabaseError:
        return None


def language() -> str:
    """The language the site's own words are written in."""
    known = policy_if_known()
    return known.language if known else "en"


def colors() -> dict[str, str]:
    """The brand's own colours by token, each for light and dark."""
    return {token: f"light-dark({color.light}, {color.dark})" for token, color in site().brand.colors.items()}
