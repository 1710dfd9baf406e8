"""A page is found with and without the slash at the end of its address."""

import pytest
from tests.visits import BROWSER, visitor

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/console/policy/", "/console/policy"),
        ("/console/sign-in/", "/console/sign-in"),
        ("/console", "/console/"),
        ("/policy/", "/policy"),
        ("/policy/1/", "/policy/1"),
        ("/policy/versions/", "/policy/versions"),
        ("/products", "/products/"),
        ("/products/optipro-process", "/products/optipro-process/"),
        ("/quote?product=optipro-process&need=service", "/quote/?product=optipro-process&need=service"),
        ("/history/no-such-link", "/history/no-such-link/"),
    ],
)
def test_the_other_spelling_leads_to_the_page(asked, page):
    answer = visitor().get(asked)
    assert (answer.status_code, answer["Location"]) == (301, page)


@pytest.mark.parametrize("asked", ["/nothing-here", "/nothing-here/", "/products/no-such-thing/", "/policy/99"])
def test_what_does_not_exist_is_not_found_under_either(asked):
    assert visitor().get(asked).status_code == 404


def test_nobody_is_led_to_another_site():
    for asked in ("//evil.example/policy/", "//evil.example/", "//policy/"):
        assert not visitor().get(asked).headers.get("Location", "/").startswith("//")


def test_what_was_sent_is_never_led_away():
    assert visitor().post("/console/sign-in/", {"username": "ines"}, **BROWSER).status_code == 404
    assert visitor().post("/quote", {"name": "Marisol"}, **BROWSER).status_code == 404
