"""What stood before the application's role lost its powers goes on: passwords of the staff, and adopted versions."""

from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from tests.site import site
from tests.visits import BROWSER, visitor
from tests.worlds import ALICE, BOB, known_person, policy_text

from troth.gate import owner as owners
from troth.security import entry, knowing
from troth.security.models import User

__all__ = ["site"]

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery-staple"


def of_a_former_release(owner: Any, username: str, password: str) -> User:
    """A member of staff whose whole hash stands in the row, as Django's own hasher wrote it."""
    owner.execute(
        "insert into \"user\" (username, display_name, role, password, is_active) values (%s, 'Pia', 'privacy', %s, true)",
        [username, make_password(password)],
    )
    owner.execute(import_module("troth.migrations.0014_powers").SECRETS)
    return User.objects.get(username=username)


@pytest.mark.parametrize("password", [PASSWORD, "Zo\u00eb's otters", "Zoe\u0308's otters"])
def test_a_password_of_the_staff_opens_as_before_and_its_hash_is_gone(owner: Any, password: str) -> None:
    pia = of_a_former_release(owner, "pia", password)

    assert pia.password.startswith("staff$argon2id$v=19$m=")
    assert pia.password.count("$") == 4
    assert entry.knows(pia, password)
    assert not entry.knows(pia, password + "x")


def test_whoever_signs_in_has_a_password_of_todays_cost_from_then_on(owner: Any, site: Any) -> None:
    of_a_former_release(owner, "pia", PASSWORD)
    for _ in range(2):
        answer = visitor().post("/console/sign-in", {"username": "pia", "password": PASSWORD}, **BROWSER)
        assert answer.status_code == 303
        assert not knowing.is_dated(User.objects.get().password)


def test_an_adopted_version_learns_from_its_text_how_kinds_are_kept(owner: Any) -> None:
    owners.adopt(policy_text(1, purposes={}), by="staff:ines")
    known_person(ALICE)
    owner.execute("update law_collect set sensitivity = ''")

    owners.apply_functions()

    assert dict(owner.execute("select distinct kind, sensitivity from law_collect").fetchall()) == {
        "email": "identifying",
        "name": "identifying",
        "phone": "identifying",
        "industry": "describing",
        "country": "describing",
        "state": "describing",
    }
    known_person(BOB)
