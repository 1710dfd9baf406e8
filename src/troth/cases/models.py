"""Requests of every kind. They carry ids, codes and what staff wrote about the work, never a value of the person.

What a kind keeps beside that (what a quote was asked for, how it was routed) is a table of its room: it extends `Case`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from troth.queries import PreparedQuery, Slot, store, store_numbered
from troth.records.membership import Owned


class CaseNumber(models.Model):
    """One row for each request; its id is the running number, assigned without a lock."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)

    class Meta:
        db_table = "case_number"

    @classmethod
    def assign(cls, prefix: str, at_utc: datetime) -> str:
        """The next number, as people read it: prefix, year and running number.   Cost  1 query"""
        return f"{prefix}-{at_utc.year}-{store_numbered(cls()):04d}"


class Case(Owned):
    """One request: who made it, who answers it and by when, and what happened to it."""

    holds = "person"

    RECEIVED, UNVERIFIED, OPEN = "received", "unverified", "open"
    ANSWERED, DENIED, WITHDRAWN = "answered", "denied", "withdrawn"
    STATES: ClassVar = [(state, state) for state in (RECEIVED, UNVERIFIED, OPEN, ANSWERED, DENIED, WITHDRAWN)]
    LIVING: ClassVar = (RECEIVED, UNVERIFIED, OPEN)
    MANNERS: ClassVar = [
        (way, way)
        for way in ("form", "account", "link", "agent", "post", "phone", "visit", "email", "program", "staff")
    ]
    REFUSED, ERASED, JOINED = "refused", "erased", "joined"
    """Natures of an end that nobody decided.

    The policy forbids to pass it on; the person's data was erased, and this with it; the same was asked before."""
    PERSON, LATER = "person", "later"
    """What a request waits for while no answer is due: their reply, or a time that staff chose."""
    STAGES: ClassVar[Mapping[str, Q]] = {
        RECEIVED: Q(state=RECEIVED),
        OPEN: Q(state=OPEN),
        ANSWERED: Q(state=ANSWERED),
        REFUSED: Q(state=DENIED, nature=REFUSED),
        ERASED: Q(state=WITHDRAWN, nature=ERASED),
    }
    """Where requests may are that no law gives a clock, as lists are narrowed by it: see `stage`."""

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    kind = models.TextField()
    purpose = models.TextField(default="rights", help_text="Who receives its data by the policy answers it.")
    approves = models.TextField(default="", help_text="What two of the staff agree to: erase, disclose or export.")
    queue = models.TextField(default="", help_text="The staff who answer, as the policy names them, e.g. staff.sales.")
    account = models.BigIntegerField(null=True, help_text="Whose sign-in proved the person.")
    state = models.TextField(choices=STATES)
    manner = models.TextField(choices=MANNERS)
    regime = models.TextField(help_text="Whose clock runs: policy, ccpa, civil code 1798.83; none is our own.")
    business = models.BooleanField(default=False, help_text="Asked by somebody as the contact of a business.")
    received_utc = models.DateTimeField(db_index=True)
    confirm_utc = models.DateTimeField(null=True, help_text="By when it must be confirmed.")
    notice_utc = models.DateTimeField(null=True, help_text="When she is told the problem and the next steps.")
    due_utc = models.DateTimeField()
    law_utc = models.DateTimeField(null=True, help_text="The statute's own end.")
    verified_utc = models.DateTimeField(null=True)
    confirmed_utc = models.DateTimeField(null=True)
    noticed_utc = models.DateTimeField(null=True)
    extended_utc = models.DateTimeField(null=True)
    extended_why = models.TextField(default="")
    reminded = models.IntegerField(default=0, help_text="The last reminder, in percent of the time.")
    answered_utc = models.DateTimeField(null=True)
    answered_by = models.TextField(default="", help_text="Who ended it, as in the ledger; empty in older rows.")
    nature = models.TextField(default="", help_text="Nature of the answer: a code.")
    basis = models.TextField(default="", help_text="Why it was denied: a code or a section.")
    denial = models.TextField(default="", help_text="Why it was denied: one of REASONS.")
    joined = models.TextField(default="", help_text="The number of the earlier request that it repeated.")
    callback = models.BooleanField(default=False, help_text="An agent wants to hear of changes.")
    assigned_to = models.TextField(default="", help_text="User name of the member of staff.")
    asked_by = models.TextField(default="", db_default="", help_text="User name of who asks to be handed it.")
    alarm = models.TextField(default="", help_text="What staff must look at: a reason as text, or a sentence.")
    waits_for = models.TextField(
        default="", db_default="", help_text="Whose turn it is, where it isn’t ours: person, later."
    )
    waits_until_utc = models.DateTimeField(null=True, help_text="Until when nobody has to answer.")
    facts = models.JSONField(default=dict, help_text="What its kind alone knows: `CaseKind.read` gives it typed.")

    class Meta:
        db_table = "request_case"
        indexes = [
            models.Index(fields=["state", "due_utc"], name="case_by_due"),
            # In the order of a person's pages: without it the first of theirs are sought among everyone's.
            models.Index(fields=["person", "received_utc"], name="case_of_person"),
            models.Index(fields=["account", "kind"], name="case_by_account"),
            # A list in its two orders, what the user has of it and what isn't done, and how many are in each state: of
            # equal entries PostgreSQL keeps one.
            models.Index(
                fields=["purpose", "state", "waits_for", "due_utc", "number"],
                include=["assigned_to", "alarm"],
                name="case_by_turn",
            ),
            models.Index(fields=["purpose", "-received_utc", "number"], name="case_by_day"),
            models.Index(fields=["purpose", "state"], name="case_by_state"),
            models.Index(
                fields=["answered_utc"],
                include=["purpose", "due_utc"],
                condition=Q(state="answered"),
                name="case_in_time",
            ),
        ]

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """As Django's own, by a query that is made once: each step of a request reads it again."""
        if using is not None or fields is not None or from_queryset is not None:
            return super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        fresh = by_id(type(self)).first(id=self.pk)
        if fresh is None:
            raise type(self).DoesNotExist
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))
        self._state.fields_cache.clear()
        return None

    @staticmethod
    @cache
    def list_columns() -> tuple[str, ...]:
        """The columns of every request, whatever its kind keeps beside them."""
        return tuple(field.attname for field in Case._meta.concrete_fields)

    def fill(self, values: Sequence[Any]) -> None:
        """Takes  values: of `list_columns`, as the database gives them."""
        for (column, read), value in zip(_list_readers(), values, strict=True):
            setattr(self, column, read(value, None, transaction.get_connection()) if read else value)
        self._state.fields_cache.clear()

    @property
    def asker(self) -> UUID:
        """Who asked, where someone did."""
        assert self.person_id is not None
        return self.person_id

    @property
    def owed(self) -> bool:
        """Whether someone of the staff has to answer it now."""
        return self.state in self.LIVING and not self.waits_for

    @property
    def may_go_on(self) -> bool:
        """Whether it ended, and can be opened again or merged: nobody's data went, and no other request has it."""
        return self.state in (self.ANSWERED, self.WITHDRAWN) and self.nature not in (self.ERASED, self.JOINED)

    @property
    def stage(self) -> str:
        """The state as a page says it: of an end that nobody decided, why it ended."""
        ended = self.state in (self.DENIED, self.WITHDRAWN)
        return self.nature if ended and self.nature in (self.REFUSED, self.ERASED, self.JOINED) else self.state


