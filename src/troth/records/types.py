"""What storage asks of the types of kinds, which `collection/forms/types` hands over when the program starts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from troth.files import Attached
from troth.policy import Kind


class StoredType(Protocol):
    """See `KindType`, which is one."""

    @property
    def comparable(self) -> Callable[[str], str]: ...
    @property
    def sought(self) -> Callable[[Kind, str], Sequence[str]]: ...
    @property
    def files(self) -> Callable[[str], Sequence[Attached]]: ...


_known: dict[str, Mapping[str, StoredType]] = {}


def know(types: Mapping[str, StoredType]) -> None:
    """These are the types of this program."""
    _known["types"] = types


def type_of(id: str) -> StoredType:
    return _known["types"][id]
