"""Support cases of invented people, for a demonstration: thirty, in every state that staff and customers meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from troth import gate, in_force
from troth.cases import actions as cases
from troth.cases import events
from troth.cases.models import Case
from troth.cases.thread import writing
from troth.cases.thread.invented import write_invented
from troth.collection.demo import at_time, at_work, keep_invented, make_address
from troth.collection.demo_staff import acting_as
from troth.collection.forms.types.installed import join
from troth.collection.intake import Intake
from troth.desk.models import Snippet
from troth.security.actors import identify_staff
from troth.site import site
from troth.uses.support import actions
from troth.uses.support.models import SupportCase

PLACE = "form.support"
CUSTOMER = "customer"
_FILE = Path(__file__).with_name("demo.yaml")
_SNIPPETS = Path(__file__).with_name("demo_snippets.yaml")


@dataclass(frozen=True)
class DemoCase:
    """One case: who, about what, how many days ago, and what was written since.

    thread  messages, each with hours since the case, the writer and the words
    ended   closed, withdrawn, or later for one that is put off"""

    name: str
    domain: str
    product: str
    release: str
    days_ago: float
    note: str
    thread: Sequence[Mapping[str, Any]] = ()
    priority: str = "normal"
    ended: str = ""
    rating: str = ""


def seed(now_utc: datetime) -> None:
    """The cases, where the policy takes them and their replies."""
    if not {PLACE, writing.REPLY, writing.ANSWER} <= in_force.policy().collects.keys():
        return
    _write_snippets(now_utc)
    products = site().products
    for each in yaml.safe_load(_FILE.read_text(encoding="utf-8")):
        case = DemoCase(**each)
        if case.product in products:
            _make(case, now_utc)


def _write_snippets(now_utc: datetime) -> None:
    for each in yaml.safe_load(_SNIPPETS.read_text(encoding="utf-8")):
        Snippet.objects.create(**each, saved_utc=now_utc - timedelta(days=30))


def _make(one: DemoCase, now_utc: datetime) -> None:
    cause, at_utc = gate.new_id(), at_work(now_utc - timedelta(days=one.days_ago))
    values = {
        "name": one.name,
        "email": make_address(one.name, one.domain),
        "product": one.product,
        "installation": join(one.product, one.release),
        "note": one.note,
    }
    with at_time(at_utc):
        person = keep_invented(PLACE, values, at_utc=at_utc, cause=cause)
        version = in_force.policy().version
        made = actions.record(
            Intake(values=values, cause=cause, person=person, place=PLACE, version=version, at_utc=at_utc)
        )
    SupportCase.objects.filter(pk=made.pk).update(priority=one.priority)
    case, said_utc = Case.objects.get(pk=made.pk), at_utc
    for said in one.thread:
        wanted = at_work(at_utc + timedelta(hours=said["hours"]))
        said_utc = min(max(said_utc + timedelta(minutes=20), wanted), now_utc)
        with at_time(said_utc):
            staff = "" if said["by"] == CUSTOMER else said["by"]
            write_invented(case, words=said["words"], at_utc=said_utc, staff=staff, way=_find_way(said))
    ended_utc = min(said_utc + timedelta(hours=1), now_utc)
    with at_time(ended_utc):
        _end(case, one, ended_utc, now_utc)


def _find_way(said: Mapping[str, Any]) -> str:
    """By email where the policy takes replies so; else on the page."""
    return said.get("way", "page") if writing.BY_EMAIL in in_force.policy().collects else "page"


def _end(case: Case, one: DemoCase, at_utc: datetime, now_utc: datetime) -> None:
    match one.ended:
        case "closed":
            cases.answer(case.pk, nature="complied", at_utc=at_utc, who="person", email=False)
        case "withdrawn":
            cases.withdraw(case.pk, at_utc=at_utc, who="person")
        case "later":
            until = now_utc + timedelta(days=6)
            change, words = {"waits_for": Case.LATER, "waits_until_utc": until}, until.date().isoformat()
            staff = [said["by"] for said in one.thread if said["by"] != CUSTOMER][-1]
            with acting_as(staff):
                events.add(case, "waits", who=identify_staff(staff), at_utc=at_utc, words=words, change=change)
    if one.rating:
        actions.rate(case.pk, one.rating, at_utc=at_utc)
