"""Start-up refuses every database role but the one of the golden list."""

from typing import Any

import pytest
from django.db import connection

from troth.records import privileges

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_applications_role_is_accepted() -> None:
    with connection.cursor() as cursor:
        privileges.check(cursor)


@pytest.mark.asvs("V13.2.2")
def test_the_owner_is_refused_with_what_to_do(owner: Any) -> None:
    with pytest.raises(privileges.WrongRole, match="DATABASE_URL"):
        privileges.check(owner.cursor())


@pytest.mark.asvs("V13.2.2")
@pytest.mark.parametrize(
    "right",
    [
        "select on datum",
        "update on entry",
        "delete on policy_version",
        "select on person",
        "truncate on letter",
        "select (clear) on datum",
        "update (class_id) on standing",
        "references (id) on entry",
    ],
)
def test_a_right_beyond_the_golden_list_is_refused(owner: Any, right: str) -> None:
    owner.execute(f"grant {right} to troth_app")
    try:
        with connection.cursor() as cursor, pytest.raises(privileges.WrongRole, match=right.rsplit(" ", 1)[1]):
            privileges.check(cursor)
    finally:
        privileges.apply(owner.cursor())


def test_a_missing_right_is_refused(owner: Any) -> None:
    owner.execute("revoke execute on function people_of(uuid) from troth_app")
    try:
        with connection.cursor() as cursor, pytest.raises(privileges.WrongRole, match="people_of"):
            privileges.check(cursor)
    finally:
        privileges.apply(owner.cursor())


def test_an_owners_function_that_was_opened_is_refused(owner: Any) -> None:
    owner.execute("grant execute on function law_decide(uuid, text, timestamptz) to troth_app")
    try:
        with connection.cursor() as cursor, pytest.raises(privileges.WrongRole, match="law_decide"):
            privileges.check(cursor)
    finally:
        privileges.apply(owner.cursor())


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("grant troth_owner to troth_app", "revoke troth_owner from troth_app"),
        ("grant pg_read_all_data to troth_app", "revoke pg_read_all_data from troth_app"),
        ("alter role troth_app createrole", "alter role troth_app nocreaterole"),
        ("grant create on schema public to troth_app", "revoke create on schema public from troth_app"),
    ],
)
def test_a_power_beyond_the_golden_list_is_refused(owner: Any, superuser: Any, given: str, taken: str) -> None:
    superuser.execute(given)
    try:
        with connection.cursor() as cursor, pytest.raises(privileges.WrongRole):
            privileges.check(cursor)
    finally:
        superuser.execute(taken)
