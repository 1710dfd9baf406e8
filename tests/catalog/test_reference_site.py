"""The reference site is sound, and large enough to believe in."""

from tests.catalog.conftest import REFERENCE

from troth import catalog


def test_the_reference_site_has_no_findings() -> None:
    assert catalog.load(REFERENCE).findings == ()


def test_the_catalog_is_believable(reference: catalog.SiteFolder) -> None:
    products = reference.products.values()

    assert len(products) == 12
    assert {product.kind for product in products} == {"software", "equipment"}
    assert 38 <= sum(len(product.releases) for product in products) <= 45
    assert all(product.editions and product.releases and product.services for product in products)
    assert all(edition.price for product in products for edition in product.editions)


def test_the_routing_has_the_people_it_promises(routing: catalog.Routing) -> None:
    assert (len(routing.salespeople), len(routing.distributors), len(routing.consultants)) == (8, 10, 6)


def test_every_email_of_the_demo_would_go_to_a_reserved_domain(reference: catalog.SiteFolder) -> None:
    routing = reference.routing
    everybody = [routing.fallback, *(routing.recipient(key) for key in _keys(routing))]

    assert all(one is not None and one.email.endswith(".example") for one in everybody)


def test_releases_stand_newest_first_and_name_the_advisories_they_close(reference: catalog.SiteFolder) -> None:
    process = reference.products["optipro-process"]

    assert process.latest is not None
    assert process.latest.version == "12.4.0"
    assert [release.published for release in process.releases] == sorted(
        (release.published for release in process.releases), reverse=True
    )
    assert [release.closes for release in process.releases if release.security] == [("OPS-2026-07",), ("OPS-2025-11",)]


def test_a_price_carries_its_currency(reference: catalog.SiteFolder) -> None:
    process = reference.products["optipro-process"]
    regulated = process.edition("regulated")

    assert str(process.price_from) == "$95.00 per user and month"
    assert regulated is not None
    assert str(regulated.price) == "$190.00 per user and month"
    assert process.edition("none such") is None


def _keys(routing: catalog.Routing) -> list[str]:
    return [*routing.salespeople, *routing.distributors, *routing.consultants]
