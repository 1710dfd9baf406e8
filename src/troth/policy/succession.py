"""What prevents a valid version from following another one."""

from .findings import At, Finding, Report
from .terms import Policy, Prose

_STRENGTH = {"none": 0, "opt out": 1, "sign up": 2}


def succession(old: Policy, new: Policy) -> tuple[Finding, ...]:
    """What prevents `new` from being adopted after `old`, although it is valid by itself.

    The law knows uses by purpose, kind and channel. If a purpose started advertising, or offered less choice, under
    its old id, answers to something else would apply to it: it must be a new purpose.
    """
    report = Report(new.text.split("\n"))
    if new.version != old.version + 1:
        report.add("version-not-next", At(1), version=new.version, before=old.version)
    # On one day two versions could not be told apart by the date under which data was given.
    if new.effective <= old.effective:
        report.add("effective-not-later", _effective(new), effective=new.effective, before=old.effective)
    for id in old.purposes.keys() & new.purposes.keys():
        _succeed_purpose(old, new, id, report)
    for id in old.recipients.keys() & new.recipients.keys():
        if new.recipients[id].own_marketing and not old.recipients[id].own_marketing:
            report.add("recipient-turned-third-party", _line(new, "recipient", id), id=id)
    for id in old.kinds.keys() & new.kinds.keys():
        was, is_ = old.kinds[id].sensitivity, new.kinds[id].sensitivity
        # Stored values are encrypted or not as their kind said when they came; nobody would rewrite them.
        if was != is_:
            report.add("kind-unsealed", _line(new, "kind", id), id=id, old=was, new=is_)
        of, to = old.kinds[id], new.kinds[id]
        if bool(of.files) != bool(to.files):
            report.add("kind-turned-file", _line(new, "kind", id), id=id, old=of.type, new=to.type)
    return report.findings()


def _succeed_purpose(old: Policy, new: Policy, id: str, report: Report) -> None:
    was, is_ = old.purposes[id], new.purposes[id]
    place = _line(new, "purpose", id)
    if is_.marketing and not was.marketing:
        report.add("purpose-turned-marketing", place, id=id, before=old.version)
    if _STRENGTH[is_.choice] < _STRENGTH[was.choice]:
        report.add("purpose-choice-weakened", place, id=id, before=old.version, old=was.choice, new=is_.choice)


def _effective(policy: Policy) -> At:
    lines = enumerate(policy.text.split("\n"), start=1)
    return At(next((number for number, line in lines if line.startswith("effective")), 1))


def _line(policy: Policy, type: str, id: str) -> At:
    for section in policy.sections:
        for part in section.parts:
            for rule in () if isinstance(part, Prose) else part.blocks:
                if (rule.type, rule.id) == (type, id):
                    return At(rule.line)
    return At(1)
