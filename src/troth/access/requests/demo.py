"""Privacy requests for a demonstration: one in each state that staff meet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.access.requests import actions
from troth.access.requests.kinds import COPY, CORRECTION, ERASURE, OPT_OUT, QUESTION
from troth.cases import actions as cases
from troth.cases.rights import OpenRequest, RightsKind
from troth.catalog.cast import load_cast
from troth.collection.demo import by_day, find_stated
from troth.collection.demo_staff import acting_as
from troth.collection.intake import Intake
from troth.desk.exporting import EXPORTED
from troth.records import Provenance, demo_time, keep
from troth.records.accounts import join
from troth.security import acts
from troth.security.models import Role, User

PLACE = "form.privacy"


def seed(now_utc: datetime) -> None:
    """Requests in several states.

    Some that wait for an answer, one of them late and one due tomorrow; one that is not verified yet, one that took
    effect at once."""
    if PLACE not in in_force.policy().collects:
        return

    def ago(days: int) -> datetime:
        return by_day(now_utc - timedelta(days=days))

    _ask(CORRECTION, "Tessa Boyle", _("My name is spelled Boyle, not Boile."), ago(32))
    _ask(QUESTION, "Ruben Salas", _("Which of your partners got my phone number?"), ago(29))
    _ask(
        ERASURE,
        "Greta Lindqvist",
        _("I changed jobs. Please delete what you have."),
        ago(12),
    )
    _ask(
        CORRECTION,
        "Nadia Kern",
        _("Our company moved; the old address is on file."),
        ago(23),
    )
    _ask(QUESTION, "Owen Hart", _("Who reads what I write in the contact form?"), ago(4))
    _ask(ERASURE, "Priya Nair", _("I no longer work there."), ago(1), proven=False)
    _ask(OPT_OUT, "Luis Ortega", _("Please don’t sell my data."), ago(9))
    _ask_signed_in(now_utc)
    _export(now_utc)


def _export(now_utc: datetime) -> None:
    """One of the privacy people has exported the log for a meeting."""
    staff = User.objects.filter(role=Role.PRIVACY, is_active=True).order_by("username").first()
    if staff is not None:
        at_utc = by_day(now_utc - timedelta(days=6))
        with demo_time.at(at_utc), acting_as(staff.username):
            acts.record(staff.who, EXPORTED, about="privacy-statistics", at_utc=at_utc, words="4")
            acts.record(staff.who, EXPORTED, about="privacy-requests", at_utc=at_utc + timedelta(minutes=2), words="6")


def _ask(kind: RightsKind, name: str, note: str, at_utc: datetime, *, proven: bool = True) -> None:
    with demo_time.at(at_utc):
        person, cause, _version = _keep(_type(name, note), at_utc)
        case = cases.open_case(kind, cases.CaseArrival(id=cause, person=person, manner="form", at_utc=at_utc)).case
        if proven:
            cases.verify(case.id, at_utc=at_utc, way="mailed link")


def _keep(values: Mapping[str, str], at_utc: datetime) -> tuple[UUID, UUID, int]:
    cause, version = gate.new_id(), find_stated(in_force.law(), PLACE, at_utc=at_utc).version
    provenance = Provenance(PLACE, version=version, at_utc=at_utc, way="typed into the form", evidence="demo")
    return keep(values=values, provenance=provenance, cause=cause).person, cause, version


def _ask_signed_in(now_utc: datetime) -> None:
    """The first customer who can sign in has asked for a copy, which was there at once, and for a correction."""
    cast, user = load_cast(Path(settings.TROTH_SITE)).cast, User.objects.filter(person__isnull=False).first()
    if cast is None or user is None:
        return
    with demo_time.at(at_utc := by_day(now_utc - timedelta(days=34))):
        actions.ask(COPY, user, at_utc=at_utc)
    with demo_time.at(at_utc := by_day(now_utc - timedelta(days=3))):
        values = {"name": cast.customers[0].name, "email": user.address, "note": _("We moved to 12 Mill Street.")}
        person, cause, version = _keep(values, at_utc)
        join(user=user.pk, person=person, way="signed in")
        ask = OpenRequest(CORRECTION)
        ask(Intake(values=values, cause=cause, person=person, place=PLACE, version=version, at_utc=at_utc))


def _type(name: str, note: str) -> Mapping[str, str]:
    return {"name": name, "email": f"{name.lower().replace(' ', '.')}@private-mail.example", "note": note}
