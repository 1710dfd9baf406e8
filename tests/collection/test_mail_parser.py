"""Foreign mail, read in a process that can do nothing else: whatever comes, it is read or set apart."""

import base64
import os
import struct

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.collection.bad_mails import BY_HAND, generate

from troth.collection.mailbox import sandbox
from troth.collection.mailbox.parsed import BadAnswer, add_contents, read_answer
from troth.collection.mailbox.parser import caps

GENERATED = int(os.environ.get("TROTH_BAD_MAILS", "150"))
"""`make prove` makes it 10,000."""
CODES = {"time", "memory", "died", "too large", "RecursionError"}


@pytest.fixture(autouse=True, scope="module")
def _end_children():
    yield
    sandbox.close()


def outcome(raw: bytes) -> str:
    """ "" for a mail that was read, else why it was set apart."""
    try:
        sandbox.read(raw, with_page=True)
    except sandbox.Unreadable as refused:
        return refused.code
    return ""


@pytest.mark.parametrize("name", BY_HAND)
def test_a_bad_mail_is_read_or_set_apart(name: str) -> None:
    assert outcome(BY_HAND[name]) in {"", *CODES}


def test_generated_mails_are_read_or_set_apart() -> None:
    found = [outcome(raw) for raw in generate(GENERATED, seed=13)]
    assert len(found) == GENERATED
    assert set(found) <= {"", *CODES}
    assert found.count("") >= 0.95 * GENERATED


def test_a_mail_is_read_whole() -> None:
    read = sandbox.read(
        b'From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <Juergen@Home.Example>\r\nTo: "Support, Acme" <support@acme.example>\r\n'
        b"Cc: c@d.example\r\nSubject: =?utf-8?b?w5xiZXI=?=\r\nMessage-ID: <1@home.example>\r\n"
        b"References: <a@x> <b@x>\r\nIn-Reply-To: <b@x>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe\r\n\r\nOn Monday, Acme wrote:\r\n> Hello\r\n--b\r\n"
        b"Content-Type: image/png; name=picture.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n"
    )
    assert read.sender == ("Jürgen Müller", "Juergen@home.example")
    assert (read.to, read.cc) == ((("Support, Acme", "support@acme.example"),), (("", "c@d.example"),))
    assert (read.subject, read.message_id, read.references) == ("Über", "1@home.example", ("a@x", "b@x", "b@x"))
    assert (read.text, read.quoted) == ("Grüße\n\n", "On Monday, Acme wrote:\n> Hello")
    (file,) = read.attachments
    assert (file.name, file.media, read.content(file)) == ("picture.png", "image/png", b"\x89PNG")


def test_a_signature_counts_if_it_is_of_the_whole_mail() -> None:
    key = rsa.generate_private_key(65537, 1024)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    keys = {"s._domainkey.home.example": f"v=DKIM1; p={base64.b64encode(public).decode()}"}
    raw = b"From: vera@home.example\r\nSubject: The quote\r\n\r\nNot yet.\r\n"
    whole, first = (dkim.sign(raw, b"s", b"home.example", pem, length=length) for length in (False, True))
    assert sandbox.list_signers(whole + raw, keys) == ("home.example",)
    assert sandbox.list_signers(first + raw + b"Close it.\r\n", keys) == ()


def test_html_is_made_harmless_and_says_what_was_left_out() -> None:
    read = sandbox.read(
        b"From: a@b.example\nContent-Type: text/html\n\n<p onclick=x()>Hello <b>you</b></p><script>x()</script>"
        b"<img src=https://t.example/pixel><a href='javascript:x()'>here</a><a href=https://ok.example>there</a>"
        b"<form action=/x><input name=p></form><ul><li>one<li>two</ul><blockquote>before</blockquote>",
        with_page=True,
    )
    assert read.left_out == ("images", "scripts", "forms")
    for left in ("script", "onclick", "<img", "javascript", "<form", "<input"):
        assert left not in read.html
    assert 'href="https://ok.example" rel="noopener noreferrer nofollow"' in read.html
    assert "Hello you" in read.text
    assert "- one\n- two" in read.text
    assert "> before" in read.text + read.quoted


