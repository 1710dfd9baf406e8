"""Private links: an address that nobody can guess opens one person's page, and only as far as its power goes.

    masked   given on the receipt page, where anyone may look over her shoulder: values are covered
    full     mailed to the address on file: shows values, after a button was pressed

The token is derived from the link's id by the master key, so that a letter can carry it and no table stores it.
"""

from troth.security.links.actions import address, confirmed, find, make
from troth.security.links.models import Link

__all__ = ["Link", "address", "confirmed", "find", "make"]
