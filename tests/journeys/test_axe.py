"""Every page, in both modes and widths, as an accessibility checker and a small screen see it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.visits import MARISOL, PASSWORD, send, staff, visitor
from tests.worlds import known_person

PUBLIC = (
    "/",
    "/products/",
    "/products/?q=nothing-has-this-name",
    "/products/optipro-process/",
    "/policy",
    "/policy/versions",
    "/cookies/",
    "/privacy-choices/",
    "/quote/",
    "/contact/",
    "/register/",
    "/privacy/requests/",
    "/privacy/requests/erasure/",
    "/california/",
    "/california/request/",
    "/outbox/",
    "/console/sign-in",
    "/nothing-here",
)
ONLY_VIOLATIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
"""Style sheets are loaded again only for a rule that is not asked."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    **ONLY_VIOLATIONS,
}
NARROW = 320
"""Pixels, as of a page that is 1280 wide and read at four times its size."""
_DRAWN = ["color-contrast", "link-in-text-block"]
LAYOUT = {
    "runOnly": {"type": "rule", "values": [*_DRAWN, "target-size", "scrollable-region-focusable"]},
    **ONLY_VIOLATIONS,
}
_READ_COLORS_ONCE = """(() => {
  const color = axe.commons.color.Color.prototype, parse = color.parseString, read = new Map()
  color.parseString = function (text) {
    if (!read.has(text)) {
      parse.call(this, text)
      read.set(text, {r: this.r, g: this.g, b: this.b, alpha: this.alpha})
    }
    return Object.assign(this, read.get(text))
  }
})()"""
"""A page has some twenty colors, and axe would read them anew for each element and what lies below it."""
AXE = f"{Axe().axe_script};{_READ_COLORS_ONCE}"
_RUN = """async ([rules, begins, look, clean]) => {
  const root = document.documentElement
  const around = [look, root.className, document.body.className, ...[...document.styleSheets].map(sheet => sheet.href)]
  const digest = async part => {
    const text = part.outerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1")
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode([...around, text].join("\\n")))
    return [...new Uint8Array(bytes)].join(" ")
  }
  const parts = [...document.body.children].filter(part => part.localName !== "main")
  const digests = await Promise.all(parts.map(digest))
  const [known, fresh] = [true, false].map(is => parts.filter((_, at) => clean.includes(digests[at]) === is))
  const long = begins && document.getElementsByTagName("*").length > 4000
  const seen = long ? {include: [...fresh, ["main section:nth-of-type(-n+4)"]]} : {exclude: known}
  return {violations: (await axe.run(seen, rules)).violations, digests}
}"""
_clean: set[str] = set()
"""Headers, footers and banners without a finding, each with its mode and styles: the same one is looked at once."""

_HARD_TO_READ = "color: #777; background: color-mix(in oklab, #777, #999)"

Visit = Callable[[str], Page]


