"""Organizations and their members: the tables of `records/sql/organizations.sql`."""

from uuid import UUID

from django.db import models

from troth.queries import Slot
from troth.records.models import Person


class Organization(models.Model):
    """A customer's organization: its name, and its email domain as an index that doesn't reveal it."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    domain_index = models.BinaryField(unique=True, null=True)
    industry = models.TextField(default="")
    country = models.TextField(default="")
    state = models.TextField(default="")
    created_utc = models.DateTimeField()

    class Meta:
        db_table = "organization"


ADMIN, MEMBER, VIEWER = "admin", "member", "viewer"
ROLES = (ADMIN, MEMBER, VIEWER)
"""An administrator decides who belongs to the organization, a member shares with it, a viewer looks."""


class Membership(models.Model):
    """A member of an organization. Without a role, a contact that is known only by email domain."""

    holds = "person"

    pk = models.CompositePrimaryKey("person_id", "organization_id")
    person = models.ForeignKey(Person, models.RESTRICT, db_index=False)
    organization = models.ForeignKey(Organization, models.RESTRICT)
    role = models.TextField(null=True)
    since_utc = models.DateTimeField()

    class Meta:
        db_table = "membership"
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="membership_role"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(role__isnull=False), name="membership_of_one_organization"
            ),
        ]


class JoinRequest(models.Model):
    """A request to join by someone with a confirmed address of the organization's domain."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    organization = models.ForeignKey(Organization, models.RESTRICT)
    person = models.ForeignKey(Person, models.RESTRICT)
    state = models.TextField(help_text="asked, agreed, refused or withdrawn.")
    asked_utc = models.DateTimeField()
    decided_utc = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        db_table = "join_request"


class Invitation(models.Model):
    """A colleague's invitation. Its address is a datum of `person` and is deleted when the invitation ends."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    organization = models.ForeignKey(Organization, models.RESTRICT)
    person = models.ForeignKey(Person, models.RESTRICT)
    role = models.TextField()
    invited_by = models.UUIDField()
    state = models.TextField(help_text="open, accepted, declined, withdrawn or expired.")
    sent_utc = models.DateTimeField()
    expires_utc = models.DateTimeField()
    ended_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "invitation"
        constraints = [models.CheckConstraint(condition=models.Q(role__in=ROLES), name="invitation_role")]


class Owned(models.Model):
    """Whose a business row is, for which organization they act, if any, and whether their colleagues there see it.

    Only its own functions write what is shared: see `sql/cases.sql`."""

    person = models.ForeignKey(Person, models.RESTRICT, related_name="+", null=True)
    organization = models.ForeignKey(Organization, models.RESTRICT, related_name="+", null=True)
    shared = models.BooleanField(default=False, help_text="Whether colleagues see it.")

    class Meta:
        abstract = True

    @classmethod
    def of_colleagues(cls, organization: UUID | Slot) -> models.Q:
        """Rows that the members of an organization show to each other."""
        return models.Q(organization=organization, shared=True)


class SharedFact(Owned):
    """A submission that a member shares with colleagues, or shared before."""

    holds = "person"

    person = models.OneToOneField(Person, models.RESTRICT, primary_key=True)
    organization = models.ForeignKey(Organization, models.RESTRICT)
    by_person = models.UUIDField()
    since_utc = models.DateTimeField()

    class Meta:
        db_table = "shared_fact"
