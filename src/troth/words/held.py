"""What we hold about a person, as a page shows it: each value with its source and its uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from troth.collection.forms.types import TYPES
from troth.files import Attached
from troth.policy import Kind
from troth.records.profile import HeldDatum


@dataclass(frozen=True)
class HeldUse:
    """How often a value was used for something, and when last."""

    title: str
    section: str
    times: int
    last_utc: datetime


@dataclass(frozen=True)
class HeldValue:
    """One value. `value` is empty and `hidden` says why, where the policy does not let it be shown.

    place   where it came from; kept: until when"""

    datum: HeldDatum
    kind: Kind
    raw: str
    value: str
    hidden: str
    place: str
    kept: str
    uses: tuple[HeldUse, ...]
    changeable: bool

    @property
    def files(self) -> Sequence[Attached]:
        """The files of a value that can be downloaded."""
        return TYPES[self.kind.type].files(self.raw) if self.raw else ()
