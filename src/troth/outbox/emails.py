"""The emails that rooms have, each a value: what histories call it, and whether the policy must state it.

A service or marketing email leaves only where its purpose states it under `letters:`. What protects an account and what
answers a privacy request is owed to the person whatever the policy lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from troth.policy import Policy


class EmailKind(StrEnum):
    SERVICE = "service"
    SECURITY = "security"
    CASE = "case"
    MARKETING = "marketing"


@dataclass(frozen=True)
class Email:
    """One email of a room, by the name of its templates.

    if_known  the email of the room that goes in its place to an address that has an account"""

    name: str
    title: Promise | str
    kind: EmailKind = EmailKind.SERVICE
    if_known: str = ""


NOT_STATED = "email not stated"
"""Why an email is held back that the policy does not list for its purpose."""
SPENT = "spent"
"""Why an email is held back whose secret was used, replaced or ended while it waited."""

_MUST_BE_STATED = (EmailKind.SERVICE, EmailKind.MARKETING)
_known: dict[str, Email] = {}


def know(emails: Mapping[str, Email]) -> None:
    """These are the emails of the site's rooms: "quotes/receipt" → the email."""
    _known.clear()
    _known.update(emails)


def title_of(template: str) -> str:
    """What an email is about; the name of its template where no room has it any longer."""
    return str(_known[template].title) if template in _known else template


def templates_of(template: str, *, known: bool) -> str:
    """Where the templates lie of what is written to this address. `known`: it has an account."""
    room, name = template.split("/")
    email = _known.get(template)
    return f"{room}/emails/{email.if_known if known and email and email.if_known else name}"


def is_stated(template: str, *, purpose: str, policy: Policy) -> bool:
    """Whether this email may leave for this purpose."""
    email = _known.get(template)
    if email is not None and email.kind not in _MUST_BE_STATED:
        return True
    stated = policy.purposes.get(purpose)
    return stated is not None and template.partition("/")[2] in {email.name for email in stated.emails}
