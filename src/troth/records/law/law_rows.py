"""The rows of the law that a version states, as the database takes them."""

from collections.abc import Mapping
from typing import Any

from troth.policy import Policy, Retention
from troth.policy.meaning import Law
from troth.policy.terms import Purpose
from troth.policy.types import PLACE_TYPES


def list_law_rows(law: Law) -> Mapping[str, list[dict[str, Any]]]:
    """The rows of law_purpose, law_use, law_collect and law_kept that the law's current version says."""
    now = law.versions[law.current]
    return {
        "purposes": [
            {
                "purpose": purpose.id,
                "choice": purpose.choice,
                "marketing": purpose.marketing,
                "recipients": list(purpose.recipients),
                "kinds": list(purpose.may_use),
                "section": purpose.section,
                "topics": ["*"] if purpose.topics_of else [topic.id for topic in purpose.topics],
                **({"choices": purpose.choices} if purpose.by_region else {}),
                **({"serves": serves} if (serves := _find_serving(purpose, now)) else {}),
            }
            for purpose in now.purposes.values()
        ],
        "uses": [
            {
                "purpose": purpose.id,
                "kind": kind,
                "channel": channel,
                "introduced": law.find_introduction(purpose.id, kind, channel),
                **_make_time_row(purpose.find_time(kind)),
            }
            for purpose in now.purposes.values()
            for kind in purpose.may_use
            for channel in purpose.collected_by
        ],
        "collects": [
            {
                "channel": collect.id,
                "kind": ask.kind,
                "section": collect.section,
                "sensitivity": now.kinds[ask.kind].sensitivity,
            }
            for collect in now.collects.values()
            for ask in collect.asks
        ],
        "kept": make_kept_rows(now),
    }


def _make_time_row(own: Retention | None) -> Mapping[str, Any]:
    return {"kept_number": own.time.number, "kept_unit": own.time.unit, "kept_after": own.after} if own else {}


def _find_serving(purpose: Purpose, policy: Policy) -> Mapping[str, list[str]]:
    """Recipient → the products about which alone it receives data; without those that serve all."""
    named = [policy.recipients[id] for id in purpose.recipients if id in policy.recipients]
    return {one.id: [product.id for product in one.products] for one in named if one.products}


def find_places(policy: Policy) -> Mapping[str, str]:
    """Kind → country or state, of kinds that say where people live."""
    return {kind.id: kind.type for kind in policy.kinds.values() if kind.type in PLACE_TYPES}


def make_kept_rows(policy: Policy) -> list[dict[str, Any]]:
    """The rows of law_kept that a version says."""
    return [
        {"kind": kind.id, "number": kind.kept.time.number, "unit": kind.kept.time.unit, "after": kind.kept.after}
        for kind in policy.kinds.values()
        if kind.kept
    ]
