"""Whether a mail is from whom it says: by the checks of our own mail server, or by a signature that we check.

`From` is a claim. It is believed when a domain that belongs with it answers for the mail: by DMARC, a DKIM signature,
or SPF. Anyone can write headers that tell of checks, so only those of the one server count that the operator names.
"""

from collections.abc import Iterable
from functools import cache

from publicsuffixlist import PublicSuffixList

from troth.collection.mailbox.parsed import ParsedMail

_METHODS = ("dmarc", "dkim", "spf")
_ONCE = ("from", "subject", "content-type", "content-transfer-encoding")
"""Headers of which a second one changes what is read, and leaves the signature of the first right.

Source  RFC 6376, section 8.15"""


def is_verified(mail: ParsedMail, *, authserv_id: str, signed_by: Iterable[str] = ()) -> bool:
    """Takes  authserv_id: of our own mail server, "" for none; signed_by: domains whose signature we found right."""
    domain = mail.address.rpartition("@")[2].lower()
    if not domain or any(mail.values(name)[1:] for name in _ONCE):
        return False  # two senders: each reader would believe another one
    if not authserv_id:
        return any(belong_together(each, domain) for each in signed_by)
    return any(belong_together(each, domain) for each in _list_passed(mail, authserv_id.lower()))


def belong_together(one: str, other: str) -> bool:
    """Whether two domains are one organization's.   Source  RFC 7489, relaxed alignment."""
    return one == other or (_organization(one) == _organization(other) != "")


def _list_passed(mail: ParsedMail, authserv_id: str) -> list[str]:
    """The domains that answer for the mail. Of each method only the topmost header counts: lower ones came with it."""
    ours = [each for each in mail.results if each[1] == authserv_id]
    topmost = {method: min((at for at, _, told, *_rest in ours if told == method), default=None) for method in _METHODS}
    return [
        domain for at, _, method, result, domain in ours if result == "pass" and domain and topmost.get(method) == at
    ]


def _organization(domain: str) -> str:
    return str(_load_suffixes().privatesuffix(domain) or "")


@cache
def _load_suffixes() -> PublicSuffixList:
    """Once it is asked: most processes never are, and reading the list would delay the start of each."""
    return PublicSuffixList()
