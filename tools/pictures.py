"""The README's pictures, of the demo site as `make run` serves it.

    .venv/bin/python tools/pictures.py http://localhost:8000 PASSWORD

The password is the one that `make run` prints. One quote is requested, so take a site whose data you don't need.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
BROWSER = "/usr/bin/chromium-headless-shell"
WIDTH, HEIGHT = 1280, 860
QUOTE = {
    "name": "Marisol Vance",
    "email": "marisol.vance@halden-valve-works.example",
    "company": "Halden Valve Works",
    "zip": "93721",
    "users": "40",
    "note": "We weigh into three kettles and want every lot traced both ways.",
}
CHOSEN = {"state": "California", "product": "OptiPro Process"}


def main(base: str, password: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        _request_quote(page, base)
        _shoot(page, "receipt")
        page.goto(f"{base}/policy#U6")
        page.locator("#U6 ~ details.rule > summary").first.click()
        page.locator("#U6 ~ details.rule details.why > summary").first.click()
        page.locator("#U6").scroll_into_view_if_needed()
        _shoot(page, "policy")
        _open_work(page, base, password)
        _shoot(page, "work")
        browser.close()


def _request_quote(page: Page, base: str) -> None:
    page.goto(f"{base}/quote/")
    for name, value in CHOSEN.items():
        page.locator(f"[name={name}]").select_option(label=value)
    for name, value in QUOTE.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form button").last.click()
    page.get_by_role("heading", level=1, name="Your request is with").wait_for()


def _open_work(page: Page, base: str, password: str) -> None:
    """The privacy officer's work, with a request beside it."""
    page.goto(f"{base}/console/sign-in")
    page.locator("[name=username]").fill("vera")
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Delete my data").first.click()
    page.locator("#opened-h").wait_for()


def _shoot(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
