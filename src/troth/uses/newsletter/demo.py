"""The demonstration's newsletters: readers in all states, two topics with an archive, one issue scheduled.

Readers come in by the form and confirm like everyone else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from troth import gate, in_force, outbox, queue
from troth.collection import forms
from troth.collection.demo import at_time, at_work
from troth.policy.meaning import topic_question
from troth.security import proofs
from troth.site import site
from troth.uses.newsletter import actions, demo_notices, issues
from troth.uses.newsletter.issues import WrittenIssue
from troth.uses.newsletter.models import Issue, SignUp
from troth.uses.newsletter.topics import PURPOSE, title_of

STAFF = "staff:colette"
READERS, UNCONFIRMED, LEFT = 32, 4, 3
_CONFIRMED_AFTER, _LEFT_AFTER = timedelta(minutes=9), timedelta(hours=30)
_FIRST = ("Elena", "Marcus", "Priya", "Tomas", "Ruth", "Kenji", "Amara", "Owen")
_LAST = ("Lindqvist", "Okoye", "Barros", "Feldman", "Nakamura", "Whitlock", "Ivanova", "Castillo")
_DOMAINS = (
    "corvane-machine.example",
    "solano-spice-company.example",
    "pinnacle-pump.example",
    "tidewater-seals.example",
)
_SENT = (
    # topic, days ago, subject, text, audience, sent, held, failed, left
    (
        "process",
        150,
        "Recall in two minutes",
        (
            "A lot number is enough. **Trace** now shows where each lot came from and where it went, "
            "on one page that prints."
            "\n\n# What changed\n\n- Forward and backward trace on one page\n- Each hold says who set it and why\n"
            "\n::: product optipro-process\n"
        ),
        (3702, 3604, 71, 27, 31),
    ),
    (
        "process",
        119,
        "Recipes side by side",
        (
            "Two versions of a recipe can be compared line by line. What differs is marked, and so is "
            "who approved it.\n\n"
            "# A tip\n\nKeep the pilot batch as a version of its own: its yield is then in every later comparison."
        ),
        (3744, 3655, 68, 21, 22),
    ),
    (
        "process",
        88,
        "Allergens on every label",
        (
            "Labels take allergens from the recipe, so a substitute ingredient changes the label by "
            "itself.\n\n---\n\n"
            "Maria Castillo of a spice company in Fairfield tells how her team dropped its label "
            "spreadsheet in a week."
        ),
        (3781, 3702, 60, 19, 19),
    ),
    (
        "process",
        58,
        "What auditors ask first",
        (
            "Five checks before an audit: open holds, expired lots, unsigned batches, calibration "
            "dates and training records."
            "\n\nEach has a saved list in OptiPro Process. Open them once a week, and nothing is left "
            "for the last evening."
        ),
        (3809, 3719, 66, 24, 24),
    ),
    (
        "process",
        30,
        "Faster batch records",
        (
            "OptiPro Process 12.4 is out. **Batch records open twice as fast**, and signatures show in "
            "their order.\n\n"
            "::: event 2026-12-09 Lot recall in practice, Fresno\nHalf a day with your own data.\n:::\n"
        ),
        (3950, 3842, 81, 27, 14),
    ),
    (
        "discrete",
        125,
        "Setups that share a fixture",
        (
            "The scheduler now keeps jobs together that use the same fixture. On a plant with nine "
            "machines it saved an hour "
            "a day of changing over.\n\n# Try it\n\nName the fixture in the routing; the rest happens by itself."
        ),
        (2210, 2171, 30, 9, 12),
    ),
    (
        "discrete",
        94,
        "Torque data with the serial number",
        (
            "A valve’s torque readings are kept with its serial number and travel with the certificate.\n\n"
            "::: product optipro-quality\n"
        ),
        (2244, 2204, 29, 11, 9),
    ),
    (
        "discrete",
        63,
        "Counting stock without closing",
        (
            "Cycle counts by value: the tenth of your parts that holds most of the money is counted "
            "each month, the rest "
            "twice a year. The shop keeps running."
        ),
        (2281, 2240, 32, 9, 8),
    ),
    (
        "discrete",
        33,
        "Drawings at the machine",
        (
            "The latest drawing opens at the machine by scanning the traveler. An older one says so in red.\n\n"
            "::: offer\nThe B30 scale and its driver are 10% off until December 11.\n:::\n"
        ),
        (2318, 2271, 36, 11, 10),
    ),
)
_NEXT = (
    "Costs before the quote",
    (
        "Estimates read the last ten jobs of the same family, so a quote starts from what it did cost.\n\n"
        "# In December\n\n- Overtime as a rate of its own\n- Scrap by operation\n\n::: product optipro-discrete\n"
    ),
)
_DRAFT = (
    "Two dates for spring",
    "Training in Irvine and in Portland.\n\n::: event 2027-03-10 Planning with real lead times, Irvine\n"
    "Bring a list of your twenty slowest parts.\n:::\n",
)


def seed(now_utc: datetime) -> None:
    """Nothing for a site whose policy states no topics of newsletters, or no notices."""
    demo_notices.seed(now_utc)
    stated = in_force.policy().purposes.get(PURPOSE)
    if stated is None or not stated.has_topic("process") or not stated.has_topic("discrete"):
        return
    _make_readers(now_utc)
    for topic, days, subject, text, figures in _SENT:
        _make_sent(topic, subject, text, figures, at_utc=now_utc - timedelta(days=days))
    _save("discrete", *_NEXT, at_utc=now_utc - timedelta(hours=20))
    planned = Issue.objects.get(subject=_NEXT[0])
    issues.schedule(planned.pk, for_utc=now_utc + timedelta(days=3))
    _save("events", *_DRAFT, at_utc=now_utc - timedelta(hours=3))


def confirm(now_utc: datetime) -> None:
    """Readers who have had our email for a day pressed its button soon after; the first left after the welcome."""
    for found in _list_mailed("newsletter/welcome")[:LEFT]:
        question, version = topic_question(PURPOSE, found.topic), in_force.policy().version
        with _at(found.asked_utc + _LEFT_AFTER):
            gate.choose(person=found.person_id, question=question, version=version, yes=False, way="mailed link")
    waiting = _list_mailed("newsletter/confirm").filter(confirmed_utc=None, asked_utc__lt=now_utc - timedelta(days=1))
    for found in waiting:
        with _at(at_utc := found.asked_utc + _CONFIRMED_AFTER):
            actions.confirm(proofs.Proof.objects.get(pk=found.pk), at_utc=at_utc)


def _list_mailed(email: str) -> QuerySet[SignUp]:
    """The sign-ups, oldest first, about which this email left."""
    sent = outbox.QueuedEmail.objects.filter(template=email, state=outbox.QueuedEmail.State.SENT)
    return SignUp.objects.filter(pk__in=sent.values("request")).order_by("number")


def _make_readers(now_utc: datetime) -> None:
    """Sign-ups of the past weeks, and a few of today that nobody has confirmed yet."""
    for number, values in enumerate(_invent()):
        today, days = max(0, number - READERS + 1), 2 + READERS - number
        at_utc = now_utc - timedelta(hours=2 * today) if today else at_work(now_utc - timedelta(days=days))
        data = {**values, "nonce": forms.issue_nonce("form.news")}
        form = forms.build(in_force.policy(), "form.news", lists=_lists(), data=data)
        if form.is_valid():
            with _at(at_utc):
                forms.receive(form, record=actions.record, at_utc=at_utc)


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """What happens and what is queued in it is of that time."""
    with queue.run_at(moment), at_time(moment):
        yield


def _lists() -> dict[str, list[tuple[str, str]]]:
    return {"product": [(product.slug, product.name) for product in site().products.values()]}


def _invent() -> Iterator[dict[str, str]]:
    choose = Random(1798)  # noqa: S311 (nobody's secret)
    policy = in_force.policy()
    industries, roles = policy.kinds["industry"].values, policy.kinds["role"].values
    products, asks = list(site().products), policy.collects["form.news"].asks
    for number in range(READERS + UNCONFIRMED):
        first, last = _FIRST[number % len(_FIRST)], _LAST[number // len(_FIRST) % len(_LAST)]
        address = f"{first}.{last}.{number}@{_DOMAINS[number % len(_DOMAINS)]}".lower()
        topic = title_of(("process", "discrete", "process", "releases")[number % 4])
        given = {
            "email": address,
            "news": topic,
            "name": f"{first} {last}",
            "industry": choose.choice(industries),
            "role": choose.choice(roles),
            "country": choose.choice(("US", "US", "CA")),
            "product": choose.choice(products),
            "customer": choose.choice(("We use it", "Not yet")),
        }
        yield {ask.kind: given[ask.kind] for ask in asks if ask.kind in given}


def _save(topic: str, subject: str, text: str, *, at_utc: datetime) -> Issue:
    written = WrittenIssue(
        purpose=PURPOSE, topic=topic, subject=subject, text=text, segment=None, language=in_force.policy().language
    )
    return issues.save(None, written, who=STAFF, at_utc=at_utc)


def _make_sent(topic: str, subject: str, text: str, figures: tuple[int, ...], *, at_utc: datetime) -> None:
    issues.make_former(_save(topic, subject, text, at_utc=at_utc - timedelta(days=1)), figures, at_utc=at_utc)
