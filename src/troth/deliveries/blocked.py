"""Blocked addresses as staff see them: why, since when, from which email or report; the address itself nobody can read.

Where an email is what we know it from, its domain is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from troth import gate
from troth.addresses import NoAddress
from troth.collection.mailbox.models import KeptMail
from troth.desk.lists.filters import choose_filter
from troth.desk.unblocking import WHYS
from troth.outbox import suppression
from troth.outbox.models import QueuedEmail
from troth.outbox.suppression import Suppression
from troth.text import CannotRead, line
from troth.wording import Words

ADDRESS = "/console/outbox/addresses/"


@dataclass(frozen=True)
class BlockedLine:
    """One blocked address. `email`, `report`: from which we know it, while we keep it; `href` unblocks it."""

    href: str
    domain: str
    why: Words
    since_utc: datetime
    email: UUID | None
    report: UUID | None


def choose_rows(query: QueryDict) -> "QuerySet[Suppression]":
    """Those that the filter asks for, the latest first.   Raises  Http404: a filter that does not exist."""
    why = choose_filter(query, "why", {"": "", **WHYS})
    found = Suppression.objects.filter(why=why) if why else Suppression.objects.all()
    return found.order_by("-since_utc", "mark")


def make_lines(rows: Sequence[Suppression]) -> list[BlockedLine]:
    """The rows as the page has them, each with what we know its address from.   Cost  2 queries"""
    evidence = [row.evidence for row in rows if row.evidence]
    reports = dict(KeptMail.objects.filter(pk__in=evidence).values_list("pk", "about"))
    wanted = [*evidence, *(about for about in reports.values() if about)]
    domains = dict(QueuedEmail.objects.filter(pk__in=wanted).values_list("pk", "domain"))
    return [_make_line(row, reports, domains) for row in rows]


def find_wanted(sent: QueryDict) -> tuple[str, str]:
    """Where the typed address is unblocked, and what to say where there is no such page."""
    try:
        mark = gate.address_index(line(sent.get("address", ""), most=254))
    except (CannotRead, NoAddress):
        return "", _("Enter an email address, like name@company.com.")
    if suppression.find_by_mark(mark) is None:
        return "", _("This address isn’t blocked.")
    return href_of(mark), ""


def find_of_email(email: QueuedEmail) -> Suppression | None:
    """What blocks the address of an email: known from it or, if it was refused for that, from another to the reader."""
    if email.state == QueuedEmail.State.REFUSED and email.why == suppression.SUPPRESSED:
        known = QueuedEmail.objects.filter(person=email.person_id, to=email.to).values("pk")
    else:
        known = QueuedEmail.objects.filter(pk=email.pk).values("pk")
    reports = KeptMail.objects.filter(about__in=known).values("pk")
    return Suppression.objects.filter(Q(evidence__in=known) | Q(evidence__in=reports)).first()


def href_of(mark: bytes) -> str:
    return f"{ADDRESS}{mark.hex()}/"


def _make_line(row: Suppression, reports: Mapping[UUID, UUID | None], domains: Mapping[UUID, str]) -> BlockedLine:
    report = row.evidence if row.evidence in reports else None
    email = reports[report] if report else row.evidence
    known = email if email in domains else None
    return BlockedLine(
        href_of(bytes(row.mark)), domains[known] if known else "", WHYS[row.why], row.since_utc, known, report
    )
