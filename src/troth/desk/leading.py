"""To the page that says what an act did, with the act sealed in its address."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from troth.collection.forms import known
from troth.desk import done
from troth.desk.done import PerformedAct
from troth.headers import make_private, see_other


def lead_on(request: HttpRequest, act: PerformedAct) -> HttpResponse:
    """To the page that says what the act did."""
    return make_private(see_other(find_address(request, act)))


def find_address(request: HttpRequest, act: PerformedAct) -> str:
    """The page of the act, with the act sealed in its address."""
    joined = "&" if "?" in act.page else "?"
    return f"{act.page}{joined}{urlencode({done.FIELD: done.seal(act, bound=known.bind_to_session(request))})}"
