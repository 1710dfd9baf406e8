"""What agents may not do: each attempt is refused as the protocol says, keeps nothing and tells nothing."""

import base64
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.accounts import emails_to
from tests.drp.agents import (
    BUSINESS,
    EMAIL,
    FRIENDS,
    KEYS,
    OTHERS,
    asked,
    body,
    get,
    listed,
    paired,
    post,
    signed,
    wanted,
)
from tests.visits import visitor

from troth.cases.models import Case
from troth.drp import actions, callbacks, delivery, exercise
from troth.drp.models import AgentRequest, AgentToken, SeenBody


def past(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def ahead(**on: float) -> str:
    return (datetime.now(UTC) + timedelta(**on)).isoformat()


def changed(data: bytes, at: int) -> bytes:
    raw = bytearray(base64.b64decode(data))
    raw[at] ^= 1
    return base64.b64encode(bytes(raw))


def spelled(otherwise: Callable[[bytes], bytes]) -> bytes:
    """A body whose base64 ends with "=", spelled otherwise."""
    data = next(data for data in (wanted(pad="x" * size) for size in range(3)) if data.endswith(b"="))
    return otherwise(data)


def last_sign_raised(data: bytes) -> bytes:
    """The same bytes: the bits beyond the last byte are not 0."""
    bare = data.rstrip(b"=")
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    raised = bare[:-1] + alphabet[alphabet.index(bare[-1]) + 1 :][:1] + data[len(bare) :]
    assert base64.b64decode(raised) == base64.b64decode(data)
    return raised


REFUSED = {
    "nothing": lambda: b"",
    "no base64": lambda: b"{not base64}",
    "base64 with a letter outside": lambda: wanted()[:-8] + b"*" + wanted()[-7:],
    "url-safe base64": lambda: b"-_" + wanted()[2:],
    "base64 without its last sign": lambda: spelled(lambda data: data.rstrip(b"=")),
    "base64 with bits beyond the last byte": lambda: spelled(last_sign_raised),
    "base64 with a line break inside": lambda: wanted()[:76] + b"\n" + wanted()[76:],
    "too short for a signature": lambda: base64.b64encode(b"x" * 63),
    "a signature of nothing": lambda: base64.b64encode(KEYS[FRIENDS].sign(b"")),
    "a changed signature": lambda: changed(wanted(), 5),
    "a changed word": lambda: changed(wanted(), 70),
    "signed by another agent": lambda: wanted(key=OTHERS),
    "signed JSON that is no object": lambda: signed(["agent-id"]),
    "another agent's name": lambda: wanted(agent_id=OTHERS),
    "no agent": lambda: wanted(agent_id=None),
    "another business": lambda: wanted(business_id="SOMEBODY_ELSE"),
    "no business": lambda: wanted(business_id=None),
    "issued in the future": lambda: wanted(issued_at=ahead(hours=1)),
    "no instant of issue": lambda: wanted(issued_at=None),
    "an instant that is none": lambda: wanted(issued_at="yesterday"),
    "a number for an instant": lambda: wanted(issued_at=1_700_000_000),
    "expired": lambda: wanted(issued_at=past(hours=2), expires_at=past(hours=1)),
    "no end": lambda: wanted(expires_at=None),
    "the end of the calendar": lambda: wanted(expires_at="9999-12-31T23:59:59Z"),
}


@pytest.mark.asvs("V9.1.1")
@pytest.mark.asvs("V9.2.1")
@pytest.mark.asvs("V9.2.3")
@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_signed_for_us_now_is_403_without_a_word(what):
    token = paired()
    answer = post("data-rights-request", REFUSED[what](), token)
    assert (answer.status_code, answer.content) == (403, b"")
    assert not AgentRequest.objects.exists()
    assert not Case.objects.exists()
    assert SeenBody.objects.count() == 1  # that of pairing


@pytest.mark.parametrize("what", REFUSED)
def test_nobody_pairs_by_it_either(what):
    answer = post(f"agent/{FRIENDS}", REFUSED[what]())
    assert (answer.status_code, answer.content) == (403, b"")
    assert not AgentToken.objects.exists()


def test_an_agent_that_is_not_listed_does_not_pair():
    answer = post("agent/NOBODY", body(FRIENDS, agent_id="NOBODY"))
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize("times", [2, 3])
def test_a_replayed_body_is_refused(times):
    token, data = paired(), wanted()
    answers = [post("data-rights-request", data, token).status_code for _ in range(times)]
    assert answers == [200] + [403] * (times - 1)
    assert AgentRequest.objects.count() == 1


def test_a_replay_with_other_white_space_is_the_same_body():
    token, data = paired(), wanted()
    assert post("data-rights-request", data, token).status_code == 200
    assert post("data-rights-request", data + b"\n", token).status_code == 403


def test_a_body_of_one_agent_is_nothing_under_the_token_of_another():
    token = paired(OTHERS)
    assert post("data-rights-request", wanted(agent=FRIENDS), token).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "x" * 5_000, "' or true --"])
