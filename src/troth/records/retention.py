"""What was deleted because its time was over, and what will be: counts by kind and day, nobody's values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from troth.records.calls import rows


@dataclass(frozen=True)
class KindCount:
    """On a day, data of a kind of so many people."""

    day: date
    kind: str
    people: int


def list_ahead(until_utc: datetime) -> Sequence[KindCount]:
    """What is going to be deleted until then, as things are now, apart from what a hold keeps.

    Cost  1 query; grows with the people whose data ends until then."""
    return _count("select day, kind, people from retention_ahead(%s) order by day, kind", until_utc)


def list_deleted(since: date) -> Sequence[KindCount]:
    """What was deleted from this day on, the latest day first.   Cost  1 query."""
    return _count("select day, kind, people from retention_day where day >= %s order by day desc, kind", since)


def count_held() -> dict[str, int]:
    """Kind → of how many people data is there for a legal hold alone.   Cost  1 query."""
    return dict(rows("select kind, people from retention_held()"))


def _count(query: str, given: date) -> Sequence[KindCount]:
    return [KindCount(*row) for row in rows(query, [given])]
