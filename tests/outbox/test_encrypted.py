"""Email over an encrypted connection, signed in: and what waits where either can't be had."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from tests.mail import Sink, free_port
from tests.tls import certificate

from troth.outbox import checking, telling, transport
from troth.outbox.written import lay_out

USER, PASSWORD, BEYOND_ASCII = "portal@acme.example", "of-the-mail-server", "für-§-den-Server"


class _Controller(Controller):
    """The library tries its own server with the server's context, which no client can use."""

    def _trigger_server(self) -> None:
        with socket.create_connection((self.hostname, self.port), timeout=5):
            pass


def authenticator(server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword) -> AuthResult:
    passwords = (PASSWORD.encode(), BEYOND_ASCII.encode())
    return AuthResult(handled=False, success=given.login == USER.encode() and given.password in passwords)


@pytest.fixture
def begin(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Sink]]:
    """A mail server with the given powers, and settings that name it with user and password."""
    pem = certificate(tmp_path, name="localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    password = tmp_path / "smtp.password"
    password.write_text(f"{PASSWORD}\n")
    started: list[Controller] = []

    def begun(*, tls: str, signs_in: bool = True) -> Sink:
        handler = Sink()
        powers: dict[str, Any] = (
            {"authenticator": authenticator, "auth_required": tls == "starttls"} if signs_in else {}
        )
        if tls == "starttls":
            powers |= {"tls_context": context, "require_starttls": True}
        elif tls == "tls":
            powers |= {"ssl_context": context, "auth_require_tls": False}
        server = _Controller(handler, hostname="localhost", port=free_port(), **powers)
        server.start()
        started.append(server)
        settings.TROTH_DEMO, settings.TROTH_SMTP_TLS = False, tls
        settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = "localhost", server.port
        settings.TROTH_SMTP_USER, settings.TROTH_SMTP_PASSWORD_FILE = USER, password
        return handler

    yield begun
    for server in started:
        server.stop()


def hand_over() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = USER, "vera@home.example", "A receipt"
    message.set_content("Hello.")
    with transport.Lines() as lines:
        lines.hand_over(lay_out(message), uuid4())


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_an_email_goes_encrypted_and_signed_in(begin: Callable[..., Sink], tls: str) -> None:
    sink = begin(tls=tls)
    hand_over()
    ((to, mail),) = sink.taken
    assert (to, mail["Subject"]) == (["vera@home.example"], "A receipt")


@pytest.mark.parametrize(("tls", "how"), [("starttls", "by STARTTLS (TLSv1"), ("tls", "by TLS (TLSv1")])
def test_how_the_mail_server_is_reached_is_checked_with_its_certificate(
    begin: Callable[..., Sink], tls: str, how: str
) -> None:
    sink = begin(tls=tls)
    reached, certified = checking.check_server()
    assert how in reached.says
    assert f"signed in as {USER}" in reached.says
    assert not reached.fix
    assert "is valid until" in certified.says
    assert "Renew it" in certified.fix, "It ends within a day."
    assert sink.taken == []


def waits(code: str, words: str, sink: Sink) -> None:
    with pytest.raises(transport.TryLater) as refused:
        hand_over()
    assert refused.value.code == code
    assert telling.why_in_words(code) == words
    assert sink.taken == []


def test_a_server_without_encryption_is_told_nothing(begin: Callable[..., Sink], settings: Any) -> None:
    sink = begin(tls="none", signs_in=False)
    settings.TROTH_SMTP_TLS = "starttls"
    waits("no encryption", "the connection to our mail server couldn’t be encrypted", sink)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_of_nobody_we_trust_is_told_nothing(
    begin: Callable[..., Sink], monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    sink = begin(tls=tls)
    monkeypatch.delenv("SSL_CERT_FILE")
    waits("no encryption", "the connection to our mail server couldn’t be encrypted", sink)


def test_a_wrong_password_waits_until_it_is_set_right(begin: Callable[..., Sink], settings: Any) -> None:
    sink = begin(tls="starttls")
    for wrong in ("another", f"{BEYOND_ASCII}!"):
        settings.TROTH_SMTP_PASSWORD_FILE.write_text(wrong, encoding="utf-8")
        waits("no sign-in", "our mail server did not accept our password", sink)
    for number, password in enumerate((PASSWORD, BEYOND_ASCII), 1):
        settings.TROTH_SMTP_PASSWORD_FILE.write_text(password, encoding="utf-8")
        hand_over()
        assert len(sink.taken) == number


def test_a_server_that_cannot_look_at_passwords_now_is_not_said_to_refuse_ours(
    begin: Callable[..., Sink], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object) -> None:
        raise smtplib.SMTPAuthenticationError(454, b"4.7.0 Temporary authentication failure")

    sink = begin(tls="starttls")
    settings.TROTH_SMTP_PASSWORD_FILE.write_text("another", encoding="utf-8")
    (refused,) = checking.check_server()
    assert (refused.says, "PASSWORD_FILE" in refused.fix) == ("The mail server refused the password (535).", True)
    monkeypatch.setattr(transport, "_log_in", busy)
    (checked,) = checking.check_server()
    assert checked.says.endswith(" answers 454.")
    waits("smtp 454 4.7.0", telling.why_in_words("smtp 454 4.7.0"), sink)


def test_a_missing_password_file_waits_too(begin: Callable[..., Sink], settings: Any) -> None:
    sink = begin(tls="starttls")
    settings.TROTH_SMTP_PASSWORD_FILE.unlink()
    waits("no sign-in", "our mail server did not accept our password", sink)


def test_a_server_that_knows_no_users_waits_rather_than_failing_every_email(begin: Callable[..., Sink]) -> None:
    sink = begin(tls="starttls", signs_in=False)
    waits("no sign-in", "our mail server did not accept our password", sink)
