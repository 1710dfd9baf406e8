"""What text from outside may hold, and in which form it is kept."""

import json
import time

import pytest

from troth.text import CannotRead, breaks, day, line, lines, moment, name, number, read_json, read_search
from troth.text.pages import holds_page_address


@pytest.mark.parametrize("sign", ["\0", "\ud800", "\ufdd0", "\uffff", "\U0001fffe", "\U0010ffff"])
def test_what_stands_for_nothing_is_refused_everywhere(sign):
    assert breaks(f"Ada{sign}")
    for read in (line, lines, name):
        with pytest.raises(CannotRead, match="invisible control character"):
            read(f"Ada{sign} Okafor")


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1b", "\x7f", "\x85"])
def test_controls_are_refused_beside_their_field(sign):
    assert not breaks(sign)
    with pytest.raises(CannotRead, match="invisible control character"):
        lines(f"Ada{sign}")


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u2069", "\u202a"])
def test_what_turns_the_direction_of_writing_is_refused(sign):
    with pytest.raises(CannotRead, match="reverses the writing direction"):
        line(f"Halden {sign}gpj.exe")


@pytest.mark.parametrize("text", ["🩷", "🫨", "\U00031350", "\ue000"])
def test_letters_that_python_does_not_know_yet_are_letters(text):
    assert line(f"Ada {text}") == f"Ada {text}"


UNSEEN = "\u200b\u2060\u2065\ufeff\u00ad\u200e\u061c\u034f\u17b4\ufff0\U0001d173\U000e0041\U000e0080\U000e0fff"


@pytest.mark.parametrize("sign", UNSEEN)
def test_what_nobody_sees_is_left_out(sign):
    assert line(f"{sign}A{sign}da{sign}") == "Ada"


def test_text_spelled_in_signs_that_nobody_sees_is_left_out():
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
    assert line(f"😀{tags} 🏴{tags}{tags}\U000e007f") == "😀 🏴"
    assert line("❤\ufe0f\ufe0f\U000e0101\U000e0102 A\ufe0f\ufe01d\u200da") == "❤\ufe0f Ada"
    assert read_search("\U000e0080\ufe0f") == ""


def test_signs_that_choose_a_drawing_and_flags_stay():
    written = "葛\U000e0100城 1\ufe0f\u20e3 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    assert line(written) == written


def test_joiners_stay_where_they_join():
    family = "👩\u200d👩\u200d👧"
    assert line(f"می\u200cخواهم क्\u200dष {family}") == f"می\u200cخواهم क्\u200dष {family}"
    assert line("Ada\u200d \u200cOkafor\u200d") == "Ada Okafor"


def test_composed_characters_and_one_kind_of_break():
    assert line("Zoe\u0308  Björk ") == "Zoë Björk"
    assert lines("a\r\nb\rc\n") == "a\nb\nc"


@pytest.mark.parametrize(
    "text",
    [
        "WIN 1000 EUR http://evil.example/x now",
        "www.evil.com",
        "evil.com",
        "Evil.CO.UK",
        "evil。com",
        "evil.example/x",
        "evil.zz/x",
        "1.2.3.4/x",
        "ada@evil.example",
        "bücher.de",
        "evil.рф",
        "javascript:alert(1)",
        "evil.com: hi",
        "ｅｖｉｌ．ｃｏｍ",
        "evil\u200b.com",
        "evil\ufe0f.com",
        "bit.ly/x",
        "hxxp://evil",
        "//evil.com",
        "mailto:x@y",
        "evil.com.",
        "(evil.com)",
        "evil.com:8080",
        "HTTPS:evil",
        "http:/evil",
    ],
)
def test_what_mail_programs_make_a_link_of_is_no_name(text):
    assert holds_page_address(text)
    with pytest.raises(CannotRead, match="mail programs would turn it into a link"):
        name(text)


@pytest.mark.parametrize(
    "text",
    [
        "J.R.R. Tolkien",
        "St.Gallen AG",
        "Müller & Söhne GmbH",
        "Dr. No",
        "Ph.D. Smith",
        "U.S. Steel",
        "ABC Co., Ltd.",
        "ABC Co.Ltd",
        "Node.js GmbH",
        "e.on SE",
        "Halden Valve Works",
        "3.14 Ltd",
        "v1.2.3",
        "No.1 Shop",
        "O'Reilly & Sons",
        "Ltd./Inc.",
        "24/7 Service",
        "S.p.A. Rossi",
        "AT&T",
        "Yahoo!",
        "Re: Works",
        "山田太郎",
        "Dr.-Ing. Weiß",
    ],
)
def test_names_with_dots_and_slashes_are_names(text):
    assert name(text) == text


@pytest.mark.parametrize("text", ["9" * 5_000, "-1", "1e9", "", "４１x", "101", "0x10", "1.5", "²"])
def test_what_is_no_number_in_reach_is_refused(text):
    with pytest.raises(CannotRead):
        number(text, most=100)


@pytest.mark.parametrize(
    ("text", "value"), [("40", 40), (" 0040 ", 40), ("٤٠", 40), ("40\u200b", 40), ("0" * 5_000 + "7", 7)]
)
def test_a_number_is_read_in_any_digits(text, value):
    assert number(text, most=100) == value


@pytest.mark.parametrize(
    "text", ["0000-01-01", "99999-01-01", "0001-01-01", "2026-02-30", "9" * 5_000, "", "2026-13-01"]
)
def test_a_day_of_no_time_of_ours_is_refused(text):
    from zoneinfo import ZoneInfo

    with pytest.raises(CannotRead):
        day(text)
    with pytest.raises(CannotRead):
        moment(f"{text}T12:00", ZoneInfo("America/Los_Angeles"))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 6_000,
        "[" * 6_000 + "]" * 6_000,
        '{"a":' * 21 + "1" + "}" * 21,
        "9" * 5_000,
        "[" + "9" * 5_000 + "]",
        "NaN",
        "",
        '"' + "x" * 30_000 + '"',
        '"\\ud800"',
        '{"a\\u0000": 1}',
        '{"a": ["\\uffff"]}',
        b"\xff",
        "{'a': 1}",
    ],
)
def test_json_that_the_program_cannot_bear_is_refused(text):
    with pytest.raises(CannotRead):
        read_json(text)


def test_other_json_is_read_as_it_is():
    said = {"a": [1, 2.5, None, True, "ü🩷", {"b": "]][[{"}], "c": 10**200}
    assert read_json(json.dumps(said)) == said


def test_what_is_looked_for_is_never_longer_than_what_could_be_found():
    for typed in ("q\u20132026\u20130001", "[Q 2026 0001]", "\uff31-\uff12026-0001.", " Q\u20112026\u20110001 "):
        assert read_search(typed) == "Q-2026-0001"
    assert read_search("Q-2026-00") == "Q-2026-00"
    assert read_search("Halden 2026 12") == "Halden 2026 12"
    assert read_search("  Halden\u200b  " + "x" * 500) == ("Halden " + "x" * 500)[:100]


@pytest.mark.parametrize("part", ['"a\\', '"', "[", '\\"', '"\\\\'])
def test_json_that_ends_nowhere_is_refused_at_once(part: str) -> None:
    started = time.process_time()
    with pytest.raises(CannotRead):
        read_json(part * 60_000, most=1_000_000)
    assert time.process_time() - started < 1
