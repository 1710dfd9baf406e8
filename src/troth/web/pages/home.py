"""The start page: what is sold, what is new, and what the policy promises with the place to see it kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from troth.catalog.terms import Product, Release
from troth.desk import index
from troth.desk.room import SeenPromise
from troth.policy.terms import Policy
from troth.site import site
from troth.web import reference
from troth.web.pages.products import shelves
from troth.web.quoting import quote
from troth.wording import Words

NEWEST = 3
_OWN = (
    SeenPromise("C6", gettext_lazy("A live list of our cookies in your browser"), "/cookies/"),
    SeenPromise("I4", gettext_lazy("The rules behind each paragraph, as the site applies them"), "/policy"),
)


@dataclass(frozen=True)
class News:
    product: Product
    release: Release


@dataclass(frozen=True)
class ShownPromise:
    """Words of the policy, and where a visitor can see that they are kept."""

    anchor: str
    quotation: str
    seen: Words
    address: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    products = site().products.values()
    policy = reference.policy_if_known()
    context = {
        "shelves": shelves(products),
        "news": newest(products),
        "promises": list_promises(policy) if policy else [],
    }
    return render(request, "web/home.html", context)


def newest(products: Iterable[Product]) -> list[News]:
    """The latest releases, each product once."""
    latest = [News(product, product.latest) for product in products if product.latest]
    return sorted(latest, key=lambda news: news.release.published, reverse=True)[:NEWEST]


def list_promises(policy: Policy) -> list[ShownPromise]:
    """Promises with what a visitor can see of each, in its order; one that the policy does not make is not shown."""
    shown = {promise.anchor: promise for promise in (*_OWN, *index.promises())}
    made = [
        ShownPromise(each.anchor, quote(policy, each.anchor), each.seen, each.address)
        for section in policy.sections
        if (each := shown.get(section.anchor))
    ]
    return [promise for promise in made if promise.quotation]
