"""A second version of the reference policy, adopted, and the emails that follow it."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

from tests.policy.texts import changed
from tests.visits import BROWSER, SITE, visitor

from troth import gate, in_force
from troth.gate import owner as owners
from troth.outbox import transport
from troth.outbox.models import QueuedEmail
from troth.updates import reminding, sending

FROM_QUOTES = (
    "collected by: [form.register, form.account,",
    "collected by: [form.quote, form.register, form.account,",
)
PRODUCT = {"product": "optipro-process"}
ALICE = {"name": "Alice Marchetti", "email": "alice@haldenvalve.example"}
BOB = {"name": "Bob Ferreira", "email": "bob@northgate.example"}
CHARLIE = {"name": "Charlie Stranger", "email": "charlie@elsewhere.example"}


def text_of(version, day, *swaps):
    text = (SITE / "policy.md").read_text(encoding="utf-8")
    effective = re.search(r"^effective: .*$", text, re.MULTILINE)[0]
    return changed(
        text, ("version: 1\n", f"version: {version}\n"), (effective, f"effective: {day.date().isoformat()}"), *swaps
    )


def next_day():
    """The first day that may follow the version in force."""
    effective = in_force.policy().effective
    return datetime(effective.year, effective.month, effective.day, tzinfo=UTC) + timedelta(days=1)


def adopt_second(*swaps):
    owners.adopt(text_of(2, next_day(), *(swaps or [FROM_QUOTES])), by="staff:test")
    return sending.begin(at_utc=datetime.now(UTC))


def remind_two_weeks_later(update):
    """As if the emails had left so long ago that the silent are reminded now."""
    now = datetime.now(UTC)
    QueuedEmail.objects.filter(batch=update.pk).update(sent_utc=now - timedelta(days=14))
    reminding.remind(update.pk, at_utc=now)


def mail_of(person, template="updates/version"):
    email = QueuedEmail.objects.get(template=template, person=person)
    parsed = message_from_bytes((transport.folder() / f"{email.id}.eml").read_bytes(), policy=policy.default)
    return parsed.get_body(("plain",)).get_content()


def press(mail, page, **sent):
    """Opens a link of the email, and presses a button of its page."""
    client = visitor()
    path = re.search(rf"http://localhost:8000(/{page}/\S+)", mail)[1]
    shown = client.get(path, **BROWSER).content.decode()
    secret = re.search(r'name="secret" value="([^"]+)"', shown)[1]
    return client.post(f"/{page}/", {"secret": secret, **sent}, **BROWSER).content.decode()


def may_use_product(person):
    return gate.standing(person).decide("content", "product").code
