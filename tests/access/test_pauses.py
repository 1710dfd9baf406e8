"""A pause says no for a while, and takes back only what it said itself."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.access.hers import chosen, preferences_of, reader, save
from tests.passing import pass_until
from tests.visits import text, visitor

from troth.access.preferences import pausing
from troth.access.preferences.models import Pause

pytestmark = pytest.mark.usefixtures("site")


def later(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


@pytest.mark.clause("I1")
def test_a_pause_says_no_and_stands_again_as_it_stood():
    alice = reader()
    page = preferences_of(alice)
    save(visitor(), page, do="pause", days="30")

    assert ("newsletter", False) in chosen(alice)
    assert "You paused everything" in text(visitor().get(page))
    assert pass_until(later(29)) == []
    assert pass_until(later(31)) == [pausing.END]
    assert chosen(alice)[-1] == ("newsletter", True) or ("newsletter", True) in chosen(alice)[2:]
    assert "You paused everything" not in text(visitor().get(page))


def test_what_she_says_during_a_pause_outlasts_it():
    alice = reader()
    page = preferences_of(alice)
    save(visitor(), page, do="pause", days="60")
    before = len(chosen(alice))
    save(visitor(), page, do="resume")
    save(visitor(), page, do="no")

    assert pass_until(later(90)) == []
    assert len(chosen(alice)) > before
    assert chosen(alice)[-1][1] is False


@pytest.mark.parametrize("days", ["", "0", "31", "x"])
def test_a_time_that_is_not_offered_begins_no_pause(days):
    alice = reader()
    before = chosen(alice)
    save(visitor(), preferences_of(alice), do="pause", days=days)
    assert chosen(alice) == before


def test_a_second_pause_does_not_hide_the_first():
    alice = reader()
    page = preferences_of(alice)
    save(visitor(), page, do="pause", days="30")
    save(visitor(), page, do="pause", days="90")
    assert pass_until(later(31)) == [pausing.END]


def test_a_stranger_pauses_nobody():
    alice = reader()
    stranger = preferences_of(reader({"name": "Eve", "email": "eve@eve.example"}))
    save(visitor(), stranger, do="pause", days="30")
    assert pausing.of([alice]) is None


def test_a_pause_ends_with_her_data_and_nothing_of_it_waits(superuser):
    alice = reader()
    save(visitor(), preferences_of(alice), do="pause", days="30")
    superuser.execute("select end_in_rooms(%s, null)", [alice])
    assert not Pause.objects.exists()
    assert pass_until(later(31)) == []
