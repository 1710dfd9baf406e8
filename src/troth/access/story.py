"""The ledger in plain words: one sentence an entry, with the section that allowed it and the policy's own words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import unescape
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth import gate, outbox
from troth.access import looks, story_of_members
from troth.cases.kinds import KINDS
from troth.collection.wording import in_sentence, why_in_words
from troth.policy.meaning import MARKETING, Law
from troth.policy.terms import Policy
from troth.records.ledger import Entry
from troth.security.crew import names_of

OFFERS_PROMISE = "preferences.offers"
CORRECTED = "corrected by the person"
"""The way of a value that took the place of another one. Its place is that of the former one."""


@dataclass(frozen=True)
class Line:
    """One entry as a person reads it. `state` is the look's mark: in, out, kept, or plain."""

    id: UUID
    at_utc: datetime
    new_day: bool
    sentence: SafeString
    state: str
    word: str
    promise_kept: bool
    anchor: str
    section: str
    version: int
    words: str
    facts: tuple[tuple[str, str], ...]
    reason: str
    receipt: str

    @property
    def plain(self) -> str:
        """The sentence where no HTML is read: in JSON and on paper. Its marks are ours, its names stand as they are."""
        return unescape(strip_tags(self.sentence))


_MARKS = {
    "collected": "in",
    "disclosed": "out",
    "chose": "kept",
    "held back": "kept",
    "not delivered": "stop",
    "refused": "kept",
    "expired": "kept",
    "corrected": "kept",
    "removed": "kept",
    "signal": "kept",
    "ended": "kept",
    "unlinked": "kept",
}


def told(entries: Sequence[Entry], *, receipts: Mapping[UUID, str] | None = None, confirmed: bool = True) -> list[Line]:
    """The entries as lines, in the order given; a day is written once.

    Takes   receipts: request → its receipt's path; confirmed: False leaves out why a recipient was chosen, which
            can tell a stranger whom we already know."""
    law, names = gate.law(), _names(entries)
    lines: list[Line] = []
    for entry in entries:
        new_day = not lines or _day(lines[-1].at_utc) != _day(entry.at_utc)
        receipt = (receipts or {}).get(entry.request, "") if entry.request else ""
        line = _line(entry, law=law, names=names, new_day=new_day, receipt=receipt)
        lines.append(line if confirmed else replace(line, reason=""))
    return lines


def kinds_in_words(policy: Policy, kinds: Sequence[str]) -> str:
    """name, e-mail, company and note"""
    order = {kind: place for place, kind in enumerate(policy.kinds)}
    known = sorted(kinds, key=lambda kind: order.get(kind, len(order)))
    titles = [in_sentence(policy.kinds[kind].title) if kind in order else kind for kind in known]
    if len(titles) < 2:
        return "".join(titles)
    return _("%(first)s and %(last)s") % {"first": ", ".join(titles[:-1]), "last": titles[-1]}


def word_of(kind: str) -> str:
    """The word of an entry's kind, as the filter and the line show it."""
    match kind:
        case "collected":
            return _("collected")
        case "used" | "selected":
            return _("used")
        case "disclosed":
            return _("given to others")
        case "chose":
            return _("your choice")
        case "notified":
            return _("letter sent")
        case "not delivered":
            return _("not delivered")
        case "held back" | "refused":
            return _("held back")
        case "requested":
            return _("asked for")
        case "signed in":
            return _("signed in")
        case "joined" | "left" | "role changed" | "asked to join" | "not joined" | "invited" | "shared" | "not shared":
            return _("organization")
        case "linked" | "unlinked":
            return _("account")
        case "ended":
            return _("ended")
        case "expired":
            return _("deleted")
        case "corrected":
            return _("corrected")
        case "removed":
            return _("removed by you")
        case "signal":
            return _("your browser’s signal")
        case "answered":
            return _("answered")
        case "approved":
            return _("approved")
        case "erased in part":
            return _("erased in part")
        case "erased":
            return _("erased")
    return kind


