"""The demonstration's installations, and notices about products: sent, waiting for a second person, and a draft."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from troth import gate, in_force
from troth.collection.demo import at_time, keep_invented, make_address
from troth.collection.forms.types.installed import join
from troth.collection.intake import Intake
from troth.site import site
from troth.uses.newsletter import files, installations
from troth.uses.newsletter.demo_issues import make_issue
from troth.uses.newsletter.files import IssueFile
from troth.uses.newsletter.topics import UPDATES

AUTHOR, SECOND = "staff:lena", "staff:yusuf"
_INSTALLED = (
    # name, domain, product, release, hours ago, months of maintenance that staff entered
    ("Nora Halvorsen", "halden-valve-works.example", "optipro-discrete", "12.3.4", 90, 8),
    ("Tom Rezek", "halden-valve-works.example", "optipro-process", "12.2.6", 88, 8),
    ("Sophie Laurent", "brightleaf-coatings.example", "optipro-process", "12.4.0", 41, 0),
    ("Grant Okafor", "solano-spice-company.example", "optipro-process", "12.3.2", 66, 3),
    ("Lucia Marin", "mar-vista-foods.example", "optipro-process", "12.2.0", 120, 0),
    ("Dale Whitcomb", "redwood-nutrition.example", "optipro-process", "12.3.4", 12, 11),
    ("Ivy Castellan", "north-star-flavors.example", "optipro-process", "12.4.0", 9, 0),
    ("Roman Petrescu", "pinnacle-pump.example", "optipro-discrete", "12.2.9", 74, 0),
    ("Aiko Tanabe", "cascade-gearworks.example", "optipro-discrete", "12.4.0", 30, 10),
    ("Leon Abara", "boise-precision.example", "optipro-discrete", "12.3.4", 55, 0),
    ("Petra Nowak", "tidewater-seals.example", "optipro-quality", "12.3.4", 21, 5),
)


def seed(now_utc: datetime) -> None:
    """Nothing for a site whose policy states no notices about products."""
    policy = in_force.policy()
    if UPDATES not in policy.purposes or installations.PLACE not in policy.collects:
        return
    for row in _INSTALLED:
        _install(*row, now_utc=now_utc)
    for each in files.list_files():
        if isinstance(each, IssueFile) and each.written.purpose == UPDATES and each.written.topic in site().products:
            make_issue(each, who=AUTHOR, second=SECOND, at_utc=now_utc)


def _install(name: str, domain: str, product: str, release: str, hours: int, months: int, *, now_utc: datetime) -> None:
    if product not in site().products:
        return
    at_utc, cause = now_utc - timedelta(hours=hours), gate.new_id()
    values: Mapping[str, str] = {
        "email": make_address(name, domain),
        "product": product,
        "installation": join(product, release),
        "name": name,
    }
    if months:
        until = now_utc + timedelta(days=30 * months)
        values = {**values, "maintenance": join(product, f"{until:%Y.%m.%d}")}
    place = installations.BY_STAFF if months else installations.PLACE
    with at_time(at_utc):
        version = in_force.policy().version
        person = keep_invented(place, values, at_utc=at_utc, cause=cause, version=version)
        intake = Intake(values=values, cause=cause, person=person, place=place, version=version, at_utc=at_utc)
        installations.record(intake)
