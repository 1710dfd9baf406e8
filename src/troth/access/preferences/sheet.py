"""The data of the preference page: each choice as it is now, and the questions of a newer version."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth import in_force
from troth.access.preferences.quoting import promise_of, sentences_of
from troth.access.story import OFFERS_PROMISE
from troth.desk import index
from troth.desk.choices import find_confirmation
from troth.desk.topics import question_title, topics_of
from troth.gate.questions import KnownChoices, OpenQuestion, learn, list_open, merge_alike, note_rests
from troth.markup import format_html, format_html_join
from troth.policy import Answer, Decision, Law, Policy, Purpose
from troth.policy.meaning import MARKETING, decide_kind, latest, parts_of, topic_question
from troth.policy.parting import find_whole
from troth.policy.terms import Collect, Topic
from troth.words.choices import AlwaysOn, ShownChoice
from troth.words.values import refusal_in_words

SECTION = "I1"
_NOTHING_TO_USE = frozenset({"not held", "channel not stated", "expired"})


@dataclass(frozen=True)
class Sheet:
    policy: Policy
    general: ShownChoice | None
    yours: tuple[ShownChoice, ...]
    answered: tuple[ShownChoice, ...]
    asked: tuple[OpenQuestion, ...]
    exempt: tuple[AlwaysOn, ...]
    idle: tuple[AlwaysOn, ...] = ()
    """Those of `exempt` for which we hold nothing of theirs now."""

    @property
    def choices(self) -> tuple[ShownChoice, ...]:
        """All that one form saves, in the order of the page."""
        found = (*((self.general,) if self.general else ()), *self.yours, *self.answered)
        return tuple(each for choice in found for each in (choice, *choice.topics))

    def is_off(self, name: str) -> bool:
        """Whether the page shows it as off: itself, or the purpose that it is a topic of."""
        shown = (self.choice(each) for each in (name, parts_of(name)[0]))
        return any(choice is not None and not choice.on for choice in shown)

    def choice(self, name: str) -> ShownChoice | None:
        return next((choice for choice in self.choices if choice.question == name), None)


def sheet(people: Iterable[UUID], *, at_utc: datetime, signs_up: bool = False) -> Sheet:
    """The page's content for all who share their address, no value read.   Cost  2 or 3 queries.

    Takes   signs_up: whether they can begin there what is confirmed by email, because we know where to write"""
    law = in_force.law()
    everyone = [*people]
    known = [each for each, _alike in merge_alike(learn(everyone), at_utc)]
    purposes = law.policy.purposes.values()
    always = [_tell_always(law, each, known, at_utc) for each in purposes if not _is_chosen(each, known)]
    return Sheet(
        policy=law.policy,
        general=_general(law.policy, known),
        yours=tuple(
            _choice(law, purpose, known, at_utc, begins=signs_up and find_confirmation(purpose.id) is not None)
            for purpose in purposes
            if _is_chosen(purpose, known)
        ),
        answered=tuple(_list_answered(law.policy, known)),
        asked=tuple(_list_asked(law, known, everyone, at_utc)),
        exempt=tuple(each for each in always if each.kinds or not known),
        idle=tuple(each for each in always if known and not each.kinds),
    )


def starts_on(policy: Policy, name: str, region: str) -> bool:
    """Whether a question counts as yes before a person of this region answers it."""
    purpose = policy.purposes.get(parts_of(name)[0]) if "@" not in name else None
    return name == MARKETING or (purpose is not None and purpose.choice_in(region) == "opt out")


def _is_chosen(purpose: Purpose, known: Sequence[KnownChoices]) -> bool:
    """Whether any of these people has a choice; of nobody in particular, whether anyone has."""
    return any(purpose.choice_in(region) != "none" for region in {each.region for each in known} or {""})


def _tell_always(law: Law, purpose: Purpose, known: Sequence[KnownChoices], at_utc: datetime) -> AlwaysOn:
    """What it uses now is sought among what is held alone: a page lists a dozen purposes with many kinds each."""
    used = {
        kind
        for each in known
        for kind in {datum.kind for datum in each.held} & {*purpose.may_use}
        if _decide(law, purpose, kind, each, at_utc).code not in _NOTHING_TO_USE
    }
    kinds = tuple(law.policy.kinds[kind].title for kind in purpose.may_use if kind in used)
    return AlwaysOn(purpose, sentences_of(law.policy, purpose), kinds)


def _general(policy: Policy, known: Sequence[KnownChoices]) -> ShownChoice | None:
    if not any(purpose.marketing for purpose in policy.purposes.values()):
        return None
    words = promise_of(policy, OFFERS_PROMISE)
    on, answer = _stands(policy, known, MARKETING)
    return ShownChoice(MARKETING, _("Offers and other marketing"), words, SECTION, on, answer)


def _choice(
    law: Law, purpose: Purpose, known: Sequence[KnownChoices], at_utc: datetime, *, begins: bool
) -> ShownChoice:
    on, answer = _stands(law.policy, known, purpose.id)
    codes = {_code(law, purpose, each, at_utc) for each in known}
    usable = not codes <= _NOTHING_TO_USE
    used = any(_uses(law, purpose, each, at_utc) for each in known)
    return ShownChoice(
        purpose.id,
        purpose.title,
        sentences_of(law.policy, purpose),
        purpose.section,
        on,
        answer,
        hint=_hint(law.policy, purpose, codes, on=on, usable=usable, used=used, begins=begins),
        possible=usable or on or begins or any(starts_on(law.policy, purpose.id, each.region) for each in known),
        confirmed=find_confirmation(purpose.id) is not None,
        page=next(filter(None, (_find_page(law.policy, form) for form in _list_forms(law.policy, purpose))), ""),
        kinds=tuple(law.policy.kinds[kind].title for kind in purpose.may_use if kind in law.policy.kinds),
        topics=tuple(_topic(law.policy, purpose, topic, known) for topic in topics_of(purpose))
        if usable or on or begins
        else (),
    )


def _topic(policy: Policy, purpose: Purpose, topic: Topic, known: Sequence[KnownChoices]) -> ShownChoice:
    """A topic of a purpose; it is off while the purpose itself is off."""
    name = topic_question(purpose.id, topic.id)
    on, answer = _stands(policy, known, name)
    confirmed = find_confirmation(purpose.id) is not None
    _on, whole = (False, None) if answer or on else _stands(policy, known, purpose.id)
    whole = None if whole and whole.yes else whole
    return ShownChoice(name, topic.title, "", purpose.section, on, answer, confirmed=confirmed, whole=whole)


def _says(policy: Policy, each: KnownChoices, name: str) -> bool:
    answer = latest(each.answers, name)
    return starts_on(policy, name, each.region) if answer is None else answer.yes


def _stands(policy: Policy, known: Sequence[KnownChoices], name: str) -> tuple[bool, Answer | None]:
    """Whether it is on for any of these people, and the answer that made it so."""
    on = any(_says(policy, each, name) for each in known)
    telling = (latest(each.answers, name) for each in known if _says(policy, each, name) == on)
    return on, max((answer for answer in telling if answer), key=lambda answer: answer.at_utc, default=None)


def _code(law: Law, purpose: Purpose, each: KnownChoices, at_utc: datetime) -> str:
    """The law's code for what the purpose needs: the first refusal, else that of its first kind."""
    kinds = purpose.needs or purpose.may_use
    decided = [
        decide_kind(law, purpose.id, kind, data=each.held, answers=each.answers, now_utc=at_utc, region=each.region)
        for kind in kinds
    ]
    if purpose.needs:
        return next((found.code for found in decided if not found.allowed), "stated")
    return next((found.code for found in decided if found.code not in _NOTHING_TO_USE), "not held")


