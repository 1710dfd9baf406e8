"""What the redline for counsel says of a passage."""

from troth.updates.redline import read_marks


def test_words_keep_their_marks_and_lists_their_numbers():
    html = "<p>We keep it <del>2</del> <ins>3</ins> years.</p><ol start='4'><li>One</li><li><em>Two</em></li></ol>"
    assert read_marks(html) == [
        ("We keep it ", ""),
        ("2", "del"),
        (" ", ""),
        ("3", "ins"),
        (" years.", ""),
        ("\n", ""),
        ("4. ", ""),
        ("One", ""),
        ("\n", ""),
        ("5. ", ""),
        ("Two", ""),
    ]


def test_a_table_has_a_line_for_each_row():
    words = "".join(
        words for words, _mark in read_marks("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>")
    )
    assert words == " a b\n c"
