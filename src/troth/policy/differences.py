"""What changed in kinds, forms, recipients, cookies, promises and the front matter, sentence by sentence.

What limits a use, shortens a time or ends something *narrows*: people read it and are asked nothing.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from . import phrases
from .classed import Change, Class, Pair, sort
from .lengths import Duration
from .phrases import Say, describe_kept, promise_words, time_words
from .terms import Ask, Collect, Cookie, Kind, Promise, Recipient

T = TypeVar("T", Kind, Collect, Recipient, Cookie, Promise)
_FRONT = (
    *("organization", "privacy_email", "postal_address", "cookie_switch"),
    *("laws", "country", "controllers", "representative"),
)


def compare_kinds(pair: Pair) -> Iterator[Change]:
    for old, new in _match(pair.old.kinds, pair.new.kinds):
        if old is None or new is None:
            shown, class_, sentence = _come_or_gone(old, new, phrases.NEW_KIND, phrases.GONE_KIND)
            yield pair.tell(class_, shown.section, sentence, kinds=[shown.id], title=shown.title)
        else:
            yield from _compare_kind(pair, old, new)


def _compare_kind(pair: Pair, old: Kind, new: Kind) -> Iterator[Change]:
    if (old.kept.time, old.kept.after) != (new.kept.time, new.kept.after):
        was, is_ = describe_kept(old.kept, pair.say), describe_kept(new.kept, pair.say)
        class_: Class = "narrows" if old.kept.is_longer(new.kept) else "notify"
        yield pair.tell(class_, new.section, phrases.KEPT, kinds=[new.id], title=new.title, old=was, new=is_)
    if bool(old.kept.law) != bool(new.kept.law):
        sentence = phrases.KEPT_BY_LAW[not new.kept.law]
        yield pair.tell("notify" if new.kept.law else "narrows", new.section, sentence, kinds=[new.id], title=new.title)
    added, gone = set(new.values) - set(old.values), set(old.values) - set(new.values)
    for values, class_, sentence in (
        (sort(new.values, added), "notify", phrases.VALUES_ADDED),
        (sort(old.values, gone), "narrows", phrases.VALUES_GONE),
    ):
        if values:
            listed = phrases.join_words(values, pair.say)
            yield pair.tell(class_, new.section, sentence, kinds=[new.id], title=new.title, values=listed)
    if (old.type, old.files) != (new.type, new.files):
        yield pair.tell("notify", new.section, phrases.OTHER_KIND, kinds=[new.id], title=new.title)


def _shorter(old: Duration, new: Duration) -> Class:
    return "narrows" if new.days < old.days else "notify"


def compare_collects(pair: Pair) -> Iterator[Change]:
    # What is new or gone about a part is that of its whole.
    was, is_ = ({id: each for id, each in of.collects.items() if not each.part_of} for of in (pair.old, pair.new))
    for old, new in _match(was, is_):
        if new is None:
            assert old is not None
            yield pair.tell("narrows", old.section, phrases.GONE_COLLECT, title=old.title)
        elif old is None:
            kinds = [ask.kind for ask in new.asks]
            titles = pair.titles(kinds)
            yield pair.tell("notify", new.section, phrases.NEW_COLLECT, kinds=kinds, title=new.title, kinds_=titles)
        else:
            yield from _compare_collect(pair, old, new)


def _compare_collect(pair: Pair, old: Collect, new: Collect) -> Iterator[Change]:
    asked: dict[tuple[Class, str], list[str]] = {}
    for kind in dict.fromkeys([ask.kind for ask in (*new.asks, *old.asks)]):
        for found in _compare_ask(old.ask(kind), new.ask(kind)):
            asked.setdefault(found, []).append(kind)
    for (class_, sentence), kinds in asked.items():
        yield pair.tell(class_, new.section, sentence, kinds=kinds, title=new.title, kinds_=pair.titles(kinds))
    added, gone = set(new.purposes) - set(old.purposes), set(old.purposes) - set(new.purposes)
    if added:
        listed = pair.titles_of(sort(new.purposes, added))
        yield pair.tell("notify", new.section, phrases.ALSO_FOR, title=new.title, purposes=listed)
    if gone:
        listed = pair.titles_of(sort(old.purposes, gone))
        yield pair.tell("narrows", new.section, phrases.NO_LONGER_FOR, title=new.title, purposes=listed)
    if new.apart and not old.apart:
        listed = pair.titles_of(new.purposes)
        yield pair.tell("narrows", new.section, phrases.KEPT_APART, title=new.title, purposes=listed)


def _compare_ask(old: Ask | None, new: Ask | None) -> Iterator[tuple[Class, str]]:
    if old is None or new is None:
        yield ("notify", phrases.ASKS_ALSO) if old is None else ("narrows", phrases.ASKS_NO_LONGER)
        return
    if old.required != new.required:
        yield ("notify", phrases.NOW_REQUIRED) if new.required else ("narrows", phrases.NOW_OPTIONAL)
    was, is_ = set(old.only_in), set(new.only_in)
    if was != is_:
        fewer = bool(is_) and (not was or is_ < was)
        yield ("narrows", phrases.FEWER_COUNTRIES) if fewer else ("notify", phrases.OTHER_COUNTRIES)


def compare_recipients(pair: Pair) -> Iterator[Change]:
    for old, new in _match(pair.old.recipients, pair.new.recipients):
        if old is None or new is None:
            shown, class_, sentence = _come_or_gone(old, new, *phrases.RECIPIENT)
            yield pair.tell(class_, shown.section, sentence, title=shown.title)
            continue
        if old.title != new.title:
            yield pair.tell("notify", new.section, phrases.RENAMED_RECIPIENT, old=old.title, new=new.title)
        for changed, sentences in (
            ((old.third_party, new.third_party), phrases.THIRD_PARTY),
            ((old.own_marketing, new.own_marketing), phrases.OWN_MARKETING),
        ):
            if changed[0] != changed[1]:
                class_ = "notify" if changed[1] else "narrows"
                yield pair.tell(class_, new.section, sentences[not changed[1]], title=new.title)
        none = pair.say(phrases.NOT_STATED)
        for was, is_, sentence in (
            (*(phrases.country_words(each.countries, pair.say) for each in (old, new)), phrases.RECIPIENT_AT),
            (old.safeguard, new.safeguard, phrases.SAFEGUARD),
        ):
            if was != is_:
                yield pair.tell("notify", new.section, sentence, title=new.title, old=was or none, new=is_ or none)
        if old.products != new.products:
            names = {"old": phrases.product_words(old, pair.say), "new": phrases.product_words(new, pair.say)}
            yield pair.tell(_serving_class(old, new), new.section, phrases.SERVES, title=new.title, **names)
        if (old.role, old.position, old.when) != (new.role, new.position, new.when):
            was, is_ = (phrases.position_words(each, pair.say) for each in (old, new))
            said = phrases.ROLE if was and is_ and was != is_ else phrases.OTHER_ROLE
            yield pair.tell("notify", new.section, said, title=new.title, old=was, new=is_)


def _serving_class(old: Recipient, new: Recipient) -> Class:
    """About fewer products than before is less that is given; the same ones under other names are a matter of words."""
    was, is_ = ({each.id for each in recipient.products} for recipient in (old, new))
    if was == is_:
        return "wording"
    return "narrows" if is_ and (not was or is_ < was) else "notify"


def compare_cookies(pair: Pair) -> Iterator[Change]:
    for old, new in _match(pair.old.cookies, pair.new.cookies):
        if old is None or new is None:
            shown, class_, sentence = _come_or_gone(old, new, *phrases.COOKIE)
            yield pair.tell(class_, shown.section, sentence, title=_name_cookie(pair, shown))
            continue
        if old.lifetime != new.lifetime:
            names = {"title": new.title, "old": _last(pair, old), "new": _last(pair, new)}
            yield pair.tell(_cookie_class(old, new), new.section, phrases.COOKIE_LASTS, **names)
        if old.purpose != new.purpose:
            names = {"title": new.title, "purpose_": pair.titles_of([new.purpose])}
            yield pair.tell("notify", new.section, phrases.COOKIE_SERVES, **names)
        if set(old.kinds) != set(new.kinds):
            class_ = "narrows" if set(new.kinds) < set(old.kinds) else "notify"
            names = {"title": new.title, "kinds_": pair.titles(new.kinds)}
            yield pair.tell(class_, new.section, phrases.COOKIE_HOLDS, kinds=new.kinds, **names)
        if old.set_by != new.set_by:
            by = pair.recipient(new.set_by)
            yield pair.tell("notify", new.section, phrases.COOKIE_BY, title=new.title, recipient=by)
        if (old.essential, old.longer) != (new.essential, new.longer):
            yield pair.tell("notify", new.section, phrases.COOKIE_REASON, title=new.title)


def _cookie_class(old: Cookie, new: Cookie) -> Class:
    if new.lifetime is None:
        return "narrows"
    return _shorter(old.lifetime, new.lifetime) if old.lifetime else "notify"


def _last(pair: Pair, cookie: Cookie) -> str:
    return time_words(cookie.lifetime, pair.say) if cookie.lifetime else pair.say(phrases.WITH_BROWSER)


def _name_cookie(pair: Pair, cookie: Cookie) -> str:
    return f"{cookie.title} ({_last(pair, cookie)})" if cookie.lifetime else cookie.title


def compare_promises(pair: Pair) -> Iterator[Change]:
    for old, new in _match(pair.old.promises, pair.new.promises):
        if old is None or new is None:
            shown, _, sentence = _come_or_gone(old, new, *phrases.PROMISE)
            yield pair.tell("notify", shown.section, sentence, title=_name_promise(shown))
            continue
        was, is_ = promise_words(old, pair.say), promise_words(new, pair.say)
        if was != is_:
            timed = old.within or new.within or old.ahead or new.ahead or old.at_most
            sentence, put = (phrases.PROMISE_TIME, _within_sentence) if timed else (phrases.DUTY, str)
            names = {"title": _name_promise(new), "old": put(was.rstrip(".")), "new": put(is_.rstrip("."))}
            yield pair.tell(_promise_class(old, new), new.section, sentence, **names)
        elif (old.duty, set(old.law)) != (new.duty, set(new.law)):
            yield pair.tell("notify", new.section, phrases.PROMISE_OTHER, title=_name_promise(new))


def _within_sentence(words: str) -> str:
    return words[:1].lower() + words[1:]


def _promise_class(old: Promise, new: Promise) -> Class:
    """A shorter time from the same start is a better promise, and so is a longer notice."""
    for was, is_ in ((old.within, new.within), (old.at_most, new.at_most)):
        if was and is_ and old.start == new.start:
            return _shorter(was, is_)
    if old.ahead and new.ahead:
        return _shorter(new.ahead, old.ahead)
    return "notify"


def _name_promise(promise: Promise) -> str:
    return (promise.title or promise.quotation).rstrip(".")


def compare_front(pair: Pair) -> Iterator[Change]:
    for field in _FRONT:
        was, is_ = getattr(pair.old, field), getattr(pair.new, field)
        if was != is_:
            old, new = (_front_words(field, each, pair.say) for each in (was, is_))
            names = {"old": old, "new": new}
            if field == "laws":
                yield pair.tell("notify", "", phrases.LAWS_CHOSEN, **names)
            else:
                yield pair.tell("notify", "", phrases.FRONT, field=pair.say(phrases.FRONT_FIELDS[field]), **names)


def _front_words(field: str, value: str | tuple[str, ...], say: Say) -> str:
    each = (value,) if isinstance(value, str) else value
    if field == "laws":
        return phrases.join_words([say(phrases.LAW_NAMES[law]) for law in each], say) or say(phrases.NOT_STATED)
    if field == "country":
        return phrases.country_words([code for code in each if code], say) or say(phrases.NOT_STATED)
    return ", ".join(each).rstrip(".") or say(phrases.NOT_STATED)


def _match(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[T | None, T | None]]:
    """Terms of both versions by id: in the order of the new one, as people read it; what is gone comes last."""
    for id in dict.fromkeys((*new, *old)):
        before, after = old.get(id), new.get(id)
        yield before, after


def _come_or_gone(old: T | None, new: T | None, come: str, gone: str) -> tuple[T, Class, str]:
    if new is not None:
        return new, "notify", come
    assert old is not None
    return old, "narrows", gone
