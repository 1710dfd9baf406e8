"""Stores what a form collected."""

from datetime import datetime
from uuid import UUID

from troth.collection.forms.form import PolicyForm
from troth.records import KeptRequest, Provenance, keep
from troth.records.accounts import join


def take(
    form: PolicyForm, *, cause: UUID, at_utc: datetime, person: UUID | None = None, who: str = "person"
) -> KeptRequest:
    """Stores the data; returns the person and the ledger entry. Joins it with the account of someone signed in.

    Runs inside the caller's transaction.   Takes   who: the person who filled it in, if someone else."""
    provenance = Provenance(
        channel=form.collect.id,
        version=form.policy.version,
        at_utc=at_utc,
        way="typed into the form" if who == "person" else "entered by staff",
    )
    kept = keep(values=form.values, provenance=provenance, person=person, cause=cause, who=who)
    if form.account is not None:
        join(user=form.account, person=kept.person, way="signed in")
    return kept
