"""The site folder's catalog and routing, as the rooms that take requests need them."""

import functools
from pathlib import Path

from django.conf import settings

from troth import catalog


class SiteHasErrors(Exception):
    """The site folder cannot be used; the message says how to see why."""


@functools.lru_cache(maxsize=1)
def site() -> catalog.SiteFolder:
    """Catalog, routing and brand, read once: a changed folder is a new start."""
    loaded = catalog.load(Path(settings.TROTH_SITE), checked=False)  # a start has checked all else
    if loaded.site is None:
        first = loaded.findings[0]
        raise SiteHasErrors(
            f"The site folder {settings.TROTH_SITE} has {len(loaded.findings)} errors, first: {first.message}"
        )
    return loaded.site
