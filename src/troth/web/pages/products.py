"""Products: the list with its search, and a page for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth.catalog.terms import Product
from troth.site import site
from troth.text import read_search

RELEASES_A_PAGE = 8


@dataclass(frozen=True)
class ShownShelf:
    """Products of one kind."""

    title: str
    products: tuple[Product, ...]


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """All products, or those that match what is looked for; the words stay in the address, nowhere else."""
    words, line = read_search(request.GET.get("q", "")), read_search(request.GET.get("line", ""))
    listed = site().products.values()
    found = [product for product in listed if matches(product, words=words, line=line)]
    context = {
        "shelves": shelves(found),
        "count": len(found),
        "lines": sorted({product.line for product in listed}),
        "words": words,
        "line": line,
        "filtered": bool(words or line),
    }
    return render(request, "web/products.html", context)


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = site().products.get(slug)
    if found is None:
        raise Http404
    releases = Paginator(found.releases, RELEASES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/product.html", {"product": found, "releases": releases})


def shelves(products: Iterable[Product]) -> list[ShownShelf]:
    """Software, then equipment; on each shelf what a range is built around comes before what is added to it."""
    titles = {"software": _("Software"), "equipment": _("Equipment")}
    ordered = sorted(products, key=_price, reverse=True)
    found = [ShownShelf(title, tuple(one for one in ordered if one.kind == kind)) for kind, title in titles.items()]
    return [shelf for shelf in found if shelf.products]


def matches(product: Product, *, words: str, line: str) -> bool:
    """True if the product is of the line (any if empty) and every word is somewhere in its page."""
    text = " ".join(_texts(product)).casefold()
    return (not line or product.line == line) and all(word in text for word in words.casefold().split())


def _price(product: Product) -> Decimal:
    return product.price_from.amount if product.price_from else Decimal(0)


def _texts(product: Product) -> Iterable[str]:
    yield from (product.name, product.line, product.summary)
    yield from (f"{title} {words}" for title, words in product.facts.items())
    yield from (f"{edition.name} {edition.suits} {edition.runs}" for edition in product.editions)
    yield from (f"{service.name} {service.summary}" for service in product.services)
