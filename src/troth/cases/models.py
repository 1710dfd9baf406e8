"""Requests with a clock. They carry ids, codes and what staff wrote about the work, never a value of the person."""

from typing import ClassVar

from django.db import models


class CaseNumber(models.Model):
    """One row a request: its id is the running number, given out without a lock."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)

    class Meta:
        db_table = "case_number"


class Case(models.Model):
    """One request, by when it wants an answer, and what became of it."""

    holds = "person"

    UNVERIFIED, OPEN, ANSWERED, DENIED, WITHDRAWN = "unverified", "open", "answered", "denied", "withdrawn"
    STATES: ClassVar = [(state, state) for state in (UNVERIFIED, OPEN, ANSWERED, DENIED, WITHDRAWN)]
    LIVING: ClassVar = (UNVERIFIED, OPEN)
    MANNERS: ClassVar = [
        (way, way) for way in ("form", "account", "link", "agent", "post", "phone", "email", "program", "staff")
    ]

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    kind = models.TextField()
    person = models.ForeignKey("troth.Person", models.RESTRICT, related_name="+", null=True)
    account = models.BigIntegerField(null=True, help_text="Whose sign-in proved the person.")
    state = models.TextField(choices=STATES)
    manner = models.TextField(choices=MANNERS)
    regime = models.TextField(help_text="Whose clock runs: policy, ccpa, civil code 1798.83.")
    business = models.BooleanField(default=False, help_text="Asked by somebody as the contact of a business.")
    received_utc = models.DateTimeField(db_index=True)
    confirm_utc = models.DateTimeField(null=True, help_text="By when it must be confirmed.")
    notice_utc = models.DateTimeField(help_text="When she is told the problem and the next steps, if unanswered.")
    due_utc = models.DateTimeField()
    law_utc = models.DateTimeField(help_text="The statute's own end.")
    verified_utc = models.DateTimeField(null=True)
    confirmed_utc = models.DateTimeField(null=True)
    noticed_utc = models.DateTimeField(null=True)
    extended_utc = models.DateTimeField(null=True)
    extended_why = models.TextField(default="")
    reminded = models.IntegerField(default=0, help_text="The last reminder, in percent of the time.")
    answered_utc = models.DateTimeField(null=True)
    nature = models.TextField(default="", help_text="Nature of the answer: a code.")
    basis = models.TextField(default="", help_text="Why it was denied: a code or a section.")
    assigned_to = models.TextField(default="", help_text="User name of the member of staff.")
    facts = models.JSONField(default=dict, help_text="Ids and codes only.")

    class Meta:
        db_table = "request_case"
        indexes = [
            models.Index(fields=["state", "due_utc"], name="case_by_due"),
            models.Index(fields=["person", "kind"], name="case_by_person"),
            models.Index(fields=["account", "kind"], name="case_by_account"),
        ]


class CaseEvent(models.Model):
    """One thing that happened with a case. `what` is a code; `words` is what staff wrote about the work."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.RESTRICT, related_name="events")
    at_utc = models.DateTimeField()
    who = models.TextField()
    what = models.TextField()
    words = models.TextField(default="")

    class Meta:
        db_table = "case_event"
        ordering = ["at_utc", "id"]


class CaseApproval(models.Model):
    """One member of staff agrees to one step. Written by `approve_case` only, which refuses the same one twice."""

    holds = "person"

    pk = models.CompositePrimaryKey("case_id", "what", "who")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="approvals", db_index=False)
    what = models.TextField()
    who = models.TextField()
    at_utc = models.DateTimeField()
    transaction = models.BigIntegerField(help_text="What it permits happens in a later one.")

    class Meta:
        db_table = "case_approval"
