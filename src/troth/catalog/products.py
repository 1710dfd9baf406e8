"""catalog/*.yaml: each file declares one product, or services."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from troth.policy.fields import Fields, did_you_mean

from .reading import day, each, price, slug
from .terms import PRODUCT_KINDS, Edition, Product, Release, Service

_VERSION = re.compile(r"\d+(\.\d+)*([.-][0-9A-Za-z]+)*", re.ASCII)


@dataclass(slots=True)
class Shelf:
    """What the files read so far declare, and where; services are resolved when all files are read."""

    products: dict[str, Product] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    offers: dict[str, tuple[Fields, tuple[str, ...]]] = field(default_factory=dict)
    _where: dict[tuple[str, str], str] = field(default_factory=dict)

    def is_new(self, what: str, slug: str, fields: Fields, where: str) -> bool:
        """True the first time; a finding the second."""
        first = self._where.get((what, slug))
        if first is not None:
            fields.report.add("duplicate-slug", fields.node, what=what, slug=slug, where=first)
        self._where.setdefault((what, slug), where)
        return first is None


def read_catalog_file(fields: Fields, file: str, shelf: Shelf) -> None:
    """Adds what one file declares to the shelf."""
    if fields.has("product"):
        _read_product(fields, file, shelf)
    elif fields.has("services") and not fields.has("name"):
        fields.only(("services",))
        for service in each(fields, "services", called="service"):
            _read_service(service, file, shelf)
    else:
        fields.report.add("neither-product-nor-services", fields.node, file=file)


def join_services(shelf: Shelf) -> Mapping[str, Product]:
    """The products with their services, which may be declared in any file."""
    joined = {}
    for name, product in shelf.products.items():
        fields, offered = shelf.offers[name]
        for service in offered:
            if service not in shelf.services:
                hint = did_you_mean(service, shelf.services)
                fields.report.add("unknown-service", fields.place("services"), hint, service=service)
        services = tuple(shelf.services[service] for service in offered if service in shelf.services)
        joined[name] = _with_services(product, services)
    return MappingProxyType(joined)


def _with_services(product: Product, services: tuple[Service, ...]) -> Product:
    return Product(
        slug=product.slug,
        name=product.name,
        line=product.line,
        kind=product.kind,
        summary=product.summary,
        facts=product.facts,
        editions=product.editions,
        releases=product.releases,
        services=services,
        prices_since=product.prices_since,
    )


def _read_service(fields: Fields, file: str, shelf: Shelf) -> None:
    fields.only(("service", "name", "summary", "price"))
    service = Service(slug(fields, "service"), fields.text("name"), fields.text("summary"), price(fields, "price"))
    if shelf.is_new("service", service.slug, fields, file):
        shelf.services[service.slug] = service


def _read_product(fields: Fields, file: str, shelf: Shelf) -> None:
    fields.only(
        (
            "product",
            "name",
            "line",
            "kind",
            "summary",
            "facts",
            "editions",
            "releases",
            "services",
            "prices since",
        )
    )
    editions = _read_editions(fields)
    product = Product(
        slug=slug(fields, "product"),
        name=fields.text("name"),
        line=slug(fields, "line"),
        kind=fields.one_of("kind", PRODUCT_KINDS),  # type: ignore[arg-type]
        summary=fields.text("summary"),
        facts=_read_facts(fields),
        editions=editions,
        releases=_read_releases(fields, {edition.slug for edition in editions}),
        services=(),
        prices_since=day(fields, "prices since"),
    )
    if shelf.is_new("product", product.slug, fields, file):
        shelf.products[product.slug] = product
        shelf.offers[product.slug] = (fields, fields.texts("services"))


def _read_facts(fields: Fields) -> Mapping[str, str]:
    facts = fields.mapping("facts")
    return MappingProxyType({key.text or "": facts.text(key.text or "") for key, _ in facts.items()})


def _read_editions(fields: Fields) -> tuple[Edition, ...]:
    editions: dict[str, Edition] = {}
    for one in each(fields, "editions", called="edition"):
        one.only(("edition", "name", "for", "runs", "price"))
        edition = Edition(
            slug=slug(one, "edition"),
            name=one.text("name"),
            suits=one.text("for", default=""),
            runs=one.text("runs", default=""),
            price=price(one, "price"),
        )
        if edition.slug in editions:
            fields.report.add("duplicate-slug", one.node, what="edition", slug=edition.slug, where="this file")
        editions.setdefault(edition.slug, edition)
    return tuple(editions.values())


def _read_releases(fields: Fields, editions: set[str]) -> tuple[Release, ...]:
    releases: dict[str, Release] = {}
    for one in each(fields, "releases", called="version"):
        release = _read_release(one, editions, fields.name)
        if release and release.version in releases:
            fields.report.add("duplicate-slug", one.node, what="version", slug=release.version, where="this file")
        elif release:
            releases[release.version] = release
    return tuple(sorted(releases.values(), key=lambda release: release.published, reverse=True))


def _read_release(fields: Fields, editions: set[str], product: str) -> Release | None:
    fields.only(("version", "published", "notes", "fixes until", "closes", "editions"))
    version, published, until = fields.text("version"), day(fields, "published"), day(fields, "fixes until")
    if version and not _VERSION.fullmatch(version):
        fields.report.add("bad-version-name", fields.value("version") or fields.node, version=version)
    if not fields.has("published"):
        fields.report.add("missing-key", fields.node, key="published", owner=fields.name)
    if published and until and until < published:
        fields.report.add("fixes-end-early", fields.place("fixes until"), version=version, until=until.isoformat())
    for node in fields.nodes("editions"):
        if node.text not in editions:
            hint = did_you_mean(node.text or "", editions)
            fields.report.add("unknown-edition", node, hint, product=product, edition=node.text)
    if not published:
        return None
    return Release(
        version,
        published,
        fields.text("notes"),
        until,
        fields.texts("closes"),
        fields.texts("editions"),
    )
