"""The ledger in plain words: one sentence an entry, with the section that allowed it and the policy's own words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import unescape
from itertools import groupby
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth import in_force, outbox
from troth.desk import index
from troth.policy.meaning import MARKETING, Law
from troth.policy.terms import Policy
from troth.records.ledger import Collected, LedgerEntry, PastLine
from troth.security.crew import names_of
from troth.words.people import reader
from troth.words.values import MOST_NAMED, in_sentence, kinds_in_words, why_in_words

OFFERS_PROMISE = "preferences.offers"


@dataclass(frozen=True)
class StoryLine:
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
    quotation: str
    facts: tuple[tuple[str, str], ...]
    reason: str
    receipt: str
    routine: bool = False
    number: int = 0
    which: str = ""

    @property
    def plain(self) -> str:
        """The sentence where no HTML is read: in JSON and on paper. Its marks are ours, its names are as they are."""
        return unescape(strip_tags(self.sentence))


def write_story(
    entries: Sequence[LedgerEntry],
    *,
    receipts: Mapping[UUID, str] | None = None,
    confirmed: bool = True,
    given: Iterable[str] | None = None,
) -> list[StoryLine]:
    """The entries as lines, in the order given; a day is written once.

    Takes   receipts: request → its receipt's path; confirmed: False leaves out why a recipient was chosen, which
            can tell a stranger whom we already know; given: the kinds that they gave themselves, so that a sentence may
            say so, where these entries are a page of their history; else these entries say it."""
    hers = _list_given(entries) if given is None else given
    law, names = in_force.law(), _names(entries) | {f"given {kind}": kind for kind in hers}
    lines: list[StoryLine] = []
    for entry in entries:
        new_day = not lines or _day(lines[-1].at_utc) != _day(entry.at_utc)
        receipt = (receipts or {}).get(entry.cause, "") if entry.cause else ""
        line = _line(entry, law=law, names=names, new_day=new_day, receipt=receipt)
        lines.append(line if confirmed else replace(line, reason=""))
    return lines


def word_of(kind: str) -> str:
    """The word of an entry's kind, as the filter and the line show it."""
    found = index.entry_kinds().get(kind)
    return str(found.word) if found else kind


def _line(entry: LedgerEntry, *, law: Law, names: Mapping[str, str], new_day: bool, receipt: str) -> StoryLine:
    # Old entries quote the policy as it stood then.
    policy = law.versions.get(entry.version, law.versions[law.current])
    kind, anchor = index.entry_kinds().get(entry.kind), anchor_of(policy, entry.section, entry.purpose)
    section = policy.section(anchor)
    return StoryLine(
        id=entry.id,
        at_utc=entry.at_utc,
        new_day=new_day,
        sentence=kind.tell(entry, policy, names) if kind else _untold(entry),
        state=kind.mark if kind else "",
        word=word_of(entry.kind),
        promise_kept=entry.kind in ("held back", "refused"),
        anchor=anchor,
        section=section.title if section else "",
        version=policy.version,
        quotation=_find_quotation(entry, policy),
        facts=tuple(_facts(entry, policy, names)),
        reason=why_in_words(entry.reason) if entry.kind == "disclosed" else "",
        receipt=receipt,
        routine=_is_routine(entry),
        number=len(entry.kinds),
        which=kinds_in_words(policy, entry.kinds) if len(entry.kinds) > MOST_NAMED else "",
    )


def _is_routine(entry: LedgerEntry) -> bool:
    """What the program reads by itself to do what was asked, and their own looks: true, and of little interest."""
    return entry.kind == "used" and (entry.who == "person" or entry.who.startswith("program:"))


@dataclass(frozen=True)
class FoldedLines:
    """Routine uses that follow each other, shown as one line; the newest first."""

    lines: tuple[StoryLine, ...]

    @property
    def new_day(self) -> bool:
        return self.lines[0].new_day

    @property
    def several_days(self) -> bool:
        return any(line.new_day for line in self.lines[1:])


def fold(lines: Sequence[StoryLine]) -> "list[StoryLine | FoldedLines]":
    """The same with routine uses folded, where two or more follow each other."""
    folded: list[StoryLine | FoldedLines] = []
    for routine, group in groupby(lines, key=lambda line: line.routine):
        found = list(group)
        if folded and isinstance(folded[-1], FoldedLines) and folded[-1].several_days:
            found[0] = replace(found[0], new_day=True)  # the fold's last day is nowhere in front of it
        folded += [FoldedLines(tuple(found))] if routine and len(found) > 1 else found
    return folded


def _untold(entry: LedgerEntry) -> SafeString:
    """An entry of a room that is gone: what it was called, and why."""
    return format_html("{}. {}", entry.kind.capitalize(), entry.reason)


def _day(at_utc: datetime) -> date:
    """The day by the clock that the page shows."""
    return timezone.localtime(at_utc).date()


def anchor_of(policy: Policy, section: str, purpose: str) -> str:
    """The section of an entry; of the general opt-out, which belongs to no purpose, that of its promise."""
    return section or (general_section(policy) if purpose == MARKETING else "")


def general_section(policy: Policy) -> str:
    """The section of the general opt-out; "" where the policy promises none."""
    general = policy.promises.get(OFFERS_PROMISE)
    return general.section if general else ""


def _find_quotation(entry: LedgerEntry, policy: Policy) -> str:
    """What to quote: the words that the purpose or the way in keeps, else its section's."""
    purpose, place = policy.purposes.get(entry.purpose), policy.collects.get(entry.read(Collected).channel)
    kept = purpose.quotation if purpose else place.quotation if place else ""
    if entry.purpose == MARKETING and OFFERS_PROMISE in policy.promises:
        kept = policy.promises[OFFERS_PROMISE].quotation
    return kept or policy.sentence(entry.section)


def _facts(entry: LedgerEntry, policy: Policy, names: Mapping[str, str]) -> "list[tuple[str, str]]":
    recipient = policy.recipients.get(entry.recipient.partition(":")[0])
    purpose = policy.purposes.get(entry.purpose)
    listed = [
        (_("For"), purpose.title if purpose else ""),
        (_("Who"), names.get(f"colleague {entry.id}") or reader(entry.who, names)),
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
    return date_format(timezone.localtime(at_utc), "M j, Y, g:i A T")


def _names(entries: Sequence[LedgerEntry]) -> dict[str, str]:
    """Staff have the name they sign in under: who read it is part of what happened. Rooms name what is theirs."""
    named = names_of(entry.who for entry in entries) | _find_undelivered(entries)
    for room in index.rooms():
        if room.names:
            named |= room.names(entries)
    return named


def _list_given(entries: Sequence[LedgerEntry]) -> set[str]:
    hers = [entry for entry in entries if entry.kind == "collected" and entry.who == "person"]
    return {kind for entry in hers for kind in entry.kinds}


def kinds_given(lines: Iterable[PastLine]) -> set[str]:
    """The kinds of data that a person gave themselves, of what occurs in their history."""
    return {kind for line in lines if line.kind == "collected" and line.own for kind in line.data}


def _find_undelivered(entries: Sequence[LedgerEntry]) -> dict[str, str]:
    """Disclosures whose email has not reached anyone: what happened to it, by the entry's id."""
    mailed = outbox.of_permits([entry.id for entry in entries if entry.kind == "disclosed"])
    return {f"mail {permit}": mail.sentence for permit, mail in mailed.items() if not mail.sent}
