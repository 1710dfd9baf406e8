"""Signing up for a newsletter: asked by email, begun by a button, forgotten without one, left at any time."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone
from tests.access.hers import chosen, preferences_of, save
from tests.visits import BROWSER, send, text, visitor

from troth import gate
from troth.outbox import QueuedEmail, transport
from troth.records import ledger, profile
from troth.records.ledger.payloads import Expired
from troth.uses.newsletter import actions
from troth.uses.newsletter.entries import ConfirmedTopic
from troth.uses.newsletter.models import ConfirmationCount, SignUp

ADA = {"email": "ada.okafor@brightwater.example", "news": "Process manufacturing", "name": "Ada Buy-Now Okafor"}
ONE = "/newsletters/sign-up/"


def _sign_up(**values):
    sent = send(visitor(), ONE, ADA | values)
    assert sent.status_code == 303, text(sent)
    return SignUp.objects.latest("asked_utc")


def _mail(template, cause):
    email = QueuedEmail.objects.get(template=template, request=cause)
    parsed = message_from_bytes((transport.folder() / f"{email.id}.eml").read_bytes(), policy=policy.default)
    return parsed, parsed.get_body(("plain",)).get_content()


def _path(words):
    return re.search(r"http://localhost:8000(/newsletters/confirm/\S+)", words)[1]


def _press(path):
    client = visitor()
    page = client.get(path, **BROWSER).content.decode()
    secret = re.search(r'name="secret" value="([^"]+)"', page)[1]
    return client.post("/newsletters/confirm/", {"secret": secret, "do": "confirm"}, **BROWSER)


@pytest.fixture
def subscriber(site, run_jobs):
    found = _sign_up()
    run_jobs()
    assert _press(_path(_mail("newsletter/confirm", found.pk)[1])).status_code == 200
    run_jobs()
    return found


@pytest.mark.clause("U4")
def test_a_topic_starts_by_the_button_alone_and_the_proof_says_which_words_were_agreed_to(site, run_jobs):
    found = _sign_up()
    run_jobs()
    mail, words = _mail("newsletter/confirm", found.pk)
    assert "Buy-Now" not in mail.as_string()
    assert "Process manufacturing" in mail["Subject"]
    assert mail["List-Unsubscribe"] is None
    for address in re.findall(r"http://localhost:8000(\S+)", words):
        visitor().get(address)  # as a scanner opens every link
    assert not list(gate.select("newsletter", "email", topic="process"))
    answer = _press(_path(words))
    assert "You’re signed up for “Process manufacturing”" in text(answer)
    assert chosen(found.person_id) == [("newsletter", True), ("newsletter/process", True)]
    assert list(gate.select("newsletter", "email", topic="process")) == [found.person_id]
    assert not list(gate.select("newsletter", "email", topic="discrete"))
    (proof,) = [entry for entry in ledger.history(found.person_id) if entry.kind == "newsletter/confirmed"]
    assert (proof.version, proof.read(ConfirmedTopic).topic, proof.read(ConfirmedTopic).way) == (
        1,
        "process",
        "confirmed by email",
    )
    assert proof.read(ConfirmedTopic).sha256 == actions.hash_consent("process")
    run_jobs()
    welcome, said = _mail("newsletter/welcome", found.pk)
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "only if you sign up for it and confirm that by email" in said
    assert "already been used" in text(visitor().get(_path(words)))


@pytest.mark.clause("U4")
def test_one_confirmation_a_day_and_three_in_all_for_each_topic(site):
    now = timezone.now()
    assert actions.describe(_sign_up()) == actions.describe(_sign_up())
    assert SignUp.objects.filter(mailed=True).count() == 1
    for days in (1, 2, 3):
        ConfirmationCount.objects.update(last_utc=now - timedelta(days=1, minutes=1))
        _sign_up()
        assert SignUp.objects.filter(mailed=True).count() == min(days + 1, 3)
    _sign_up(news="Discrete manufacturing")
    assert SignUp.objects.filter(mailed=True).count() == 4
    assert QueuedEmail.objects.filter(template="newsletter/confirm").count() == 4


@pytest.mark.clause("U4")
def test_what_nobody_confirms_within_7_days_is_deleted(site):
    found = _sign_up()
    assert actions.forget_unconfirmed(at_utc=timezone.now() + timedelta(days=6, hours=23)) == 0
    assert actions.forget_unconfirmed(at_utc=timezone.now() + timedelta(days=7)) == 1
    assert not SignUp.objects.exists()
    assert not profile.list_data(found.person_id)
    (gone,) = [entry for entry in ledger.history(found.person_id) if entry.kind == "expired"]
    assert (gone.purpose, gone.read(Expired).why) == ("confirmations", "unconfirmed")


def test_another_topic_among_the_choices_starts_by_email_too_and_leaving_needs_none(subscriber, run_jobs):
    person = subscriber.person_id
    on = ["marketing", "content", "convenience", "newsletter", "newsletter/process"]
    answer = save(visitor(), preferences_of(person), on=[*on, "newsletter/releases"])
    assert "“Newsletters: Product releases” starts once you confirm it" in text(answer)
    assert ("newsletter/releases", True) not in chosen(person)
    run_jobs()
    second = SignUp.objects.latest("asked_utc")
    _press(_path(_mail("newsletter/confirm", second.pk)[1]))
    assert chosen(person)[-1] == ("newsletter/releases", True)
    save(visitor(), preferences_of(person), on=on)
    assert chosen(person)[-1] == ("newsletter/releases", False)


def test_coming_back_after_a_no_to_all_marketing_is_said_before_the_button(subscriber, run_jobs):
    save(visitor(), preferences_of(subscriber.person_id), do="no")
    assert not list(gate.select("newsletter", "email", topic="process"))
    again = _sign_up()
    run_jobs()
    path = _path(_mail("newsletter/confirm", again.pk)[1])
    assert "Confirming turns marketing back on" in text(visitor().get(path))
    _press(path)
    assert list(gate.select("newsletter", "email", topic="process")) == [again.person_id]
    run_jobs()
    assert QueuedEmail.objects.filter(template="newsletter/welcome").count() == 1


def test_the_form_offers_what_the_policy_lists_as_topics(site):
    assert set(site.kinds["news"].values) == {topic.title for topic in site.purposes["newsletter"].topics}
    assert "7 days" in text(visitor().get("/policy"))
