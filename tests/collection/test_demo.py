"""The people of the demonstration."""

from datetime import UTC, datetime
from random import Random

from tests.visits import SITE

from troth import gate
from troth.cases.models import Case
from troth.catalog import load_cast
from troth.collection.demo import SEED, invent_people
from troth.collection.forms import normalize
from troth.uses.quotes.models import QuoteRequest
from troth.web.demo import seed, takers

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_two_hundred_people_are_made_once_their_requests_are_routed_and_one_raises_an_alarm(site, run_jobs):
    assert seed(SITE) == 200
    assert seed(SITE) == 0
    run_jobs()
    states = {quote.stage for quote in QuoteRequest.objects.all()}
    assert states == {"routed", "queued"}
    assert QuoteRequest.objects.exclude(alarm="").count() == 1
    hers = Case.objects.filter(purpose="rights").values_list("kind", "state").order_by("kind")
    assert list(hers) == [
        ("correction", "open"),
        ("erasure", "unverified"),
        ("opt-out", "answered"),
        ("question", "open"),
    ]


def test_they_are_the_same_on_every_machine_and_pass_our_own_forms(site):
    cast = load_cast(SITE).cast
    assert cast is not None
    once, again = (
        invent_people(cast, gate.policy(), places=list(takers()), now_utc=NOON, choose=Random(SEED)) for _ in range(2)
    )
    assert once == again
    assert len({one.values["company"] for one in once if "company" in one.values}) >= 50
    for one in once:
        assert normalize.email(one.values["email"]) == one.values["email"]
        assert one.at_utc < NOON