def _uses(law: Law, purpose: Purpose, each: KnownChoices, at_utc: datetime) -> bool:
    """Whether it has anything to use, were it on: what it needs may be known only during a visit."""
    found = (_decide(law, purpose, kind, each, at_utc) for kind in purpose.may_use)
    return any(decision.code not in _NOTHING_TO_USE for decision in found)


def _decide(law: Law, purpose: Purpose, kind: str, each: KnownChoices, at_utc: datetime) -> Decision:
    held, answers = each.held, each.answers
    return decide_kind(law, purpose.id, kind, data=held, answers=answers, now_utc=at_utc, region=each.region)


def _hint(
    policy: Policy, purpose: Purpose, codes: set[str], *, on: bool, usable: bool, used: bool, begins: bool
) -> str:
    if begins and not on:
        return _("It starts once you confirm it with the link that we email you.")
    if not usable:
        return "" if used else _beginning(policy, purpose)
    if on and not codes & {"stated", "answered"}:
        return refusal_in_words(sorted(codes - _NOTHING_TO_USE)[0])
    return ""


def _beginning(policy: Policy, purpose: Purpose) -> str:
    places = _list_forms(policy, purpose)
    if not places:
        return _("We hold no data for this.")
    listed = format_html_join(_(", "), "{}", ((_name_form(policy, place),) for place in places))
    return format_html(_("We hold no data for this yet. It starts with {}."), listed)


def _list_forms(policy: Policy, purpose: Purpose) -> Sequence[Collect]:
    places = dict.fromkeys(map(find_whole, purpose.collected_by))
    return [policy.collects[place] for place in places if place.startswith("form.")]


def _name_form(policy: Policy, form: Collect) -> SafeString:
    """With a link, where a page begins it."""
    page = _find_page(policy, form)
    title = _("“%(place)s”") % {"place": form.title}
    return format_html('<a href="{}">{}</a>', page, title) if page else format_html("{}", title)


def _find_page(policy: Policy, form: Collect) -> str:
    page = next((each for each in index.pages() if each.form == form.id and each.is_offered(policy)), None)
    return page.address if page else ""


def _list_answered(policy: Policy, known: Sequence[KnownChoices]) -> Iterable[ShownChoice]:
    """Answered questions of newer versions, so that the answers can be changed."""
    for name in sorted({answer.question for each in known for answer in each.answers if "@" in answer.question}):
        purpose = policy.purposes.get(name.partition("@")[0])
        if purpose is not None:
            on, answer = _stands(policy, known, name)
            yield ShownChoice(name, question_title(policy, name), purpose.quotation, purpose.section, on, answer)


def _list_asked(
    law: Law, known: Sequence[KnownChoices], people: Sequence[UUID], at_utc: datetime
) -> Iterable[OpenQuestion]:
    for each in note_rests(law, list_open(law, known, at_utc), known, people, at_utc):
        yield replace(each, quotation=sentences_of(law.policy, each.purpose))
