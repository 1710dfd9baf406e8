"""The demonstration's installations, and notices about products: sent, waiting for a second person, and a draft."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from troth import gate, in_force
from troth.collection.demo import at_time, keep_invented, make_address
from troth.collection.forms.types.installed import join
from troth.site import site
from troth.uses.newsletter import installations, issues
from troth.uses.newsletter.issues import WrittenIssue
from troth.uses.newsletter.models import Issue
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
_SENT = (
    (
        "optipro-process",
        51,
        "OptiPro Process 12.4.0 is ready to install",
        "Version 12.4.0 has campaign planning and a faster lot trace. The release notes list every change.\n\n"
        "# Before you install\n\n- Back up the database\n- Close open batches, or finish them first\n",
        (212, 203, 4, 5, 1),
    ),
    (
        "optipro-discrete",
        80,
        "Fixes for release 12.2 end on December 31",
        "Install a later release by then. Every release since 12.3 gets fixes until the end of 2027.",
        (296, 287, 4, 6, 5),
    ),
    (
        "optipro-discrete",
        52,
        "12.3.4 closes a hole in the report server",
        "If your report server can be reached from outside your network, install 12.3.4 this week.",
        (307, 301, 3, 3, 1),
    ),
    (
        "optipro-discrete",
        24,
        "The license server moves on December 5",
        "From December 5, servers ask for licenses at a new address. Nothing changes for hosted installations. "
        "On your own servers, allow the new address in your firewall before that day.",
        (318, 309, 5, 4, 2),
    ),
)
_WAITING = (
    "optipro-discrete",
    "12.4.1 shortens the nightly run",
    "Version 12.4.1 is out. The nightly run takes half as long on plants with many work orders.\n\n"
    "Upgrade now and save a day each month.",
)
_DRAFT = (
    "optipro-process",
    "Support for release 12.2 ends with the year",
    "Fixes for release 12.2 end on December 31. Later releases get fixes until the end of 2027 or longer.",
)


def seed(now_utc: datetime) -> None:
    """Nothing for a site whose policy states no notices about products."""
    policy = in_force.policy()
    if UPDATES not in policy.purposes or installations.PLACE not in policy.collects:
        return
    for row in _INSTALLED:
        _install(*row, now_utc=now_utc)
    for product, days, subject, text, figures in _SENT:
        _make_sent(product, subject, text, figures, at_utc=now_utc - timedelta(days=days))
    waiting = _save(*_WAITING, at_utc=now_utc - timedelta(hours=2))
    if waiting is not None:
        issues.ask_second(waiting.pk, who=AUTHOR, for_utc=(now_utc + timedelta(days=3)).replace(hour=15, minute=0))
    _save(*_DRAFT, at_utc=now_utc - timedelta(hours=5), below="12.3")


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
        installations.record(values, cause=cause, person=person, place=place, version=version, at_utc=at_utc)


def _save(product: str, subject: str, text: str, *, at_utc: datetime, below: str = "") -> Issue | None:
    """The draft; None where the site has no such product."""
    if product not in site().products:
        return None
    segment = {"all": [{"kind": "installation", "product": product, "below": below}]} if below else None
    written = WrittenIssue(
        purpose=UPDATES,
        topic=product,
        subject=subject,
        text=text,
        segment=segment,
        language=in_force.policy().language,
    )
    return issues.save(None, written, who=AUTHOR, at_utc=at_utc)


def _make_sent(product: str, subject: str, text: str, figures: tuple[int, ...], *, at_utc: datetime) -> None:
    """A notice of which only the final report is left, as two weeks after sending."""
    saved = _save(product, subject, text, at_utc=at_utc - timedelta(days=1))
    if saved is None:
        return
    saved.asked_by, saved.approved_by = AUTHOR, SECOND
    issues.make_former(saved, figures, at_utc=at_utc)
