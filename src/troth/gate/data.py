"""The values that a grant allows, each by the id of its datum, for the page that shows where each value came from."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from troth.gate.door import Grant, GrantRefused, reader, token
from troth.records.calls import Refusal, rows


class OpenedData(Mapping[UUID, str]):
    """Datum → value. A value is decrypted when it is asked for: a page of twenty opens twenty of five hundred."""

    def __init__(self, found: Mapping[UUID, tuple[Any, ...]], open_one: Callable[[tuple[Any, ...]], str]) -> None:
        self._found, self._open_one = found, open_one

    def __getitem__(self, datum: UUID) -> str:
        return self._open_one(self._found[datum])

    def __contains__(self, datum: object) -> bool:
        return datum in self._found  # the mapping's own would decrypt it

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def read_data(grant: Grant, data: Collection[UUID] | None = None) -> Mapping[UUID, str]:
    """Datum → value, of all that it opens or only of `data`.

    Cost    1 query.
    Raises  GrantRefused: not committed, expired, another person's."""
    try:
        found = rows(
            "select id, kind, sealed, clear, wrapped from read_pieces(%s, %s, %s, %s)",
            [grant.person, grant.id, token(grant.id).encode(), None if data is None else [*data]],
        )
    except Refusal as refusal:
        raise GrantRefused(refusal) from refusal
    return OpenedData({row[0]: row[1:] for row in found}, reader(grant.person))
