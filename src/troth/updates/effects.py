"""What a version means for people who are alike, by the law itself: what they are asked and told, and by which way.

    effects = Effects(law, at_utc=now)
    effects.find(each)        # Effect(asks=("content@2",), facts=(), reached="updates")

The law may be one that is not adopted yet: then it is a rehearsal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from troth.gate.alike import AlikePeople
from troth.policy import Facts, Held, Law, decide
from troth.policy.meaning import ALLOWED, question
from troth.policy.selling import find_refusal, find_selling

PURPOSE, NOTICES = "updates", "notices"
_WITHOUT_QUESTION = frozenset({"opted out", "said no", "not signed up", "unanswered"})
"""Codes of new uses that people hear of, where no question is put: they decided already."""


@dataclass(frozen=True, slots=True)
class NewUse:
    """A use that was not stated when the data was given. `question` is empty where nobody may be asked.

    version  the one that brought it"""

    purpose: str
    version: int
    question: str
    held: Held


@dataclass(frozen=True, slots=True)
class Effect:
    """What a version means for someone.

    asks     questions that only they can answer
    facts    purposes of which they are notified without a question, for they opted out or never signed up
    reached  the purpose for which email about the policy may go to an address of theirs: notices, of those who are
             signed up for them and reached for nothing else; empty where none may"""

    asks: tuple[str, ...]
    facts: tuple[str, ...]
    reached: str
    uses: tuple[NewUse, ...] = field(default=(), compare=False)

    def silence(self, selling: frozenset[str]) -> "Effect":
        """The same for someone whose browser asked not to sell or share: no question about these purposes."""
        kept = tuple(each for each in self.asks if each.partition("@")[0] not in selling)
        gone = (each.partition("@")[0] for each in self.asks if each not in kept)
        return Effect(kept, tuple(sorted({*self.facts, *gone})), self.reached, self.uses)


class Effects:
    """The effects of a law's current version.

    Takes   since: of uses of this version and before nobody is notified again; asks_since: questions of this version
            and before are not asked again"""

    def __init__(self, law: Law, *, since: int, asks_since: int, at_utc: datetime) -> None:
        self._law, self._since, self._asks_since, self._now = law, since, asks_since, at_utc
        self._selling = find_selling(law.policy)
        self._uses: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for purpose in law.policy.purposes.values():
            for kind in purpose.may_use:
                for channel in purpose.collected_by:
                    version = law.find_introduction(purpose.id, kind, channel) or law.current
                    self._uses.setdefault((kind, channel), []).append((purpose.id, version))

    @property
    def selling(self) -> frozenset[str]:
        return self._selling

    def find(self, people: AlikePeople) -> Effect:
        uses = tuple(self._list_uses(people))
        asks = tuple(sorted({use.question for use in uses if use.question}))
        facts = tuple(sorted({use.purpose for use in uses if not use.question}))
        return Effect(asks, facts, self._reaches(people), uses)

    def _list_uses(self, people: AlikePeople) -> Iterator[NewUse]:
        for each in people.held:
            for purpose, version in self._uses.get((each.kind, each.channel), ()):
                if version <= max(each.version, self._asks_since):
                    continue
                code = self._decide(purpose, each, people)
                if code == "unanswered" and not self._is_refused(purpose, people):
                    yield NewUse(purpose, version, question(purpose, version), each)
                elif code in _WITHOUT_QUESTION and version > self._since:
                    yield NewUse(purpose, version, "", each)

    def _is_refused(self, purpose: str, people: AlikePeople) -> bool:
        """Whether it sells or shares, and they said no to it before: nobody asks them again by email."""
        return purpose in self._selling and find_refusal(people.answers, purpose) is not None

    def _reaches(self, people: AlikePeople) -> str:
        addresses = [each for each in people.held if each.kind == "email"]
        known = [id for id in (PURPOSE, NOTICES) if id in self._law.policy.purposes]
        return next((id for id in known if any(self._decide(id, each, people) in ALLOWED for each in addresses)), "")

    def _decide(self, purpose: str, held: Held, people: AlikePeople) -> str:
        facts = Facts(self._law, purpose, held.kind, held, people.answers, self._now, region=people.region)
        return decide(facts).code