@pytest.fixture(scope="module")
def one_page(browser: Browser) -> Iterator[Page]:
    """The browser compiles axe, styles and scripts once for a page, and would do it again in each new one."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(site: Any, live_server: Any, one_page: Page) -> Visit:
    page = one_page
    page.context.clear_cookies()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})

    def there(address: str) -> Page:
        page.goto(live_server.url + address)
        return page

    return there


@pytest.mark.parametrize("address", PUBLIC)
def test_no_finding_in_both_modes_and_widths_and_nothing_to_scroll_sideways(visit: Visit, address: str) -> None:
    page = visit(address)
    assert findings(page) == []
    assert sideways(page) == 0
    assert "Inter" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_no_finding_on_a_receipt_a_history_and_an_email(visit: Visit, run_jobs: Callable[[], None]) -> None:
    receipt = send(visitor(), "/quote/", MARISOL).headers["Location"]
    run_jobs()
    email = next(link for link in _links(visit("/outbox/")) if link.startswith("/outbox/"))
    for address in (receipt, receipt.replace("/receipt/", "/history/"), email):
        page = visit(address)
        assert page.locator("h1").count() == 1
        assert findings(page) == []
        assert sideways(page) == 0


def test_no_finding_in_the_form_with_something_to_correct(visit: Visit) -> None:
    page = visit("/quote/")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_title(re.compile("^Error:"))
    assert findings(page) == []
    assert sideways(page) == 0


def test_no_finding_in_the_console(visit: Visit, run_jobs: Callable[[], None]) -> None:
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    staff()
    page = visit("/console/sign-in")
    page.locator("[name=username]").fill("ines")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    quote = next(link for link in _links(visit("/console/quotes/")) if re.fullmatch(r"/console/quotes/Q-[^/]+/", link))
    for address in ("/console/", "/console/quotes/", quote, "/console/inquiries/", "/console/policy"):
        page = visit(address)
        assert page.url.endswith(address)
        assert findings(page) == []
        assert sideways(page) == 0


def test_no_finding_on_a_privacy_request_as_the_person_and_as_staff_see_it(
    visit: Visit, run_jobs: Callable[[], None]
) -> None:
    asks = {"name": "Alice Ashby", "email": "alice@ashby.example", "note": "A copy, please."}
    send(visitor(), "/privacy/requests/copy/", asks)
    send(visitor(), "/privacy/requests/erasure/", asks)
    run_jobs()
    emails = [link for link in _links(visit("/outbox/")) if re.match(r"/outbox/\d", link)][:2]
    assert len(emails) == 2
    for email in emails:
        body = visit(email).content()
        page = visit("/case/" + body.partition("/case/")[2].partition("/")[0] + "/")
        assert findings(page) == []
        page.locator("button[value=verify]").click()
        assert findings(page) == []
        assert sideways(page) == 0
        if page.locator("button[formaction$='copy.page']").count():
            page.locator("button[formaction$='copy.page']").click()
            expect(page.locator("main")).to_contain_text("A copy, please.")
            assert findings(page) == []
    staff("pia", role="privacy", name="Pia Lund")
    page = visit("/console/sign-in")
    page.locator("[name=username]").fill("pia")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    one = next(
        link for link in _links(visit("/console/requests/")) if re.fullmatch(r"/console/requests/P-[^/]+/", link)
    )
    staffs = ("new", "log", "deleted")
    for address in (
        *("/console/", "/console/requests/", one, f"{one}?whole=yes", "/console/updates/"),
        *(f"/console/requests/{each}/" for each in staffs),
    ):
        page = visit(address)
        assert page.url.endswith(address)
        assert findings(page) == []
        assert sideways(page) == 0


def test_no_finding_where_staff_look_somebody_up_review_report_and_disclose(visit: Visit) -> None:
    known_person({"name": "Alice Ashby", "email": "alice@ashby.example", "note": "Two plants?"}, channel="form.privacy")
    staff("ada", role="admin", name="Ada Brandt")
    staff("pia", role="privacy", name="Pia Lund")
    page = visit("/console/sign-in")
    page.locator("[name=username]").fill("pia")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").click()

    def look() -> None:
        assert findings(page) == [], page.url
        assert sideways(page) == 0, page.url
        page.set_viewport_size({"width": 1280, "height": 900})

    for address in ("/console/people/", *(f"/console/requests/{each}/" for each in ("incident", "disclosure", "hold"))):
        visit(address)
        look()
        page.locator("main form button").last.click()
        look()  # with something to correct in each field
    visit("/console/people/").get_by_label("Exact email address").fill("alice@ashby.example")
    page.get_by_label("Purpose").select_option("rights")
    page.get_by_label("Reason").fill("she called about her request")
    page.get_by_role("button", name="Look up person").click()
    expect(page.locator("main")).to_contain_text("Alice Ashby")
    look()
    visit("/console/requests/review/").get_by_role("button", name="Start review").click()
    look()
    page.get_by_role("button", name="Keep the account of Ada Brandt").click()
    expect(page.locator("main")).to_contain_text("kept")
    visit("/console/requests/incident/").get_by_label("What happened").fill("A laptop was left on a train")
    for kind in ("Name", "Email"):
        page.get_by_role("group", name="Affected data").get_by_label(kind, exact=True).check()
    page.get_by_label("Approximate number of people").fill("40")
    page.get_by_role("button", name="Start procedure").click()
    look()
    expect(page.locator("main")).to_contain_text("Contain it")


def test_planted_words_that_are_hard_to_read_are_found_in_both_modes(visit: Visit) -> None:
    page = visit("/nothing-here")
    assert findings(page) == []  # from here on its header and footer are known
    planted = {
        "main p": _HARD_TO_READ,
        "header a": _HARD_TO_READ,
        "footer a": _HARD_TO_READ,
        "main": "background: #777",
    }
    for where, style in planted.items():
        page.evaluate(f"document.querySelector('{where}').style = '{style}'")
        found = {finding.partition(": ")[0] for finding in findings(page)}
        assert found == {"light 320 color-contrast", "dark 1280 color-contrast"}, where
        page.evaluate(f"document.querySelector('{where}').removeAttribute('style')")


@pytest.mark.parametrize("address", ["/", "/quote/", "/console/sign-in"])
def test_no_finding_on_what_only_a_wide_page_shows(visit: Visit, address: str) -> None:
    assert _violations(visit(address), scheme="light", width=1280, rules=RULES) == []


@pytest.mark.parametrize("address", ["/", "/policy", "/quote/"])
def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit: Visit, address: str) -> None:
    page = visit(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))


def test_the_policy_prints_without_navigation_and_with_its_addresses(visit: Visit) -> None:
    page = visit("/policy")
    page.emulate_media(media="print")
    expect(page.locator("header.site .brand")).to_be_visible()
    expect(page.locator("header.site nav, footer.colophon nav").filter(visible=True)).to_have_count(0)
    expect(page.locator("nav.toc")).to_be_hidden()
    expect(page.locator("#U6")).to_be_visible()
    expect(page.locator("#U6 ~ details.rule table").first).to_be_visible()
    act = "<section id='act'><h2>Withdraw</h2><p>Why</p><form><button>Go</button></form></section>"
    box = "<section><form><input type='checkbox' id='box' checked></form></section>"
    number = "<p class='crumbs' id='number'>Receipt Q-2026-0003</p>"
    page.locator("main").evaluate("(main, more) => main.insertAdjacentHTML('beforeend', more)", act + box + number)
    expect(page.locator("#act")).to_be_hidden()
    expect(page.locator("#number")).to_be_visible()
    expect(page.locator("#box")).to_have_css("print-color-adjust", "exact")


def test_the_policy_is_folded_and_nothing_of_it_is_out_of_reach(visit: Visit) -> None:
    page, hidden = (
        visit("/policy"),
        "[...document.querySelectorAll('.policy .prose')].filter(p => !p.checkVisibility()).length",
    )
    current = page.locator(".toc a[aria-current]")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.get_by_role("button", name="Show the whole policy")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollHeight") <= 12_000
        expect(current).to_have_count(0)  # at the top no section is being read, folded ones least of all
    assert page.evaluate(hidden) > 30
    page.evaluate("location.hash = 'U6'")
    expect(page.locator("#U6")).to_be_in_viewport()
    expect(current).to_have_attribute("href", "#U6")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(hidden) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.get_by_role("button", name="Show the whole policy").click()
    assert page.evaluate(hidden) == 0


def _links(page: Page) -> list[str]:
    return [link.get_attribute("href") or "" for link in page.locator("main a").all()]


def findings(page: Page) -> list[str]:
    """What axe finds, each as mode, width, rule and element. For pages of every room.

    A wide page differs from a narrow one in where things stand, a dark one from a light one in its colors: of the page
    that is both, the rules about these are asked. The narrow one comes last: `sideways` looks at it."""
    page.wait_for_load_state()  # a click waits for the next page's first byte only
    return [
        f"{scheme} {width} {rule['id']}: {node['html'][:160]}"
        for scheme, width, rules in (("dark", 1280, LAYOUT), ("light", NARROW, RULES))
        for rule in _violations(page, scheme=scheme, width=width, rules=rules)
        for node in rule["nodes"]
    ]


def _violations(page: Page, *, scheme: Any, width: int, rules: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a very long page, which repeats a few forms a hundred times, colors and places are asked of its beginning."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    _size(page, width)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    look = f"{scheme} {width} {rules['runOnly']}"
    found = page.evaluate(_RUN, [rules, rules is not RULES, look, sorted(_clean)])
    violations: list[dict[str, Any]] = found["violations"]
    if not violations:
        _clean.update(found["digests"])
    return violations


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than a small screen."""
    _size(page, NARROW)
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _size(page: Page, width: int) -> None:
    """Laying a page out again takes as long as a fifth of a look."""
    size = {"width": width, "height": 900}
    if page.viewport_size != size:
        page.set_viewport_size(size)
