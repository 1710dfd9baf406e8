"""The start page: what is sold, what is new, and what the policy promises with the place to see it kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth.access.portal.listing import OpenRequests, find_open
from troth.catalog.terms import Product, Release
from troth.policy.terms import Policy
from troth.security.models import User
from troth.web import reference
from troth.web.pages.products import shelves
from troth.web.quoting import quote

NEWEST, MOST_OPEN = 3, 4


@dataclass(frozen=True)
class News:
    product: Product
    release: Release


@dataclass(frozen=True)
class ShownPromise:
    """Words of the policy, and where a visitor can see that they are kept."""

    anchor: str
    quotation: str
    seen: str
    address: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    products = reference.site().products.values()
    policy = reference.policy_if_known()
    context = {
        "shelves": shelves(products),
        "news": newest(products),
        "promises": list_promises(policy) if policy else [],
        "open": _list_open(request) if policy else None,
    }
    return render(request, "web/home.html", context)


def _list_open(request: HttpRequest) -> OpenRequests | None:
    """What is open with a customer who is signed in; nothing for visitors, and where nothing is."""
    user = request.user
    if not isinstance(user, User) or user.person_id is None:
        return None
    requests = find_open(user, timezone.now(), most=MOST_OPEN)
    return requests if requests.count else None


def newest(products: Iterable[Product]) -> list[News]:
    """The latest releases, each product once."""
    latest = [News(product, product.latest) for product in products if product.latest]
    return sorted(latest, key=lambda news: news.release.published, reverse=True)[:NEWEST]


def list_promises(policy: Policy) -> list[ShownPromise]:
    """Promises with what a visitor can see of each; one that the policy does not make is not shown."""
    shown = (
        ("C6", _("A live list of our cookies in your browser"), "/cookies/"),
        ("I3", _("A form that says next to each field what we use it for"), "/quote/"),
        ("U6", _("A receipt that names who received which data"), "/quote/"),
        ("I4", _("The rules behind each paragraph, as the site applies them"), "/policy"),
    )
    made = [ShownPromise(anchor, quote(policy, anchor), words, address) for anchor, words, address in shown]
    return [promise for promise in made if promise.quotation]
