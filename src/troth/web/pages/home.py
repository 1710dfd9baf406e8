"""The start page: what is sold, what is new, and what the policy promises with the place to see it kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.catalog.terms import Product, Release
from troth.web import reference

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


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    products = reference.site().products.values()
    context = {"lines": lines(products), "news": newest(products)}
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