def _line(entry: Entry, *, law: Law, names: Mapping[str, str], new_day: bool, receipt: str) -> Line:
    # Old entries quote the policy as it stood then.
    policy = law.versions.get(entry.version, law.versions[law.current])
    anchor = _anchor(entry, policy)
    section = policy.section(anchor)
    return Line(
        id=entry.id,
        at_utc=entry.at_utc,
        new_day=new_day,
        sentence=_SENTENCES.get(entry.kind, _anything)(entry, policy, names),
        state=_MARKS.get(entry.kind, ""),
        word=word_of(entry.kind),
        promise_kept=entry.kind in ("held back", "refused"),
        anchor=anchor,
        section=section.title if section else "",
        version=policy.version,
        words=_words(entry, policy),
        facts=tuple(_facts(entry, policy, names)),
        reason=why_in_words(entry.reason) if entry.kind == "disclosed" else "",
        receipt=receipt,
    )


def _day(at_utc: datetime) -> date:
    """The day by the clock that the page shows."""
    return timezone.localtime(at_utc).date()


def _anchor(entry: Entry, policy: Policy) -> str:
    """The section of the entry; of the general opt-out, which belongs to no purpose, that of its promise."""
    general = policy.promises.get(OFFERS_PROMISE)
    return entry.section or (general.section if general and entry.purpose == MARKETING else "")


def _words(entry: Entry, policy: Policy) -> str:
    """What to quote: the words that the purpose or the way in keeps, else its section's."""
    purpose, place = policy.purposes.get(entry.purpose), policy.collects.get(str(entry.payload.get("channel", "")))
    kept = purpose.words if purpose else place.words if place else ""
    if entry.purpose == MARKETING and OFFERS_PROMISE in policy.promises:
        kept = policy.promises[OFFERS_PROMISE].words
    return kept or policy.sentence(entry.section)


