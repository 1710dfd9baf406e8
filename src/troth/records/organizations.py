"""Organizations: what people work for. Nothing in the table is personal; that somebody belongs to one is."""

from datetime import datetime
from uuid import UUID

from troth.records.calls import rows
from troth.records.ids import new_id
from troth.seal import vault


def enroll(
    *, person: UUID, name: str, domain: str, industry: str = "", country: str = "", state: str = "", at_utc: datetime
) -> UUID:
    """The organization of a mail domain, made if it is new, with the person as its member and the act in her ledger.

    Cost    1 statement in the caller's transaction; enrolling again changes nothing.
    Raises  Refusal: an erased or unknown person."""
    index = vault().blind_index("domain", domain.casefold())
    ((organization,),) = rows(
        "select enroll(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [person, new_id(), new_id(), name, index, industry, country, state, at_utc],
    )
    return UUID(str(organization))
