"""Keys that sort by time."""

from troth.records.ids import new_id


def test_keys_that_are_made_after_each_other_sort_so() -> None:
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
