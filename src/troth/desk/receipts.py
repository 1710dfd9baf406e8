"""The room's part of a receipt page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.security.crew import names_of
from troth.words import promises


@dataclass(frozen=True)
class RequestReceipt:
    """The room's part of a receipt; who got what is read from the ledger. `due_utc` None: nobody has a clock.

    `onward`: what was asked for and can be read at once, as (address, title).
    `mailed`: the room's email has a private link that shows the values in full, and lets people correct them.
    `alike`: it says the same to everyone: it shows neither emails nor the history, which tell who was here before."""

    cause: UUID
    number: str
    received_utc: datetime
    heading: str
    lead: str
    purpose: str
    due_utc: datetime | None = None
    why_title: str = ""
    why: str = ""
    waiting: bool = False
    onward: Sequence[tuple[str, str]] = ()
    mailed: bool = False
    alike: bool = False


def receipt_of(case: Case, told: tuple[str, str], **more: Any) -> RequestReceipt:
    """The receipt of a request whose kind has a promise: `told` is its heading and lead, `more` its other fields."""
    heading, lead = told
    return RequestReceipt(
        cause=case.id,
        number=case.number,
        received_utc=case.received_utc,
        heading=heading,
        lead=lead,
        purpose=case.purpose,
        due_utc=case.due_utc if case.state in Case.LIVING and promises.find_promise(kind_of(case).promise) else None,
        **more,
    )


def describe_closing(who: str, at_utc: datetime | None) -> str:
    """Who marked a request as answered, and when; someone else may have written the answer."""
    if not who or at_utc is None:
        return _("The request is closed.")
    pattern = pgettext("date format: Mon, Nov 30, 2026, 2:02 PM PST", "D, M j, Y, g:i A T")
    told = {
        "name": names_of([who]).get(who, _("One of our staff")),
        "at": formats.date_format(timezone.localtime(at_utc), pattern),
    }
    return _("%(name)s marked it as answered on %(at)s. The request is closed.") % told
