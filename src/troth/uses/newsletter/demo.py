"""The demonstration's newsletters: readers in all states, and the issues of the site folder's files.

Readers come in by the form and confirm like everyone else.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import QuerySet

from troth import gate, in_force, outbox, queue
from troth.collection import forms
from troth.collection.demo import at_time, at_work
from troth.collection.request_keys import keys_of
from troth.policy.meaning import topic_question
from troth.security import proofs
from troth.site import site
from troth.uses.newsletter import actions, demo_notices, files
from troth.uses.newsletter.demo_issues import find_time, is_sent_lately, make_issue, note_answers, send_issue
from troth.uses.newsletter.files import IssueFile
from troth.uses.newsletter.models import Issue, SignUp
from troth.uses.newsletter.topics import PURPOSE, title_of

STAFF = "staff:colette"
READERS, UNCONFIRMED, LEFT = 32, 4, 3
_CONFIRMED_AFTER, _LEFT_AFTER, _CAME_BACK_AFTER = timedelta(minutes=9), timedelta(hours=30), timedelta(hours=5)
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
    for each in _list_issues():
        if not is_sent_lately(each):
            make_issue(each, who=STAFF, at_utc=now_utc)


def send_latest(now_utc: datetime) -> None:
    """Once readers were welcomed and some left, the outbox sends the others the latest issues, as of their time."""
    if not _list_mailed("newsletter/welcome"):
        return
    for each in _list_issues():
        if is_sent_lately(each) and not Issue.objects.filter(subject=each.written.subject).exists():
            with _at(at_utc := find_time(each, now_utc)):
                send_issue(each, who=STAFF, at_utc=at_utc)


def _list_issues() -> list[IssueFile]:
    """The files of issues about topics that the policy states."""
    stated = in_force.policy().purposes.get(PURPOSE)
    issues = (each for each in files.list_files() if isinstance(each, IssueFile) and each.written.purpose == PURPOSE)
    return [each for each in issues if stated and stated.has_topic(each.written.topic)]


def confirm(now_utc: datetime) -> None:
    """Readers who have had our email for a day pressed its button soon after; the first left after the welcome.

    Of the issues that were sent then, a few emails came back, and one reader wants no more."""
    if latest := list(Issue.objects.filter(figures__isnull=True, begun_utc__isnull=False, purpose=PURPOSE)):
        _answer(latest)
        return
    for found in _list_mailed("newsletter/welcome")[:LEFT]:
        question, version = topic_question(PURPOSE, found.topic), in_force.policy().version
        with _at(found.asked_utc + _LEFT_AFTER):
            gate.choose(person=found.person_id, question=question, version=version, yes=False, way="mailed link")
    waiting = _list_mailed("newsletter/confirm").filter(confirmed_utc=None, asked_utc__lt=now_utc - timedelta(days=1))
    for found in waiting:
        with _at(at_utc := found.asked_utc + _CONFIRMED_AFTER):
            actions.confirm(proofs.Proof.objects.get(pk=found.pk), at_utc=at_utc)


def _answer(latest: Sequence[Issue]) -> None:
    for issue in latest:
        assert issue.begun_utc is not None
        with _at(issue.begun_utc + _CAME_BACK_AFTER):
            note_answers(issue, _find_addresses())


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


def _find_addresses() -> dict[UUID, str]:
    """Person → the invented address that they signed up with."""
    keys = {keys_of(values["email"]).address: values["email"] for values in _invent()}
    found = SignUp.objects.filter(address_key__in=keys).values_list("person", "address_key")
    return {person: keys[bytes(key)] for person, key in found}


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """What happens and what is queued in it is of that time."""
    with queue.run_at(moment), at_time(moment):
        yield


def _lists() -> dict[str, list[tuple[str, str]]]:
    return {"product": site().offer_products()}


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