def test_no_token_no_answer(token):
    for answer in (post("data-rights-request", wanted(), token), get(f"agent/{FRIENDS}", token)):
        assert (answer.status_code, answer.content) == (403, b"")


def test_an_agent_that_was_taken_off_the_list_opens_nothing(settings):
    token = paired()
    settings.TROTH_DRP_AGENTS = {FRIENDS: replace(listed()[FRIENDS], verify_key=listed()[OTHERS].verify_key)}
    assert get(f"agent/{FRIENDS}", token).status_code == 403, "it paired with a key that was replaced since"
    settings.TROTH_DRP_AGENTS = {OTHERS: listed()[OTHERS]}
    assert get(f"agent/{FRIENDS}", token).status_code == 403
    assert post("data-rights-request", wanted(), token).status_code == 403


def test_a_token_ends(time_machine):
    token = paired()
    time_machine.move_to(datetime.now(UTC) + timedelta(days=91), tick=True)
    assert get(f"agent/{FRIENDS}", token).status_code == 403


@pytest.mark.asvs("V2.2.2")
@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ({"drp.version": "0.9"}, "drp.version"),
        ({"exercise": "portability"}, "exercise"),
        ({"exercise": None}, "exercise"),
        ({"exercise": ["access"]}, "exercise"),
        ({"regime": "mars"}, "regime"),
        ({"email": "nobody"}, "email"),
        ({"email": 7}, "email"),
        ({"email": "a@b.example\nBcc: all@x.example"}, "email"),
        ({"email": None}, "found by less"),
        ({"phone_number": "12"}, "phone_number"),
        ({"name": "A" * 3_000}, "name"),
        ({"name": "Alice\u202e"}, "name"),
        ({"relationships": "customer"}, "relationships"),
        ({"status_callback": "http://drp.friends.example/"}, "https"),
        ({"status_callback": "https://elsewhere.example/"}, "not on your list"),
        ({"status_callback": "https://drp.friends.example.evil.example/"}, "not on your list"),
        ({"status_callback": "https://drp.friends.example@evil.example/"}, "user name"),
        ({"status_callback": "https://drp.friends.example:8443/"}, "port"),
        ({"status_callback": "https://127.0.0.1/"}, "not on your list"),
        ({"status_callback": "https://[::1]/"}, "not on your list"),
        ({"status_callback": "https://[::1"}, "no address"),
        ({"status_callback": "https://evil.example\\@drp.friends.example/"}, "user name"),
    ],
)
def test_what_a_known_agent_says_wrongly_is_told_and_keeps_nothing(claims, word):
    answer = post("data-rights-request", wanted(**{"exercise": "access", **claims}), paired())
    assert answer.status_code == 400, answer.content
    assert word in answer.json()["error"]
    assert not Case.objects.exists()
    assert SeenBody.objects.count() == 1  # it may be sent again, put right or not


def test_what_the_policy_lets_no_agent_give_finds_nobody(site):
    place = site.collects[actions.CHANNEL]
    emails_only = replace(place, asks=tuple(ask for ask in place.asks if ask.kind == "email"))
    said = {"drp.version": "1.0", "exercise": "sale:opt-out", "phone_number": "+15595550134"}
    with pytest.raises(exercise.CannotExercise, match='at least one of "email":'):
        exercise.read(said, agent=listed()[FRIENDS], place=emails_only)
    read = exercise.read({**said, "email": EMAIL}, agent=listed()[FRIENDS], place=emails_only)
    assert read.values == {"email": EMAIL}


def test_a_body_too_large_is_refused_before_it_is_read():
    assert post("data-rights-request", b"A" * 70_000, paired()).status_code == 413


def test_a_network_that_is_refused_over_and_over_waits():
    found = [post(f"agent/{FRIENDS}", b"x").status_code for _ in range(62)]
    assert found[0] == 403
    assert found[-1] == 429


