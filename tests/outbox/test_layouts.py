"""Emails that are alike, laid out once: each is what its templates give for its reader, and its signature holds."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID

import dkim as verifier
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.mail import Sink, sink
from tests.outbox.test_delivery import HelloFacts, posted, proven, site
from tests.outbox.test_lanes import address

from troth.outbox import dkim, emails, lanes, layouts, writing
from troth.outbox.emails import Email, EmailKind, MailLane
from troth.outbox.layouts import Layouts, RenderedEmail
from troth.outbox.models import QueuedEmail
from troth.outbox.pictures import Picture

__all__ = ["sink", "site"]

NAMES = ("Ada O'Reilly & Søns", "Bo", "=Eve=  of\tPort " + "long " * 60, "<b>Zoë</b>")
PICTURE = Picture("recall.png", "png", b"\x89PNG" + bytes(range(256)))
SENDER = "Acme <privacy@acme.example>"


def read(data: bytes, kind: str) -> str:
    body = message_from_bytes(data, policy=policy.default).get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def signed(written: Any) -> bytes:
    return dkim.sign(written.data, domain="acme.example", at=1_700_000_000)


def render(blanks: Any) -> RenderedEmail:
    from django.utils.html import escape

    name = blanks["values name"]
    text, html = f"Hello {name},\n\n.dots  and \nmore\n", f"<p>Hello {escape(name)}</p>\n"
    return RenderedEmail("News – Grüße", text, html, (PICTURE,))


def test_a_filled_in_email_says_what_its_templates_say_and_its_signature_holds(settings: Any, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    (tmp_path / "k").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.TROTH_DKIM = (("k", tmp_path / "k"),)
    record = dkim.list_keys()[0].record.encode()
    found = Layouts()
    assert found.find("issue", SENDER, {"values name": "Ada"}, render) is None, "the first one is written by itself"
    for name in NAMES:
        blanks = {"values name": name}
        layout = found.find("issue", SENDER, blanks, render)
        assert layout
        written = layout.fill("eve@halden.example", {"To": "eve@halden.example", "Message-ID": "<1@x>"}, blanks)
        said = render(blanks)
        assert read(written.data, "plain") == said.text
        assert read(written.data, "html") == said.html
        _plain, related = message_from_bytes(written.data, policy=policy.default).iter_parts()
        html, shown = related.iter_parts()
        assert (html.get_content_type(), shown["Content-ID"]) == ("text/html", "<recall.png@pictures>")
        assert (shown.get_content_type(), shown.get_content()) == ("image/png", PICTURE.content)
        assert message_from_bytes(written.data, policy=policy.default)["Subject"] == said.subject
        assert max(map(len, written.data.split(b"\r\n"))) <= 76
        assert dkim.relax_body(written.body) == written.body, "nothing of it is changed by the relaxed way"
        sent = signed(written)
        assert verifier.DKIM(sent).verify(dnsfunc=lambda _name, timeout=5: record)
        assert (written.sender, written.address) == ("privacy@acme.example", "eve@halden.example")


@pytest.mark.parametrize(
    "change",
    [
        lambda name: RenderedEmail("News", name.upper(), name),
        lambda name: RenderedEmail(f"For {name}", name, name),
        lambda name: RenderedEmail("News", name[:3], name),
        lambda name: RenderedEmail("News", "Dear Ada" if name == "Ada" else "Dear reader", name),
    ],
)
def test_a_template_that_does_more_than_show_a_value_is_filled_in_each_time(change: Any) -> None:
    found = Layouts()
    for _time in range(3):
        assert found.find("issue", SENDER, {"values name": "Ada"}, lambda it: change(it["values name"])) is None


def test_the_layouts_of_a_turn_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "_MOST_SEEN", 3)
    monkeypatch.setattr(layouts, "_MOST_KEPT", 3)
    found = Layouts()
    for number in range(20):
        for _time in range(2):
            found.find(number, SENDER, {"values name": "Ada"}, render)
    assert len(found._seen) <= 3
    assert len(found._kept) <= 3


@pytest.mark.django_db(transaction=True)
def test_each_reader_of_many_gets_their_own(sink: Sink, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.TROTH_SMTP_CONNECTIONS = 2
    known = {"tests/alike": Email("hello", "Hello", "offers", EmailKind.MARKETING, facts=HelloFacts)}
    monkeypatch.setattr(emails, "_known", known)
    monkeypatch.setattr(emails, "is_stated", lambda *_given, **_more: True)
    rendered: list[str] = []
    before = writing._render

    def count(template: str, context: Any) -> str:
        rendered.append(template)
        return before(template, context)

    monkeypatch.setattr(writing, "_render", count)
    queued: dict[UUID, str] = {}
    for number in range(8):
        person = {**address(number), "name": f"Reader {number} & Sons"}
        queued[posted(proven(person), purpose="offers", email="tests/alike").id] = person["email"]
    lanes.run(MailLane.MARKETING)

    assert QueuedEmail.objects.filter(state="sent").count() == len(sink.taken) == 8
    links = set()
    for to, mail in sink.taken:
        id = UUID(str(mail["Message-ID"]).strip("<>").partition("@")[0])
        number = int(to[0].removeprefix("reader").partition("@")[0])
        assert to == [queued[id]]
        assert mail["To"] == queued[id]
        text, html = (str(mail.get_body((kind,)).get_content()) for kind in ("plain", "html"))  # type: ignore[union-attr]
        assert f"Hello Reader {number} & Sons," in text
        assert f"Hello Reader {number} &amp; Sons" in html
        links.add(str(mail["List-Unsubscribe"]))
        assert str(mail["List-Unsubscribe"]).strip("<>") in text
    assert len(links) == 8
    assert len(rendered) < 8 * 3, "what is alike is rendered a few times only"
