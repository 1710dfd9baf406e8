"""What receivers look up about us, with an invented DNS."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dns.resolver
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from troth import in_force
from troth.cli.outbox import outbox_commands
from troth.outbox import checking, dkim


class Records(dict[tuple[str, str], Sequence[str]]):
    def ask(self, name: str, kind: str) -> Sequence[str]:
        return self.get((name, kind), ())


@pytest.fixture
def right(settings: Any, tmp_path: Path) -> Records:
    file = tmp_path / "ed"
    key = Ed25519PrivateKey.generate()
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.TROTH_DKIM = (("t1", file),)
    return Records(
        {
            ("acme.example", "TXT"): ["google-site-verification=x", "v=spf1 mx -all"],
            ("t1._domainkey.acme.example", "TXT"): [dkim.list_keys()[0].record.replace("p=", "p= ")],
            ("_dmarc.acme.example", "TXT"): ["v=DMARC1; p=reject; rua=mailto:x@acme.example"],
            ("192.0.2.1", "PTR"): ["mail.acme.example"],
            ("mail.acme.example", "A"): ["192.0.2.1"],
        }
    )


def wrong(records: Records) -> list[str]:
    found = [*checking.check_domain("acme.example", ask=records.ask)]
    found += checking.check_host("mail.acme.example", ask=records.ask, addresses=["192.0.2.1"])
    return [checked.says for checked in found if checked.fix]


def test_a_domain_where_all_is_right(right: Records) -> None:
    assert wrong(right) == []


@pytest.mark.parametrize(
    ("name", "kind", "instead", "says"),
    [
        ("acme.example", "TXT", [], "no SPF record"),
        ("acme.example", "TXT", ["v=spf1 mx -all", "v=spf1 -all"], "several SPF records"),
        ("acme.example", "TXT", ["v=spf1 +all"], "lets everybody send"),
        ("t1._domainkey.acme.example", "TXT", ["v=DKIM1; k=ed25519; p=AAAA"], "another key than ours"),
        ("t1._domainkey.acme.example", "TXT", [], "has no key"),
        ("_dmarc.acme.example", "TXT", [], "no DMARC record"),
        ("_dmarc.acme.example", "TXT", ["v=DMARC1; p=none"], "asks receivers for nothing"),
        ("192.0.2.1", "PTR", [], "has no name"),
        ("mail.acme.example", "A", ["192.0.2.2"], "doesn't lead back"),
    ],
)
def test_what_is_wrong_is_said(right: Records, name: str, kind: str, instead: list[str], says: str) -> None:
    right[name, kind] = instead
    (found,) = wrong(right)
    assert says in found


def test_a_dns_that_does_not_answer_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_force, "policy", lambda: SimpleNamespace(privacy_email="privacy@acme.example"))

    def times_out(*_asked: object, **_more: object) -> None:
        raise dns.resolver.LifetimeTimeout(timeout=10.2, errors=[])

    monkeypatch.setattr(dns.resolver, "resolve", times_out)
    result = CliRunner().invoke(outbox_commands, ["check"])
    assert result.exit_code == 1
    assert "wrong  The DNS doesn't answer, so SPF, DKIM, DMARC and the name" in result.output
    assert "resolv.conf" in result.output


def test_unsigned_emails_are_said(right: Records, settings: Any) -> None:
    settings.TROTH_DKIM = ()
    assert wrong(right) == ["Emails leave without a DKIM signature."]
