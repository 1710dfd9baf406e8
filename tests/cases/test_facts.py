"""What a kind alone knows is written as JSON and read back with its types; what it does not know is refused."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from troth.access.procedures.disclosure import DisclosureFacts
from troth.access.procedures.incident import Happened, Said
from troth.access.procedures.review import ReviewDecision, Reviewed
from troth.cases.facts import UnknownFacts, read, write
from troth.cases.kinds import Nothing

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
WHO = UUID("01a20774-b3ef-7e5d-a7a1-1c7bbecf9feb")


@pytest.mark.parametrize(
    "facts",
    [
        Nothing(),
        DisclosureFacts(people=(WHO,), recipient="Superior Court", kinds=("email", "name")),
        Happened(kinds=("email",), people=40, steps={"contain": Said("Revoked the key.", "staff:pia", AT)}),
        Reviewed({"ada": None, "sam": ReviewDecision("close", "staff:pia", AT)}),
    ],
)
def test_facts_come_back_as_they_were_written(facts: object) -> None:
    assert read(type(facts), write(facts)) == facts


@dataclass(frozen=True)
class Wanted:
    product: str
    users: int | None


@pytest.mark.parametrize("stored", [{}, {"product": "x"}, {"product": "x", "users": 1, "agent": "a"}])
def test_what_the_kind_does_not_know_or_misses_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(UnknownFacts):
        read(Wanted, stored)
    assert read(Wanted, {"product": "x", "users": None}) == Wanted("x", None)
