"""The site as its pages know it: the adopted policy by way of the gate, and the site folder's catalog and brand."""

import functools
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError

from troth import catalog, gate
from troth.policy.meaning import Law
from troth.policy.terms import Policy


@functools.lru_cache(maxsize=1)
def site() -> catalog.Site:
    """Catalog, routing and brand, read once: a changed folder is a new start."""
    loaded = catalog.load(Path(settings.TROTH_SITE))
    if loaded.site is None:
        raise RuntimeError(f"The site folder {settings.TROTH_SITE} has errors; `troth catalog check` lists them.")
    return loaded.site


def policy() -> Policy | None:
    """The adopted policy; None while the database is away, so that even the page that says so has a frame."""
    try:
        return gate.policy()
    except DatabaseError:
        return None


def policy_or_raise() -> Policy:
    """The adopted policy, for pages that are nothing without it: while the database is away they answer 503."""
    return gate.policy()


def law() -> Law:
    return gate.law()


def title(anchor: str) -> str:
    """The name of a section, or its anchor where the policy has none of that name."""
    adopted = policy()
    sections = adopted.sections if adopted else ()
    return next((section.title for section in sections if section.anchor == anchor), anchor)


def language() -> str:
    """The language the site's own words are written in."""
    adopted = policy()
    return adopted.language if adopted else "en"


def colors() -> dict[str, str]:
    """The brand's own colours by token, each for light and dark."""
    return {token: f"light-dark({color.light}, {color.dark})" for token, color in site().brand.colors.items()}