def _collected(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    place = policy.collects.get(str(entry.payload.get("channel", "")))
    where = place.title if place else str(entry.payload.get("channel", ""))
    kinds = kinds_in_words(policy, entry.kinds)
    if entry.payload.get("way") == CORRECTED:
        return format_html(_("You gave us your new {}, in the place of what you had given in “{}”."), kinds, where)
    if entry.who == "person":
        return format_html(_("You gave us your {} in “{}”."), kinds, where)
    if story_of_members.is_colleague(entry.who):
        by = story_of_members.colleague(entry, names)
        return format_html(_("{} gave us your {} by “{}”."), by, kinds, where)
    if entry.who.partition(":")[0] in ("staff", "agent"):
        return format_html(_("{} gave us your {} by “{}”."), _reader(entry.who, names), kinds, where)
    return format_html(_("We recorded your {} by “{}”."), kinds, where)


def _used(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    kinds = kinds_in_words(policy, entry.kinds)
    if entry.who == "person":
        return format_html(looks.sentence_of(entry.reason), kinds)
    if entry.who == "program:outbox":
        return format_html(_("The program read your {} to write a letter."), kinds)
    if people := entry.payload.get("people"):
        return format_html(
            _("{} used your {} with those of others, {} people in all: {}."),
            _reader(entry.who, names), kinds, intcomma(people), entry.reason,
        )  # fmt: skip
    if entry.who.startswith("staff:"):  # what somebody typed is no half of our sentence
        return format_html(_("{} read your {}: {}."), _reader(entry.who, names), kinds, entry.reason)
    return format_html(_("{} read your {} {}."), _reader(entry.who, names), kinds, entry.reason)


def _selected(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    purpose = policy.purposes.get(entry.purpose)
    return format_html(
        _("{} looked up whom we may contact for “{}”: {} people, and you are one of them."),
        _reader(entry.who, names), purpose.title if purpose else entry.purpose,
        intcomma(entry.payload.get("people", 0)),
    )  # fmt: skip


def _disclosed(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    kinds = kinds_in_words(policy, entry.kinds)
    if undelivered := names.get(f"mail {entry.id}"):
        return format_html(_("Your {} are meant for <strong>{}</strong>. {}"), kinds, entry.recipient_name, undelivered)
    return format_html(_("<strong>{}</strong> got your {}."), entry.recipient_name, kinds)


def _chose(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    purpose = policy.purposes.get(entry.purpose)
    about = purpose.title if purpose else _("marketing")
    if entry.payload.get("way") == "same address":
        return format_html(_("Your earlier no to {} counts for this, too: it has the same address."), about)
    if entry.who != "person":
        said = _("{} recorded your yes to {}.") if entry.payload.get("yes") else _("{} recorded your no to {}.")
        return format_html(said, _reader(entry.who, names), about)
    return format_html(_("You said yes to {}.") if entry.payload.get("yes") else _("You said no to {}."), about)


def _notified(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    to = str(entry.payload.get("to", "person"))
    if to == "person":
        return format_html(_("We wrote you a letter: {}."), _letter(entry))
    return format_html(_("We wrote to <strong>{}</strong>: {}."), entry.payload.get("name", to), _letter(entry))


def _held_back(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    if to := entry.payload.get("name"):
        return format_html(_("We did <strong>not</strong> write to {}: {}."), to, _letter(entry))
    return format_html(_("We did <strong>not</strong> send you a letter: {}."), _letter(entry))


def _not_delivered(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    to, why = str(entry.payload.get("name", _("you"))), outbox.why_in_words(str(entry.payload.get("code", "")))
    return format_html(_("We could not deliver our email to {}: {}. It was {}."), to, why, _letter(entry))


def _answered(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    """Who noted it; whoever wrote the answer may be somebody else."""
    number = entry.payload.get("number", "")
    return format_html(_("{} noted that your request {} was answered."), _reader(entry.who, names), number)


def _refused(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    """Who wanted what, and that the policy said no. What somebody typed stands by itself, as their words."""
    kinds = kinds_in_words(policy, entry.kinds)
    if entry.who == "person":
        return format_html(_("We could <strong>not</strong> show you your {}: our policy does not allow it."), kinds)
    if entry.who == "program:outbox":
        return format_html(_("We did <strong>not</strong> use your {} to write an email."), kinds)
    if entry.who.startswith("staff:"):
        told = _("{} asked for your {} and was <strong>not</strong> allowed to read it. The reason given: {}")
        return format_html(told, _reader(entry.who, names), kinds, entry.reason)
    return format_html(_("We did <strong>not</strong> use your {} {}."), kinds, entry.reason)


def _linked(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    if entry.payload.get("way") == "signed in":
        return format_html("{}", _("This belongs to your account: you were signed in."))
    return format_html("{}", _("This was joined with your account: you proved its e-mail address."))


def _signed_in(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html("{}", _("You signed in to your account."))


def _expired(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    kinds = kinds_in_words(policy, entry.kinds)
    if entry.payload.get("why") == "unconfirmed":
        return format_html(_("We deleted your {}: nobody confirmed the account in time."), kinds)
    if entry.purpose == "organization":
        return format_html(_("We forgot your {}: the invitation for which a colleague gave it is over."), kinds)
    return format_html(_("We deleted your {}: the time for which we keep it was over."), kinds)


def _corrected(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html(_("You corrected your {}: the former value was deleted."), kinds_in_words(policy, entry.kinds))


def _removed(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html(_("You removed your {}: the value was deleted."), kinds_in_words(policy, entry.kinds))


def _signal(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    if entry.payload.get("way") == "request":
        return format_html("{}", _("A privacy request asked us not to sell or share your data. It counts at once."))
    return format_html("{}", _("Your browser asked us by Global Privacy Control not to sell or share your data."))


def _requested(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    """What was asked, by the case's own title; a request of an earlier time by its reason."""
    kind = KINDS.get(str(entry.payload.get("case", "")))
    if kind is None:
        return _anything(entry, policy, names)
    if entry.who == "person":
        return format_html(_("You made a privacy request: <strong>{}</strong>."), kind.title)
    made = _("{} made a privacy request for you: <strong>{}</strong>.")
    return format_html(made, _reader(entry.who, names), kind.title)


def _approved(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    steps = {"erasure": _("that your data are deleted"), "export": _("that your data are exported")}
    step = steps.get(str(entry.payload.get("what", "")), _("that your data are given out"))
    return format_html(_("{} agreed {}. Two members of staff must."), _reader(entry.who, names), step)


def _erased_in_part(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    gone = kinds_in_words(policy, entry.kinds)
    kept = kinds_in_words(policy, [str(kind) for kind in entry.payload.get("kept", [])])
    return format_html(_("Deleted at your request: {}. A law makes us keep: {}."), gone, kept)


def _ended(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html("{}", _("What you asked for ended, because your data was deleted."))


def _unlinked(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    if entry.payload.get("way") == "address left":
        return format_html("{}", _("The account of this address took another one. This stays with the address."))
    return format_html(
        "{}", _("We took this out of an account: its address and yours are written alike, but are two addresses.")
    )


def _anything(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html("{}. {}", word_of(entry.kind).capitalize(), entry.reason)


_SENTENCES: Mapping[str, Callable[[Entry, Policy, Mapping[str, str]], SafeString]] = {
    "collected": _collected,
    "used": _used,
    "selected": _selected,
    "disclosed": _disclosed,
    "chose": _chose,
    "notified": _notified,
    "held back": _held_back,
    "not delivered": _not_delivered,
    "refused": _refused,
    "linked": _linked,
    "signed in": _signed_in,
    "expired": _expired,
    "corrected": _corrected,
    "removed": _removed,
    "signal": _signal,
    "requested": _requested,
    "answered": _answered,
    "approved": _approved,
    "erased in part": _erased_in_part,
    "ended": _ended,
    "unlinked": _unlinked,
    **story_of_members.SENTENCES,
}


def _facts(entry: Entry, policy: Policy, names: Mapping[str, str]) -> "list[tuple[str, str]]":
    recipient = policy.recipients.get(entry.recipient.partition(":")[0])
    purpose = policy.purposes.get(entry.purpose)
    listed = [
        (_("For"), purpose.title if purpose else ""),
        (_("Who"), names.get(f"colleague {entry.id}") or _reader(entry.who, names)),
        (_("To"), f"{entry.recipient_name} ({in_sentence(recipient.title)})" if recipient else ""),
        (
            _("How many"),
            ngettext("%d kind of data", "%d kinds of data", len(entry.kinds)) % len(entry.kinds) if entry.kinds else "",
        ),
        (_("Open until"), _clock(entry.expires_utc) if entry.expires_utc else ""),
        (_("Entry"), str(entry.id)),
    ]
    return [(title, fact) for title, fact in listed if fact]


def _clock(at_utc: datetime) -> str:
    """When a use ended at the latest: until then its reader could look again without another line here."""
    return date_format(timezone.localtime(at_utc), "j M Y, H:i T")


def _letter(entry: Entry) -> str:
    return outbox.title(str(entry.payload.get("template", "")))


def _reader(who: str, names: Mapping[str, str]) -> str:
    if who == "person":
        return _("You")
    if who.startswith("staff:"):
        return names.get(who, who.partition(":")[2])
    if story_of_members.is_colleague(who):
        return names.get(who.partition(":")[2]) or _("A colleague")
    if who.startswith("agent:"):
        return _("Your agent %(name)s") % {"name": who.partition(":")[2]}
    return _("The program")


def _names(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Staff are named by the name they sign in under: who read it is part of what happened. Organizations by id."""
    named = names_of(entry.who for entry in entries)
    return named | _undelivered(entries) | story_of_members.names_of(entries)


def _undelivered(entries: Sequence[Entry]) -> dict[str, str]:
    """Disclosures whose email has not reached anybody: what became of it, by the entry's id."""
    mailed = outbox.of_permits([entry.id for entry in entries if entry.kind == "disclosed"])
    return {f"mail {permit}": mail.sentence for permit, mail in mailed.items() if not mail.sent}
