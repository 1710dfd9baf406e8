"""Choices as receipts that other programs read: JSON-LD after ISO/IEC TS 27560 in the words of the W3C's DPV.

A yes or no to what happens only if one says so is a consent. Saying no to what else would happen, or yes to it again,
is a choice and is called one: no consent is claimed where nobody was asked for it.

Source  https://w3id.org/dpv, guide “Implementing ISO/IEC TS 27560:2023 consent records and receipts”
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from troth.policy import Law, Policy, jsonld
from troth.records.ledger import Chosen, LedgerEntry

_CONFORMS = "https://w3id.org/dpv/schema/dpv-27560#record"
_CHOICE = ("dpv:OptingOutFromProcess", "dpv:OptingInToProcess")


def consent_receipts(entries: Sequence[LedgerEntry], law: Law, *, base: str) -> str:
    """The file of a receipt for each choice among the entries; empty if there is none.

    Takes   base: the site's address. Each receipt quotes the policy as it stood in the version that was answered."""
    chosen = [entry for entry in entries if entry.kind == "chose" and entry.version in law.versions]
    if not chosen:
        return ""
    context = jsonld(law.policy)["@context"]
    made = [_receipt(entry, law.versions[entry.version], base) for entry in chosen]
    return json.dumps({"@context": context, "@graph": made}, indent=2, ensure_ascii=False) + "\n"


def is_consent(entry: LedgerEntry, policy: Policy) -> bool:
    """Whether the choice answers a question without whose yes nothing happens."""
    purpose = policy.purposes.get(entry.purpose)
    return "@" in entry.read(Chosen).question or (purpose is not None and purpose.choice == "sign up")


def _receipt(entry: LedgerEntry, policy: Policy, base: str) -> Mapping[str, Any]:
    consent = is_consent(entry, policy)
    return {
        "@id": f"urn:uuid:{entry.id}",
        "@type": "dpv:ConsentReceipt" if consent else "dpv:DataProcessingRecord",
        "dct:title": "Consent receipt" if consent else "Choice receipt (not a consent)",
        "dpv:hasRecordOfActivity": _record(entry, policy, base, consent=consent),
    }


def _record(entry: LedgerEntry, policy: Policy, base: str, *, consent: bool) -> Mapping[str, Any]:
    notice = jsonld(policy, base=f"{base}/policy/{policy.version}")
    process = [each for each in notice["dpv:hasProcess"] if each["@id"].endswith(f"#purpose-{entry.purpose}")]
    record: dict[str, Any] = {
        "@id": f"urn:uuid:{entry.id}#record",
        "@type": "dpv:ConsentRecord" if consent else "dpv:DataProcessingRecord",
        "dct:identifier": str(entry.id),
        "dpv:hasDataSubject": {"@id": f"urn:uuid:{entry.person}", "@type": "dpv:DataSubject"},
        "dpv:hasDataController": notice["dpv:hasDataController"],
        "dpv:hasNotice": {key: notice[key] for key in _NOTICE},
        "dpv:hasProcess": process or _marketing(policy, notice),
        "dct:description": entry.read(Chosen).question,
        **({"dct:conformsTo": {"@id": _CONFORMS}} if consent else {}),
        **_status(entry, consent=consent),
    }
    return record


_NOTICE = ("@id", "@type", "dct:language", "dct:hasVersion", "dct:issued", "dct:identifier")


def _status(entry: LedgerEntry, *, consent: bool) -> Mapping[str, Any]:
    said = entry.read(Chosen)
    kind = ("dpv:ConsentGiven" if said.yes else "dpv:ConsentRefused") if consent else _CHOICE[said.yes]
    return {
        "dpv:hasConsentStatus" if consent else "dpv:hasStatus": {
            "@type": kind,
            "dpv:isIndicatedAtTime": {"@type": "xsd:dateTime", "@value": entry.at_utc.isoformat()},
            "dpv:isIndicatedBy": {"@id": f"urn:uuid:{entry.person}"},
            "dpv:hasIndicationMethod": said.way,
        }
    }


def _marketing(policy: Policy, notice: Mapping[str, Any]) -> list[Any]:
    """The general opt-out is about every purpose that may carry marketing."""
    marketing = tuple(f"#purpose-{each.id}" for each in policy.purposes.values() if each.marketing)
    return [each for each in notice["dpv:hasProcess"] if each["@id"].endswith(marketing)]
