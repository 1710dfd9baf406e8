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
        _("Everything we hold about you, as a page, a PDF, and a file for programs."),
    ),
    CaseKind(
        "correction",
        _("Correct my data"),
        _("You tell us what is wrong, and we put it right."),
    ),
    CaseKind(
        "erasure",
        _("Delete my data"),
        _("We destroy the key to your data. What a law makes us keep, we name."),
        approvals=2,
    ),
    CaseKind(
        "restriction",
        _("Stop using my data"),
        _("We keep your data and stop each use that you may decide about."),
    ),
    CaseKind(
        "opt-out",
        _("Do not sell or share my data"),
        _("It counts at once; you need not prove who you are."),
        proven=False,
    ),
    CaseKind(
        "opt-in",
        _("Allow sale or sharing again"),
        _("You take back an earlier no. We ask you first whether that is so."),
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
        _("Disclosure that a law requires"),
        _("A court or an authority requires data of somebody."),
        proven=False,
        public=False,
        internal=True,
        approvals=2,
    ),
    CaseKind(
        "incident",
        _("Incident"),
        _("Something happened to data that should not have."),
        proven=False,
        public=False,
        internal=True,
    ),
    CaseKind(
        "access-review",
        _("Access review"),
        _("Who of the staff may still sign in, and as what."),
        proven=False,
        public=False,
        internal=True,
    ),
)

KINDS: Mapping[str, CaseKind] = {kind.id: kind for kind in _ALL}
INTERNAL = frozenset(kind.id for kind in _ALL if kind.internal)
PUBLIC = tuple(kind for kind in _ALL if kind.public)
