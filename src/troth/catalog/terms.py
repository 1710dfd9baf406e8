"""The terms of a site: brand, products, services, and who may receive a request. Nothing personal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from typing import Literal

from .calendar import Calendar

ProductKind = Literal["software", "equipment"]
RecipientKind = Literal["staff.sales", "distributor", "consultant"]
Need = Literal["quote", "service"]

PRODUCT_KINDS: tuple[ProductKind, ...] = ("software", "equipment")
NEEDS: tuple[Need, ...] = ("quote", "service")


@dataclass(frozen=True, slots=True)
class Price:
    """An amount with its currency; `per` says what it is for: "user and month", "piece"."""

    amount: Decimal
    currency: str
    per: str

    def __str__(self) -> str:
        amount = f"${self.amount:,.2f}" if self.currency == "USD" else f"{self.amount:,.2f} {self.currency}"
        return f"{amount} per {self.per}"


@dataclass(frozen=True, slots=True)
class Edition:
    """One way to buy a product. `price` None: on request."""

    slug: str
    name: str
    suits: str
    runs: str
    price: Price | None


@dataclass(frozen=True, slots=True)
class Release:
    """One published version. `fixes_until` None: until its successor. `closes` names the advisories it fixes."""

    version: str
    published: date
    notes: str
    fixes_until: date | None
    closes: tuple[str, ...]
    editions: tuple[str, ...]

    @property
    def security(self) -> bool:
        return bool(self.closes)


@dataclass(frozen=True, slots=True)
class Service:
    """Work done by people: implementation, training, a service call."""

    slug: str
    name: str
    summary: str
    price: Price | None


@dataclass(frozen=True, slots=True)
class Product:
    """The content of a product page. `facts` is what it does, by heading; `releases` are newest first."""

    slug: str
    name: str
    line: str
    kind: ProductKind
    summary: str
    facts: Mapping[str, str]
    editions: tuple[Edition, ...]
    releases: tuple[Release, ...]
    services: tuple[Service, ...]
    prices_since: date | None

    def edition(self, slug: str) -> Edition | None:
        return next((edition for edition in self.editions if edition.slug == slug), None)

    @property
    def latest(self) -> Release | None:
        return self.releases[0] if self.releases else None

    @property
    def price_from(self) -> Price | None:
        """The lowest list price, for "from $85.00"; None if every edition is on request."""
        prices = [edition.price for edition in self.editions if edition.price]
        return min(prices, key=lambda price: price.amount, default=None)


@dataclass(frozen=True, slots=True)
class Color:
    """One token in both modes, as #rrggbb."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Brand:
    """The vendor's part of the header, home page and style sheet; `zone`: its time zone.

    `calendar`: its business days. `staff_domains`: where staff have email beside the domains of the
    site's own addresses."""

    name: str
    headline: str
    lead: str
    support_email: str
    staff_domains: frozenset[str]
    zone: tzinfo
    calendar: Calendar
    colors: Mapping[str, Color]


@dataclass(frozen=True, slots=True)
class RoutingRecipient:
    """Someone who can receive a request: a salesperson, a distributor or a consultant.

    `kind` is the recipient's id in the policy. `name` is a person, `organization` their employer. `weight` is
    the tier: 2 gets twice the requests of 1. `capacity` is how many open requests it can hold; None: no limit.
    """

    key: str
    kind: RecipientKind
    name: str
    organization: str
    email: str
    place: str
    weight: int
    capacity: int | None
    address: str = ""


@dataclass(frozen=True, slots=True)
class ZipRange:
    """US ZIP codes from first to last, both included."""

    first: str
    last: str

    def __contains__(self, zip_code: object) -> bool:
        return isinstance(zip_code, str) and self.first <= zip_code <= self.last

    def covers(self, other: "ZipRange") -> bool:
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True)
class Territory:
    """Countries, states ("US-CA", "CA-ON") and ZIP ranges; a place in any of them is inside."""

    key: str
    title: str
    countries: frozenset[str]
    states: frozenset[str]
    zips: tuple[ZipRange, ...]

    def covers(self, other: "Territory") -> bool:
        """True if every place of the other is inside this one."""
        return (
            other.countries <= self.countries
            and all(state in self.states or state[:2] in self.countries for state in other.states)
            and all("US" in self.countries or any(mine.covers(zips) for mine in self.zips) for zips in other.zips)
        )


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One line of the routing: conditions and recipients. None as a condition: any.

    `existing_owner`: the recipient who already owns the organization; such a rule names no recipients.
    """

    id: str
    title: str
    existing_owner: bool
    products: frozenset[str] | None
    territories: tuple[Territory, ...] | None
    need: Need | None
    least_users: int
    most_users: int | None
    recipients: tuple[RoutingRecipient, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """Who gets a request: ordered rules, and the queue for what no rule can assign."""

    rules: tuple[RoutingRule, ...]
    salespeople: Mapping[str, RoutingRecipient]
    distributors: Mapping[str, RoutingRecipient]
    consultants: Mapping[str, RoutingRecipient]
    territories: Mapping[str, Territory]
    fallback: RoutingRecipient

    def keys_of(self, kinds: Collection[str]) -> frozenset[str]:
        """The keys of recipients of these kinds."""
        groups = (self.salespeople, self.distributors, self.consultants)
        return frozenset(key for group in groups for key, one in group.items() if one.kind in kinds)

    def recipient(self, key: str) -> RoutingRecipient | None:
        """The recipient with this key, the fallback queue included."""
        if key == self.fallback.key:
            return self.fallback
        return self.salespeople.get(key) or self.distributors.get(key) or self.consultants.get(key)


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """Everything in a site folder except its policy and its invented people. Mappings keep the files' order."""

    brand: Brand
    products: Mapping[str, Product]
    services: Mapping[str, Service]
    routing: Routing

    def name_product(self, slug: str) -> str:
        """The product's name; "" for none, and for one that is in the catalog no more."""
        return self.products[slug].name if slug in self.products else ""

    def name_edition(self, product: str, slug: str) -> str:
        """The name of an edition of this product; "" for none, and for one that is in the catalog no more."""
        found = self.products[product].edition(slug) if product in self.products else None
        return found.name if found else ""

    def offer_products(self) -> list[tuple[str, str]]:
        """What a form offers: each product's slug and name."""
        return [(each.slug, each.name) for each in self.products.values()]

    def offer_editions(self) -> list[tuple[str, str]]:
        """What a form offers: each edition's slug and name, once, though several products have it."""
        return list({each.slug: each.name for product in self.products.values() for each in product.editions}.items())

    def offer_lists(self) -> dict[str, list[tuple[str, str]]]:
        """Kind → what a form offers of it."""
        return {"product": self.offer_products(), "edition": self.offer_editions()}
