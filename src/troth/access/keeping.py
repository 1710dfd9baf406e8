"""Until when the values of a page are kept, kind by kind."""

from collections.abc import Mapping
from uuid import UUID

from troth import gate
from troth.records import profile
from troth.words.keeping import describe_end


def find_ends_of_kinds(person: UUID, *, request: UUID | None = None) -> Mapping[str, str]:
    """Kind → until when the value is kept that `gate.read` gives: the request's, else the latest.   Cost  1 query."""
    law, pieces = gate.law(), profile.pieces_of(person)
    own = [piece for piece in pieces if request and piece.request == request]
    return {piece.kind: describe_end(law.kept(piece.kind), piece.kept_until_utc) for piece in (*pieces, *own)}
