"""The rehearsal: what a draft would mean for the people whose data is held now. Counted by class; no value is read."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from math import ceil

from django.conf import settings

from troth import gate, in_force
from troth.gate.alike import AlikePeople
from troth.policy import Change, Law, Policy, diff, publish
from troth.policy.drafting import raise_version
from troth.policy.page import PageProse
from troth.policy.phrases import Say
from troth.site import site
from troth.updates import sending
from troth.updates.effects import Effect, Effects, NewUse
from troth.updates.sending import Start
from troth.updates.sides import Passage, divide

COUNTED = 100_000
"""Of how many people at most it is counted at once what a shorter time deletes: of more it takes seconds."""


@dataclass(frozen=True)
class RehearsedChange:
    """One change and whom it touches.

    asked          people who have to answer
    told           people who are notified without a question: they opted out, or never signed up
    repeated       its section's paragraphs are shown with a change above
    kinds, places, versions   of the data that would be used: title, or version → people
    declared       what the changed words mean: "wording" or "material", as the text itself or the first of its two
                   people said; or nothing yet
    stored         where data is kept for less time: of how many people some is deleted once the version is in force"""

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
    stored: int | None = None


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
    def same(self) -> bool:
        """Whether the draft is the version in force, but for its number and date."""
        return self.new.text == raise_version(self.old.text, version=self.new.version, effective=self.new.effective)

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

    def declare(self, said: Mapping[str, str]) -> "Rehearsal":
        """The same with what was declared of changed words.   Takes  said: section → its declaration"""
        declared = (replace(each, declared=said.get(each.change.section, each.declared)) for each in self.changes)
        return replace(self, changes=tuple(declared))

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
    people = _sum(found)
    earlier = [law.versions[number] for number in sorted(law.versions) if number < law.current]
    changes = diff(law.policy, new, earlier=earlier, say=say)
    passages = dict(_list_passages(new, law.policy, say))
    listed = _list_changes([_count(change, found, new, passages) for change in changes])
    if people <= COUNTED:
        listed = (replace(each, stored=_count_stored(each.change, law.policy, new, at_utc=at_utc)) for each in listed)
    asked = [(each, effect) for each, effect in found if effect.asks]
    return Rehearsal(
        old=law.policy,
        new=new,
        at_utc=at_utc,
        changes=tuple(listed),
        people=people,
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
        declared = new.declared.get(change.section, "")
        return RehearsedChange(change, title, shown, declared=declared)
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


def _count_stored(change: Change, old: Policy, new: Policy, *, at_utc: datetime) -> int | None:
    """Of how many people data ends by the new time before the version is in force, and by the old one later.

    What ends then by the new time ends by the old one the difference of both later: so it is found by what is noted."""
    kind = change.kinds[0] if change.class_ == "narrows" and change.kinds else ""
    if kind not in old.kinds or kind not in new.kinds:
        return None
    was, becomes = old.kinds[kind].kept, new.kinds[kind].kept
    if was.after != becomes.after or not was.is_longer(becomes):
        return None
    begins = max(at_utc, datetime.combine(new.effective, time(), tzinfo=site().brand.zone))
    ahead = gate.list_ahead(was.time.after(becomes.time.before(begins)))
    return sum(each.people for each in ahead if each.kind == kind and each.day > begins.date())


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
            yield section.anchor, tuple(map(divide, changed))
