"""To the page that says what an act did, with the act sealed in its address."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from troth.collection.forms import known
from troth.desk import done
from troth.desk.done import DoneAct, DoneNotice, PerformedAct
from troth.headers import make_private, see_other
from troth.wording import Words

SAID = "requests/said"


def lead_on(request: HttpRequest, act: PerformedAct) -> HttpResponse:
    """To the page that says what the act did."""
    return make_private(see_other(find_address(request, act)))


def find_address(request: HttpRequest, act: PerformedAct) -> str:
    """The page of the act, with the act sealed in its address."""
    joined = "&" if "?" in act.page else "?"
    return f"{act.page}{joined}{urlencode({done.FIELD: done.seal(act, bound=known.bind_to_session(request))})}"


def say(
    request: HttpRequest, sentence: Words, *, page: str, then: Words = "", address: str = "", button: Words = ""
) -> HttpResponse:
    """To a page that says in this sentence what an act did that is not undone there.

    Takes   then: what follows from it; address: the next step, with its button"""
    facts = [str(each) for each in (sentence, then, address, button)]
    return lead_on(request, PerformedAct(SAID, facts, timezone.now(), page))


def _tell(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    """Of this session alone. It names staff at most."""
    sentence, then, address, button = act.facts
    return DoneNotice(sentences=(sentence,), then=then, address=address, button=button)


DONE: Mapping[str, DoneAct] = {SAID: DoneAct(_tell)}
