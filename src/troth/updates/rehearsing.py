"""The rehearsal: what a draft would mean for the people whose data is held now. Counted by class; no value is read."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from django.conf import settings

from troth import gate, in_force
from troth.gate.alike import AlikePeople
from troth.policy import Change, Law, Policy, diff, publish
from troth.policy.page import PageProse
from troth.updates import sending
from troth.updates.effects import Effect, Effects, NewUse
from troth.updates.sending import Start

_INS, _DEL = re.compile(r"<ins>.*?</ins>", re.DOTALL), re.compile(r"<del>.*?</del>", re.DOTALL)
Say = Callable[[str], str]


@dataclass(frozen=True)
class Passage:
    """A paragraph that changed: in the old version and in the new one, as HTML with the words marked."""

    old: str
    new: str


@dataclass(frozen=True)
class RehearsedChange:
    """One change and whom it touches.

    asked          people who have to answer
    told           people who are notified without a question: they opted out, or never signed up
    repeated       its section's paragraphs are shown with a change above
    kinds, places, versions   of the data that would be used: title, or version → people
    declared       what the text itself says of changed words: "wording", or nothing yet"""

    change: Change
    title: str
    passages: tuple[Passage, ...] = ()
    asked: int = 0
    told: int = 0
    kinds: tuple[tuple[str, int], ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    versions: tuple[tuple[int, int], ...] = ()
    declared: str = ""
    repeated: bool = False


@dataclass(frozen=True)
class RehearsedEmail:
    """The email as those read it who get the same questions and facts: how many emails."""

    asks: tuple[str, ...]
    told: tuple[str, ...]
    emails: int


@dataclass(frozen=True)
class Rehearsal:
    """What adopting the draft would do.

    people   of whom anything is held
    asked    who have to answer: by email, and on their next visit where no address works
    emails   one for each address, or fewer where people share one
    letters  the different emails that it takes, the most frequent first: with the questions of versions before that
             are still being asked
    start    since which version these tell and ask"""

    old: Policy
    new: Policy
    at_utc: datetime
    changes: tuple[RehearsedChange, ...]
    people: int
    asked: int
    asked_by_email: int
    emails: int
    uses: tuple[str, ...]
    letters: tuple[RehearsedEmail, ...]
    start: Start

    @property
    def asks_again(self) -> bool:
        """Whether the emails ask open questions of versions before, too."""
        return any(not name.endswith(f"@{self.new.version}") for each in self.letters for name in each.asks)

    @property
    def asked_on_visit(self) -> int:
        return self.asked - self.asked_by_email

    @property
    def told(self) -> int:
        """Who get the email without a question."""
        return self.emails - self.asked_by_email

    @property
    def held(self) -> list[str]:
        """The uses that wait for a yes, as people read them."""
        return [self.new.purposes[each].title for each in self.uses]

    @property
    def days(self) -> int:
        return ceil(self.emails / self.pace)

    @property
    def pace(self) -> int:
        """Emails a day."""
        return int(settings.TROTH_UPDATE_PACE)

    @property
    def wording(self) -> list[RehearsedChange]:
        """What the author has to declare: prose that changed where no rule did."""
        return [each for each in self.changes if each.change.class_ == "wording"]


def rehearse(new: Policy, *, at_utc: datetime, say: Say = str) -> Rehearsal:
    """What the policy would do as the next version.   Cost  4 queries, and some microseconds a class of people."""
    law = in_force.law()
    start = sending.find_start(new.version)
    with_draft = Law({**law.versions, new.version: new}, new.version)
    effects = Effects(with_draft, since=start.told, asks_since=start.asked, at_utc=at_utc)
    found = [(each, effects.find(each)) for each in gate.count_alike()]
    earlier = [law.versions[number] for number in sorted(law.versions) if number < law.current]
    changes = diff(law.policy, new, earlier=earlier, say=say)
    passages = dict(_list_passages(new, law.policy, say))
    asked = [(each, effect) for each, effect in found if effect.asks]
    return Rehearsal(
        old=law.policy,
        new=new,
        at_utc=at_utc,
        changes=tuple(_list_changes([_count(change, found, new, passages) for change in changes])),
        people=sum(each.people for each, _effect in found),
        asked=_sum(asked),
        asked_by_email=_sum(each for each in asked if each[1].reached),
        emails=_sum(each for each in found if each[1].reached),
        uses=tuple(sorted({use.purpose for _each, effect in asked for use in _list_of(new, effect) if use.question})),
        letters=tuple(_list_emails(found)),
        start=start,
    )


def _list_changes(counted: Sequence[RehearsedChange]) -> Iterator[RehearsedChange]:
    """The changes, with each section's paragraphs once."""
    shown: set[str] = set()
    for each in counted:
        again = bool(each.passages) and each.change.section in shown
        shown.add(each.change.section)
        yield replace(each, passages=(), repeated=True) if again else each


def _list_emails(found: Iterable[tuple[AlikePeople, Effect]]) -> Iterator[RehearsedEmail]:
    number: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    for each, effect in found:
        if effect.reached:
            number[effect.asks, effect.facts] += each.people
    for (asks, told), emails in number.most_common():
        yield RehearsedEmail(asks, told, emails)


def _sum(found: Iterable[tuple[AlikePeople, Effect]]) -> int:
    return sum(each.people for each, _effect in found)


def _count(
    change: Change,
    found: Sequence[tuple[AlikePeople, Effect]],
    new: Policy,
    passages: Mapping[str, tuple[Passage, ...]],
) -> RehearsedChange:
    title = next((each.title for each in new.sections if each.anchor == change.section), "")
    shown = passages.get(change.section, ())
    if change.class_ != "ask":
        return RehearsedChange(change, title, shown, declared=new.declared.get(change.section, ""))
    touched = [
        (each, [use for use in _list_of(new, effect) if use.purpose == change.purpose]) for each, effect in found
    ]
    return RehearsedChange(
        change,
        title,
        shown,
        asked=sum(each.people for each, uses in touched if any(use.question for use in uses)),
        told=sum(each.people for each, uses in touched if uses and not any(use.question for use in uses)),
        kinds=_tally(touched, lambda use: new.kinds[use.held.kind].title),
        places=_tally(touched, lambda use: _title_place(new, use.held.channel)),
        versions=tuple(sorted(_tally(touched, lambda use: use.held.version))),
    )


def _list_of(new: Policy, effect: Effect) -> list[NewUse]:
    """The new uses that the draft itself brings."""
    return [use for use in effect.uses if use.version == new.version]


def _tally(touched: Sequence[tuple[AlikePeople, list[NewUse]]], key: Callable[[NewUse], object]) -> tuple[tuple, ...]:  # type: ignore[type-arg]
    """By kind, place or version: how many people have such data, the most first."""
    number: Counter[object] = Counter()
    for each, uses in touched:
        number.update(dict.fromkeys({key(use) for use in uses if use.question}, each.people))
    return tuple(number.most_common())


def _title_place(policy: Policy, place: str) -> str:
    return policy.collects[place].title if place in policy.collects else place


def _list_passages(new: Policy, old: Policy, say: Say) -> Iterator[tuple[str, tuple[Passage, ...]]]:
    for section in publish(new, old, say=say).sections:
        changed = [part for part in section.parts if isinstance(part, PageProse) and part.changed]
        if changed:
            yield section.anchor, tuple(Passage(_INS.sub("", part.html), _DEL.sub("", part.html)) for part in changed)
