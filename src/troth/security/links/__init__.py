"""Private links: an address that nobody can guess opens one person's page, and only as far as its power goes.

    masked        given on the receipt page, where anyone may look over her shoulder: values are covered
    full          mailed to the address on file: shows and corrects values, after a button was pressed
    choices       stands at the foot of each email: changes choices and shows no value
    case          mailed for one privacy request: proves the address, shows that request and fetches its answer
    unsubscribe   stands in emails that may advertise: can only ever say no, whoever holds it

The token is derived from the link's id by the master key, so that an email can carry it and no table stores it.
"""

from troth.security.links.actions import address, find_named, is_proven, list_confirmed, living, make, of_email
from troth.security.links.models import Link
from troth.security.links.powers import opens

__all__ = ["Link", "address", "find_named", "is_proven", "list_confirmed", "living", "make", "of_email", "opens"]
