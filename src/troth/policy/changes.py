"""What a new version means for people: the differences of meaning, each with its class.

ask      stored data would be used in a way that the old version did not state; `question` is what people answer
notify   material, stored data is not used again
wording  clearer words, same rules

Policy  #P1, #P5
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from . import phrases
from .meaning import question
from .phrases import Say, describe_kept, time_words
from .terms import Collect, Cookie, Kind, Policy, Promise, Prose, Purpose, Recipient, Rule, Section

Class = Literal["ask", "notify", "wording"]
T = TypeVar("T", Kind, Collect, Purpose, Recipient, Cookie, Promise)

_ORDER = {"ask": 0, "notify": 1, "wording": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of meaning. `section` is the anchor in the new version, or in the old one if it is gone there."""

    class_: Class
    section: str
    sentence: str
    purpose: str | None = None
    kinds: tuple[str, ...] = ()
    question: str | None = None


def diff(old: Policy, new: Policy, *, earlier: Sequence[Policy] = (), say: Say = str) -> tuple[Change, ...]:
    """The differences in meaning from old to new; none if only the formatting differs.

    Takes   earlier: versions before `old`, whose channels may have brought data that is still stored.
    Gives   questions first, then notices, then wording, each in the new document's order.
    """
    return _Comparison(old, new, tuple(earlier), say).changes()


def _shape(kind: Kind) -> tuple[object, ...]:
    return (kind.type, set(kind.values), kind.sensitivity, kind.files)


