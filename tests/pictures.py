"""Pages as people see them: each at 360 and 1280 px in one scheme, none wider than its window.

TROTH_PICTURES=folder pytest …      and a picture of each, to be looked at
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Page

WIDTHS = (360, 1280)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark") if os.environ.get("TROTH_PICTURES") else ("light",)
"""Colors change no widths: the dark ones are for the pictures."""


def look_at(page: Page, addresses: Iterable[str], *, scheme: Scheme) -> None:
    """Fails for a page that scrolls sideways or is an error. Pictures are named by page, width and scheme."""
    page.emulate_media(color_scheme=scheme)
    folder, wide = os.environ.get("TROTH_PICTURES"), []
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((address, width))
            if folder:
                page.screenshot(path=Path(folder) / f"{_name(address)}-{width}-{scheme}.png", full_page=True)
    assert wide == []


def _name(address: str) -> str:
    parts = urlsplit(address)
    return "-".join(f"{parts.path}-{parts.query}".replace("=", "-").replace("&", "-").strip("/-").split("/")) or "home"
