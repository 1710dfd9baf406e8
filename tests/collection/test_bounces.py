"""Which bounces say that nobody reads an address: a labelled set, of which one half was never looked at."""

import pytest
from bench import bounces

from troth.outbox.faults import sort_bounce


@pytest.mark.parametrize("half", [bounces.LEARNED, bounces.KEPT_BACK])
def test_bounces_are_told_right_and_hardly_a_living_address_is_given_up(half: str) -> None:
    found = bounces.measure(half)
    assert found.count >= 60
    assert 100 * found.right >= bounces.RIGHT, [bounce.said for bounce in found.wrong]
    assert 100 * found.killed <= bounces.KILLED


def test_every_bounce_of_the_set_is_seen_as_one_of_our_email() -> None:
    both = [*bounces.load(bounces.LEARNED), *bounces.load(bounces.KEPT_BACK)]
    assert [bounce.said for bounce in both if bounces.is_called_dead(bounce) is None] == []


def test_the_set_tells_a_good_rule_from_a_bad_one() -> None:
    living = [bounce for bounce in bounces.load(bounces.KEPT_BACK) if not bounce.dead]
    everything_with_5 = [bounce for bounce in living if bounce.said.startswith("5")]
    assert len(everything_with_5) > len(living) / 2, "Whoever gives up at each 5xx loses most of those who read."
    assert not sort_bounce("5.7.1", "550 5.7.1 Message rejected as spam").hard