class _Comparison:
    def __init__(self, old: Policy, new: Policy, earlier: Sequence[Policy], say: Say) -> None:
        self._old, self._new, self._say = old, new, say
        self._stored = {pair for policy in (*earlier, old) for pair in _collectable(policy)}
        self._to_come = _collectable(new)
        self._places = {section.anchor: number for number, section in enumerate(new.sections)}

    def changes(self) -> tuple[Change, ...]:
        material = [*self._purposes(), *self._kinds(), *self._collects(), *self._others(), *self._front()]
        touched = {change.section for change in material}
        found = dict.fromkeys((*material, *self._wording(touched)))
        return tuple(sorted(found, key=self._rank))

    def _rank(self, change: Change) -> tuple[int, int]:
        return _ORDER[change.class_], self._places.get(change.section, len(self._places))

    def _tell(
        self, section: str, sentence: str, *, of: Purpose | None = None, kinds: Iterable[str] = (), **names: object
    ) -> Change:
        words = self._say(sentence) % {name: str(value) for name, value in names.items()}
        return Change("notify", section, words, of.id if of else None, tuple(kinds))

    def _titles(self, kinds: Iterable[str]) -> str:
        titles = [
            (self._new.kinds.get(kind) or self._old.kinds[kind]).title
            for kind in kinds
            if kind in self._new.kinds or kind in self._old.kinds
        ]
        return ", ".join(titles)

    def _purposes(self) -> Iterator[Change]:
        for id, new in self._new.purposes.items():
            old = self._old.purposes.get(id)
            yield from self._uses(old, new)
            if old is not None:
                yield from self._conditions(old, new)
        for id in sorted(self._old.purposes.keys() - self._new.purposes.keys()):
            gone = self._old.purposes[id]
            yield self._tell(gone.section, phrases.GONE_PURPOSE, of=gone, title=gone.title)

    def _uses(self, old: Purpose | None, new: Purpose) -> Iterator[Change]:
        before = _uses(old) if old else set()
        added = _uses(new) - before
        anew = _sort(new.may_use, (kind for kind, channel in added if (kind, channel) in self._stored))
        fresh = _sort(new.may_use, {kind for kind, _ in added & self._to_come} - set(anew))
        waiting = _sort(new.may_use, _find_widened(old, new) - {*anew, *fresh})
        if anew:
            yield self._ask(old, new, anew)
        if old is None and not anew:
            yield self._tell(
                new.section,
                phrases.NEW_PURPOSE,
                of=new,
                kinds=_sort(new.may_use, {*fresh, *waiting}),
                title=new.title,
            )
        elif old is not None:
            yield from self._of_kinds(new, phrases.NEW_USE, fresh)
            yield from self._of_kinds(new, phrases.NEW_USE_TO_COME, waiting)
        lost = (before - _uses(new)) & self._stored
        fewer = _sort(old.may_use if old else (), (kind for kind, _ in lost))
        yield from self._of_kinds(new, phrases.LESS_USE, fewer)

    def _of_kinds(self, purpose: Purpose, sentence: str, kinds: Sequence[str]) -> Iterator[Change]:
        if kinds:
            names = {"title": purpose.title, "kinds_": self._titles(kinds)}
            yield self._tell(purpose.section, sentence, of=purpose, kinds=kinds, **names)

    def _ask(self, old: Purpose | None, new: Purpose, kinds: Sequence[str]) -> Change:
        names = {"title": new.title, "kinds_": self._titles(kinds)}
        if old is None and new.choice == "sign up":
            return Change("ask", new.section, self._say(phrases.ASK_SIGN_UP) % names, new.id, tuple(kinds), new.id)
        asked = question(new.id, self._new.version)
        return Change("ask", new.section, self._say(phrases.ASK) % names, new.id, tuple(kinds), asked)

    def _conditions(self, old: Purpose, new: Purpose) -> Iterator[Change]:
        if old.choice != new.choice:
            yield self._tell(new.section, phrases.CHOICE, of=new, title=new.title, old=old.choice, new=new.choice)
        if old.marketing != new.marketing:
            yield self._tell(
                new.section,
                phrases.MORE_MARKETING if new.marketing else phrases.LESS_MARKETING,
                of=new,
                title=new.title,
            )
        for sentence, ids in (
            (phrases.NEW_RECIPIENT, set(new.recipients) - set(old.recipients)),
            (phrases.GONE_RECIPIENT, set(old.recipients) - set(new.recipients)),
        ):
            for id in sorted(ids):
                recipient = self._new.recipients.get(id) or self._old.recipients.get(id)
                name = recipient.title if recipient else id
                yield self._tell(new.section, sentence, of=new, title=new.title, recipient=name)
        if (set(old.topics), old.topics_of) != (set(new.topics), new.topics_of):
            yield self._tell(new.section, phrases.TOPICS, of=new, title=new.title)
        if set(old.emails) != set(new.emails):
            yield self._tell(new.section, phrases.EMAILS, of=new, title=new.title)
        # Where the kinds themselves changed, that is a change of its own, and the needs follow from it.
        if set(old.needs) != set(new.needs) and set(old.may_use) == set(new.may_use):
            yield self._tell(new.section, phrases.NEEDS, of=new, title=new.title)

    def _kinds(self) -> Iterator[Change]:
        for id, new in self._new.kinds.items():
            old = self._old.kinds.get(id)
            if old is None:
                yield self._tell(new.section, phrases.NEW_KIND, kinds=[id], title=new.title)
                continue
            if (old.kept.time, old.kept.after) != (new.kept.time, new.kept.after):
                was, will_be = describe_kept(old.kept, self._say), describe_kept(new.kept, self._say)
                yield self._tell(new.section, phrases.KEPT, kinds=[id], title=new.title, old=was, new=will_be)
            if bool(old.kept.law) != bool(new.kept.law):
                yield self._tell(new.section, phrases.KEPT_BY_LAW[not new.kept.law], kinds=[id], title=new.title)
            if _shape(old) != _shape(new):
                yield self._tell(new.section, phrases.OTHER_KIND, kinds=[id], title=new.title)
        for id in sorted(self._old.kinds.keys() - self._new.kinds.keys()):
            gone = self._old.kinds[id]
            yield self._tell(gone.section, phrases.GONE_KIND, kinds=[id], title=gone.title)

    def _collects(self) -> Iterator[Change]:
        for id, new in self._new.collects.items():
            old = self._old.collects.get(id)
            if old is None:
                kinds = [ask.kind for ask in new.asks]
                yield self._tell(
                    new.section, phrases.NEW_COLLECT, kinds=kinds, title=new.title, kinds_=self._titles(kinds)
                )
                continue
            if _asks(old) != _asks(new):
                kinds = sorted({kind for kind, *_ in _asks(old) ^ _asks(new)})
                yield self._tell(new.section, phrases.ASKS, kinds=kinds, title=new.title, kinds_=self._titles(kinds))
            if set(old.purposes) != set(new.purposes):
                yield self._tell(new.section, phrases.ASKED_FOR, title=new.title)
        for id in sorted(self._old.collects.keys() - self._new.collects.keys()):
            gone = self._old.collects[id]
            yield self._tell(gone.section, phrases.GONE_COLLECT, title=gone.title)

    def _others(self) -> Iterator[Change]:
        yield from self._compare(self._old.recipients, self._new.recipients, phrases.RECIPIENT, lambda one: one.title)
        yield from self._compare(self._old.cookies, self._new.cookies, phrases.COOKIE, self._cookie_name)
        yield from self._compare(self._old.promises, self._new.promises, phrases.PROMISE, _promise_name)

    def _cookie_name(self, cookie: Cookie) -> str:
        return f"{cookie.title} ({time_words(cookie.lifetime, self._say)})" if cookie.lifetime else cookie.title

    def _compare(
        self, old: Mapping[str, T], new: Mapping[str, T], words: tuple[str, str, str], name: Callable[[T], str]
    ) -> Iterator[Change]:
        # In the order of the new version, as people read it; what is gone comes last.
        for id in dict.fromkeys((*new, *old)):
            before, after = old.get(id), new.get(id)
            shown = after or before
            assert shown is not None
            if before is None or after is None or _bare(before) != _bare(after):
                sentence = words[0] if before is None else words[2] if after is None else words[1]
                if _same_terms(before, after):
                    sentence = phrases.DUTY
                yield self._tell(shown.section, sentence, title=name(shown))

    def _front(self) -> Iterator[Change]:
        for field in ("organization", "privacy_email", "postal_address", "cookie_switch"):
            if getattr(self._old, field) != getattr(self._new, field):
                yield self._tell("", phrases.FRONT, field=field.replace("_", " "))

    def _wording(self, touched: set[str]) -> Iterator[Change]:
        before = {_key(section): _list_sentences(self._old, section) for section in self._old.sections}
        after = {_key(section): _list_sentences(self._new, section) for section in self._new.sections}
        gone = [section for section in self._old.sections if _key(section) not in after]
        for section in (*self._new.sections, *gone):
            key = _key(section)
            if section.anchor not in touched and before.get(key) != after.get(key):
                yield Change("wording", section.anchor, self._say(phrases.WORDING) % {"title": section.title})


