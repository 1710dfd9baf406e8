"""Support cases of invented people, for a demonstration: thirty, in every state that staff and customers meet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from troth import gate, in_force
from troth.cases import actions as cases
from troth.cases import events
from troth.cases.models import Case
from troth.cases.thread import writing
from troth.cases.thread.invented import write_invented
from troth.collection.demo import keep_invented, make_address
from troth.site import site
from troth.uses.support import actions
from troth.uses.support.models import SupportCase

PLACE = "form.support"
YUSUF, HANA, HER = "yusuf", "hana", ""
"""Who wrote a message: one of the staff by user name, or the person."""
PROGRAM = "program:demo"


@dataclass(frozen=True)
class DemoCase:
    """One case: who, about what, how many days ago, and what was written since: (hours later, by whom, words).

    ended   closed, withdrawn, or later for one that is put off"""

    name: str
    domain: str
    product: str
    release: str
    days_ago: float
    note: str
    thread: tuple[tuple[float, str, str], ...] = ()
    priority: str = "normal"
    ended: str = ""
    rating: str = ""


def seed(now_utc: datetime) -> None:
    """The cases, where the policy takes them and their replies."""
    if not {PLACE, *writing.PLACES} <= in_force.policy().collects.keys():
        return
    products = site().products
    for each in CASES:
        if each.product in products:
            _make(each, now_utc)


def _make(one: DemoCase, now_utc: datetime) -> None:
    cause, at_utc = gate.new_id(), now_utc - timedelta(days=one.days_ago)
    values = {
        "name": one.name,
        "email": make_address(one.name, one.domain),
        "product": one.product,
        "installation": one.release,
        "note": one.note,
    }
    person = keep_invented(PLACE, values, at_utc=at_utc, cause=cause)
    version = in_force.policy().version
    made = actions.record(values, cause=cause, person=person, place=PLACE, version=version, at_utc=at_utc)
    SupportCase.objects.filter(pk=made.pk).update(priority=one.priority)
    case = Case.objects.get(pk=made.pk)
    for hours, writer, words in one.thread:
        write_invented(case, words=words, at_utc=min(at_utc + timedelta(hours=hours), now_utc), staff=writer)
    _end(case, one, now_utc)


def _end(case: Case, one: DemoCase, now_utc: datetime) -> None:
    match one.ended:
        case "closed":
            cases.answer(case.pk, nature="complied", at_utc=now_utc, who="person", email=False)
        case "withdrawn":
            cases.withdraw(case.pk, at_utc=now_utc, who="person")
        case "later":
            change = {"waits_for": Case.LATER, "waits_until_utc": now_utc + timedelta(days=6)}
            events.add(case, "waits", who=PROGRAM, at_utc=now_utc, change=change)
    if one.rating:
        actions.rate(case.pk, one.rating, at_utc=now_utc)


_HALDEN, _BRIGHTLEAF = "halden-valve-works.example", "brightleaf-coatings.example"
CASES = (
    DemoCase(
        "Nora Halvorsen",
        _HALDEN,
        "optipro-discrete",
        "12.3.4",
        4,
        "Since we installed 12.3.4 on Tuesday, the report server stops about ten minutes after it starts. The log ends "
        "with “seat not released”. Labels still print, reports don’t.",
        (
            (
                20,
                YUSUF,
                "Thanks for the log line, it shows the cause: 12.3.4 doesn’t release a seat when the server runs under "
                "its own service account. Until 12.3.5 is out, please:\n\n1. Stop the service OptiPro Report.\n"
                "2. Set Seat timeout to 5 minutes under Settings, Server, Licensing.\n3. Start the service again.\n\n"
                "Does it stay up over the weekend?",
            ),
            (90, HER, "It ran all weekend. One report still stops halfway: yield by lot, about 1,400 lots."),
        ),
        "high",
    ),
    DemoCase(
        "Tom Rezek",
        _HALDEN,
        "optipro-process",
        "12.2",
        9,
        "Can we recall a lot that was split over two work orders? The screen only shows the first one.",
        (
            (3, HANA, "Yes. Choose Lots, Trace, then “All descendants”. The first screen shows one level only."),
            (5, HER, "Found it, thank you. That is exactly what our auditor asked for."),
        ),
        ended="closed",
        rating="5",
    ),
    DemoCase(
        "Sophie Laurent",
        _BRIGHTLEAF,
        "optipro-process",
        "12.1",
        2,
        "Our density table rounds to two places. We need four for solvents.",
        (
            (
                4,
                YUSUF,
                "Which table is it: the one of the item or that of the recipe? Each has its own setting.",
            ),
        ),
    ),
    DemoCase(
        "Sophie Laurent",
        _BRIGHTLEAF,
        "optipro-quality",
        "9.4",
        40,
        "The certificate of analysis prints the old address of our lab.",
        (
            (6, HANA, "The address comes from the template. I changed it in yours; the next certificate has it."),
            (8, HER, "Confirmed, it is right now."),
        ),
        ended="closed",
        rating="4",
    ),
    DemoCase(
        "Dale Whitmore",
        "corvane-machine.example",
        "optipro-shopfloor",
        "8.0.2",
        0.1,
        "Terminals on line 2 show “no connection” since the shift change. Line 1 works.",
        priority="urgent",
    ),
    DemoCase(
        "Ruth Castellano",
        "solano-spice-company.example",
        "optipro-process",
        "12.3.4",
        0.3,
        "After the update our allergen statement is empty on labels for blends.",
        priority="high",
    ),
    DemoCase(
        "Kenji Moriyama",
        "pinnacle-pump.example",
        "optipro-discrete",
        "12.3",
        1,
        "How do we move two user licenses from our old server to the new one?",
    ),
    DemoCase(
        "Ana Beltrán",
        "mar-vista-foods.example",
        "optipro-warehouse",
        "7.5",
        3,
        "Counting by scanner doubles the quantity when the case label is scanned twice.",
        ((2, HANA, "Is “Ask before adding” on under Counting? With it, the second scan asks first."),),
    ),
    DemoCase(
        "Greg Oyelaran",
        "redwood-nutrition.example",
        "optipro-quality",
        "9.4",
        6,
        "The sampling plan skips every second lot though it says all lots.",
        (
            (5, YUSUF, "I can repeat it with 9.4. A fix is planned; I will write when it has a date."),
            (7, HER, "Good to know. We sample by hand until then."),
        ),
        ended="later",
    ),
    DemoCase(
        "Mila Haverkamp",
        "tidewater-seals.example",
        "optipro-maintain",
        "3.1",
        12,
        "Can maintenance orders be opened from a QR code on the machine?",
        ((9, HANA, "Yes, from 3.0 on: Assets, Print codes. Any phone that is signed in opens the order."),),
        ended="closed",
    ),
    DemoCase(
        "Oscar Lindgren",
        "cascade-gearworks.example",
        "optipro-discrete",
        "12.2",
        15,
        "The cost rollup takes four hours since we added the third plant.",
        (
            (7, YUSUF, "Please run it with “Changed items only”. How many items have changed since the last run?"),
            (30, HER, "About 300 of 90,000. It took six minutes, so this is solved."),
        ),
        ended="closed",
        rating="5",
    ),
    DemoCase(
        "Paula Dietrich",
        "boise-precision.example",
        "optipro-discrete",
        "12.3.4",
        2.2,
        "Where do we set the calendar of a single machine? It follows the one of the plant.",
        ((3, HANA, "Under Resources, Calendar, “Own calendar”. Changes count from the next planning run."),),
    ),
    DemoCase(
        "Hyun-woo Park",
        "wasatch-labs.example",
        "optipro-process",
        "12.3",
        0.6,
        "Recipe approval asks for a second signature though our setting is one.",
    ),
    DemoCase(
        "Bea Sorensen",
        "desert-sky-electronics.example",
        "optipro-discrete",
        "12.1",
        20,
        "We no longer use the old label printer. How do we remove it?",
        ended="withdrawn",
    ),
    DemoCase(
        "Isaac Fontaine",
        "silver-state-fasteners.example",
        "optipro-warehouse",
        "7.5",
        1.4,
        "The pick list sorts by item. We want it by aisle.",
        ((5, YUSUF, "Choose Picking, Sort by, “Bin”. Do your bins begin with the aisle?"),),
    ),
    DemoCase(
        "Greta Olander",
        "front-range-brewing-supply.example",
        "optipro-process",
        "12.2",
        30,
        "Batch tickets print without the expiry date of hops.",
        (
            (4, HANA, "The field is there, but hidden in the short ticket. Please try the long one."),
            (28, HER, "The long one has it. Thanks!"),
        ),
        ended="closed",
        rating="4",
    ),
    DemoCase(
        "Samir Haddad",
        "mesa-medical-devices.example",
        "optipro-quality",
        "9.4",
        5,
        "Our validation needs the test protocol of 9.4. Can we have it as a file?",
        ((20, YUSUF, "It is with our quality team, who sign it for you. You will have it this week."),),
        "high",
        ended="later",
    ),
    DemoCase(
        "Lotte Vermeer",
        "lakemont-hydraulics.example",
        "optipro-discrete",
        "12.3",
        0.8,
        "Two planners see different due dates for the same order. Which one is right?",
        priority="high",
    ),
    DemoCase(
        "Victor Amato",
        "great-bend-castings.example",
        "optipro-maintain",
        "3.1",
        8,
        "Meter readings from the furnace arrive an hour late since the clocks changed.",
        (
            (3, HANA, "The gateway kept its own time zone. Please set it to the one of the plant and restart it."),
            (26, HER, "Restarted, the readings are right again."),
        ),
        ended="closed",
        rating="5",
    ),
    DemoCase(
        "Inga Thorsen",
        "harbor-street-furniture.example",
        "optipro-discrete",
        "12.2",
        3.5,
        "Configured chairs lose their color option when an order is copied.",
        (
            (
                6,
                YUSUF,
                "Do you copy from the list or from inside the order? Only the list seems to be affected.",
            ),
            (22, HER, "From the list. From inside it works, so we can live with that for now."),
        ),
    ),
    DemoCase(
        "Cal Brubaker",
        "hoosier-harness.example",
        "optipro-shopfloor",
        "8.0.2",
        1.8,
        "Operators are signed out after each job. It used to be once per shift.",
    ),
    DemoCase(
        "Joan Fairweather",
        "fox-river-paper-goods.example",
        "optipro-warehouse",
        "7.4",
        25,
        "Does 7.5 run on Windows Server 2016?",
        ((2, HANA, "No, 7.5 needs 2019 or later. 7.4 gets fixes until the end of next year."),),
        ended="closed",
        rating="3",
    ),
    DemoCase(
        "Piet Nowak",
        "badger-dairy-blends.example",
        "optipro-process",
        "12.3.4",
        0.2,
        "The milk intake screen freezes when the scale sends a negative weight.",
        priority="urgent",
    ),
    DemoCase(
        "Dora Kessler",
        "prairie-state-adhesives.example",
        "optipro-process",
        "12.3",
        7,
        "Safety data sheets attach to the item but not to the shipment.",
        ((4, YUSUF, "They follow the customer’s setting “Send documents”. Is it on for this customer?"),),
    ),
    DemoCase(
        "Luis Marrero",
        "rockford-spindle.example",
        "optipro-discrete",
        "12.1",
        60,
        "How do we archive work orders older than seven years?",
        (
            (8, YUSUF, "With the archive job, by closing date. It moves them; reports can still read them."),
            (12, HER, "That did it."),
        ),
        ended="closed",
        rating="4",
    ),
    DemoCase(
        "Edith Crane",
        "buckeye-brake.example",
        "optipro-insight",
        "5.2",
        0.5,
        "The dashboard shows scrap of yesterday under today’s date.",
    ),
    DemoCase(
        "Nils Aaberg",
        "akron-molded-products.example",
        "optipro-insight",
        "5.2",
        10,
        "Can we show two plants in one chart?",
        ((5, HANA, "Yes: add the plant to “Split by”. Two lines share one axis then."),),
        ended="closed",
    ),
    DemoCase(
        "Carmen Ybarra",
        "north-star-flavors.example",
        "optipro-process",
        "12.2",
        18,
        "We asked about the spray dryer interface by mistake; our partner handles it.",
        ended="withdrawn",
    ),
    DemoCase(
        "Walt Jennings",
        "hawkeye-feed.example",
        "optipro-warehouse",
        "7.5",
        4.5,
        "Rail car receipts can’t be booked in tons.",
        ((9, HANA, "Please add “ton” as a unit of the item with its factor. Would you like me to do it with you?"),),
        "low",
    ),
    DemoCase(
        "Priscilla Boone",
        "gateway-chemical.example",
        "optipro-quality",
        "9.3",
        2.8,
        "A user who left still gets the alerts for out-of-range results.",
        (
            (2, YUSUF, "Alerts go to a group. Please take the address out under Alerts, Recipients."),
            (3, HER, "Done, but he is in no group and still gets them. Where else could it be?"),
        ),
    ),
)
