"""Requests for a quote or for service. They carry what is asked for, never who asks: that is behind the gate."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class QuoteNumber(models.Model):
    """One row a request: its id is the running number, given out without a lock."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)

    class Meta:
        db_table = "quote_number"


class QuoteRequest(models.Model):
    """One request and what became of it."""

    holds = "person"

    RECEIVED, ROUTED, QUEUED = "received", "routed", "queued"
    ANSWERED, REFUSED, ERASED = "answered", "refused", "erased"
    PLACED: ClassVar = (ROUTED, QUEUED)
    STATES: ClassVar = [(state, state) for state in (RECEIVED, ROUTED, QUEUED, ANSWERED, REFUSED, ERASED)]

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, related_name="+")
    state = models.TextField(choices=STATES, default=RECEIVED)
    received_utc = models.DateTimeField(db_index=True)
    due_utc = models.DateTimeField()
    place = models.TextField(help_text="The form or channel it came through.")
    version = models.IntegerField(help_text="The policy version it came under.")

    need = models.TextField()
    product = models.TextField(default="")
    edition = models.TextField(default="")
    users = models.IntegerField(null=True)
    territory = models.TextField(default="", help_text="Country and state, e.g. US-CA.")

    address_key = models.BinaryField(null=True, help_text="Keyed hash: the same address asks again. Gone once erased.")
    company_key = models.BinaryField(null=True, help_text="Keyed hash of a company's own mail domain.")
    repeats = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    routed_utc = models.DateTimeField(null=True)
    rule = models.TextField(default="")
    rule_title = models.TextField(default="")
    rule_number = models.IntegerField(null=True)
    rules = models.IntegerField(null=True, help_text="Of how many.")
    why = models.TextField(default="", help_text="A reason of the catalog as text; in older rows a sentence.")
    recipient_class = models.TextField(default="")
    recipient = models.TextField(default="")
    recipient_name = models.TextField(default="")
    given_kinds = ArrayField(models.TextField(), default=list)
    disclosure = models.UUIDField(null=True)
    answered_utc = models.DateTimeField(null=True)
    answered_by = models.TextField(default="", help_text="Who noted it, as in the ledger; empty in older rows.")
    alarm = models.TextField(default="", help_text="What staff must look at: a reason as text, or a sentence.")

    class Meta:
        db_table = "quote_request"
        indexes = [
            models.Index(fields=["address_key"], name="quote_request_by_address"),
            models.Index(fields=["company_key"], name="quote_request_by_company"),
        ]

    @classmethod
    def load(cls) -> Mapping[str, int]:
        """Recipient's key → how many requests it has open."""
        counted = cls.objects.filter(state=cls.ROUTED).values("recipient").annotate(open=models.Count("pk"))
        return {row["recipient"]: row["open"] for row in counted}
