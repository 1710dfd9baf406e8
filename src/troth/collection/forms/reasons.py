"""The quiet line beside a field: under which section it is asked, what for, and how long it is kept."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from troth.policy.terms import Ask, Collect, Event, Kind, Policy, Purpose


@dataclass(frozen=True)
class Reason:
    anchor: str
    section: str
    text: str


def reason_of(policy: Policy, collect: Collect, ask: Ask) -> Reason:
    """What the policy says of asking this kind in this place."""
    kind = policy.kinds[ask.kind]
    purpose = _purpose_of(policy, collect, kind)
    section = policy.section_of(purpose.id) if purpose else None
    what_for = ask.why or (_("For: %(purpose)s.") % {"purpose": purpose.title} if purpose else "")
    return Reason(
        anchor=section.anchor if section else "",
        section=section.title if section else "",
        text=" ".join(filter(None, (what_for, _say_kept(kind)))),
    )


def _purpose_of(policy: Policy, collect: Collect, kind: Kind) -> Purpose | None:
    """The first purpose of the place that may use the kind, else any other that takes it from here."""
    named = [policy.purposes[name] for name in collect.purposes if name in policy.purposes]
    others = [purpose for purpose in policy.purposes.values() if collect.id in purpose.collected_by]
    return next((purpose for purpose in (*named, *others) if kind.id in purpose.may_use), None)


def _say_kept(kind: Kind) -> str:
    if kind.sensitivity == "describing":
        return ""
    if kind.kept.ends_with_account:
        return _("Kept while you have an account.")
    names = {"time": kind.kept.time, "event": _event(kind.kept.after)}
    if kind.kept.law:
        return _("Kept %(time)s after %(event)s, as the law requires.") % names
    return _("Kept %(time)s after %(event)s.") % names


def _event(event: Event) -> str:
    match event:
        case "collection":
            return _("you give it")
        case "request":
            return _("your request")
        case "last contact":
            return _("our last contact")
        case "license period":
            return _("the license period")
        case "account":
            return _("your account ends")
