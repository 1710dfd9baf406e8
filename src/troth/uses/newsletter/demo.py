"""The demonstration's newsletters: readers in all states, and the issues of the site folder's files.

Readers come in by the form and confirm like everyone else.
"""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from troth import gate, in_force
from troth.collection import forms
from troth.policy.meaning import topic_question
from troth.security import proofs
from troth.site import site
from troth.uses.newsletter import actions, demo_notices, files
from troth.uses.newsletter.demo_issues import make_issue
from troth.uses.newsletter.files import IssueFile
from troth.uses.newsletter.models import SignUp
from troth.uses.newsletter.topics import PURPOSE, title_of

STAFF = "staff:colette"
READERS, UNCONFIRMED, LEFT = 32, 4, 3
_FIRST = ("Elena", "Marcus", "Priya", "Tomas", "Ruth", "Kenji", "Amara", "Owen")
_LAST = ("Lindqvist", "Okoye", "Barros", "Feldman", "Nakamura", "Whitlock", "Ivanova", "Castillo")
_DOMAINS = (
    "corvane-machine.example",
    "solano-spice-company.example",
    "pinnacle-pump.example",
    "tidewater-seals.example",
)


def seed(now_utc: datetime) -> None:
    """Nothing for a site whose policy states no topics of newsletters, or no notices."""
    demo_notices.seed(now_utc)
    stated = in_force.policy().purposes.get(PURPOSE)
    if stated is None or not stated.topics:
        return
    if stated.has_topic("process") and stated.has_topic("discrete"):
        _make_readers(now_utc)
    for each in files.list_files():
        if isinstance(each, IssueFile) and each.written.purpose == PURPOSE and stated.has_topic(each.written.topic):
            make_issue(each, who=STAFF, at_utc=now_utc)


def _make_readers(now_utc: datetime) -> None:
    """Most confirmed, some have not yet, a few have left again."""
    for number, values in enumerate(_invent()):
        policy = in_force.policy()
        form = forms.build(
            policy, "form.news", lists=_lists(), data={**values, "nonce": forms.issue_nonce("form.news")}
        )
        if not form.is_valid():
            continue
        forms.receive(form, record=actions.record, at_utc=now_utc)
        found = SignUp.objects.latest("number")
        if number < READERS:
            actions.confirm(proofs.Proof.objects.get(pk=found.pk), at_utc=now_utc)
        if number < LEFT:
            question = topic_question(PURPOSE, found.topic)
            gate.choose(person=found.person_id, question=question, version=policy.version, yes=False, way="mailed link")


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
