"""What changed in words alone: names, reasons, and prose whose rules are the same.

Nothing here says that the meaning is the same: it says what was compared, and shows the words. Whether a change of
prose is one of wording or a material one its author declares in the front matter: `changes: {U4: material}`. A time
that the prose no longer states is material, whatever its author thinks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from textwrap import shorten

from . import phrases
from .classed import Change, Class, Pair
from .findings import EXCERPT_LENGTH
from .identity import SECTION
from .lengths import Duration
from .lexicon import find_lexicon
from .refusals import RuleRefusal
from .sentences import list_sentences
from .stated import find_times, measure
from .terms import Policy, Prose, Section


@dataclass(frozen=True, slots=True)
class LostTime:
    """A time as a section stated it, and the words now in its place; "" for none."""

    section: str
    time: str
    now: str

    @property
    def refusal(self) -> RuleRefusal:
        names: dict[str, object] = {"anchor": f"#{self.section}", "time": self.time, "now": self.now or "nothing"}
        return RuleRefusal("time-reworded", SECTION, self.section, self.section, names)


def compare_names(pair: Pair) -> Iterator[Change]:
    """Titles of kinds, purposes, forms, cookies and promises, the reasons next to fields, and laws that are named."""
    for type in ("kinds", "purposes", "collects", "cookies", "promises"):
        before, after = getattr(pair.old, type), getattr(pair.new, type)
        for id, new in after.items():
            old = before.get(id)
            if old and old.title != new.title and old.title and new.title:
                yield pair.tell("wording", new.section, phrases.RENAMED, old=old.title, new=new.title)
    yield from _compare_reasons(pair)
    for id, kind in pair.new.kinds.items():
        was = pair.old.kinds[id].kept.law if id in pair.old.kinds else ""
        if was and kind.kept.law and was != kind.kept.law:
            names = {"title": kind.title, "old": was.rstrip("."), "new": kind.kept.law.rstrip(".")}
            yield pair.tell("wording", kind.section, phrases.LAW_WORDS, kinds=[id], **names)


def _compare_reasons(pair: Pair) -> Iterator[Change]:
    for id, collect in pair.new.collects.items():
        old = pair.old.collects.get(id)
        for ask in collect.asks if old else ():
            was = old.ask(ask.kind) if old else None
            if was and was.why != ask.why:
                names = {"title": collect.title, "kind": pair.titles([ask.kind]), "old": was.why, "new": ask.why}
                yield pair.tell("wording", collect.section, phrases.REASON, kinds=[ask.kind], **names)


def compare_prose(pair: Pair, touched: set[str]) -> Iterator[Change]:
    """Sections whose text changed and whose rules did not; those with a changed rule are in `touched`.

    Of these, only what its author declared material, and what no longer states a time.
    """
    before, after = _by_key(pair.old), _by_key(pair.new)
    lost = {each.section: each for each in list_lost_times(pair.old, pair.new)}
    for changed in list_reworded(pair.old, pair.new):
        anchor = changed.anchor
        if anchor in touched and anchor not in lost and pair.new.declared.get(anchor) != "material":
            continue
        was, is_ = (_sentences(of.get(_key(changed))) for of in (before, after))
        gone, added = _differ(was, is_)
        yield replace(_tell(pair, changed, lost.get(anchor)), before=gone, after=added)


def _tell(pair: Pair, section: Section, lost: LostTime | None) -> Change:
    declared = pair.new.declared.get(section.anchor, "")
    if lost and declared == "wording":
        return Change("refused", section.anchor, lost.refusal.message)
    if lost and not declared:
        sentence = phrases.TIME_REWORDED if lost.now else phrases.TIME_GONE
        return pair.tell("notify", section.anchor, sentence, title=section.title, old=lost.time, new=lost.now)
    class_: Class = "notify" if declared == "material" else "wording"
    return pair.tell(class_, section.anchor, phrases.REWORDED[declared], title=section.title)


def list_refused_words(old: Policy, new: Policy) -> Iterator[RuleRefusal]:
    """Sections that no longer state a time although their author declares the change one of wording."""
    for lost in list_lost_times(old, new):
        if new.declared.get(lost.section) == "wording":
            yield lost.refusal


def list_lost_times(old: Policy, new: Policy) -> Iterator[LostTime]:
    """Of each section, new or gone, the first time that its prose stated and no longer states.

    Times of rules are not among these: rules are compared by themselves. A sentence in another section has only moved.
    """
    lexicon = find_lexicon(old.language)
    if lexicon is None:
        return
    before, after = _by_key(old), _by_key(new)
    kept = {sentence for section in new.sections for sentence in _sentences(section)}
    for section in list_reworded(old, new):
        was, is_ = (_sentences(of.get(_key(section))) for of in (before, after))
        still = {measure(each.time) for sentence in is_ for each in find_times(sentence, lexicon)}
        still |= {measure(time) for time in _list_ruled(old, section.anchor)}
        lost = [
            LostTime(section.anchor, sentence[stated.start : stated.end], shorten(" ".join(added), EXCERPT_LENGTH))
            for gone, added in _list_differing(was, is_)
            for sentence in gone
            for stated in (() if sentence in kept else find_times(sentence, lexicon))
            if measure(stated.time) not in still
        ]
        yield from lost[:1]


def _list_ruled(policy: Policy, anchor: str) -> Iterator[Duration]:
    """The times of a section's rules."""
    yield from (kind.kept.time for kind in policy.kinds.values() if kind.section == anchor)
    for cookie in policy.cookies.values():
        if cookie.section == anchor and cookie.lifetime:
            yield cookie.lifetime
    for promise in policy.promises.values():
        if promise.section == anchor:
            yield from filter(None, (promise.within, promise.ahead, promise.at_most))
    for purpose in policy.purposes.values():
        if purpose.section == anchor:
            yield from (own.kept.time for own in purpose.kept)
            for email in purpose.emails:
                yield from filter(None, (email.after, *email.before))


def list_reworded(old: Policy, new: Policy) -> list[Section]:
    """The sections, new or gone, whose heading or prose is not the same in both versions."""
    before, after = _texts(old), _texts(new)
    gone = [section for section in old.sections if _key(section) not in after]
    return [section for section in (*new.sections, *gone) if before.get(_key(section)) != after.get(_key(section))]


def _differ(old: list[str], new: list[str]) -> tuple[str, str]:
    """The sentences that only one of the two has."""
    differing = list(_list_differing(old, new))
    gone, added = ([sentence for each in differing for sentence in each[side]] for side in (0, 1))
    return " ".join(gone), " ".join(added)


def _list_differing(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Each run of sentences that are gone, with those in their place."""
    for tag, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield old[a:a_end], new[b:b_end]


def _by_key(policy: Policy) -> Mapping[str, Section]:
    """Of several with one key, the first."""
    return {_key(section): section for section in reversed(policy.sections)}


def _sentences(section: Section | None) -> list[str]:
    if section is None:
        return []
    prose = [part.text for part in section.parts if isinstance(part, Prose)]
    return [section.title, *(sentence for text in prose for sentence in list_sentences(text))]


def _texts(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    return {
        _key(section): (
            section.title,
            *(" ".join(part.text.split()) for part in section.parts if isinstance(part, Prose)),
        )
        for section in policy.sections
    }


def _key(section: Section) -> str:
    return section.anchor or section.title
