"""Correct, add, remove: the change and its ledger entry in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from troth import gate
from troth.access.profile.holding import PLACE
from troth.access.story import CORRECTED
from troth.access.viewers import Viewer
from troth.collection import forms
from troth.collection.forms.fields import Choices
from troth.collection.forms.form import NONCE, TRAP, PolicyForm
from troth.collection.site import site
from troth.records import Provenance, keep
from troth.records.profile import Piece, let_go_of


def form_for(viewer: Viewer, kind: str, *, place: str = PLACE, data: Any = None, value: str = "") -> PolicyForm:
    """The one field of a kind as a place of the policy asks it, with the same checks as there."""
    policy = gate.policy()
    collect = policy.collects[place]
    asks = tuple(replace(ask, required=True, only_in=()) for ask in collect.asks if ask.kind == kind)
    whole = replace(policy, collects={**policy.collects, place: replace(collect, asks=asks)})
    sent = {key: data[key] for key in (kind, NONCE, TRAP) if key in data} if data is not None else None
    initial = {kind: value}
    return forms.build(whole, place, lists=_lists(), data=sent, initial=initial, session=viewer.bound)


def correct(viewer: Viewer, piece: Piece, value: str, *, at_utc: datetime) -> None:
    """A new datum of the same place and version in the place of the former one, which is deleted.

    It stays what it was given for: the corrected phone of a quote request is that request's phone."""
    provenance = Provenance(
        channel=piece.channel,
        version=piece.version,
        at_utc=at_utc,
        way=CORRECTED,
        evidence=f"in place of {piece.id}",
    )
    with transaction.atomic():
        keep(values={piece.kind: value}, provenance=provenance, person=viewer.person, request=piece.request)
        let_go_of(viewer.person, piece.id, because="corrected", way=viewer.way)


def add(viewer: Viewer, kind: str, value: str, *, at_utc: datetime) -> None:
    """One more value, under the version in force."""
    version = gate.policy().version
    provenance = Provenance(channel=PLACE, version=version, at_utc=at_utc, way="typed into the form")
    with transaction.atomic():
        keep(values={kind: value}, provenance=provenance, person=viewer.person)


def remove(viewer: Viewer, piece: Piece) -> None:
    """The value is deleted; what happened with it stays in her history."""
    with transaction.atomic():
        let_go_of(viewer.person, piece.id, because="removed", way=viewer.way)


def _lists() -> Mapping[str, Choices]:
    products = site().products.values()
    return {
        "need": [("quote", _("A quote")), ("service", _("Service"))],
        "product": [(product.slug, product.name) for product in products],
        "edition": [(edition.slug, edition.name) for product in products for edition in product.editions],
    }
