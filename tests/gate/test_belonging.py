"""Marks and files exist only with the value that they belong to, by whom they are written and deleted at the same time.

Policy  #S1
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests import surroundings
from tests.gate.test_door import QUOTES
from tests.worlds import ALICE, BOB, kept, policy_text

from troth import database, gate
from troth.policy import Policy
from troth.records import KeptRequest
from troth.records.models import DatumMark
from troth.records.stored import StoredFile

pytestmark = pytest.mark.django_db(transaction=True)

MARK = "insert into datum_mark (datum, person_id, marks) values (%s, %s, '{1,2}')"
FILE = (
    "insert into stored_file (id, person_id, datum, stored, digest, kept_utc)"
    " values (gen_random_uuid(), %s, %s, 1, '', now())"
)
DELETE = "delete from datum where person_id = %s and id = %s"
Connections = Callable[[str], "psycopg.Connection[tuple[Any, ...]]"]


@pytest.fixture
def given(adopt: Callable[[str], Policy]) -> KeptRequest:
    adopt(policy_text(1, purposes={"quotes": QUOTES}))
    return kept(ALICE)


@pytest.fixture
def connected() -> Iterator[Connections]:
    """Opens connections of a role that wait for nothing longer than a moment, each in a transaction of its own."""
    with ExitStack() as stack:

        def one(role: str) -> "psycopg.Connection[tuple[Any, ...]]":
            opened = stack.enter_context(psycopg.connect(surroundings.cluster().url(role=role, name=surroundings.NAME)))
            opened.execute("set lock_timeout = '200ms'")
            opened.commit()
            return opened

        yield one


def belongings(datum: UUID) -> int:
    return DatumMark.objects.filter(datum=datum).count() + StoredFile.objects.filter(datum=datum).count()


def test_they_go_with_their_value_and_no_other(given: KeptRequest, owner: Any) -> None:
    email, name, person = given.data["email"], given.data["name"], given.person
    owner.execute("delete from datum_mark")
    for datum in (email, name):
        owner.execute(MARK, [datum, person])
        owner.execute(FILE, [person, datum])
        owner.execute(FILE, [person, datum])
    owner.execute(DELETE, [person, email])
    assert (belongings(email), belongings(name)) == (0, 3)


def test_a_value_of_the_same_id_keeps_what_belongs_to_it(given: KeptRequest, owner: Any) -> None:
    """Ids are chosen by the program: one that gave its value another's id would take that one's files along."""
    email, bob = given.data["email"], kept(BOB)
    owner.execute(FILE, [given.person, email])
    owner.execute("update datum set id = %s where person_id = %s and id = %s", [email, bob.person, bob.data["email"]])
    owner.execute(DELETE, [bob.person, email])
    assert belongings(email) >= 1


@pytest.mark.parametrize("statement", [MARK, FILE], ids=["mark", "file"])
def test_none_is_added_without_its_value(given: KeptRequest, statement: str, connected: Connections) -> None:
    program = connected(database.APPLICATION)
    bob = kept(BOB)
    for person, datum in ((given.person, gate.new_id()), (given.person, bob.data["email"])):
        with pytest.raises(psycopg.errors.RaiseException, match="troth:no datum:"):
            program.execute(statement, [datum, person] if statement is MARK else [person, datum])
        program.rollback()


def test_one_that_is_added_waits_for_who_deletes_and_is_refused(given: KeptRequest, connected: Connections) -> None:
    deleting, adding = connected(database.OWNER), connected(database.APPLICATION)
    name = given.data["name"]
    deleting.execute(DELETE, [given.person, name])
    with pytest.raises(psycopg.errors.LockNotAvailable):
        adding.execute(FILE, [given.person, name])
    adding.rollback()
    deleting.commit()
    with pytest.raises(psycopg.errors.RaiseException, match="troth:no datum:"):
        adding.execute(FILE, [given.person, name])
    adding.rollback()
    assert belongings(name) == 0


def test_who_deletes_waits_for_one_that_is_added_and_takes_it_along(given: KeptRequest, connected: Connections) -> None:
    deleting, adding = connected(database.OWNER), connected(database.APPLICATION)
    name = given.data["name"]
    adding.execute(FILE, [given.person, name])
    with pytest.raises(psycopg.errors.LockNotAvailable):
        deleting.execute(DELETE, [given.person, name])
    deleting.rollback()
    adding.commit()
    deleting.execute(DELETE, [given.person, name])
    deleting.commit()
    assert belongings(name) == 0


def test_in_a_race_nothing_is_left_without_its_value(given: KeptRequest, connected: Connections) -> None:
    """Both begin at once, again and again: whichever comes first, what is left is nothing."""
    deleting, adding = connected(database.OWNER), connected(database.APPLICATION)
    for _ in range(40):
        datum = kept({"name": "Dora"}, person=given.person).data["name"]
        start = threading.Barrier(2)

        def add(datum: UUID = datum, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                adding.execute(FILE, [given.person, datum])
                adding.commit()
            except psycopg.errors.RaiseException:
                adding.rollback()

        adder = threading.Thread(target=add)
        adder.start()
        start.wait()
        deleting.execute(DELETE, [given.person, datum])
        deleting.commit()
        adder.join()
        assert belongings(datum) == 0


def test_nothing_is_deleted_by_an_old_snapshot(given: KeptRequest, connected: Connections) -> None:
    """It would not see what was added since, and leave it behind."""
    deleting = connected(database.OWNER)
    deleting.execute("set transaction isolation level repeatable read")
    with pytest.raises(psycopg.errors.RaiseException, match="troth:old snapshot:"):
        deleting.execute(DELETE, [given.person, given.data["name"]])
