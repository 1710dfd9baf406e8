"""Private links: a URL that nobody can guess opens one person's page, as far as its power allows.

    masked        on the receipt page, which others may see on the screen: values are partly hidden
    full          emailed to the address on file: shows and corrects values, after a button was pressed
    choices       at the end of each email: changes choices and shows no value
    case          emailed for one privacy request: proves the address, shows that request and its answer
    unsubscribe   in marketing emails: can only opt out, whichever person has it

The token is derived from the link's id with the master key, so that an email can contain it and no table stores it.
"""

from troth.security.links.actions import (
    address,
    address_by,
    find_named,
    is_proven,
    list_confirmed,
    list_proven,
    living,
    make,
    of_email,
    of_emails,
)
from troth.security.links.models import Link, LinkLook
from troth.security.links.powers import opens

__all__ = [
    "Link",
    "LinkLook",
    "address",
    "address_by",
    "find_named",
    "is_proven",
    "list_confirmed",
    "list_proven",
    "living",
    "make",
    "of_email",
    "of_emails",
    "opens",
]
