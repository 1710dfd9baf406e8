"""The products of a customer: what rooms know of each, gathered under its name in the site's catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from troth.access.persons import own_people
from troth.catalog.terms import Product
from troth.desk import index
from troth.desk.done import PerformedAct
from troth.desk.portal import ProductLine
from troth.security.models import User
from troth.site import site

MOST_LINES = 5
"""Lines of one product; the list of requests has them all."""


@dataclass(frozen=True)
class CustomersProduct:
    """A product with the latest that rooms know of it and the customer."""

    product: Product
    lines: Sequence[ProductLine]
    more: int


def are_offered() -> bool:
    """Whether any room knows of customers' products."""
    return any(room.products for room in index.rooms())


def remove(user: User, id: UUID) -> PerformedAct | None:
    """What the room did that has this line; None for a line that is not the customer's."""
    people = own_people(user)
    acts = (room.remove_product(people, id) for room in index.rooms() if room.remove_product)
    return next((act for act in acts if act), None)


def list_products(user: User) -> list[CustomersProduct]:
    """What happened last is first. What the catalog no longer has is in the list of requests alone.

    Cost  1 query for each room that knows of products"""
    people, catalog = own_people(user), site().products
    lines = [line for room in index.rooms() if room.products for line in room.products(people)]
    found: dict[str, list[ProductLine]] = {}
    for line in sorted(lines, key=lambda line: line.at_utc, reverse=True):
        if line.product in catalog:
            found.setdefault(line.product, []).append(line)
    return [CustomersProduct(catalog[key], its[:MOST_LINES], len(its) - MOST_LINES) for key, its in found.items()]
