"""The site as its pages know it: the adopted policy, and the site folder's catalog and brand."""

from django.db import Error as DatabaseError

from troth.in_force import law, policy
from troth.policy.terms import Policy
from troth.site import site

__all__ = ["colors", "language", "law", "policy", "policy_if_known", "site"]


def policy_if_known() -> Policy | None:
    """The adopted policy; None while the database is away, so that even the page that says so has a frame."""
    try:
        return policy()
    except DatabaseError:
        return None


def language() -> str:
    """The language the site's own words are written in."""
    known = policy_if_known()
    return known.language if known else "en"


def colors() -> dict[str, str]:
    """The brand's own colours by token, each for light and dark."""
    return {token: f"light-dark({color.light}, {color.dark})" for token, color in site().brand.colors.items()}
