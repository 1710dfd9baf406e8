from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.auth import hashers
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from troth.addresses import comparable
from troth.seal import vault
from troth.security import knowing
from troth.security.actors import identify_staff
from troth.security.passwords import forms_of
from troth.text import secret

OWNER = "owner"
"""The owner's connection, which the server never has: rows of the staff are written by it, or by its functions."""


class Role(models.TextChoices):
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    PRODUCT = "product", _("Product")
    MARKETING = "marketing", _("Marketing")
    PRIVACY = "privacy", _("Privacy")
    ADMIN = "admin", _("Administration")
    AUDITOR = "auditor", _("Audit")


def seal_address(address: str) -> bytes:
    """The same bytes for each spelling of an address, by which accounts are found. Raises NoAddress."""
    return vault().seal_address(comparable(address))


class Users(BaseUserManager["User"]):
    def create_staff(self, *, username: str, display_name: str, role: str, password: str) -> "User":
        """A member of staff who may sign in to the console. Only the owner creates them."""
        user = self.model(username=username, display_name=display_name, role=role)
        user.password, verifier = knowing.secret(password)
        with transaction.atomic(using=OWNER):
            user.save(using=OWNER)
            StaffSecret.objects.using(OWNER).create(user_id=user.pk, verifier=verifier)
        return self.get(pk=user.pk)

    def create_customer(
        self, *, address: str, password: str, person: UUID, cause: UUID, at_utc: datetime | None = None
    ) -> "User":
        """A customer with a confirmed address. `password` is already hashed; the address is stored encrypted."""
        return self.create(
            username=str(uuid4()),
            sealed_address=seal_address(address),
            password=password,
            password_utc=at_utc,
            person_id=person,
            address_request=cause,
        )

    def at(self, address: str) -> "User | None":
        """The active user of an address, in any spelling. Raises NoAddress."""
        return self.filter(sealed_address=seal_address(address), is_active=True).first()


class User(AbstractBaseUser):
    """Someone who signs in: staff by user name, customers by address. A customer's name is a datum, not here."""

    holds = "person"

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(max_length=64, unique=True)
    sealed_address = models.BinaryField(unique=True, null=True, help_text="The same for the same address.")
    display_name = models.CharField(max_length=120, blank=True, help_text="Of staff only.")
    role = models.CharField(max_length=16, choices=Role.choices, blank=True, help_text="Empty for customers.")
    is_active = models.BooleanField(default=True)
    person = models.OneToOneField("troth.Person", models.RESTRICT, null=True)
    policy_seen = models.IntegerField(
        default=0, db_default=0, help_text="The newest version of the policy that the owner opened."
    )
    address_request = models.UUIDField(null=True, help_text="With which request the address was given.")
    password_utc = models.DateTimeField(null=True, help_text="When the owner chose the password; empty in older rows.")

    objects = Users()
    proof: bytes | None = None
    """Of a member of staff who has just typed the password; never stored."""

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]

    class Meta:
        db_table = "user"

    def save(self, *, update_fields: Iterable[str] | None = None, **more: Any) -> None:
        """As usual, but the database itself records that staff signed in, not Django."""
        if self.is_staff and update_fields is not None and list(update_fields) == ["last_login"]:
            return
        super().save(update_fields=update_fields, **more)

    @property
    def is_staff(self) -> bool:
        return bool(self.role)

    @property
    def who(self) -> str:
        """How the ledger and all tables name this member of staff as the one who acted."""
        return identify_staff(self.username)

    @property
    def address(self) -> str:
        """The address a customer signs in with, in comparable form; empty for staff."""
        return vault().open_address(bytes(self.sealed_address)) if self.sealed_address else ""

    def see_policy(self, version: int) -> None:
        """No notice points at this version, or an older one, any more."""
        if self.policy_seen < version:
            User.objects.filter(pk=self.pk, policy_seen__lt=version).update(policy_seen=version)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(None if raw_password is None else secret(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Whether the password is correct. One that was hashed before normalization is hashed again."""
        if raw_password is None:
            return False
        today, *former = forms_of(raw_password)
        if super().check_password(today):
            return True
        if not any(hashers.check_password(form, self.password) for form in former):
            return False
        self.set_password(raw_password)
        self.save(update_fields=["password"])
        return True

    def __str__(self) -> str:
        return self.username


class StaffSecret(models.Model):
    """Verifies a staff password: the hash of its proof, which only the owner can read."""

    holds = "person"

    user = models.OneToOneField(User, models.RESTRICT, primary_key=True)
    verifier = models.BinaryField()

    class Meta:
        db_table = "staff_secret"


class StaffSeat(models.Model):
    """A session that a member of staff opened with the password. Written only by `staff_knows` and `staff_move`."""

    holds = "person"

    session_key = models.TextField(primary_key=True)
    user = models.ForeignKey(User, models.RESTRICT)
    until_utc = models.DateTimeField()

    class Meta:
        db_table = "staff_seat"


class RateSalt(models.Model):
    """The day's secret: once it is gone, nobody can tell which network a count belonged to."""

    holds = "nothing personal"

    day = models.DateField(primary_key=True)
    salt = models.BinaryField()

    class Meta:
        db_table = "rate_salt"


class RateCount(models.Model):
    """How often something happened within one window, by the keyed hash of a truncated address."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)
    what = models.TextField()
    digest = models.BinaryField()
    window_utc = models.DateTimeField(db_index=True)
    times = models.IntegerField(default=0)

    class Meta:
        db_table = "rate_count"
        constraints = [models.UniqueConstraint(fields=["what", "digest", "window_utc"], name="rate_count_once")]