def test_a_cookie_or_a_form_of_a_browser_is_not_needed_and_none_is_set():
    answer = post(f"agent/{FRIENDS}", body())
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.asvs("V1.3.6")
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
        "2002:0a00:0001::1",
    ],
)
def test_a_listed_host_that_points_into_our_network_is_not_reached(monkeypatch, address):
    _resolves(monkeypatch, "203.0.113.7", address)
    monkeypatch.setattr(socket, "create_connection", lambda *given: pytest.fail("connected"))
    with pytest.raises(delivery.NotReached, match="no public address"):
        callbacks.post("https://drp.friends.example/status", {}, agent=listed()[FRIENDS])


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    looked: list[Any] = []
    _resolves(monkeypatch, "93.184.215.14")

    def connect(address: Any, timeout: float) -> Any:
        looked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(delivery.NotReached, match="not reached"):
        callbacks.post("https://drp.friends.example/status", {}, agent=listed()[FRIENDS])
    assert looked == [("93.184.215.14", 443)]


@pytest.mark.asvs("V1.3.6")
def test_a_host_that_left_the_list_is_told_nothing(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: pytest.fail("looked up"))
    with pytest.raises(delivery.NotReached, match="host not listed"):
        callbacks.post("https://elsewhere.example/", {}, agent=listed()[FRIENDS])


def test_a_failed_callback_is_an_event_and_is_tried_again(monkeypatch):
    said = asked(paired(), "sale:opt-out", status_callback="https://drp.friends.example/status")
    request = AgentRequest.objects.get(pk=said["request_id"])
    monkeypatch.setattr(socket, "getaddrinfo", _no_such_host)
    with pytest.raises(delivery.NotReached):
        callbacks.tell(request.id, at_utc=datetime.now(UTC))
    assert f"{FRIENDS}: no such host" in request.case.events.values_list("words", flat=True)


def _resolves(monkeypatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: found)


def _no_such_host(*given: Any, **more: Any) -> Any:
    raise socket.gaierror(-2, "Name or service not known")


def test_nothing_of_the_refused_reaches_a_log(caplog):
    token = paired()
    post("data-rights-request", wanted(name="Canarina Haldenova", business_id="X"), token)
    assert "Canarina" not in caplog.text
    assert BUSINESS not in caplog.text
    assert token not in caplog.text
    assert visitor().get("/drp/openapi.json").json()["openapi"] == "3.1.0"


@pytest.mark.parametrize("otherwise", [last_sign_raised, lambda data: data + b"\n", lambda data: b" " + data])
def test_the_same_message_spelled_otherwise_is_the_same_message(otherwise: Callable[[bytes], bytes]) -> None:
    token = paired()
    data = spelled(lambda data: data)
    assert post("data-rights-request", data, token).status_code == 200
    assert post("data-rights-request", otherwise(data), token).status_code == 403
    assert AgentRequest.objects.count() == 1
    pairing = body(pad="")
    assert post(f"agent/{FRIENDS}", pairing).status_code == 200
    assert post(f"agent/{FRIENDS}", pairing + b"\r\n").status_code == 403


@pytest.mark.parametrize("exercise", ["deletion", "access", "sale:opt-in"])
@pytest.mark.parametrize("claims", [{"phone_number": "+15595550134"}, {"address": "1 Mill Road, Fresno"}])
def test_a_request_that_names_no_email_address_is_denied_and_says_why(exercise, claims, run_jobs) -> None:
    said = asked(paired(), exercise, email=None, **claims)
    assert (said["status"], said["reason"]) == ("denied", "insuf_verification")
    assert "has no email address" in said["processing_details"]
    assert "sent by email" not in said["processing_details"]
    assert (said["user_verification_url"], said["expected_by"]) == (None, None)
    run_jobs()
    assert emails_to(EMAIL) == []
    assert Case.objects.get().denial == "insuf_verification"


def test_an_opt_out_by_phone_alone_counts() -> None:
    said = asked(paired(), "sale:opt-out", email=None, phone_number="+15595550134")
    assert said["status"] == "fulfilled"


def test_the_status_says_what_became_of_the_email(run_jobs) -> None:
    token = paired()
    said = asked(token, "deletion")
    assert "by a link that we send by email" in said["processing_details"]
    run_jobs()
    after = get(f"data-rights-request/{said['request_id']}", token).json()
    assert "by the link that we sent by email" in after["processing_details"]
