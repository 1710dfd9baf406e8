"""Until when the values of a page are kept, kind by kind."""

from collections.abc import Mapping
from uuid import UUID

from troth import gate
from troth.records import profile
from troth.words.keeping import describe_end


def find_ends_of_kinds(person: UUID, *, cause: UUID | None = None) -> Mapping[str, str]:
    """Kind → until when the value is kept that `gate.read` gives: the request's, else the latest.   Cost  1 query."""
    law, data = gate.law(), profile.list_data(person)
    own = [datum for datum in data if cause and datum.cause == cause]
    return {datum.kind: describe_end(law.kept(datum.kind), datum.kept_until_utc) for datum in (*data, *own)}
