"""What only the owner of the database does, and the check that the server is not the owner.

Migrating and adopting run in a process of their own that has the alias "owner"; the server never has it.
"""

from django.db import connection, connections

from troth.policy import Policy
from troth.records import privileges, versions
from troth.records.versions import CannotAdopt

__all__ = ["CannotAdopt", "adopt", "apply_privileges", "check_role"]

_OWNER = "owner"


def adopt(text: str, *, by: str) -> Policy:
    """The policy, now in force for everybody. Raises CannotAdopt with all findings, Refusal for a wrong number."""
    return versions.adopt(text, by=by, using=connections[_OWNER])


def apply_privileges() -> None:
    """The application's role has exactly the golden list. Run after every migration."""
    with connections[_OWNER].cursor() as cursor:
        privileges.apply(cursor)


def check_role() -> None:
    """Nothing, if this process is connected as the application. Raises WrongRole with what to do."""
    with connection.cursor() as cursor:
        privileges.check(cursor)
