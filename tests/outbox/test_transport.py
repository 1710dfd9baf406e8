"""What goes over the line: signed, from an address that names the email, by connections that are used again."""

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import dkim as verifier
import pytest
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.mail import free_port

from troth import in_force
from troth.outbox import dkim, returns, transport
from troth.outbox.replies import Whose
from troth.outbox.written import lay_out

BODY = (
    "Hello Ada,\n\n.a line with a dot \t and spaces  \nGrüße aus Köln – and a line that is long: "
    + "x" * 900
    + "\n\n\n"
)


class Line:
    """Each connection, what it was sent byte for byte, and what it answers."""

    def __init__(self) -> None:
        self.envelopes: list[tuple[str, list[str], bytes]] = []
        self.connections: set[Any] = set()
        self.answer = "250 OK"
        self.to_sender = "250 OK"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.connections.add(session.peer)
        envelope.mail_from = address
        return self.to_sender

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return self.answer


class AtOnce(Line):
    """Also offers to be told sender, recipient and what follows at once."""

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, replies: list[str]) -> list[str]:
        session.host_name = name
        return [*replies[:-1], "250-PIPELINING", replies[-1]]


@pytest.fixture(params=[Line, AtOnce])
def line(settings: Any, request: pytest.FixtureRequest) -> Iterator[Line]:
    handler = request.param()
    server = Controller(handler, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    server.start()
    settings.TROTH_DEMO = False
    settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = server.hostname, server.port
    yield handler
    server.stop()


@pytest.fixture(scope="module")
def key_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[str, Path], ...]:
    folder = tmp_path_factory.mktemp("dkim")
    pairs: dict[str, dkim.PrivateKey] = {"rsa1": generate_private_key(65537, 2048), "ed1": Ed25519PrivateKey.generate()}
    for name, key in pairs.items():
        (folder / name).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return tuple((name, folder / name) for name in pairs)


def message(to: str = "ada@halden.example") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Ihr Angebot – Grüße", "Acme <privacy@acme.example>", to
    mail["Message-ID"], mail["Date"] = "<1@acme.example>", "Fri, 27 Nov 2026 04:00:00 +0000"
    mail.set_content(BODY)
    mail.add_alternative(f"<p>{BODY}</p>", subtype="html")
    return mail


def records(name: bytes, timeout: int = 5) -> bytes:
    selector = name.decode().partition("._domainkey.acme.example")[0]
    return next(key.record.encode() for key in dkim.list_keys() if key.selector == selector)


def holds(sent: bytes, number: int) -> bool:
    try:
        return bool(verifier.DKIM(sent).verify(idx=number, dnsfunc=records))
    except verifier.ValidationError:
        return False


def test_each_key_signs_and_another_program_verifies_it(line: Line, settings: Any, key_files: Any) -> None:
    settings.TROTH_DKIM = key_files
    with transport.Lines() as lines:
        lines.hand_over(lay_out(message()), uuid4())
    ((_sender, _to, sent),) = line.envelopes
    assert sent.count(b"DKIM-Signature:") == 2
    for number in (0, 1):
        assert holds(sent, number)
        changed = sent.replace(b"Hello Ada", b"Hello Eve")
        assert changed != sent
        assert not holds(changed, number)
        assert not holds(b"Subject: another\r\n" + sent, number)


def test_a_key_that_cant_be_used_lets_nothing_leave(line: Line, settings: Any, tmp_path: Path) -> None:
    weak = tmp_path / "weak"
    weak.write_bytes(generate_private_key(65537, 1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for file in (weak, tmp_path / "absent"):
        settings.TROTH_DKIM = (("k", file),)
        with transport.Lines() as lines, pytest.raises(transport.TryLater) as problem:
            lines.hand_over(lay_out(message()), uuid4())
        assert (problem.value.code, problem.value.everywhere) == ("no signing key", True)
    assert line.envelopes == []


def test_one_connection_takes_several_emails_and_a_refusal_does_not_end_it(line: Line, settings: Any) -> None:
    with transport.Lines() as lines:
        lines.hand_over(lay_out(message()), uuid4())
        line.answer = "550 5.1.1 no such user"
        with pytest.raises(transport.RefusedForGood) as refused:
            lines.hand_over(lay_out(message()), uuid4())
        line.answer = "250 OK"
        lines.hand_over(lay_out(message()), uuid4())
    assert refused.value.fault.hard
    assert len(line.envelopes) == 3
    assert len(line.connections) == 1


def test_what_is_said_before_anybody_is_named_concerns_every_email(line: Line) -> None:
    line.to_sender = "550 5.7.26 Unauthenticated email is not accepted due to the domain's DMARC policy"
    with transport.Lines() as lines, pytest.raises(transport.TryLater) as refused:
        lines.hand_over(lay_out(message()), uuid4())
    assert refused.value.everywhere
    assert refused.value.fault.whose is Whose.US


def test_an_address_in_other_letters_goes_where_the_server_offers_it(line: Line) -> None:
    with transport.Lines() as lines:
        mail = message("jürgen@halden.example")
        mail.policy = policy.default.clone(utf8=True)
        lines.hand_over(lay_out(mail), uuid4())
    assert line.envelopes[0][1] == ["jürgen@halden.example"]


def test_each_email_has_an_envelope_sender_of_its_own_that_only_we_can_make(line: Line, settings: Any) -> None:
    settings.TROTH_MAILBOX = "portal@acme.example"
    first, second = uuid4(), uuid4()
    with transport.Lines() as lines:
        for email in (first, second):
            lines.hand_over(lay_out(message()), email)
    senders = [sender for sender, _to, _sent in line.envelopes]
    assert [returns.read_envelope(sender) for sender in senders] == [first, second]
    assert returns.read_envelope(senders[0].upper()) == first, "servers may fold A to Z"
    for forged in (senders[0].replace("+b", "+r"), senders[0][:10] + "aa" + senders[0][12:], "portal@acme.example", ""):
        assert returns.read_envelope(forged) is None
    assert all(len(sender.partition("@")[0]) <= 64 for sender in senders)


def test_a_reply_address_names_the_thread_and_is_no_envelope(settings: Any, monkeypatch: Any) -> None:
    thread = UUID("018f0000-0000-7000-8000-000000000001")
    settings.TROTH_MAILBOX = "portal@acme.example"
    address = returns.reply_address(thread)
    assert returns.read_reply(f"<{address}>") == thread
    assert returns.read_envelope(address) is None
    assert str(thread) not in address
    settings.TROTH_MAILBOX = ""
    monkeypatch.setattr(in_force, "policy", lambda: type("P", (), {"privacy_email": "privacy@acme.example"}))
    assert returns.reply_address(thread).startswith("privacy+r")
