"""Email that a colleague passes on to our mailbox: whom it is really from, as the text says that was passed on.

That is a claim, so it is only proposed: staff say whose request it is.
"""

import re

from troth import in_force
from troth.collection.mailbox.parser.addresses import list_addresses
from troth.site import site

_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|doorst)\s*:", re.IGNORECASE)
_FROM = re.compile(r"^[>*\s]{0,10}(?:From|Von|De|Da|Van|Från|Od)\s?:\*?[ \t]*(.{3,300})$", re.MULTILINE)
_READ = 20_000


def is_of_house(address: str) -> bool:
    """Whether it is an address of our own domains. Anyone can claim one, so nothing follows but that someone looks."""
    ours, domain = (in_force.policy().privacy_email, site().brand.support_email), address.rpartition("@")[2].lower()
    return domain in site().brand.staff_domains or domain in {each.rpartition("@")[2].lower() for each in ours}


def find_original(subject: str, text: str) -> tuple[str, str] | None:
    """(name, address) of who wrote what was passed on; None for what is no such email."""
    if not _SUBJECT.match(subject):
        return None
    for said in _FROM.finditer(text[:_READ]):
        if found := list_addresses(_unwrap(said[1])):
            return found[0]
    return None


def _unwrap(said: str) -> str:
    """Outlook writes Ada <ada@x.example<mailto:ada@x.example>>, or Ada [mailto:ada@x.example]."""
    return re.sub(r"<mailto:[^<>]{1,320}>", "", said).replace("[mailto:", "<").replace("]", ">")
