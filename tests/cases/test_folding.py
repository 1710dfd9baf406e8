"""What a reply by email quotes is folded, and no word of its writer ever is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.cases.thread.folding import fold

OURS = "Stop the service OptiPro Report.\n\nSet Seat timeout to 5 minutes, then start the service again."
ASKED = "The report server stops."


def shown(words: str) -> str:
    return "\n".join(part.text for part in fold(words, [ASKED, OURS]) if not part.folded)


def whole(words: str) -> str:
    return "\n".join(part.text for part in fold(words, [ASKED, OURS]))


QUOTED = "\n".join(f"> {line}" for line in OURS.splitlines())


def test_the_history_under_an_answer_is_folded():
    reply = f"It works.\n\nOn Mon, Nov 23, Acme wrote:\n{QUOTED}\n> -- \n> Acme"
    assert shown(reply).strip() == "It works."
    assert whole(reply).split() == reply.split()


def test_answers_between_quoted_lines_stay():
    reply = "> Stop the service OptiPro Report.\nDone.\n> Set Seat timeout to 5 minutes, then start the service again.\nWhere?"
    assert shown(reply).split() == ["Done.", "Where?"]


def test_in_a_history_without_marks_what_is_not_ours_stays():
    history = f"-----Original Message-----\nFrom: Acme\nSent: Monday\n\n{OURS}"
    assert shown(f"Thanks!\n\n{history}").strip() == "Thanks!"
    between = history.replace("Report.", "Report.\nI cannot find it.")
    assert shown(f"See below.\n\n{between}").split() == ["See", "below.", "I", "cannot", "find", "it."]


@pytest.mark.parametrize("reply", ["", "> ", "> my own idea, marked by hand", "No quotes at all.\n\nTwo paragraphs."])
def test_what_nobody_wrote_before_is_not_folded(reply):
    assert shown(reply).split() == reply.split() or not reply.strip("> ")


def test_a_quotation_broken_by_a_mail_program_is_known():
    reply = "> Set Seat timeout to\n> 5 minutes, then start\n> the service again.\nDone so."
    assert shown(reply).strip() == "Done so."


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["A1", "B2 new", QUOTED, "", "On Monday, Acme wrote:", OURS, "> other", "From: x"])))
def test_nothing_is_ever_lost_or_moved(lines):
    reply = "\n".join(lines)
    assert whole(reply).split() == reply.split()
    for mine in ("A1", "B2 new"):
        if mine in lines:
            assert mine in shown(reply)
