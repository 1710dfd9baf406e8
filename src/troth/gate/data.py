"""The values that a grant allows, each by the id of its datum, for the page that shows where each value came from."""

from collections.abc import Mapping
from uuid import UUID

from troth.gate.door import Grant, GrantRefused, reader, token
from troth.records.calls import Refusal, rows


def read_data(grant: Grant) -> Mapping[UUID, str]:
    """Datum → value.   Cost  1 query.   Raises  GrantRefused: not committed, expired, another person's."""
    try:
        found = rows(
            "select id, kind, sealed, clear, wrapped from read_pieces(%s, %s, %s)",
            [grant.person, grant.id, token(grant.id).encode()],
        )
    except Refusal as refusal:
        raise GrantRefused(refusal) from refusal
    open_one = reader(grant.person)
    return {row[0]: open_one(row[1:]) for row in found}
