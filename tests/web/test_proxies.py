"""Behind the operator's proxies visitors are told apart; nobody else can choose who he is."""

from ipaddress import ip_network

import pytest
from tests.visits import BROWSER, visitor

from troth.security import limits
from troth.web import proxies

OURS = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.asvs("V15.3.4")
@pytest.mark.parametrize(
    ("sender", "forwarded", "is_"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "192.0.2.1", "203.0.113.9"),  # not by way of our proxy: what it says counts for nothing
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9, 10.0.0.4", "203.0.113.9"),
        ("127.0.0.1", "10.0.0.5,10.0.0.4", "10.0.0.5"),
        ("127.0.0.1", "192.0.2.1, unknown, 10.0.0.4", "10.0.0.4"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9:4711", "127.0.0.1"),
        ("::ffff:127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("fd00::1", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", ""),
    ],
)
def test_the_right_most_address_that_is_not_a_proxys_wins(sender, forwarded, is_):
    assert proxies.visitor(sender, forwarded, proxies=OURS) == is_


def test_the_header_is_not_looked_at_where_no_proxy_is_named():
    assert proxies.visitor("127.0.0.1", "203.0.113.9", proxies=()) == "127.0.0.1"


def tried(forwarded: str) -> int:
    form = {"username": forwarded, "password": "wrong"}
    headers = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}
    return visitor().post("/console/sign-in", form, **BROWSER, **headers).status_code


@pytest.fixture
def one_try(site, monkeypatch):
    monkeypatch.setattr(limits, "SIGN_IN", limits.Limit("sign in", 1, limits.SIGN_IN.within))


def test_visitors_behind_our_proxy_have_a_limit_each(one_try, settings):
    settings.TROTH_PROXIES = OURS
    assert [tried("203.0.113.9"), tried("198.51.100.9"), tried("192.0.2.1, 203.0.113.9")] == [400, 400, 429]


def test_without_a_proxy_nobody_escapes_the_limit_by_a_header(one_try):
    assert [tried("203.0.113.9"), tried("198.51.100.9")] == [400, 429]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("::ffff:192.0.2.1", "192.0.2.77"),  # a server that listens on both writes the old address in the new form
        ("2001:db8:1::1", "2001:db8:1:ffff::2"),
    ],
)
def test_addresses_of_one_network_share_a_limit(one: str, other: str) -> None:
    assert limits.network(one) == limits.network(other)


@pytest.mark.parametrize(
    ("one", "other"), [("::ffff:192.0.2.1", "::ffff:198.51.100.1"), ("192.0.2.1", "192.0.3.1"), ("::1", "0.0.0.1")]
)
def test_addresses_of_two_networks_do_not(one: str, other: str) -> None:
    assert limits.network(one) != limits.network(other)


def test_an_address_with_its_interface_is_of_a_network() -> None:
    assert limits.network("fe80::1%eth0") == "fe80::/48"
