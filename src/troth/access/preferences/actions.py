"""Saving choices: each answer with its ledger entry in one transaction, for everyone who shares their address."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from troth import gate, in_force
from troth.access.preferences import outlasting
from troth.access.preferences.sheet import Sheet, starts_on
from troth.access.preferences.telling import Former, Saved, SavedChange
from troth.access.viewers import Viewer
from troth.desk.choices import OwnAddress, find_confirmation
from troth.gate import facts
from troth.policy import Answer, Policy
from troth.policy.meaning import MARKETING, latest, parts_of
from troth.records.calls import retry_if_hindered
from troth.records.profile import note_signals

SIGNALS_PROMISE = "signals.honored"


def save(viewer: Viewer, wanted: Mapping[str, bool], *, at_utc: datetime, own: OwnAddress | None = None) -> Saved:
    """Saves the answers and returns those that changed; an answer that is already the same isn't written again.

    Takes   own: where to ask whether a yes is meant, of someone signed in"""
    later = [name for name, yes in wanted.items() if yes and find_confirmation(name)]
    now = {name: yes for name, yes in wanted.items() if name not in later}
    saved = save_for(viewer.people, now, way=viewer.way, at_utc=at_utc)
    return replace(saved, asked=(*saved.asked, *_ask(viewer, later, own, at_utc=at_utc)))


def save_for(people: Sequence[UUID], wanted: Mapping[str, bool], *, way: str, at_utc: datetime) -> Saved:
    """As `save`, for people who are named and by a way that is said. A no during a pause outlasts it."""
    refused = [name for name, yes in wanted.items() if not yes]

    def write() -> Saved:
        kept = outlasting.keep_off(people, refused, version=in_force.policy().version, way=way)
        saved = write_answers(people, wanted, way=way, at_utc=at_utc)
        return replace(saved, asked=tuple((name, outlasting.STAYS_OFF) for name in kept))

    return retry_if_hindered(write)


def write_answers(people: Sequence[UUID], wanted: Mapping[str, bool], *, way: str, at_utc: datetime) -> Saved:
    """The answers that are new, each with its entry; a pause's own among them. In the caller's transaction."""
    order = sorted(people)  # everyone who saves for the same people locks them in the same order
    version, said = in_force.policy().version, facts.answers_of(order)
    changes = [_find_change(said, name, yes) for name, yes in wanted.items()]
    made = [
        gate.MadeChoice(former.person, change.question, version, change.yes)
        for change in changes
        for former in change.former
    ]
    gate.choose_all(sorted(made, key=lambda choice: choice.person), way=way)
    return Saved(at_utc, tuple(change for change in changes if change.former))


def take_back(viewer: Viewer, saved: Saved, *, at_utc: datetime) -> Saved:
    """Undoes saved changes, except those that were changed again since."""
    return take_back_for(viewer.people, saved, way=viewer.way, at_utc=at_utc)


def take_back_for(people: Sequence[UUID], saved: Saved, *, way: str, at_utc: datetime) -> Saved:
    """As `take_back`, for people who are named and by a way that is said."""
    policy = in_force.policy()
    changes = retry_if_hindered(lambda: [_restore(people, change, policy, way=way) for change in saved.changes])
    return Saved(at_utc, tuple(change for change in changes if change.former))


def list_unanswered(saved: Saved) -> tuple[SavedChange, ...]:
    """What undoing saves where nothing was answered: no answer can be deleted, so it saves the one that counted."""
    policy, regions = in_force.policy(), _find_regions(saved)
    changes = (
        replace(
            each,
            yes=not each.yes,
            former=tuple(one for one in each.former if _is_flipped(one, each, policy, regions)),
        )
        for each in saved.changes
    )
    return tuple(each for each in changes if any(one.yes is None for one in each.former))


def can_take_back(saved: Saved) -> bool:
    """Whether undoing changes anything: a first answer that already counted without any can't be undone."""
    policy, regions = in_force.policy(), _find_regions(saved)
    return any(_is_flipped(one, change, policy, regions) for change in saved.changes for one in change.former)


