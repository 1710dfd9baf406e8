"""The site as its pages know it: the adopted policy by way of the gate, and the site folder's catalog and brand.

Within one request there is one policy: it is asked for once, and the page cannot change its mind half-way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import Error as DatabaseError

from troth import in_force
from troth.policy.meaning import Law
from troth.policy.terms import Policy
from troth.site import site

__all__ = ["colors", "language", "law", "one_policy", "policy", "policy_if_known", "site", "title"]

_held: ContextVar[dict[str, Law | None] | None] = ContextVar("law of this request", default=None)


@contextmanager
def one_policy() -> Iterator[None]:
    """Holds the law that is asked for first until the end of the block."""
    token = _held.set({})
    try:
        with in_force.one_law():
            yield
    finally:
        _held.reset(token)


def law() -> Law:
    """All adopted versions. Raises DatabaseError while the database is away, which is answered with 503."""
    held = _held.get()
    if held is None:
        return in_force.law()
    if held.get("law") is None:
        held["law"] = in_force.law()
    return held["law"] or in_force.law()


def policy() -> Policy:
    """The adopted policy in force."""
    known = law()
    return known.versions[known.current]


def policy_if_known() -> Policy | None:
    """The adopted policy; None while the database is away, so that even the page that says so has a frame."""
    held = _held.get()
    if held is not None and "away" in held:
        return None
    try:
        return policy()
    except DatabaseError:
        # Asked once a request: each further try would wait for the connection again.
        if held is not None:
            held["away"] = None
        return None


def title(anchor: str) -> str:
    """The name of a section, or its anchor where the policy has none of that name."""
    known = policy_if_known()
    section = known.section(anchor) if known else None
    return section.title if section else anchor


def language() -> str:
    """The language the site's own words are written in."""
    known = policy_if_known()
    return known.language if known else "en"


def colors() -> dict[str, str]:
    """The brand's own colours by token, each for light and dark."""
    return {token: f"light-dark({color.light}, {color.dark})" for token, color in site().brand.colors.items()}
