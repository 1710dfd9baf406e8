"""What a request is called: the beginning of its customer's own words, and nothing that they quote or that opens a page."""

import pytest

from troth.cases.thread.titles import LONGEST, make_title


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Report server stops after patch 12.3.4. It ran before.", "Report server stops after patch 12.3.4"),
        ("Can two plants share one item master? We have two.", "Can two plants share one item master?"),
        ("Dear Ines,\n\n  the scale   freezes\nat night", "the scale freezes"),
        ("Hello. The scale freezes.", "Hello. The scale freezes"),
        ("> We wrote this before.\n> And this.\nThe scale freezes.", "The scale freezes"),
        ("Labels print twice " * 9, "Labels print twice Labels print twice Labels print twice…"),
        ("x" * 99, "x" * LONGEST + "…"),
        (" \n ", ""),
    ],
)
def test_a_title_is_the_first_sentence_or_line_cut_after_a_word(words, title):
    assert make_title(words) == title
