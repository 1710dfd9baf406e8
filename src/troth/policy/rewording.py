"""What changed in words alone: names, reasons, and prose whose rules are the same.

Nothing here says that the meaning is the same: it says what was compared, and shows the words. Whether a change of
prose is one of wording or a material one its author declares in the front matter: `changes: {U4: material}`.
"""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from . import phrases
from .classed import Change, Pair
from .sentences import list_sentences
from .terms import Policy, Prose, Section


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
    """Sections whose text changed and whose rules did not; those with a changed rule are in `touched`."""
    before, after = _by_key(pair.old), _by_key(pair.new)
    for changed in list_reworded(pair.old, pair.new):
        if changed.anchor not in touched:
            yield _tell(pair, changed, before.get(_key(changed)), after.get(_key(changed)))


def list_reworded(old: Policy, new: Policy) -> list[Section]:
    """The sections, new or gone, whose heading or prose is not the same in both versions."""
    before, after = _texts(old), _texts(new)
    gone = [section for section in old.sections if _key(section) not in after]
    return [section for section in (*new.sections, *gone) if before.get(_key(section)) != after.get(_key(section))]


def _tell(pair: Pair, section: Section, old: Section | None, new: Section | None) -> Change:
    declared = pair.new.declared.get(section.anchor, "")
    class_, sentence = phrases.REWORDED[declared]
    told = pair.tell(class_, section.anchor, sentence, title=section.title)  # type: ignore[arg-type]
    before, after = _differ(_sentences(old), _sentences(new))
    return Change(told.class_, told.section, told.sentence, before=before, after=after)


def _differ(old: list[str], new: list[str]) -> tuple[str, str]:
    """The sentences that only one of the two has."""
    gone, added = [], []
    for tag, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += old[a:a_end]
            added += new[b:b_end]
    return " ".join(gone), " ".join(added)


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
