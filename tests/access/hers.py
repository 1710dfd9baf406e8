"""Links, emails and answers of named people, for tests of their own pages."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.visits import BROWSER
from tests.worlds import ALICE, kept

from troth import gate, outbox
from troth.access import story
from troth.outbox import QueuedEmail
from troth.records import ledger
from troth.records.ledger import Chosen
from troth.security import links
from troth.uses.inquiries.actions import InquiryFacts

NEWS = {"email": ALICE["email"], "news": "Product news", "industry": "Coatings and adhesives"}
QUOTE = {"email": ALICE["email"], "name": ALICE["name"], "phone": ALICE["phone"], "product": "optipro-process"}


def reader(values: dict[str, str] = NEWS, *, yes: bool = True, channel: str = "form.news") -> UUID:
    """Somebody who signed up for a newsletter, and confirmed it."""
    person = kept(values, channel=channel).person
    if yes:
        gate.choose(person=person, question="newsletter", version=1, yes=True, way="confirmed by email")
    return person


def link_of(person: UUID, power: str, *, cause: UUID | None = None) -> links.Link:
    return links.make(link=gate.new_id(), person=person, power=power, cause=cause, at_utc=datetime.now(UTC))


def preferences_of(person: UUID) -> str:
    return links.address(link_of(person, "choices"), "preferences")


def queued(person: UUID, *, purpose: str = "newsletter", template: str = "inquiries/receipt") -> QueuedEmail:
    """An email that waits to be sent."""
    facts = InquiryFacts(number="N-1", staff="Ines", due="soon")
    return outbox.post(person=person, purpose=purpose, email=template, facts=facts, cause=gate.new_id())


def save(client: Any, address: str, **fields: Any) -> Any:
    """The answer to the page's form as a browser sends it, with what was on when the page was opened."""
    page = client.get(address, **BROWSER).content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)
    assert nonce, page
    was = re.findall(r'name="was" value="([^"]+)"', page)
    data = {"nonce": nonce[1], "do": "save", "was": was, "on": was, **fields}
    return client.post(address, data, **BROWSER)


def told(person: UUID) -> list[str]:
    """Their history, newest first, as they read it."""
    return [re.sub(r"<[^>]+>", "", line.said.sentence) for line in story.write_story(ledger.history(person))]


def kinds_of(person: UUID) -> list[str]:
    return [entry.kind for entry in ledger.history(person)]


def chosen(person: UUID) -> list[tuple[str, bool]]:
    """Question and answer of each choice in her ledger, oldest first."""
    found = [entry for entry in reversed(ledger.history(person)) if entry.kind == "chose"]
    return [(entry.read(Chosen).question, entry.read(Chosen).yes) for entry in found]
