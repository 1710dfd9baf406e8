"""What mail servers answer, sorted: whose fault it is, and whether nobody is there."""

import re
from pathlib import Path

from troth.outbox.faults import Fault, sort_bounce, sort_reply
from troth.outbox.replies import Whose

WHOSE = {"us": Whose.US, "content": Whose.CONTENT, "server": Whose.SERVER, "address": Whose.ADDRESS}
REPLIES = [
    line.split("|", 1)
    for line in (Path(__file__).parent / "replies.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def sort_line(said: str) -> Fault:
    said = said.strip().replace("\\n", "\n")
    status = re.search(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])", said)
    if re.match(r"\d{3}\b(?!\.)", said):
        return sort_reply(int(said[:3]), status[0] if status else "", said[3:])
    return sort_bounce(status[0] if status else "5.0.0", said.removeprefix("b "))


def expect(label: str) -> tuple[Whose, bool]:
    word = label.strip().removeprefix("b ").strip()
    return WHOSE[word.removesuffix("!")], word.endswith("!")


def test_what_servers_document_is_sorted_as_they_mean_it() -> None:
    assert len(REPLIES) > 200
    wrong = [
        (label, said) for label, said in REPLIES if (got := sort_line(said)) and (got.whose, got.hard) != expect(label)
    ]
    assert wrong == []


def test_a_reply_that_leaves_hope_is_never_hard() -> None:
    assert not [said for _label, said in REPLIES if said.strip().startswith("4") and sort_line(said).hard]


def test_what_a_server_calls_temporary_is_final_once_it_gave_up() -> None:
    said = "450 4.1.1 <ada@halden.example>: Recipient address rejected: User unknown in virtual mailbox table"
    assert sort_reply(450, "4.1.1", said) == Fault(Whose.ADDRESS, hard=False, lasts=False)
    assert sort_bounce("4.1.1", said) == Fault(Whose.ADDRESS, hard=True, lasts=True)


def test_an_address_or_a_link_in_a_reply_says_nothing() -> None:
    said = "<user-unknown@spam-virus.example>: Recipient address rejected: User unknown, see https://x.example/blocked-spam"
    assert sort_reply(550, "5.1.1", said).hard
    assert not sort_reply(554, "5.7.1", "<no-such-user@unknown-user.example>: mailbox full").hard
