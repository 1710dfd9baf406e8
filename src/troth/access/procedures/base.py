"""Shared by all staff procedures: no person, so no email, no place in the request log, and no history entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from troth.cases.kinds import CaseKind, Words, never
from troth.cases.models import Case

CLOSING = _("Close request")
F = TypeVar("F", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Procedure(CaseKind[F]):
    prefix: str = "P"
    purpose: str = "rights"
    queue: str = "staff.privacy"
    internal: bool = True
    deniable: Callable[[Case], bool] = never
    closing: Words = CLOSING