def _collectable(policy: Policy) -> set[tuple[str, str]]:
    """Kind and channel of everything that a version allows to be collected."""
    return {(ask.kind, collect.id) for collect in policy.collects.values() for ask in collect.asks}


def _uses(purpose: Purpose) -> set[tuple[str, str]]:
    return {(kind, channel) for kind in purpose.may_use for channel in purpose.collected_by}


def _sort(order: Sequence[str], chosen: Iterable[str]) -> list[str]:
    among = set(chosen)
    return [kind for kind in order if kind in among]


def _asks(collect: Collect) -> set[tuple[str, bool, frozenset[str]]]:
    return {(ask.kind, ask.required, frozenset(ask.only_in)) for ask in collect.asks}


def _bare(term: T) -> T:
    """The term without its words and position: its meaning."""
    if isinstance(term, Cookie):
        return replace(term, title="", section="", quotation="", kinds=tuple(sorted(term.kinds)))
    if isinstance(term, Promise):
        return replace(term, title="", section="", quotation="", law=tuple(sorted(term.law)))
    return replace(term, title="", section="", quotation="")


def _promise_name(promise: Promise) -> str:
    return (promise.title or promise.quotation).rstrip(".")


def _same_terms(old: T | None, new: T | None) -> bool:
    """Whether two forms of a promise have the same clock, limit and law, so that only the text of the duty differs."""
    if not isinstance(old, Promise) or not isinstance(new, Promise):
        return False
    return _bare(replace(old, duty="")) == _bare(replace(new, duty=""))


def _key(section: Section) -> str:
    return section.anchor or section.title


def _list_sentences(policy: Policy, section: Section) -> tuple[str, ...]:
    """Everything people read in a section: its prose, and the names in its rules."""
    prose = [" ".join(part.text.split()) for part in section.parts if isinstance(part, Prose)]
    rules = [rule for part in section.parts if not isinstance(part, Prose) for rule in part.blocks]
    return (section.title, *prose, *sorted(name for rule in rules for name in _names(policy, rule)))


def _names(policy: Policy, rule: Rule) -> Iterator[str]:
    collect = policy.collects.get(rule.id) if rule.type == "collect" else None
    if collect:
        yield from (f"{ask.kind}: {ask.why}" for ask in collect.asks)
    terms: Mapping[str, Mapping[str, Kind | Collect | Purpose | Recipient | Cookie | Promise]] = {
        "kind": policy.kinds,
        "collect": policy.collects,
        "purpose": policy.purposes,
        "recipient": policy.recipients,
        "cookie": policy.cookies,
        "promise": policy.promises,
    }
    term = terms[rule.type].get(rule.id)
    if term:
        yield f"{rule.type} {rule.id}: {term.title}"
    if isinstance(term, Kind) and term.kept.law:
        yield f"{rule.type} {rule.id}: {term.kept.law}"


def _find_widened(old: Purpose | None, new: Purpose) -> set[str]:
    """Kinds that the purpose may newly use, also where no channel of its own brings them yet."""
    return set(new.may_use) - set(old.may_use if old else ())
