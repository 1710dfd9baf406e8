"""A real mail server for tests: what it took, and what it answers instead if it is told to refuse."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Sink:
    """What an SMTP server took. `answers`: what it says to the next emails instead of taking them; the last one stays.
    `greylists`: for so long it puts off an address that it doesn't know from this envelope sender."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.answers: list[str] = []
        self.to_recipients: list[str] = []
        self.greylists = timedelta()
        self._known: dict[tuple[str, str], datetime] = {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.to_recipients:
            return self.to_recipients[0]
        now = datetime.now(UTC)
        if self.greylists and now < self._known.setdefault((envelope.mail_from, address), now) + self.greylists:
            return "451 4.7.1 Greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # aiosmtpd's name
        if self.answers:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((envelope.rcpt_tos, mail))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """The server, and the site that sends there."""
    handler = Sink()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.TROTH_DEMO = False
    settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = server.hostname, server.port
    yield handler
    server.stop()
