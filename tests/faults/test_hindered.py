"""What is in each other's way: saves for the same people, a table that somebody holds on to, a role's own settings."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, connections, transaction
from django.utils import timezone
from tests import surroundings
from tests.site import site
from tests.visits import BROWSER, signed_in, text, visitor
from tests.worlds import kept

from troth import database, gate, serve, work
from troth.access.preferences import actions, pausing
from troth.access.requests.kinds import QUESTION
from troth.cases import actions as actions_of_cases
from troth.cli.web import web
from troth.gate import owner as owners
from troth.records import privileges
from troth.records.calls import retry_if_hindered
from troth.records.ledger import history

__all__ = ["site"]

pytestmark = pytest.mark.django_db(transaction=True)

QUESTIONS = ("newsletter", "marketing", "offers")


def at_once(*works: Callable[[], None]) -> list[BaseException]:
    """What failed of things that are done at the same time, each on a connection of its own."""
    failed: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            start.wait(10)
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failed


def test_twelve_saves_of_three_links_of_one_address_all_succeed(site: Any) -> None:
    people = [kept({"email": "ada@x.example", "name": "Ada"}, channel="form.contact").person for _ in range(3)]
    asked = [name for name in QUESTIONS if name == "marketing" or name in site.purposes]

    def save(number: int) -> Callable[[], None]:
        order = [*people[number % 3 :], *people[: number % 3]]
        return lambda: _save(order, dict.fromkeys(asked, number % 2 == 0))

    assert at_once(*(save(number) for number in range(12))) == []
    assert all(history(person)[0].kind == "chose" for person in people)


def _save(people: list[UUID], wanted: dict[str, bool]) -> None:
    actions.save_for(people, wanted, way="mailed link", at_utc=datetime.now(UTC))


def test_saves_lock_people_in_one_order_whatever_each_of_them_answered_before(site: Any) -> None:
    for number in range(3):
        people = [kept({"email": f"ada{number}@x.example"}, channel="form.contact").person for _ in range(2)]
        _save([min(people)], {"newsletter": False})  # so that the first question changes only for the other one
        save = partial(_save, people)
        both = [{"newsletter": False, "marketing": False}, {"marketing": False, "newsletter": False}]
        assert at_once(*(partial(save, wanted) for wanted in both)) == []


def test_choices_and_pauses_are_begun_again_after_a_deadlock(site: Any, monkeypatch: Any) -> None:
    person = kept({"email": "ada@x.example"}, channel="form.contact").person
    now, write = datetime.now(UTC), gate.choose_all
    hindered: list[str] = []

    def choose_all(made: Sequence[gate.MadeChoice], *, way: str) -> None:
        if made and not hindered:
            hindered.append(made[0].question)
            with connection.cursor() as cursor:
                cursor.execute("do $$ begin raise deadlock_detected; end $$")
        write(made, way=way)

    monkeypatch.setattr(gate, "choose_all", choose_all)
    _save([person], {"marketing": True, "newsletter": True})
    hindered.clear()
    pause = pausing.begin([person], until_utc=now + timedelta(days=30), way="mailed link", at_utc=now)
    assert pause
    assert hindered
    hindered.clear()
    assert pausing.end(pause.id, people=[person], way="mailed link", at_utc=now).changes
    assert hindered


def test_a_deadlock_is_begun_again_and_both_are_done(owner: Any) -> None:
    owner.execute("create table hindered (id int primary key, done int not null)")
    owner.execute("insert into hindered values (1, 0), (2, 0)")
    owner.execute("grant select, update on hindered to troth_app")
    met = threading.Barrier(2)

    def work(first: int, second: int) -> Callable[[], None]:
        tries: list[int] = []

        def do() -> None:
            tries.append(1)
            with connection.cursor() as cursor:
                cursor.execute("update hindered set done = done + 1 where id = %s", [first])
                if len(tries) == 1:
                    met.wait(10)
                cursor.execute("update hindered set done = done + 1 where id = %s", [second])

        return lambda: retry_if_hindered(do)

    try:
        assert at_once(work(1, 2), work(2, 1)) == []
        assert owner.execute("select array_agg(done order by id) from hindered").fetchone() == ([2, 2],)
    finally:
        owner.execute("drop table hindered")


def test_what_is_begun_again_is_not_begun_for_ever_nor_inside_another_transaction(owner: Any) -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("do $$ begin raise deadlock_detected; end $$")

    with pytest.raises(Exception, match="deadlock"):
        retry_if_hindered(fail)
    assert len(tries) == 8
    tries.clear()
    with pytest.raises(Exception, match="deadlock"), transaction.atomic():
        retry_if_hindered(fail)
    assert len(tries) == 1


@pytest.fixture
def held(owner: Any) -> Iterator[None]:
    """Somebody holds on to the table of forms' secrets, for as long as the test lasts."""
    with owner.transaction():
        owner.execute("lock table session, form_nonce, quote_request in access exclusive mode")
        yield


