"""The site folder: brand, products, editions, releases, prices, services, and who gets a request. Nothing personal."""

from .cast import Cast, load_cast
from .emails import silent
from .findings import Finding
from .load import Loaded, load
from .new import FolderNotEmpty, new
from .places import PLACES, not_offered, unoffered
from .reasons import Reason, sentence_of
from .routing import Choice, LeadFacts, choose
from .terms import Brand, Color, Edition, Price, Product, Recipient, Release, Routing, Rule, Service, Site, Territory
from .territory import Place, locate

__all__ = [
    "PLACES",
    "Brand",
    "Cast",
    "Choice",
    "Color",
    "Edition",
    "Finding",
    "FolderNotEmpty",
    "LeadFacts",
    "Loaded",
    "Place",
    "Price",
    "Product",
    "Reason",
    "Recipient",
    "Release",
    "Routing",
    "Rule",
    "Service",
    "Site",
    "Territory",
    "choose",
    "load",
    "load_cast",
    "locate",
    "new",
    "not_offered",
    "sentence_of",
    "silent",
    "unoffered",
]
