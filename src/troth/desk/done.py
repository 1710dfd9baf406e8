"""What an act did, as the next page says it, and what undoing it needs.

    act   → seal(PerformedAct(…))         encrypted, in the address of the next page or in its form; nothing is stored
    page  → Room.done[id].tell(…)         what happened, and "Undo" or the next step
    Undo  → Room.done[id].undo(…)         another act, and the next page says what that did

It works for an hour, and only in the session, or behind the mailed link, that the act was done in. The pages do it by
`notices`.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from troth.seal import CannotOpen, vault
from troth.text import CannotRead, read_json
from troth.wording import Words

LASTING = timedelta(hours=1)
FIELD = "done"
_USE = "what was done"
_MOST_BYTES = 200_000


@dataclass(frozen=True)
class PerformedAct:
    """What someone did.

    id     room and act, as "organization/role"
    facts  what it changed, as JSON knows it; names and values of people only where they are in no address
    page   the page that says so, of the session that did it"""

    id: str
    facts: Sequence[Any]
    at_utc: datetime
    page: str = ""

    @property
    def until_utc(self) -> datetime:
        """Until when it can be undone."""
        return self.at_utc + LASTING


@dataclass(frozen=True, kw_only=True)
class DoneNotice:
    """What the page says of an act.

    then      what follows from it
    address   the next step, with its `button`
    kept      a promise was kept by it: the page shows the seal
    undoable  this time it can be undone, if its kind can be
    undo      what the form for undoing sends, until `until_utc`: an hour, unless it says less
    action    where to send that, if not to the house's page"""

    sentences: Sequence[Words]
    then: Words = ""
    address: str = ""
    button: Words = ""
    kept: bool = False
    undoable: bool = True
    undo: str = ""
    until_utc: datetime | None = None
    action: str = ""


@dataclass(frozen=True)
class DoneKind:
    """How one kind of act is described and undone.

    tell  None where there is nothing to say any more
    undo  what it did instead; None if what the act changed has been changed again since"""

    tell: Callable[[HttpRequest, PerformedAct], DoneNotice | None]
    undo: Callable[[HttpRequest, PerformedAct], PerformedAct | None] | None = None


_known: dict[str, DoneKind] = {}


def know(acts: Mapping[str, DoneKind]) -> None:
    """These are the kinds of acts, by their ids."""
    _known.clear()
    _known.update(acts)


def kinds() -> Mapping[str, DoneKind]:
    """Id → how that kind of act is described and undone."""
    return _known


def say_always(sentence: Words, then: Words = "", address: str = "", button: Words = "") -> DoneKind:
    """A kind of act of which the page says the same each time, and which isn't undone there."""
    notice = DoneNotice(sentences=(sentence,), then=then, address=address, button=button)
    return DoneKind(lambda request, act: notice)


def seal(act: PerformedAct, *, bound: str) -> str:
    """Text that only this session or link can read again."""
    plain = json.dumps([bound, act.id, list(act.facts), act.at_utc.isoformat(), act.page]).encode()
    return base64.urlsafe_b64encode(vault().hide(_USE, zlib.compress(plain))).decode()


def read(text: str, *, bound: str, at_utc: datetime) -> PerformedAct | None:
    """The act; None for what is not ours, of another session or link, older than an hour, or known no longer."""
    try:
        plain = zlib.decompress(vault().show(_USE, base64.urlsafe_b64decode(text)))
        whose, id, facts, done, page = read_json(plain, most=_MOST_BYTES)
        act = PerformedAct(id, facts, datetime.fromisoformat(done), page)
    except (CannotOpen, CannotRead, binascii.Error, ValueError, TypeError):
        return None
    is_valid = bound and whose == bound and at_utc < act.until_utc and id in _known
    return act if is_valid else None
