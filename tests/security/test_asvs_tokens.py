"""What is signed is looked at only once its signature holds: forms by our own key, agents by theirs on our list."""

import base64
import hashlib
import hmac
import json
import socket
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core import signing
from hypothesis import given
from hypothesis import strategies as some
from tests.drp.agents import BUSINESS, FRIENDS, KEYS, body, listed, post

from troth.collection.forms import nonce
from troth.drp.models import AgentRequest, AgentToken

FORM = "form.quote"
THING = [FORM, "", "0123456789abcdef"]


def taken(secret: str, *, form: str = FORM, session: str = "") -> bool:
    try:
        nonce.check(secret, form=form, session=session)
    except nonce.NonceError:
        return False
    return True


@pytest.mark.asvs("V9.1.1")
@given(at=some.integers(min_value=0, max_value=10_000), sign=some.sampled_from("aB3-_:.=\u00e9\x00"))
def test_a_form_of_which_one_sign_was_changed_is_not_ours(at: int, sign: str) -> None:
    secret = nonce.issue_nonce(FORM)
    place = at % len(secret)
    changed = secret[:place] + sign + secret[place + 1 :]
    # The last sign of a base64 carries two bits that say nothing: the same bytes are the same signature.
    assert taken(secret)
    assert changed == secret or not taken(changed) or place == len(secret) - 1


@pytest.mark.asvs("V9.1.2")
@pytest.mark.parametrize("algorithm", ["sha1", "sha512", "md5"])
def test_a_form_signed_by_our_key_in_another_way_is_not_ours(algorithm: str) -> None:
    assert taken(signing.dumps(THING, salt=nonce._SALT))
    signer = signing.TimestampSigner(salt=nonce._SALT, algorithm=algorithm)
    assert not taken(signer.sign_object(THING))


@pytest.mark.asvs("V9.1.2")
def test_a_form_without_a_signature_or_that_names_its_own_way_of_signing_is_not_ours() -> None:
    payload, when, _signature = signing.dumps(THING, salt=nonce._SALT).split(":")
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    hs256 = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=").decode()
    mac = hmac.digest(settings.SECRET_KEY.encode(), f"{hs256}.{payload}".encode(), "sha256")
    jwt = f"{hs256}.{payload}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    for forged in (payload, f"{payload}:{when}", f"{payload}:{when}:", f"{head}.{payload}.", jwt):
        assert not taken(forged), forged


@pytest.mark.asvs("V9.1.3")
@pytest.mark.asvs("V9.2.2")
def test_a_form_signed_by_another_key_or_for_another_use_is_not_ours() -> None:
    assert not taken(signing.dumps(THING, key="a key that the form brought", salt=nonce._SALT))
    assert not taken(signing.dumps(THING, salt="django.contrib.sessions"))
    assert not taken(nonce.issue_nonce("form.contact"))
    assert not taken(nonce.issue_nonce(FORM, session="another"))


@pytest.mark.asvs("V9.2.1")
def test_a_form_is_ours_for_twelve_hours_and_no_minute_longer(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T08:00:00+00:00", tick=False)
    secret = nonce.issue_nonce(FORM)
    time_machine.shift(timedelta(hours=12) - timedelta(seconds=1))
    assert taken(secret)
    time_machine.shift(timedelta(minutes=1))
    assert not taken(secret)


@pytest.fixture
def agents(site: Any, settings: Any) -> None:
    settings.TROTH_DRP_AGENTS, settings.TROTH_DRP_BUSINESS_ID = listed(), BUSINESS


@pytest.mark.asvs("V9.1.3")
def test_a_key_that_a_body_brings_or_points_to_signs_nothing(agents: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: pytest.fail("a key was looked for elsewhere"))
    stranger = Ed25519PrivateKey.generate()
    key = base64.b64encode(stranger.public_key().public_bytes_raw()).decode()
    for name in ("verify_key", "jwk", "x5u", "jku", "kid", "verify-key"):
        said = json.loads(base64.b64decode(body(FRIENDS))[64:]) | {name: key}
        text = json.dumps(said).encode()
        forged = base64.b64encode(stranger.sign(text) + text)
        assert post(f"agent/{FRIENDS}", forged).status_code == 403
        assert post("data-rights-request", forged).status_code == 403
    assert not AgentToken.objects.exists()
    assert not AgentRequest.objects.exists()
    assert post(f"agent/{FRIENDS}", body(FRIENDS)).status_code == 200, "the right key is refused too"


@pytest.mark.asvs("V9.1.2")
def test_the_public_key_of_an_agent_is_no_secret_to_sign_with(agents: None) -> None:
    """Where the way of signing could be chosen, anybody who knows the public key would sign with it."""
    text = base64.b64decode(body(FRIENDS))[64:]
    public = KEYS[FRIENDS].public_key().public_bytes_raw()
    for mac in (hmac.digest(public, text, "sha512"), hashlib.sha512(public + text).digest(), bytes(64)):
        for names in (text, text[:-1] + b', "alg": "HS512"}', text[:-1] + b', "alg": "none"}'):
            assert post(f"agent/{FRIENDS}", base64.b64encode(mac + names)).status_code == 403
    assert not AgentToken.objects.exists()
