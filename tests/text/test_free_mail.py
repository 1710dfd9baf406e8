"""Where everybody gets an address: one list for routing, likeness, organizations and joining."""

import pytest

from troth.text.free_mail import is_free


@pytest.mark.parametrize(
    "domain",
    [
        "gmx.at",
        "onet.pl",
        "t-online.de",
        "wp.pl",
        "seznam.cz",
        "libero.it",
        "yahoo.com",
        "yahoo.co.uk",
        "yahoo.com.ph",
        "yahoo.de",
        "qq.com",
        "163.com",
        "proton.me",
        "GMX.de",
        "mail.gmx.de",
        "o2.pl",
        "laposte.net",
        "orange.fr",
        "sfr.fr",
        "naver.com",
        "daum.net",
        "hanmail.net",
        "mail.ru",
        "ukr.net",
        "abv.bg",
        "outlook.com",
        "outlook.at",
        "hotmail.co.jp",
        "live.nl",
        "icloud.com",
        "me.com",
        "tutanota.com",
        "mailbox.org",
        "mailinator.com",
        "walla.co.il",
        "bluewin.ch",
        "rediffmail.com",
        "docomo.ne.jp",
        "centrum.cz",
        "azet.sk",
        "uol.com.br",
        "interia.pl",
        "privaterelay.appleid.com",
    ],
)
def test_an_address_there_says_nothing_of_a_company(domain):
    assert is_free(domain)


@pytest.mark.parametrize(
    "domain",
    [
        "halden-valve-works.example",
        "ibm.com",
        "oracle.com",
        "live.company",
        "yahoo.bakery.example",
        "notgmx.at",
        "gmx-valves.com",
        "co.uk",
        "com",
    ],
)
def test_other_domains_are_companies(domain):
    assert not is_free(domain)
