"""Translations as the console shows them: what each version has, what waits, and both texts section by section."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from troth import in_force
from troth.policy import Policy, Translation, compile_translation, find_say, publish, read_policy, translate
from troth.policy.naming import list_translations
from troth.policy.page import PageProse, PageSection
from troth.records.calls import rows
from troth.records.law.models import PolicyTranslation
from troth.security import acts
from troth.updates import adopting

PROPOSED, APPROVED, WITHDRAWN = (f"updates/translation {done}" for done in ("proposed", "approved", "withdrawn"))


@dataclass(frozen=True)
class LanguageState:
    """A language of the policy: its translation of the version in force, or the latest version that has one."""

    language: str
    shown: UUID | None
    latest: int


@dataclass(frozen=True)
class SectionBeside:
    """One section in both languages, as HTML."""

    anchor: str
    title: str
    stated: str
    translated: str


@dataclass(frozen=True)
class ReadTranslation:
    """A translation as it is proposed: beside the text that it translates. `stale`: that is another text by now."""

    row: PolicyTranslation
    of: Policy | None
    direction: str
    sections: Sequence[SectionBeside]

    @property
    def stale(self) -> bool:
        return self.of is None


def list_states() -> list[LanguageState]:
    """Every language that any version was translated into."""
    known, current = in_force.list_translated(), in_force.policy().version
    latest = {language: version for version in sorted(known) for language in known[version]}
    return [LanguageState(each, known.get(current, {}).get(each), latest[each]) for each in sorted(latest)]


def list_open() -> list[PolicyTranslation]:
    return list(PolicyTranslation.objects.filter(adopted_utc=None, withdrawn_utc=None).order_by("first_utc"))


@lru_cache(maxsize=16)
def _draft_of(policy: Policy, text: str) -> Translation | None:
    """What this text would be as a translation of the policy. Kept, for reading one takes longer than its page."""
    return compile_translation(policy, text).draft


def read_site() -> dict[str, str]:
    """Name of each translation in the site folder that isn't shown → its text."""
    shown = {sha256 for (sha256,) in rows("select sha256 from policy_translation where adopted_utc is not null")}
    found = {}
    for file in list_translations(Path(settings.TROTH_SITE) / "policy.md"):
        try:
            text = file.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            continue
        made = _draft_of(in_force.policy(), text)
        if made and made.sha256 not in shown:
            found[file.name] = text
    return found


def find_policy(text: str) -> Policy:
    """What a text translates: the draft that waits to be adopted, if that is its version; else the one in force."""
    waiting = adopting.find_open()
    made = _draft_of(in_force.policy(), text)
    if waiting and made and made.version == waiting.number:
        return read_policy(waiting.draft.text) or in_force.policy()
    return in_force.policy()


def read(row: PolicyTranslation) -> ReadTranslation:
    """A translation beside the text of its version."""
    waiting = adopting.find_open()
    known = [*in_force.law().versions.values(), *([read_policy(waiting.draft.text)] if waiting else [])]
    of = next((each for each in known if each and each.sha256 == row.of_sha256), None)
    made = compile_translation(of, row.text).draft if of else None
    if of is None or made is None:
        return ReadTranslation(row, None, "ltr", ())
    page = publish(translate(of, made), say=find_say(made.language))
    pairs = zip(publish(of).sections, page.sections, strict=False)
    return ReadTranslation(row, of, page.direction, tuple(_put_beside(pairs)))


def _put_beside(pairs: Iterator[tuple[PageSection, PageSection]]) -> Iterator[SectionBeside]:
    for stated, translated in pairs:
        yield SectionBeside(stated.anchor, translated.title, _join(stated), _join(translated))


def _join(section: PageSection) -> str:
    return "".join(part.html for part in section.parts if isinstance(part, PageProse))


def propose(text: str, *, who: str, at_utc: datetime) -> UUID:
    """The first of two people.   Raises  CannotAdopt; Refusal: another text of this language waits."""
    of = find_policy(text)
    with transaction.atomic():
        id = in_force.propose_translation(of, text, who=who)
        acts.record(who, PROPOSED, about=f"policy version {of.version}", at_utc=at_utc)
    return id


def approve(row: PolicyTranslation, *, sha256: str, who: str, at_utc: datetime) -> None:
    """The second person: it is shown from now on.   Raises  Refusal: the same person, another text, not open."""
    with transaction.atomic():
        in_force.approve_translation(row.pk, sha256=sha256, who=who)
        acts.record(who, APPROVED, about=f"policy version {row.version}", at_utc=at_utc)


def withdraw(row: PolicyTranslation, *, who: str, at_utc: datetime) -> None:
    with transaction.atomic():
        in_force.withdraw_translation(row.pk, who=who)
        acts.record(who, WITHDRAWN, about=f"policy version {row.version}", at_utc=at_utc)
