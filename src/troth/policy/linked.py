"""The policy as linked data: JSON-LD with the W3C Data Privacy Vocabulary 2.

Source  https://w3id.org/dpv, personal data from https://w3id.org/dpv/pd.
"""

from typing import Any

from .parting import find_whole
from .phrases import choice_words, describe_kept
from .terms import Policy, Purpose, Recipient

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ROLES = {
    "staff": "dpv:DataController",
    "partner": "dpv:Recipient",
    "provider": "dpv:DataProcessor",
    "authority": "dpv:Authority",
    "colleague": "dpv:Recipient",
}
_BASES = {
    "consent": "dpv:Consent",
    "contract": "dpv:Contract",
    "legal obligation": "dpv:LegalObligation",
    "legitimate interests": "dpv:LegitimateInterest",
}


def jsonld(policy: Policy, *, base: str = "") -> dict[str, Any]:
    """The notice as a JSON-LD document.

    Takes   base: the address of the policy page, so that ids are absolute; '' keeps them relative.
    """
    return {
        "@context": CONTEXT,
        "@id": f"{base}#policy",
        "@type": "dpv:PrivacyNotice",
        "dct:title": policy.organization,
        "dct:language": policy.language,
        "dct:hasVersion": str(policy.version),
        "dct:issued": {"@type": "xsd:date", "@value": policy.effective.isoformat()},
        "dct:identifier": f"sha256:{policy.sha256}",
        "dpv:hasDataController": _controller(policy),
        "dpv:hasProcess": [_process(policy, purpose, base) for purpose in policy.purposes.values()],
    }


def _controller(policy: Policy) -> dict[str, Any]:
    return {
        "@type": "dpv:DataController",
        "dpv:hasName": policy.organization,
        "dpv:hasContact": policy.privacy_email,
        "dpv:hasAddress": ", ".join(policy.postal_address),
    }


def _process(policy: Policy, purpose: Purpose, base: str) -> dict[str, Any]:
    process: dict[str, Any] = {
        "@id": f"{base}#purpose-{purpose.id}",
        "@type": "dpv:Process",
        "dct:title": purpose.title,
        "dct:description": purpose.quotation,
        "dct:isPartOf": {"@id": f"{base}#{purpose.section}"},
        "dpv:hasPurpose": {"@type": f"dpv:{purpose.dpv or 'Purpose'}", "dct:title": purpose.title},
        "dpv:hasPersonalData": [_data(policy, id, base) for id in purpose.may_use if id in policy.kinds],
        "dpv:hasDataSource": [
            {"@id": f"{base}#collect-{id}", "@type": "dpv:DataSource", "dct:title": policy.collects[id].title}
            for id in dict.fromkeys(map(find_whole, purpose.collected_by))
            if id in policy.collects
        ],
        "dpv:hasRecipient": [
            _recipient(policy.recipients[id], base) for id in purpose.recipients if id in policy.recipients
        ],
        "dct:conditionsOfUse": choice_words(purpose),
    }
    basis = _BASES[purpose.basis] if purpose.basis else "dpv:Consent" if purpose.weakest == "sign up" else ""
    if basis:
        process["dpv:hasLegalBasis"] = {"@type": basis}
    return process


def _data(policy: Policy, id: str, base: str) -> dict[str, Any]:
    kind = policy.kinds[id]
    types = [f"pd:{kind.dpv}"] if kind.dpv else ["dpv:PersonalData"]
    if kind.sensitivity == "sensitive":
        types.append("dpv:SensitivePersonalData")
    return {
        "@id": f"{base}#kind-{id}",
        "@type": types,
        "dct:title": kind.title,
        "dpv:hasStorageCondition": {"@type": "dpv:StorageDuration", "dct:description": describe_kept(kind.kept)},
    }


def _recipient(recipient: Recipient, base: str) -> dict[str, Any]:
    types = [_ROLES[recipient.role]] + (["dpv:ThirdParty"] if recipient.third_party else [])
    return {"@id": f"{base}#recipient-{recipient.id}", "@type": types, "dct:title": recipient.title}