def test_what_outlook_wraps_is_unwrapped() -> None:
    def attribute(level: int, id: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BHHI", level, id, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    wrapped = (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
        + attribute(1, 0x8004, 1, b"The plan\0")
        + attribute(1, 0x800C, 2, b"Here it is.\0")
        + attribute(2, 0x9002, 6, b"\0" * 14)
        + attribute(2, 0x8010, 1, b"plan.txt\0")
        + attribute(2, 0x800F, 6, b"the plan")
    )
    read = sandbox.read(
        b"From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(wrapped)
    )
    assert [(file.name, read.content(file)) for file in read.attachments] == [("plan.txt", b"the plan")]
    assert read.text == "Here it is.", "Words of Outlook's come before, or without, its codepage."


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Thanks\n\nOn Mon, Acme wrote:\n> Hi\n> there\n", "Thanks\n\n"),
        ("Thanks\n\nAm Montag schrieb Acme\n<a@b.example>:\n> Hi\n", "Thanks\n\n"),
        ("Thanks\n-----Original Message-----\nFrom: Acme\nHi\n", "Thanks\n"),
        ("Thanks\n\nFrom: Acme <a@b.example>\nSent: Monday\nTo: me\nSubject: x\n\nHi\n", "Thanks\n\n"),
        ("> Is it on?\nYes.\n> Since when?\nSince Monday.\n", "> Is it on?\nYes.\n> Since when?\nSince Monday.\n"),
        ("On Monday the manager wrote:\nnothing, so we began.\n> Hi\nSee above.\n", None),
        ("Nothing quoted here.\n", "Nothing quoted here.\n"),
        ("Thanks\n> old\n> older\n\n", "Thanks\n"),
    ],
)
def test_history_is_told_apart_and_no_word_is_lost(text: str, new: str | None) -> None:
    read = sandbox.read(b"From: a@b.example\n\n" + text.encode())
    assert read.text + read.quoted == text
    assert read.text == (text if new is None else new)


def test_a_child_can_open_nothing_and_reach_nobody() -> None:
    """The same confinement, tried from inside."""
    import subprocess
    import sys

    tries = (
        "import os, socket, sys, subprocess\n"
        "from troth.collection.mailbox.parser import confinement\n"
        "assert confinement.confine()\n"
        "def fails(act):\n"
        "    try: act()\n"
        "    except OSError: return True\n"
        "print([fails(act) for act in (\n"
        "    lambda: open('/etc/passwd'), lambda: socket.socket(), lambda: os.fork(), lambda: os.kill(os.getppid(), 0),\n"
        "    lambda: os.unlink('/nowhere'), lambda: os.mkdir('/tmp/troth-never'), lambda: os.execv('/bin/true', ['x']))])\n"
    )
    said = subprocess.run([sys.executable, "-c", tries], capture_output=True, text=True)
    assert said.stdout.strip() == str([True] * 7), said.stderr


def test_a_mail_that_hangs_or_eats_memory_takes_only_its_child_along(monkeypatch: pytest.MonkeyPatch) -> None:
    child = sandbox._Child.start()
    os.kill(child.process.pid, 19)  # SIGSTOP: it hangs
    monkeypatch.setattr(sandbox, "_idle", [child])
    monkeypatch.setattr(sandbox, "WITHIN_SECONDS", 0.3)
    assert outcome(b"From: a@b.example\n\nx") == "time"
    assert child.process.returncode is not None
    monkeypatch.setattr(sandbox, "WITHIN_SECONDS", 20)
    assert outcome(b"From: a@b.example\n\nx") == ""
    sandbox.close()


def test_a_mail_beyond_the_cap_is_not_read() -> None:
    assert outcome(b"x" * (caps.MOST_BYTES + 1)) == "too large"


@pytest.mark.parametrize(
    "said",
    [
        b'{"mail": {"subject": 5.5, "text": []}}',
        b'{"mail": {"sender": ["only one"]}}',
        b'{"mail": {"attachments": [{"name": "a", "media": "a/b", "start": 3, "size": 9}]}}',
        b'{"mail": {"attachments": [{"name": "a", "media": "a/b", "start": -1, "size": 1}]}}',
        b'{"anything": "else"}',
        b'{"mail": {"subject": "' + b"x" * 5_000 + b'"}}',
        b'{"mail": {"subject": "\\ud800"}}',
        b"no JSON",
    ],
)
def test_what_the_child_says_is_checked(said: bytes) -> None:
    with pytest.raises(BadAnswer):
        add_contents(read_answer(said).mail, b"1234")
