"""The site folder: brand, products, editions, releases, prices, services, and who gets a request. Nothing personal."""

from .cast import Cast, load_cast
from .emails import silent
from .findings import CatalogFinding
from .load import Loaded, load
from .new import FolderNotEmpty, is_place, new, placeholders, refuse_filled, suggest_places
from .offers import Offer
from .places import not_offered
from .reading import is_domain
from .reasons import RoutingReason, sentence_of
from .routing import LeadFacts, RoutingChoice, choose
from .terms import (
    Brand,
    Color,
    Edition,
    Price,
    Product,
    Release,
    Routing,
    RoutingRecipient,
    RoutingRule,
    Service,
    SiteFolder,
    Territory,
)
from .territory import KnownPlace, locate
from .zones import zone_of

__all__ = [
    "Brand",
    "Cast",
    "CatalogFinding",
    "Color",
    "Edition",
    "FolderNotEmpty",
    "KnownPlace",
    "LeadFacts",
    "Loaded",
    "Offer",
    "Price",
    "Product",
    "Release",
    "Routing",
    "RoutingChoice",
    "RoutingReason",
    "RoutingRecipient",
    "RoutingRule",
    "Service",
    "SiteFolder",
    "Territory",
    "choose",
    "is_domain",
    "is_place",
    "load",
    "load_cast",
    "locate",
    "new",
    "not_offered",
    "placeholders",
    "refuse_filled",
    "sentence_of",
    "silent",
    "suggest_places",
    "zone_of",
]
