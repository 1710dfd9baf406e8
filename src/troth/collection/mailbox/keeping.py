"""The sender of a mail as someone whose data we hold: what the policy says we keep of it, and nothing else.

Policy  #C3
"""

from collections.abc import Mapping
from uuid import UUID

from troth import in_force
from troth.addresses import NoAddress, comparable
from troth.collection.mailbox.received import ReceivedMail
from troth.records import KeptRequest, Provenance, keep

PLACE, MESSAGE = "email.inbox", "message"
_MOST_CHARS = 200_000


def can_keep(mail: ReceivedMail, purpose: str) -> bool:
    """Whether the policy lets mail come in for this purpose, and the mail names a sender whom we could answer."""
    stated = in_force.policy().collects.get(PLACE)
    return stated is not None and purpose in stated.purposes and is_address(mail.from_address)


def is_address(address: str) -> bool:
    """Whether one could answer to it."""
    try:
        return bool(comparable(address))
    except NoAddress:
        return False


def read_values(mail: ReceivedMail) -> dict[str, str]:
    """Kind → value, of what the policy lets us keep of a mail. Who writes no name is called by the address's."""
    whole = "\n\n".join(filter(None, (mail.subject, f"{mail.text}{mail.quoted}".strip())))
    asked = {ask.kind for ask in in_force.policy().collects[PLACE].asks}
    found = {
        "email": mail.from_address,
        "name": mail.from_name or mail.from_address.partition("@")[0],
        MESSAGE: whole[:_MOST_CHARS] or "–",
    }
    return {kind: value for kind, value in found.items() if kind in asked}


def keep_sender(mail: ReceivedMail, *, cause: UUID, values: Mapping[str, str] | None) -> KeptRequest:
    """The person whose mail it is: a new one, for nobody has proven to be anyone. In the caller's transaction.

    Takes   values: what is kept, where that is more than `read_values` gives."""
    provenance = Provenance(
        channel=PLACE,
        version=in_force.policy().version,
        at_utc=mail.received_utc,
        way="verified email" if mail.verified else "email",
        evidence=f"mail {mail.id}",
    )
    return keep(values=values or read_values(mail), provenance=provenance, cause=cause)
