"""The kinds of requests, what each asks for in words, and what it needs before it may be answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CASE_PAGE = "case"


@dataclass(frozen=True)
class CaseKind:
    """`proven`: answered only to somebody who proved the address. `public`: a person may ask for it herself.

    `internal`: nobody's request, so it does not stand in the request log. `approvals`: how many members of staff must
    agree before it is carried out. `page`: which one its mailed link opens."""

    id: str
    title: "Promise | str"
    lead: "Promise | str"
    proven: bool = True
    public: bool = True
    internal: bool = False
    approvals: int = 0
    page: str = CASE_PAGE


_ALL = (
    CaseKind(
        "access",
        _("What we hold"),
        _("We show you every value, where it came from, and what it was used for."),
    ),
    CaseKind(
        "copy",
        _("A copy of my data"),
        _("Everything we hold about you, as a page, a PDF, and a JSON file."),
    ),
    CaseKind(
        "correction",
        _("Correct my data"),
        _("You tell us what’s wrong, and we correct it."),
    ),
    CaseKind(
        "erasure",
        _("Delete my data"),
        _("We delete your data and destroy the key to it. We tell you what the law requires us to keep."),
        approvals=2,
    ),
    CaseKind(
        "restriction",
        _("Stop using my data"),
        _("We keep your data and stop every use you can opt out of."),
    ),
    CaseKind(
        "opt-out",
        _("Do not sell or share my data"),
        _("It takes effect right away. You don’t need to verify who you are."),
        proven=False,
    ),
    CaseKind(
        "opt-in",
        _("Allow sale or sharing again"),
        _("You reverse an earlier opt-out. We ask you to confirm it first."),
        public=False,
    ),
    CaseKind(
        "question",
        _("Ask about privacy"),
        _("A question or a complaint about how we handle data."),
    ),
    CaseKind(
        "disclosures",
        _("Disclosures for direct marketing"),
        _("What we gave to others for their own marketing, in the last calendar year."),
        page="california/answer",
    ),
    CaseKind(
        "disclosure",
        _("Legally required disclosure"),
        _("A court or an authority requires a person’s data."),
        proven=False,
        public=False,
        internal=True,
        approvals=2,
    ),
    CaseKind(
        "incident",
        _("Incident"),
        _("Something happened to personal data that shouldn’t have."),
        proven=False,
        public=False,
        internal=True,
    ),
    CaseKind(
        "access-review",
        _("Access review"),
        _("Which staff can sign in, and with which role."),
        proven=False,
        public=False,
        internal=True,
    ),
)

KINDS: Mapping[str, CaseKind] = {kind.id: kind for kind in _ALL}
INTERNAL = frozenset(kind.id for kind in _ALL if kind.internal)
PUBLIC = tuple(kind for kind in _ALL if kind.public)
