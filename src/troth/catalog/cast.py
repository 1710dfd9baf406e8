"""people.yaml: lists from which a seeded generator invents people, the demo's staff, and its customers with an account.

The lists contain no complete person: organizations, first names and last names are separate.
"""

from dataclasses import dataclass
from pathlib import Path

from troth.policy.fields import Fields

from .findings import CatalogFinding
from .reading import each, read_file
from .territory import locate

STAFF_ROLES = ("sales", "support", "product", "marketing", "privacy", "admin", "auditor")
_RESERVED = (".example", ".test", ".invalid", "example.com", "example.net", "example.org")


@dataclass(frozen=True, slots=True)
class CastOrganization:
    """An invented organization. `state` is "US-CA" or ""; `domain` is a reserved one."""

    name: str
    industry: str
    city: str
    state: str
    zip: str
    country: str
    domain: str


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of the demo's staff."""

    username: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class CastCustomer:
    """A customer with an account. `domain` is that of one of the organizations; `leads`: as its administrator."""

    name: str
    domain: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """The lists from which people are invented, and those who sign in."""

    organizations: tuple[CastOrganization, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    staff: tuple[Staff, ...]
    customers: tuple[CastCustomer, ...] = ()

    def organization_at(self, domain: str) -> CastOrganization:
        return next(each for each in self.organizations if each.domain == domain)

    def first_staff(self, role: str) -> Staff | None:
        return next((each for each in self.staff if each.role == role), None)


@dataclass(frozen=True, slots=True)
class LoadedCast:
    """The cast, or None if any finding is an error."""

    cast: Cast | None
    findings: tuple[CatalogFinding, ...]


def load_cast(folder: Path, *, checked: bool = True) -> LoadedCast:
    """The cast of a site's demo. A real site has no people.yaml, which is the finding `missing-file`.

    Takes   checked: False looks no ZIP code up, for their list takes half a second to load; who has no other state gets
            none
    """
    fields, report = read_file(folder, "people.yaml")
    cast = _read(fields, checked=checked) if fields else None
    return LoadedCast(None if report.failed else cast, report.site_findings())


def _read(fields: Fields, *, checked: bool) -> Cast:
    fields.only(("organizations", "first names", "last names", "staff", "customers"))
    organizations = tuple(_organization(one, checked=checked) for one in each(fields, "organizations", called="name"))
    domains = {one.domain for one in organizations}
    return Cast(
        organizations=organizations,
        first_names=fields.texts("first names", required=True),
        last_names=fields.texts("last names", required=True),
        staff=tuple(_staff(one) for one in each(fields, "staff", called="username")),
        customers=tuple(_customer(one, domains) for one in each(fields, "customers", called="name")),
    )


def _organization(fields: Fields, *, checked: bool) -> CastOrganization:
    fields.only(("name", "industry", "city", "state", "zip", "country", "domain"))
    country, state, zip_code = fields.text("country"), fields.text("state", default=""), fields.text("zip", default="")
    place = locate(zip_code if checked else "", state, country)
    if place.trouble:
        fields.report.add("unknown-place", fields.node, trouble=place.trouble.sentence())
    domain = fields.text("domain")
    if domain and not domain.endswith(_RESERVED):
        fields.report.add("bad-domain", fields.place("domain"), domain=domain)
    return CastOrganization(
        fields.text("name"), fields.text("industry"), fields.text("city"), place.state, zip_code, country, domain
    )


def _staff(fields: Fields) -> Staff:
    fields.only(("username", "name", "role"))
    role = fields.text("role")
    if role and role not in STAFF_ROLES:
        fields.report.add("bad-role", fields.place("role"), role=role)
    return Staff(fields.text("username"), fields.text("name"), role)


def _customer(fields: Fields, domains: set[str]) -> CastCustomer:
    fields.only(("name", "domain", "leads"))
    domain = fields.text("domain")
    if domain and domain not in domains:
        fields.report.add("bad-domain", fields.place("domain"), domain=domain)
    return CastCustomer(fields.text("name"), domain, fields.yes_no("leads", default=False))
