"""A pause says no for a while, and takes back only what it said itself."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.access.hers import chosen, link_of, preferences_of, reader, save
from tests.passing import pass_until
from tests.visits import text, visitor

from troth.access.preferences import actions, pausing
from troth.access.preferences.models import END, Pause
from troth.security import links

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
    assert pass_until(later(31)) == [END]
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
    assert pass_until(later(31)) == [END]


@pytest.mark.clause("I1")
@pytest.mark.parametrize("way", ["page", "link", "mail"])
def test_I1_an_opt_out_during_a_pause_outlasts_it(way):
    alice = reader()
    page, link = preferences_of(alice), links.address(link_of(alice, "unsubscribe"), "unsubscribe")
    save(visitor(), page, do="pause", days="30")
    if way == "page":
        done = text(save(visitor(), page, do="no"))
        assert "You opted out of “Offers and other marketing”, and it stays off when your pause ends." in done
    elif way == "link":
        visitor().post(link, {"List-Unsubscribe": "One-Click"})
    else:
        actions.save_for([alice], {"marketing": False}, way="email", at_utc=timezone.now())
    assert chosen(alice)[-1] == ("marketing", False)
    assert pass_until(later(31)) == [END]
    said = dict(chosen(alice))
    assert (said["marketing"], said["newsletter"]) == (False, True)


def test_newsletters_pause_alone_and_come_back_by_themselves():
    alice = reader()
    page = preferences_of(alice)
    done = text(save(visitor(), page, do="pause:newsletter", **{"days-newsletter": "30"}))
    assert "You paused “Newsletters” until" in done
    assert chosen(alice)[-1] == ("newsletter", False)
    assert dict(chosen(alice)).get("marketing", True) is True
    assert "Newsletters: paused until" in text(visitor().get(page))
    assert pass_until(later(31)) == [END]
    assert dict(chosen(alice))["newsletter"] is True


def test_newsletters_stay_paused_as_long_as_everything_is():
    alice = reader()
    page = preferences_of(alice)
    save(visitor(), page, do="pause:newsletter", **{"days-newsletter": "30"})
    save(visitor(), page, do="pause", days="60")
    save(visitor(), page, do="resume:newsletter")
    assert pass_until(later(31)) == [END]
    assert dict(chosen(alice))["newsletter"] is False
    pass_until(later(61))
    assert dict(chosen(alice))["newsletter"] is True
    assert not Pause.objects.exists()


def test_leaving_newsletters_that_are_paused_ends_the_pause():
    alice = reader()
    page = preferences_of(alice)
    save(visitor(), page, do="pause:newsletter", **{"days-newsletter": "30"})
    actions.save_for([alice], {"newsletter": False}, way="email", at_utc=timezone.now())
    assert chosen(alice)[-2:] == [("newsletter", False)] * 2
    assert pass_until(later(31)) == []
    assert dict(chosen(alice))["newsletter"] is False


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
