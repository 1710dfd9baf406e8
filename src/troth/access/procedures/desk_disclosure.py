"""A legally required disclosure in the console: the data is downloaded once, to be handed over."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.access.procedures import disclosure
from troth.access.procedures.base import find_words
from troth.access.procedures.covered import describe_covered
from troth.cases.actions import is_agreed
from troth.cases.models import Case
from troth.desk.acts import DeskAct, Doing, Panel
from troth.headers import save_as
from troth.words.values import kinds_in_words


def _describe(request: HttpRequest, case: Case) -> Mapping[str, object]:
    required = disclosure.DISCLOSURE.read(case)
    return {**describe_covered(required), "required": required, "required_by": find_words(case, "required by")}


def _disclose(doing: Doing) -> HttpResponse:
    content = disclosure.disclose(doing.case, who=doing.who, at_utc=doing.at_utc).encode()
    return save_as(HttpResponse(content, content_type="application/json"), f"{doing.case.number}.json")


def _discloses(case: Case, typed: Mapping[str, str]) -> str:
    required = disclosure.DISCLOSURE.read(case)
    said = {"data": kinds_in_words(in_force.policy(), required.kinds), "recipient": required.recipient}
    downloads = _("You download this data of the person to hand it over to %(recipient)s: %(data)s.") % said
    if required.secret_until:
        seen = _("Their history doesn’t show it before the date that was set.")
    else:
        seen = _("They see the disclosure in their history.")
    return f"{downloads} {seen} {_('The request closes with the download.')}"


PANEL = Panel(
    template="procedures/disclosure.html",
    context=_describe,
    acts=(
        DeskAct(
            do="disclose",
            button=gettext_lazy("Disclose data"),
            run=_disclose,
            shown=is_agreed,
            main=True,
            once=True,
            effect=_discloses,
        ),
    ),
)
