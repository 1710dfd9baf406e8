from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


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


class User(AbstractBaseUser):
    """Somebody who signs in: staff by user name now; `sealed_address` and `person` await customers."""

    holds = "person"

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(max_length=64, unique=True)
    sealed_address = models.BinaryField(unique=True, null=True, help_text="The same for the same address.")
    display_name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role.choices, blank=True, help_text="Empty for customers.")
    is_active = models.BooleanField(default=True)
    person = models.OneToOneField("troth.Person", models.RESTRICT, null=True)

    objects = Users()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]

    class Meta:
        db_table = "user"

    @property
    def is_staff(self) -> bool:
        return bool(self.role)

    def __str__(self) -> str:
        return self.username
