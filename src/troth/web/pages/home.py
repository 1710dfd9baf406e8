"""The start page: what is sold, what is new, and what the policy promises with the place to see it kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth.catalog.terms import Product, Release
from troth.policy.terms import Policy
from troth.web import reference
from troth.web.quoting import quotation

NEWEST = 4


@dataclass(frozen=True)
class Line:
    """Products that belong together."""

    name: str
    products: tuple[Product, ...]


@dataclass(frozen=True)
class News:
    product: Product
    release: Release


@dataclass(frozen=True)
class Seen:
    """Words of the policy, and where a visitor can see that they are kept."""

    anchor: str
    words: str
    seen: str
    address: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    products = reference.site().products.values()
    policy = reference.policy_if_known()
    context = {"lines": lines(products), "news": newest(products), "promises": seen(policy) if policy else []}
    return render(request, "web/home.html", context)


def lines(products: Iterable[Product]) -> list[Line]:
    """The lines in the order in which the catalog first names them."""
    listed = list(products)
    order = list(dict.fromkeys(product.line for product in listed))
    ordered = sorted(listed, key=lambda product: order.index(product.line))
    return [Line(name, tuple(members)) for name, members in groupby(ordered, key=lambda product: product.line)]


def newest(products: Iterable[Product]) -> list[News]:
    found = [News(product, release) for product in products for release in product.releases]
    return sorted(found, key=lambda news: news.release.published, reverse=True)[:NEWEST]


def seen(policy: Policy) -> list[Seen]:
    """Three promises with what a visitor can see of each; one that the policy does not make is not shown."""
    shown = (
        ("C6", _("Which cookies your browser holds from us, live"), "/cookies/"),
        ("I3", _("A form that says beside each field what it is for"), "/quote/"),
        ("U6", _("A receipt that names who got which of your data"), "/quote/"),
        ("I4", _("The rules under each paragraph, as the site runs them"), "/policy"),
    )
    made = [Seen(anchor, quotation(policy, anchor), words, address) for anchor, words, address in shown]
    return [promise for promise in made if promise.words]
