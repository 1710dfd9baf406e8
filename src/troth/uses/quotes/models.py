"""Requests for a quote or service: their subject, never the person, whose data is behind the gate."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from troth.cases.models import Case
from troth.queries import PreparedQuery


class QuoteRequest(Case):
    """What was asked for, and to whom it went; all else is the case's."""

    holds = "person"

    ROUTED, QUEUED = "routed", "queued"
    STAGES: ClassVar[Mapping[str, Q]] = {
        Case.OPEN: Q(state__in=(Case.RECEIVED, Case.OPEN)),
        Case.RECEIVED: Case.STAGES[Case.RECEIVED],
        ROUTED: Q(state=Case.OPEN, alarm=""),
        QUEUED: Q(state=Case.OPEN) & ~Q(alarm=""),
        **{stage: Case.STAGES[stage] for stage in (Case.ANSWERED, Case.REFUSED, Case.ERASED)},
    }

    case = models.OneToOneField(Case, models.RESTRICT, parent_link=True, primary_key=True, related_name="quote")
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

    class Meta:
        db_table = "quote_request"
        indexes = [
            models.Index(fields=["address_key"], name="quote_request_by_address"),
            models.Index(fields=["company_key"], name="quote_request_by_company"),
        ]

    @property
    def stage(self) -> str:
        """An open request is with the recipient whom a rule chose, or with our staff where none could."""
        if self.state != Case.OPEN:
            return super().stage
        return self.QUEUED if self.alarm else self.ROUTED

    @classmethod
    def load(cls) -> Mapping[str, int]:
        """Recipient's key → number of open requests."""
        return dict(_LOAD.list())


_LOAD: "PreparedQuery[tuple[str, int]]" = PreparedQuery(
    lambda: (
        QuoteRequest.objects.filter(QuoteRequest.STAGES[QuoteRequest.ROUTED])
        .values("recipient")
        .annotate(open=models.Count("pk"))
        .values_list("recipient", "open")
    )
)
