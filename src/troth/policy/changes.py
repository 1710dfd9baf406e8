"""What a new version means for people: each difference with its class.

refused  cannot be adopted: what people said to the old rule would apply to another one
ask      stored data would be used in a way that the old version did not state; `question` is what people answer
notify   material, stored data is not used again
narrows  less is used, kept or given, or people have more choice
wording  names and texts changed, and no rule

Policy  #P1, #P5
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from . import phrases
from .classed import CLASSES, Change, Class, Pair, sort
from .differences import (
    compare_collects,
    compare_cookies,
    compare_front,
    compare_kinds,
    compare_promises,
    compare_recipients,
)
from .meaning import question
from .phrases import Say
from .refusals import list_disclosures, list_refusals
from .regions import REGIONS
from .rewording import compare_names, compare_prose
from .terms import STRENGTH, Collect, Policy, Purpose


def diff(old: Policy, new: Policy, *, earlier: Sequence[Policy] = (), say: Say = str) -> tuple[Change, ...]:
    """The differences from old to new; none if only the formatting differs.

    Takes   earlier: versions before `old`, whose channels may have brought data that is still stored.
    Gives   the classes in their order, each in the new document's order.
    """
    return _Comparison(old, new, tuple(earlier), say).changes()


class _Comparison:
    def __init__(self, old: Policy, new: Policy, earlier: Sequence[Policy], say: Say) -> None:
        self._old, self._new, self._say = old, new, say
        self._pair = Pair(old, new, say)
        self._stored = {pair for policy in (*earlier, old) for pair in _collectable(policy)}
        self._to_come = _collectable(new)
        self._disclosures = set(list_disclosures(old, new))
        self._places = {section.anchor: number for number, section in enumerate(new.sections)}

    def changes(self) -> tuple[Change, ...]:
        pair = self._pair
        material = [
            *(Change("refused", refusal.section, refusal.message) for refusal in list_refusals(self._old, self._new)),
            *self._purposes(),
            *(change for compare in _COMPARED for change in compare(pair)),
        ]
        names = list(compare_names(pair))
        touched = {change.section for change in (*material, *names)}
        found = dict.fromkeys((*material, *names, *compare_prose(pair, touched)))
        return tuple(sorted(found, key=self._rank))

    def _rank(self, change: Change) -> tuple[int, int]:
        return CLASSES.index(change.class_), self._places.get(change.section, len(self._places))

    def _tell(self, class_: Class, of: Purpose, sentence: str, *, kinds: Iterable[str] = (), **names: object) -> Change:
        return self._pair.tell(class_, of.section, sentence, purpose=of.id, kinds=kinds, title=of.title, **names)

    def _purposes(self) -> Iterator[Change]:
        for id, new in self._new.purposes.items():
            old = self._old.purposes.get(id)
            yield from self._uses(old, new)
            if old is not None:
                yield from self._conditions(old, new)
        for id in sorted(self._old.purposes.keys() - self._new.purposes.keys()):
            gone = self._old.purposes[id]
            yield self._tell("narrows", gone, phrases.GONE_PURPOSE)

    def _uses(self, old: Purpose | None, new: Purpose) -> Iterator[Change]:
        before = _inherit(_uses(old), self._list_parts()) if old else set()
        uses = _uses(new)
        added = uses - before
        anew = sort(new.may_use, (kind for kind, channel in added if (kind, channel) in self._stored))
        fresh = sort(new.may_use, {kind for kind, _ in added & self._to_come} - set(anew))
        waiting = sort(new.may_use, _find_widened(old, new) - {*anew, *fresh})
        if anew:
            yield self._ask(old, new, anew)
        if old is None and not anew:
            yield self._tell("notify", new, phrases.NEW_PURPOSE, kinds=sort(new.may_use, {*fresh, *waiting}))
        elif old is not None:
            yield from self._of_kinds(new, "notify", phrases.NEW_USE, fresh)
            yield from self._of_kinds(new, "notify", phrases.NEW_USE_TO_COME, waiting)
        lost = (before - uses) & self._stored
        fewer = sort(old.may_use if old else (), (kind for kind, _ in lost))
        yield from self._of_kinds(new, "narrows", phrases.LESS_USE, fewer)

    def _list_parts(self) -> list[Collect]:
        new = self._new.collects.values()
        return [each for each in new if each.part_of and each.id not in self._old.collects]

    def _of_kinds(
        self, purpose: Purpose, class_: Class, sentence: str, kinds: Sequence[str], **names: object
    ) -> Iterator[Change]:
        if kinds:
            yield self._tell(class_, purpose, sentence, kinds=kinds, kinds_=self._pair.titles(kinds), **names)

    def _ask(self, old: Purpose | None, new: Purpose, kinds: Sequence[str]) -> Change:
        names = {"title": new.title, "kinds_": self._pair.titles(kinds)}
        if old is None and new.choice == "sign up":
            return Change("ask", new.section, self._say(phrases.ASK_SIGN_UP) % names, new.id, tuple(kinds), new.id)
        asked = question(new.id, self._new.version)
        return Change("ask", new.section, self._say(phrases.ASK) % names, new.id, tuple(kinds), asked)

    def _conditions(self, old: Purpose, new: Purpose) -> Iterator[Change]:
        if (old.choice, old.by_region) != (new.choice, new.by_region):
            was, is_ = (phrases.describe_choice(purpose, self._say) for purpose in (old, new))
            yield self._tell(_choice_class(old, new), new, phrases.CHOICE, old=was, new=is_)
        if old.marketing != new.marketing:
            if new.marketing:
                yield self._tell("notify", new, phrases.MORE_MARKETING)
            else:
                yield self._tell("narrows", new, phrases.LESS_MARKETING)
        none = self._say(phrases.NOT_STATED)
        if old.dpv != new.dpv:
            yield self._tell(
                "notify",
                new,
                phrases.RECORDED_AS,
                old=old.dpv or self._say(phrases.NOT_STATED),
                new=new.dpv or self._say(phrases.NOT_STATED),
            )
        if (old.basis, old.balance) != (new.basis, new.balance):
            was, is_ = (phrases.basis_words(purpose, self._say) or none for purpose in (old, new))
            yield self._tell("notify", new, phrases.BASIS, old=was, new=is_)
        yield from self._times(old, new)
        yield from self._recipients(old, new)
        yield from self._topics(old, new)
        yield from self._emails(old, new)
        # Where the kinds themselves changed, that is a change of its own, and the needs follow from it.
        if set(old.may_use) == set(new.may_use):
            yield from self._of_kinds(new, "notify", phrases.NEEDS, sort(new.needs, set(new.needs) - set(old.needs)))
            less = sort(old.needs, set(old.needs) - set(new.needs))
            yield from self._of_kinds(new, "narrows", phrases.NEEDS_LESS, less)

    def _times(self, old: Purpose, new: Purpose) -> Iterator[Change]:
        """A shorter time is that of stored data, too; a longer one is that of data to come."""
        for kind in sort(new.may_use, set(old.may_use) & set(new.may_use)):
            was, is_ = old.find_time(kind), new.find_time(kind)
            if was == is_:
                continue
            names = {
                "old": phrases.describe_kept(was or self._old.kinds[kind].kept, self._say),
                "new": phrases.describe_kept(is_ or self._new.kinds[kind].kept, self._say),
            }
            shorter = is_ is not None and (was is None or was.is_longer(is_))
            class_, sentence = _TIMES[shorter]
            yield from self._of_kinds(new, class_, sentence, [kind], **names)

    def _recipients(self, old: Purpose, new: Purpose) -> Iterator[Change]:
        deciding = {recipient for purpose, recipient in self._disclosures if purpose == new.id}
        for id in sort(new.recipients, deciding | set(new.recipients) - set(old.recipients)):
            sentence = phrases.NEW_COMPANY if (new.id, id) in self._disclosures else phrases.NEW_RECIPIENT
            yield self._tell("notify", new, sentence, recipient=self._pair.recipient(id))
        for id in sort(old.recipients, set(old.recipients) - set(new.recipients)):
            yield self._tell("narrows", new, phrases.GONE_RECIPIENT, recipient=self._pair.recipient(id))

    def _topics(self, old: Purpose, new: Purpose) -> Iterator[Change]:
        before, after = ({topic.id: topic.title for topic in purpose.topics} for purpose in (old, new))
        for id in sort(list(after), after.keys() - before.keys()):
            yield self._tell("notify", new, phrases.NEW_TOPIC, topic=after[id])
        for id in sort(list(before), before.keys() - after.keys()):
            yield self._tell("notify", new, phrases.GONE_TOPIC, topic=before[id])
        renamed = any(before[id] != after[id] for id in before.keys() & after.keys())
        if renamed or old.topics_of != new.topics_of:
            yield self._tell("notify", new, phrases.TOPICS)

    def _emails(self, old: Purpose, new: Purpose) -> Iterator[Change]:
        before, after = ({email.name: email for email in purpose.emails} for purpose in (old, new))
        for name in dict.fromkeys((*after, *before)):
            if name not in before:
                yield self._tell("notify", new, phrases.NEW_EMAIL, email=name)
            elif name not in after:
                yield self._tell("narrows", new, phrases.GONE_EMAIL, email=name)
            elif before[name] != after[name]:
                yield self._tell("notify", new, phrases.EMAIL_TIME, email=name)


def _collectable(policy: Policy) -> set[tuple[str, str]]:
    """Kind and channel of everything that a version allows to be collected."""
    return {(ask.kind, collect.id) for collect in policy.collects.values() for ask in collect.asks}


def _uses(purpose: Purpose) -> set[tuple[str, str]]:
    return {(kind, channel) for kind in purpose.may_use for channel in purpose.collected_by}


def _inherit(uses: set[tuple[str, str]], parts: Sequence[Collect]) -> set[tuple[str, str]]:
    """With those that new parts have from the whole, which is how their data would have come in before."""
    return uses | {(kind, each.id) for kind, channel in uses for each in parts if each.part_of == channel}


def _choice_class(old: Purpose, new: Purpose) -> Class:
    """More choice in some region, and less in none, narrows."""
    pairs = [(STRENGTH[old.choice_in(region)], STRENGTH[new.choice_in(region)]) for region in REGIONS]
    return "notify" if any(was > is_ for was, is_ in pairs) else "narrows"


def _find_widened(old: Purpose | None, new: Purpose) -> set[str]:
    """Kinds that the purpose may newly use, also where no channel of its own brings them yet."""
    return set(new.may_use) - set(old.may_use if old else ())


_TIMES: Mapping[bool, tuple[Class, str]] = {
    True: ("narrows", phrases.USED_SHORTER),
    False: ("notify", phrases.USED_LONGER),
}
_COMPARED = (
    compare_kinds,
    compare_collects,
    compare_recipients,
    compare_cookies,
    compare_promises,
    compare_front,
)
