from typing import ClassVar
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.seal import vault
from troth.security.passwords import forms_of, matches
from troth.text import secret


class Role(models.TextChoices):
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    PRODUCT = "product", _("Product")
    MARKETING = "marketing", _("Marketing")
    PRIVACY = "privacy", _("Privacy")
    ADMIN = "admin", _("Administration")
    AUDITOR = "auditor", _("Audit")


class Users(BaseUserManager["User"]):
    def create_staff(self, *, username: str, display_name: str, role: str, password: str) -> "User":
        """A member of staff who may sign in to the console."""
        user = self.model(username=username, display_name=display_name, role=role)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_customer(self, *, address: str, password: str, person: UUID, request: UUID) -> "User":
        """Somebody who proved the address. `password` is hashed already; the address is stored sealed."""
        return self.create(
            username=str(uuid4()),
            sealed_address=vault().seal_address(address),
            password=password,
            person_id=person,
            address_request=request,
        )

    def at(self, address: str) -> "User | None":
        """The active user of a normalized address."""
        return self.filter(sealed_address=vault().seal_address(address), is_active=True).first()


class User(AbstractBaseUser):
    """Somebody who signs in: staff by user name, customers by address. A customer's own name is a datum, not here."""

    holds = "person"

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(max_length=64, unique=True)
    sealed_address = models.BinaryField(unique=True, null=True, help_text="The same for the same address.")
    display_name = models.CharField(max_length=120, blank=True, help_text="Of staff only.")
    role = models.CharField(max_length=16, choices=Role.choices, blank=True, help_text="Empty for customers.")
    is_active = models.BooleanField(default=True)
    person = models.OneToOneField("troth.Person", models.RESTRICT, null=True)
    address_request = models.UUIDField(null=True, help_text="With which request the address was given.")

    objects = Users()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]

    class Meta:
        db_table = "user"

    @property
    def is_staff(self) -> bool:
        return bool(self.role)

    @property
    def address(self) -> str:
        """What a customer signs in with; empty for staff."""
        return vault().open_address(bytes(self.sealed_address)) if self.sealed_address else ""

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(None if raw_password is None else secret(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Whether the password opens the account. One that was hashed before its letters were composed is renewed."""
        today, *former = forms_of(raw_password or "")
        if super().check_password(today):
            return True
        if not any(matches(form, self.password) for form in former):
            return False
        self.set_password(raw_password)
        self.save(update_fields=["password"])
        return True

    def __str__(self) -> str:
        return self.username