def stop(viewer: Viewer, questions: Sequence[str], *, at_utc: datetime) -> Saved:
    """Opts out of each of these: all that an unsubscribe link can do, however often it is used."""
    return save(viewer, dict.fromkeys(questions, False), at_utc=at_utc)


def heed(viewer: Viewer) -> bool:
    """Records the browser's opt-out signal; returns whether it is new in the person's history. Policy: #C14"""
    promise = in_force.policy().promises.get(SIGNALS_PROMISE)
    return note_signals(viewer.people, section=promise.section if promise else "", way=viewer.way)


def find_changes(sheet: Sheet, *, was: Sequence[str], now: Sequence[str]) -> Mapping[str, bool]:
    """Question → answer, for what changed on the page as it was shown: an old page undoes nothing newer."""
    flipped = set(was) ^ set(now)
    return {each.question: each.question in now for each in sheet.choices if each.question in flipped and each.possible}


def _ask(
    viewer: Viewer, names: Sequence[str], own: OwnAddress | None, *, at_utc: datetime
) -> tuple[tuple[str, str], ...]:
    """Each question whose yes begins with an answer by email. A topic's confirmation answers for its purpose too."""
    topics = {parts_of(name)[0] for name in names if parts_of(name)[1]}
    return tuple(
        (name, str(ask(viewer.people, name, way=viewer.way, at_utc=at_utc, own=own)))
        for name in names
        if (ask := find_confirmation(name)) and name not in topics
    )


def _find_change(said: Mapping[UUID, Sequence[Answer]], name: str, yes: bool) -> SavedChange:
    """Whose answer changes by this one, and what it was."""
    known = {person: latest(answers, name) for person, answers in said.items()}
    former = tuple(
        Former(person, answer.yes if answer else None, answer.version if answer else 0)
        for person, answer in known.items()
        if answer is None or answer.yes != yes
    )
    return SavedChange(name, yes, former)


def _restore(people: Sequence[UUID], change: SavedChange, policy: Policy, *, way: str) -> SavedChange:
    restored, made, name = [], list[gate.MadeChoice](), change.question
    own = {*people}
    former = sorted((one for one in change.former if one.person in own), key=lambda one: one.person)
    people = [one.person for one in former]
    said, regions = facts.answers_of(people), facts.find_regions(people)
    for one in former:
        answer = latest(said[one.person], name)
        if answer is None or answer.yes != change.yes:
            continue
        if _is_flipped(one, change, policy, regions):
            made.append(gate.MadeChoice(one.person, name, one.version or _first_asked(name), not change.yes))
            restored.append(Former(one.person, change.yes, answer.version))
    gate.choose_all(made, way=way)
    return SavedChange(change.question, not change.yes, tuple(restored))


def _find_regions(saved: Saved) -> Mapping[UUID, str]:
    return facts.find_regions(list({one.person for change in saved.changes for one in change.former}))


def _is_flipped(former: Former, change: SavedChange, policy: Policy, regions: Mapping[UUID, str]) -> bool:
    """Whether the other answer counted before; of someone without an answer, the one that a question starts with."""
    if former.yes is not None:
        return former.yes != change.yes
    return starts_on(policy, change.question, regions[former.person]) != change.yes


def _first_asked(name: str) -> int:
    """The oldest version that asks it: undoing an opt-out must not agree to what later versions added."""
    law = in_force.law()
    if name == MARKETING or "@" in name or "/" in name:
        return law.current
    asking = (version for version, policy in law.versions.items() if _asks(policy, name))
    return min(asking, default=law.current)


def _asks(policy: Policy, name: str) -> bool:
    purpose = policy.purposes.get(name)
    return purpose is not None and purpose.choice != "none"
