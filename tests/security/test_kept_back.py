"""Nothing of an address or a secret stands in clear anywhere in the database; an erased person's account is gone."""

import pytest
from tests.accounts import ALICE, BOB, PASSWORD, account, post, sign_in
from tests.visits import BROWSER, visitor

from troth.records.ids import new_id
from troth.records.models import AccountPerson
from troth.security.factors.models import Authenticator
from troth.security.models import User
from troth.security.sessions import Session

pytestmark = pytest.mark.usefixtures("site")
CANARY = {"name": "Zyxwvut Canaryname", "email": "zyxwvut.canary@quetzal-canary.example"}


@pytest.mark.clause("S1")
def test_no_table_holds_the_address_the_name_or_the_password_in_clear(run_jobs, owner):
    browser = account(CANARY, run_jobs)
    sign_in(CANARY["email"])
    post(browser, "/account/address/", {"address": "second.canary@quetzal-canary.example"})
    visitor().post("/sign-in/forgotten/", {"address": CANARY["email"]}, **BROWSER)
    assert _rows_with(owner, "quetzal-canary") == []
    run_jobs()
    browser.get("/account/")
    assert _rows_with(owner, "quetzal-canary") == []
    assert _rows_with(owner, "Zyxwvut") == []
    assert _rows_with(owner, PASSWORD) == []


def test_the_secret_of_an_app_is_stored_sealed(run_jobs):
    from troth.security.factors import codes

    account(ALICE, run_jobs)
    user = User.objects.get()
    secret = codes.offer(user, {})
    assert secret not in bytes(Authenticator.objects.get(user=user).hidden)


@pytest.mark.clause("C9")
def test_what_is_past_its_end_is_deleted(run_jobs, time_machine):
    from datetime import UTC, datetime

    from troth.access.account import actions
    from troth.security.devices import Device
    from troth.security.proofs import Proof

    time_machine.move_to("2026-11-23T12:00:00+00:00")
    account(ALICE, run_jobs)
    visitor().post("/sign-in/forgotten/", {"address": ALICE["email"]}, **BROWSER)
    run_jobs()
    time_machine.move_to("2027-11-24T12:00:00+00:00")
    actions.tidy(at_utc=datetime.now(UTC))
    assert not (Session.objects.exists())
    assert not (Proof.objects.exists())
    assert not (Device.objects.exists())
    assert User.objects.count() == 1


@pytest.mark.clause("C8")
def test_over_https_the_cookies_are_guarded_by_their_prefix(site, settings):
    from troth.security import devices
    from troth.web.pages.cookies import find_declared

    settings.SESSION_COOKIE_SECURE = True
    assert devices.name() == "__Host-troth-device"
    assert find_declared("__Host-troth-device", site.cookies)
    assert find_declared("__Host-other", site.cookies) is None


@pytest.mark.asvs("V7.4.2")
def test_an_erased_person_leaves_no_account(run_jobs, owner):
    account(ALICE, run_jobs)
    account(BOB, run_jobs)
    user = User.objects.at(ALICE["email"])
    assert user
    owner.execute("select erase(%s, %s, 'staff:test', 'asked')", [user.person_id, new_id()])
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Session.objects.filter(user_id=user.pk).exists()
    assert AccountPerson.objects.count() == 1
    assert sign_in(ALICE["email"]).status_code == 400
    assert sign_in(BOB["email"]).status_code == 303


def test_the_application_cannot_join_people_by_writing_into_the_table(run_jobs):
    from django.db import DatabaseError, connection

    account(ALICE, run_jobs)
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(
            "insert into account_person (person_id, user_id, since_utc) select person_id, user_id, now() from account_person"
        )


def _rows_with(owner, canary: str) -> list[str]:
    tables = owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    hexed = canary.encode().hex()
    return [
        name
        for (name,) in tables
        if owner.execute(
            f'select 1 from "{name}" t where t::text ilike %s or t::text ilike %s limit 1',
            [f"%{canary}%", f"%{hexed}%"],
        ).fetchone()
    ]