def test_a_table_that_somebody_holds_ends_its_page_soon_and_no_other(site: Any, held: None) -> None:
    client = visitor()
    client.raise_request_exception = False
    client.cookies["troth-session"] = "a" * 32  # somebody who was signed in: the table of sessions is asked
    assert visitor().get("/policy").status_code == 200  # the site is read once, by whoever comes first
    began = time.monotonic()
    page = client.get("/account/")
    lasted = time.monotonic() - began
    assert (page.status_code, "Our database is busy" in text(page)) == (503, True)
    assert lasted < 6, "One wait of three seconds, not one after the other."
    assert visitor().get("/policy").status_code == 200


@pytest.mark.parametrize("role", [database.APPLICATION, database.SEALER, database.OWNER])
def test_each_role_has_its_limits_and_the_owner_the_longest(role: str, cluster: database.Cluster) -> None:
    with psycopg.connect(surroundings.cluster().url(role=role, name=surroundings.NAME), autocommit=True) as opened:
        found = opened.execute(
            "select name, setting::int from pg_settings where name = any (%s)", [list(database.LIMITS_MS[role])]
        ).fetchall()
    assert dict(found) == database.LIMITS_MS[role]
    assert all(0 < limit <= database.LIMITS_MS[database.OWNER][name] for name, limit in found)


def test_a_statement_that_lasts_too_long_ends(owner: Any) -> None:
    with psycopg.connect(surroundings.cluster().url(role=database.APPLICATION, name=surroundings.NAME)) as opened:
        opened.execute("set statement_timeout = '300ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            opened.execute("select pg_sleep(5)")


@pytest.mark.parametrize(
    "setting",
    [
        "statement_timeout = 0",
        "lock_timeout = '1h'",
        "search_path = pg_temp, public",
        "default_transaction_isolation = 'serializable'",
        "role = 'troth_app'",
    ],
)
@pytest.mark.parametrize("where", ["", f" in database {surroundings.NAME}"])
def test_a_setting_that_the_role_made_for_itself_is_refused_at_start(owner: Any, setting: str, where: str) -> None:
    with psycopg.connect(
        surroundings.cluster().url(role=database.APPLICATION, name=surroundings.NAME), autocommit=True
    ) as app:
        app.execute(f"alter role troth_app{where} set {setting}".encode())
        try:
            with connection.cursor() as cursor, pytest.raises(privileges.WrongRole, match=setting.split(" ")[0]):
                privileges.check(cursor)
        finally:
            app.execute(f"alter role troth_app{where} reset all".encode())


def test_limits_that_a_connection_lost_on_its_way_are_refused_at_start(owner: Any) -> None:
    with psycopg.connect(
        surroundings.cluster().url(role=database.APPLICATION, name=surroundings.NAME), autocommit=True
    ) as app:
        app.execute("set lock_timeout = 0")
        with pytest.raises(privileges.WrongRole, match="other time limits"):
            privileges.check(app.cursor())


def test_pages_and_jobs_that_are_started_alone_refuse_it_too(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    owners.seal_key_mark()
    monkeypatch.setattr(serve, "run", lambda port: pytest.fail("The pages were opened."))
    with psycopg.connect(
        surroundings.cluster().url(role=database.APPLICATION, name=surroundings.NAME), autocommit=True
    ) as app:
        app.execute("alter role troth_app set search_path = pg_temp, public")
        try:
            with pytest.raises(privileges.WrongRole, match="alter role troth_app reset all"):
                work.run(began=lambda: pytest.fail("Jobs were begun."))
            ended = CliRunner().invoke(web)
        finally:
            app.execute("alter role troth_app reset all")
    assert ended.exit_code == 1
    assert "has settings of its own (search_path=pg_temp, public)" in ended.output


def test_of_colleagues_who_press_at_the_same_time_one_is_shown_what_the_others_did(site: Any) -> None:
    person = kept({"email": "ada@x.example", "name": "Ada", "note": "How?"}, channel="form.privacy").person
    case = actions_of_cases.open_case(
        QUESTION,
        actions_of_cases.CaseArrival(id=gate.new_id(), person=person, manner="form", at_utc=timezone.now()),
        verified=True,
    ).case
    names = ["pia", "otto", "rosa", "vera"]
    clients = {name: signed_in(name, role="privacy", name=name.title()) for name in names}
    answers: dict[str, int] = {}

    def press(name: str) -> None:
        sent = {"do": "assign", "to": name, "was-to": ""}
        answers[name] = clients[name].post(f"/console/requests/{case.number}/", sent, **BROWSER).status_code

    assert at_once(*(partial(press, name) for name in names)) == []

    case.refresh_from_db()
    assert sorted(answers.values()) == [303, 400, 400, 400], "no one's assignment is replaced unseen"
    assert answers[case.assigned_to] == 303
