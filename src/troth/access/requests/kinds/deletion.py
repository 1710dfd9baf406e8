"""Deleting everything: the one request that cannot be undone."""

from django.utils.translation import gettext_lazy as _

from troth.access.requests import erasing
from troth.cases import timing
from troth.cases.kinds import ERASE
from troth.cases.rights import RightsKind

ERASURE = RightsKind(
    id="erasure",
    title=_("Delete my data"),
    lead=_("We delete your data and destroy the key to it. We tell you what the law requires us to keep."),
    clock=timing.statutory,
    approves=ERASE,
    approval=_("Approve deletion"),
    outcomes=(),
    announces=True,
    waits=_("Two staff members review the request. Then we delete your data, except what the law requires us to keep."),
    guarded=True,
    twice=True,
    keeps=erasing.list_laws,
)
