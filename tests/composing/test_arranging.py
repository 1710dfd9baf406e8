"""Blocks of a text: listed, moved, removed and added without losing a word."""

import pytest

from troth.composing.arranging import BlockGone, add_block, move_block, remove_block, split_blocks

TEXT = """# Recall
All lots
in one list.

- one
- two

::: event 2026-12-09 Recall in practice
In Fresno.

Bring a laptop.
:::
::: product optipro-process
---
![The screen](recall.png)
::: offer
Half price.
:::
Last words."""
WHATS = ["heading", "text", "list", "event", "product", "divider", "picture", "offer", "text"]


def test_each_block_is_one_with_all_of_its_lines():
    found = split_blocks(TEXT)
    assert [each.what for each in found] == WHATS
    assert found[3].text == "::: event 2026-12-09 Recall in practice\nIn Fresno.\n\nBring a laptop.\n:::"
    assert [line for each in found for line in each.text.split("\n") if line] == [x for x in TEXT.split("\n") if x]


@pytest.mark.parametrize("place", range(len(WHATS)))
@pytest.mark.parametrize("by", [1, -1])
def test_a_block_that_moves_takes_its_lines_along_and_comes_back(place, by):
    found = split_blocks(TEXT)
    moved = move_block(TEXT, place, found[place].mark, by=by)
    expected = list(found)
    expected.insert(max(0, place + by), expected.pop(place))
    assert split_blocks(moved) == expected
    if 0 <= place + by < len(found):
        assert split_blocks(move_block(moved, place + by, found[place].mark, by=-by)) == found


def test_a_block_that_is_no_longer_there_is_neither_moved_nor_removed():
    mark = split_blocks(TEXT)[1].mark
    for place in (0, 2, 99, -1):
        with pytest.raises(BlockGone):
            move_block(TEXT, place, mark, by=1)
        with pytest.raises(BlockGone):
            remove_block(TEXT, place, mark)
    assert [each.what for each in split_blocks(remove_block(TEXT, 1, mark))] == [WHATS[0], *WHATS[2:]]


def test_an_added_block_is_the_last_one():
    assert add_block("", "# New") == "# New"
    assert split_blocks(add_block(TEXT, "# New"))[-1].text == "# New"