@cache
def _list_readers() -> tuple[tuple[str, Any], ...]:
    """Each of `Case.list_columns`, and what makes its value of the database's, if anything does."""
    return tuple((field.attname, getattr(field, "from_db_value", None)) for field in Case._meta.concrete_fields)


class CaseEvent(models.Model):
    """One event of a case. `what` is a code; `words` is what staff wrote about the work."""

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
    """One staff member's approval of one step. Only `approve_case` writes it, and refuses the same person twice."""

    holds = "person"

    pk = models.CompositePrimaryKey("case_id", "what", "who")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="approvals", db_index=False)
    what = models.TextField()
    who = models.TextField()
    at_utc = models.DateTimeField()
    transaction = models.BigIntegerField(help_text="What it permits happens in a later one.")

    class Meta:
        db_table = "case_approval"


Extended = TypeVar("Extended", bound=Case)


@cache
def by_id(table: type[Extended]) -> PreparedQuery[Extended]:
    """The row with the `id`."""
    return PreparedQuery(lambda: table.objects.filter(pk=Slot("id")))


@cache
def by_id_locked(table: type[Extended]) -> PreparedQuery[Extended]:
    """As `by_id`; until the end of the transaction nobody else changes it."""
    return PreparedQuery(lambda: table.objects.select_for_update().filter(pk=Slot("id")))


def extend_case(table: type[Extended], case: Case, **own: Any) -> Extended:
    """Creates the row that a kind keeps beside its case, in the caller's transaction."""
    shared = {name: getattr(case, name) for name in Case.list_columns()}
    return store(table(pk=case.pk, **shared, **own))
