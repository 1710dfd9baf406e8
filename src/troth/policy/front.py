"""The front matter: the organization, its contact details, the version and its date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .fields import Fields, did_you_mean
from .findings import Report
from .source import Node
from .terms import LAWS

DECLARATIONS = ("wording", "material")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True)
class FrontMatter:
    """The front matter as read."""

    organization: str = ""
    short_name: str = ""
    privacy_email: str = ""
    postal_address: tuple[str, ...] = ()
    language: str = "en"
    version: int = 0
    effective: date = date.max
    cookie_switch: str = "none"
    declared: Mapping[str, str] = field(default_factory=dict)
    laws: tuple[str, ...] = ("california",)
    country: str = ""
    controllers: tuple[str, ...] = ()
    representative: str = ""


def read_front(node: Node | None, report: Report) -> FrontMatter:
    if node is None:
        return FrontMatter()
    fields = Fields(node, "front matter", report)
    fields.only(
        (
            "organization",
            "short name",
            "privacy email",
            "postal address",
            "language",
            "version",
            "effective",
            "cookie switch",
            "changes",
            "laws",
            "country",
            "controllers",
            "representative",
        )
    )
    organization = fields.text("organization")
    return FrontMatter(
        organization=organization,
        short_name=fields.text("short name", default=organization),
        privacy_email=_email(fields),
        postal_address=fields.texts("postal address"),
        language=read_language(fields),
        version=read_version(fields),
        effective=_effective(fields),
        cookie_switch=fields.one_of("cookie switch", ("none", "declared"), default="none"),
        declared=_read_declared(fields.mapping("changes")),
        laws=_read_laws(fields),
        country=read_countries(fields, "country")[0] if fields.has("country") else "",
        controllers=fields.texts("controllers"),
        representative=fields.text("representative", default=""),
    )


def _read_declared(fields: Fields) -> dict[str, str]:
    """Anchor → wording or material, as the author declares changes of the text since the version before."""
    return {key.text or "": fields.one_of(key.text or "", DECLARATIONS) for key, _ in fields.items()}


def _read_laws(fields: Fields) -> tuple[str, ...]:
    """The laws that the policy is checked against: California's, unless it chooses."""
    for node in fields.nodes("laws"):
        if node.text not in LAWS:
            hint = did_you_mean(node.text or "", LAWS)
            fields.report.add("unknown-value", node, hint, key="laws", value=node.text, allowed=", ".join(LAWS))
    return fields.texts("laws") if fields.has("laws") else ("california",)


def read_countries(fields: Fields, name: str) -> tuple[str, ...]:
    """Two-letter codes; one empty text where there is none."""
    for node in fields.nodes(name):
        if not re.fullmatch(r"[A-Z]{2}", node.text or ""):
            fields.report.add("bad-country", node, country=node.text)
    return fields.texts(name) or ("",)


def _email(fields: Fields) -> str:
    email = fields.text("privacy email", default="")
    if fields.has("privacy email") and not _EMAIL.fullmatch(email):
        fields.report.add("bad-email", fields.place("privacy email"), email=email)
    return email


def read_language(fields: Fields) -> str:
    """The language code; `en` unless another is given."""
    language = fields.text("language", default="en")
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        fields.report.add("bad-language", fields.place("language"), language=language)
    return language


def read_version(fields: Fields) -> int:
    """The version from 1 up; 0 after a finding."""
    text = fields.text("version")
    if re.fullmatch(r"[1-9][0-9]{0,5}", text, re.ASCII):
        return int(text)
    if text:
        fields.report.add("bad-version", fields.place("version"), version=text)
    return 0


def _effective(fields: Fields) -> date:
    if not fields.has("effective"):
        fields.report.add("law-effective-date", fields.node)
        return date.max
    text = fields.text("effective")
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    fields.report.add("bad-date", fields.place("effective"), date=text)
    return date.max
