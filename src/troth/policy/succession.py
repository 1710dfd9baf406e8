"""What prevents a valid version from following another one."""

from datetime import date

from .changes import diff
from .classed import Change
from .clocks import find_earliest, find_notice
from .findings import At, Finding, Report
from .identity import SECTION, list_misnamed
from .refusals import list_disclosures, list_refusals
from .rewording import list_refused_words
from .terms import Policy, Prose, Section


def succession(
    old: Policy, new: Policy, *, announced: date | None = None, starts: date | None = None
) -> tuple[Finding, ...]:
    """What prevents `new` from being adopted after `old`, although it is valid by itself.

    The law knows uses by purpose, kind and channel. If a purpose started advertising, or offered less choice, under
    its old id, answers to something else would apply to it: it must be a new purpose.

    Takes   announced: the day on which people hear of it, where that counts; starts: from when it is in force, if not
            from its date.
    """
    report = Report(new.text.split("\n"))
    if new.version != old.version + 1:
        report.add("version-not-next", At(1), version=new.version, before=old.version)
    # On one day two versions could not be told apart by the date under which data was given.
    if new.effective <= old.effective:
        report.add("effective-not-later", _effective(new), effective=new.effective, before=old.effective)
    earliest = find_earliest(old, today=announced) if announced and find_notice(old) else None
    # What only says the same in other words changes nothing that anyone was promised to hear of.
    if earliest and (starts or new.effective) < earliest and any(each.class_ != "wording" for each in diff(old, new)):
        place, notice = _effective(new), find_notice(old)
        report.add("notice-too-short", place, before=old.version, notice=notice, earliest=earliest)
    for each in list_misnamed(old, new):
        report.add(each.finding, _line(new, each.type, each.id), hint="", **each.names)
    for refusal in (*list_refusals(old, new), *list_refused_words(old, new)):
        report.add(refusal.id, _line(new, refusal.type, refusal.rule), hint="", **refusal.names)
    for purpose, recipient in list_disclosures(old, new):
        id, called = new.name("purpose", purpose), new.name("recipient", recipient)
        report.add("purpose-turned-disclosure", _line(new, "purpose", purpose), id=id, recipient=called)
    for change in list_undeclared(old, new):
        place = _first_line(new.section(change.section))
        report.add("change-undeclared", place, anchor=f"#{change.section}", before=old.version)
    return report.findings()


def list_undeclared(old: Policy, new: Policy) -> list[Change]:
    """Changes of text alone of which the author did not say whether they are material."""
    return [
        change
        for change in diff(old, new)
        if (change.before or change.after)
        and change.section not in new.declared
        and old.section(change.section)
        and new.section(change.section)
    ]


def _effective(policy: Policy) -> At:
    lines = enumerate(policy.text.split("\n"), start=1)
    return At(next((number for number, line in lines if line.startswith("effective")), 1))


def _first_line(section: Section | None) -> At:
    parts = section.parts if section else ()
    return At(next((part.line for part in parts if isinstance(part, Prose)), 1))


def _line(policy: Policy, type: str, id: str) -> At:
    if type == SECTION:
        return _first_line(policy.section(id))
    for section in policy.sections:
        for part in section.parts:
            for rule in () if isinstance(part, Prose) else part.blocks:
                if (rule.type, rule.id) == (type, id):
                    return At(rule.line)
    return At(1)
