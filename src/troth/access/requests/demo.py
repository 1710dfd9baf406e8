"""Privacy requests for a demonstration: one in each state that staff meet."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.access.requests.kinds import CORRECTION, ERASURE, OPT_OUT, QUESTION
from troth.cases import actions as cases
from troth.cases.rights import RightsKind
from troth.records import Provenance, keep

PLACE = "form.privacy"


def seed(now_utc: datetime) -> None:
    """Requests in several states.

    Some that wait for an answer, one of them late and one due tomorrow; one that is not verified yet, one that took
    effect at once."""
    if PLACE not in in_force.policy().collects:
        return
    _ask(CORRECTION, "Tessa Boyle", _("My name is spelled Boyle, not Boile."), now_utc - timedelta(days=32))
    _ask(QUESTION, "Ruben Salas", _("Which of your partners got my phone number?"), now_utc - timedelta(days=29))
    _ask(ERASURE, "Greta Lindqvist", _("I changed jobs. Please delete what you have."), now_utc - timedelta(days=12))
    _ask(CORRECTION, "Nadia Kern", _("Our company moved; the old address is on file."), now_utc - timedelta(days=23))
    _ask(QUESTION, "Owen Hart", _("Who reads what I write in the contact form?"), now_utc - timedelta(days=4))
    _ask(ERASURE, "Priya Nair", _("I no longer work there."), now_utc - timedelta(days=1), proven=False)
    _ask(OPT_OUT, "Luis Ortega", _("Please don’t sell my data."), now_utc - timedelta(days=9))


def _ask(kind: RightsKind, name: str, note: str, at_utc: datetime, *, proven: bool = True) -> None:
    cause, values = gate.new_id(), _type(name, note)
    version = in_force.policy().version
    provenance = Provenance(PLACE, version=version, at_utc=at_utc, way="typed into the form", evidence="demo")
    kept = keep(values=values, provenance=provenance, cause=cause)
    case = cases.open_case(kind, id=cause, person=kept.person, manner="form", at_utc=at_utc).case
    if proven:
        cases.verify(case.id, at_utc=at_utc, way="mailed link")


def _type(name: str, note: str) -> Mapping[str, str]:
    return {"name": name, "email": f"{name.lower().replace(' ', '.')}@private-mail.example", "note": note}
