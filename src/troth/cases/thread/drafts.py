"""What staff are still writing: encrypted for one request and one of them, and there again after they sign in again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.cases.thread.models import ReplyDraft
from troth.queries import PreparedQuery, Slot
from troth.seal import vault

_BETWEEN = "\n\n"
_END = "\0"
"""Between its words and what is to happen after sending; no words have it."""
_OWN = PreparedQuery(lambda: ReplyDraft.objects.filter(case=Slot("case"), who=Slot("who")))
_WRITERS: "PreparedQuery[tuple[str, datetime]]" = PreparedQuery(
    lambda: ReplyDraft.objects.filter(case=Slot("case")).order_by("saved_utc").values_list("who", "saved_utc")
)


@dataclass(frozen=True)
class SavedDraft:
    """What was written. `then`: what is to happen after sending, and `remind`: the day of a reminder, as chosen."""

    words: str
    saved_utc: datetime
    then: str = ""
    remind: str = ""


def save(case: UUID, who: str, words: str, *, at_utc: datetime, then: str = "", remind: str = "") -> None:
    """Kept in place of their earlier draft; one without words is none."""
    if not words:
        drop(case, who)
        return
    hidden = vault().hide(_use(case, who), _END.join((words, then, remind)).encode())
    ReplyDraft.objects.update_or_create(case_id=case, who=who, defaults={"words": hidden, "saved_utc": at_utc})


def find(case: UUID, who: str) -> SavedDraft | None:
    """Their own draft; nobody reads another's."""
    found = _OWN.first(case=case, who=who)
    if found is None:
        return None
    # Those of earlier releases are their words alone.
    words, *chosen = vault().show(_use(case, who), bytes(found.words)).decode().split(_END)
    return SavedDraft(words, found.saved_utc, *chosen)


def list_writers(case: UUID) -> list[tuple[str, datetime]]:
    """Who is writing about it, and since when; never what."""
    return _WRITERS.list(case=case)


def give(case: UUID, who: str, *, to: str, at_utc: datetime) -> int:
    """What someone has written so far becomes another's draft, under what that one has; how long it is."""
    mine, theirs = find(case, who), find(case, to)
    if mine is None:
        return 0
    words, chosen = _BETWEEN.join(each.words for each in (theirs, mine) if each), theirs or mine
    save(case, to, words, at_utc=at_utc, then=chosen.then, remind=chosen.remind)
    drop(case, who)
    return len(mine.words)


def is_as_given(case: UUID, who: str, *, given_utc: datetime, length: int) -> bool:
    """Whether who was given that much then has written nothing since, and not sent it."""
    found = _OWN.first(case=case, who=who)
    return found is not None and found.saved_utc == given_utc if length else found is None


def give_back(case: UUID, who: str, *, to: str, length: int, at_utc: datetime) -> None:
    """The last so many characters of a draft go back to who gave them, above what that one has written since."""
    given, since = find(case, who), find(case, to)
    if given is None or not length:
        return
    back, own = given.words[-length:], given.words[:-length].removesuffix(_BETWEEN)
    words, chosen = _BETWEEN.join([back, *([since.words] if since else [])]), since or given
    save(case, to, words, at_utc=at_utc, then=chosen.then, remind=chosen.remind)
    save(case, who, own, at_utc=at_utc, then=given.then, remind=given.remind)


def drop(case: UUID, who: str) -> None:
    ReplyDraft.objects.filter(case=case, who=who).delete()


def drop_sent(case: UUID, who: str, *, at_utc: datetime) -> None:
    """What was kept of an answer until it left; a draft that they began since stays."""
    ReplyDraft.objects.filter(case=case, who=who, saved_utc=at_utc).delete()


def _use(case: UUID, who: str) -> str:
    return f"draft {case} {who}"
