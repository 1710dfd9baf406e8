"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.collection.forms.types.installed import divide
from troth.desk.holding import hold_requests
from troth.site import site
from troth.uses.support.models import SupportCase


def _tell(case: SupportCase) -> Iterable[tuple[str, str]]:
    yield _("Product"), site().name_product(case.product) or case.product
    yield _("Release you use"), case.release
    yield _("Priority"), str(SupportCase.PRIORITIES.get(case.priority, case.priority))
    yield _("Your rating"), str(SupportCase.RATINGS.get(case.rating, ""))


def correct(request: UUID, kind: str, value: str) -> None:
    """What the case is about, as its customer has corrected it."""
    theirs = SupportCase.objects.filter(pk=request)
    if kind == "product":
        theirs.update(product=value)
    elif kind == "installation":
        theirs.update(release=divide(value)[1])


HELD = hold_requests(SupportCase, gettext_lazy("Support case %(number)s"), _tell)
