"""The index of all tables; each is declared in the room that decides about it."""

from troth.collection.forms.models import FormNonce, RateCount, RateSalt
from troth.outbox.models import Letter
from troth.records.models import (
    Choice,
    Datum,
    Entry,
    LawCollect,
    LawPurpose,
    LawUse,
    Membership,
    Organization,
    Person,
    PersonKey,
    PolicyVersion,
)
from troth.security.links.models import Link
from troth.security.models import User
from troth.uses.inquiries.models import Inquiry, InquiryNumber
from troth.uses.quotes.models import QuoteNumber, QuoteRequest

__all__ = [
    "Choice", "Datum", "Entry", "FormNonce", "Inquiry", "InquiryNumber", "LawCollect", "LawPurpose", "LawUse",
    "Letter", "Link", "Membership", "Organization", "Person", "PersonKey", "PolicyVersion", "QuoteNumber",
    "QuoteRequest", "RateCount", "RateSalt", "User",
]  # fmt: skip
