"""A topic that someone turns on among their choices: it begins with the same confirmation as by the form."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from troth import gate, in_force
from troth.collection import forms
from troth.collection.forms.receive import make_intake
from troth.collection.forms.take import take
from troth.collection.request_keys import keys_of
from troth.desk.choices import AskedByEmail, OwnAddress
from troth.policy.meaning import parts_of
from troth.uses.newsletter import actions
from troth.uses.newsletter.models import SignUp
from troth.uses.newsletter.topics import CONFIRMATIONS, SIGNED_UP, title_of


def ask_confirmation(
    people: Sequence[UUID], question: str, /, *, way: str, at_utc: datetime, own: OwnAddress | None
) -> AskedByEmail:
    """The confirmation for a topic or purpose that someone turned on.

    Of someone signed in it goes to the address of their account, which the page shows: they give it as with the form,
    unless an earlier sign-up has it. Behind a mailed link it goes where an earlier sign-up went."""
    purpose, topic = parts_of(question)
    known = _find_earlier(people, purpose, own)
    if known is None:
        return _fill_in_form(own, purpose, topic, at_utc=at_utc) if own else AskedByEmail.NOWHERE
    _row, asked = actions.add_sign_up(
        gate.new_id(),
        person=known.person_id,
        purpose=purpose,
        topic=topic,
        place=way,
        version=in_force.policy().version,
        address_key=bytes(known.address_key),
        at_utc=at_utc,
        complained=gate.wants_no_email(known.person_id),
    )
    return asked


def _find_earlier(people: Sequence[UUID], purpose: str, own: OwnAddress | None) -> SignUp | None:
    """The latest sign-up whose address we still hold; of someone signed in, the latest with their address."""
    found = SignUp.objects.filter(person__in=people, purpose=purpose).order_by("-asked_utc")
    known = (found.filter(address_key=keys_of(own.address).address) if own else found).first()
    if known is None or not gate.decide(known.person_id, CONFIRMATIONS, ["email"])["email"].allowed:
        return None
    return known


def _fill_in_form(own: OwnAddress, purpose: str, topic: str, *, at_utc: datetime) -> AskedByEmail:
    """The form of the purpose with the account's address and the topic, as if it had been sent from its page."""
    place = next(form for form, signed_up in SIGNED_UP.items() if signed_up == purpose)
    about = {"news": title_of(topic, purpose)} if topic else {}
    data = {**about, "email": own.address, "nonce": forms.issue_nonce(place, session=own.session)}
    form = forms.build(in_force.policy(), place, data=data, session=own.session, account=own.account)
    if not form.is_valid():
        return AskedByEmail.NOWHERE
    cause = gate.new_id()
    kept = take(form, cause=cause, at_utc=at_utc)
    intake = make_intake(form, cause=cause, kept=kept, at_utc=at_utc)
    return actions.record_asking(intake)[1]
